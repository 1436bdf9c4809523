#pragma once

#include "db/sqlite/prepared_connection.hpp"
#include "db/sqlite/subscriber_tables.hpp"
#include "sms/outbox.hpp"

#include <cstdint>
#include <vector>

// What the outbox does in one commit each. `run` is called inside the writer's transaction.
namespace uthan::db::sqlite {

struct accept_messages {
    using value_type = std::vector<sms::accept_outcome>;
    std::vector<sms::new_message> messages;
    instant now;
    result<value_type> run(prepared_connection& db) const;
};

struct claim_messages {
    using value_type = std::vector<sms::claim_outcome>;
    std::vector<sms::claim> claims;
    instant now;
    result<value_type> run(prepared_connection& db) const;
};

struct record_reports {
    using value_type = std::size_t; ///< how many changed something
    std::vector<sms::report> reports;
    instant now;
    shared_channel_operators operators = {};
    result<value_type> run(prepared_connection& db) const;
};

struct receive_receipts {
    using value_type = std::vector<sms::receipt_outcome>;
    std::vector<sms::receipt> receipts;
    instant now;
    shared_channel_operators operators = {};
    result<value_type> run(prepared_connection& db) const;
};

struct take_in_parts {
    using value_type = std::size_t; ///< how many were new
    std::vector<sms::inbound_part> parts;
    shared_channel_operators operators = {};
    result<value_type> run(prepared_connection& db) const;
};

struct learn_operators {
    using value_type = std::size_t; ///< how many were of a channel with an operator
    std::vector<sms::heard_subscriber> heard;
    instant now;
    shared_channel_operators operators = {};
    result<value_type> run(prepared_connection& db) const;
};

/// One bounded step of expire.
struct expire_waiting {
    using value_type = std::uint64_t; ///< how many messages ended
    instant now;
    result<value_type> run(prepared_connection& db) const;
};

struct cancel_message {
    using value_type = std::size_t; ///< 1: it is cancelled
    std::string organisation;
    std::uint64_t id = 0;
    instant now;
    result<value_type> run(prepared_connection& db) const;
};

/// One bounded step of settle_restart: messages above `after`.
struct settle_interrupted {
    struct value_type {
        std::uint64_t settled = 0;
        std::uint64_t last = 0; ///< 0: nothing is left
    };
    std::uint64_t after = 0;
    instant now;
    result<value_type> run(prepared_connection& db) const;
};

/// One bounded step of tidy.
struct tidy_messages {
    using value_type = std::size_t; ///< rows that went; step_rows_max: there may be more
    instant now;
    instant keep_from;
    result<value_type> run(prepared_connection& db) const;
};

/// Receipts that wait for their message, and for how long.
inline constexpr std::int64_t parked_receipts_max = 100'000;
inline constexpr std::chrono::hours parked_for{72};
/// A text with the same words, and so perhaps with the same id, is a new one after so long: a peer
/// that gets no answer comes again for hours, a subscriber writes "BAL" every week.
inline constexpr std::chrono::hours inbound_repeats_within{24};
/// Texts from subscribers are kept for so long.
inline constexpr std::chrono::hours inbound_kept_for{24 * 30};
/// Rows that one step of tidy and of settle_restart takes.
inline constexpr std::size_t step_rows_max = 500;

} // namespace uthan::db::sqlite
