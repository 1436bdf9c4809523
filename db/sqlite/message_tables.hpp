#pragma once

#include "db/sqlite/prepared_connection.hpp"
#include "sms/outbox.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

// The rows of text messages, inside whatever transaction the caller has. Errors of every function:
// store_unavailable; of those that read: corrupt.
namespace uthan::db::sqlite {

/// As sms::outbox::accept says, of one message; for whoever accepts one together with something
/// else.
result<sms::accept_outcome> accept_message(prepared_connection& db, const sms::new_message& one,
                                           instant now);

/// The version of a member's facts beyond the ledger; 0: never changed.
result<std::uint64_t> load_facts_version(prepared_connection& db, std::string_view organisation,
                                         std::string_view member_code);
/// For whoever changes such facts, in the same transaction.
error_code bump_facts_version(prepared_connection& db, std::string_view organisation,
                              std::string_view member_code);

/// not_found when there is no such message.
result<sms::message_record> load_message(prepared_connection& db, std::uint64_t id);
/// What changes in a message's life.
error_code store_life(prepared_connection& db, const sms::message_record& message);

/// As sms::outbox::due says, with the version and the published generation of each.
result<std::vector<sms::due_message>> load_due(prepared_connection& db,
                                               std::string_view organisation, sms::message_class of,
                                               sms::due_place after, instant now,
                                               std::size_t limit);
result<std::optional<instant>> load_next_due(prepared_connection& db,
                                             std::string_view organisation);
/// Ids above `after` that are being handed over, at most `limit`.
result<std::vector<std::uint64_t>> load_submitting(prepared_connection& db, std::uint64_t after,
                                                   std::size_t limit);
/// Ids of messages that wait although their validity is over, at most `limit`.
result<std::vector<std::uint64_t>> load_overdue(prepared_connection& db, instant now,
                                                std::size_t limit);
/// The published generation; 0: none.
result<std::uint32_t> load_generation(prepared_connection& db, std::string_view organisation);
/// The next reference of a concatenated message to this number.
result<std::uint16_t> next_reference(prepared_connection& db, std::string_view number);

/// How many messages of an organisation came into each state, over all time.
struct message_total {
    std::string organisation;
    sms::message_state state = sms::message_state::accepted;
    std::uint64_t messages = 0;
};
result<std::vector<message_total>> load_totals(prepared_connection& db);
result<sms::queue_depths> load_depths(prepared_connection& db, std::string_view organisation);
result<std::vector<sms::spending>> load_spending(prepared_connection& db,
                                                 std::string_view organisation, calendar_day month);

/// Collects what the messages of one commit cost, and adds it to the month in one row each.
class spending_notes {
public:
    /// What a change of the message added.
    void note(const sms::message_record& message, std::uint32_t segments, money price, instant now);
    error_code store(prepared_connection& db) const;

private:
    using place = std::tuple<std::string, std::int64_t, std::int64_t, std::string>;
    struct sum {
        std::int64_t segments = 0;
        std::int64_t price = 0;
    };
    std::map<place, sum> sums_;
};

} // namespace uthan::db::sqlite
