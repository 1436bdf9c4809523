#pragma once

#include "db/sqlite/prepared_connection.hpp"
#include "db/sqlite/subscriber_tables.hpp"
#include "db/sqlite/writer.hpp"
#include "sms/outbox.hpp"

namespace uthan::db::sqlite {

/// sms::outbox over the gateway database. Used on one thread; it reads with its own connection and
/// writes through the shared writer, which must outlive it. Errors besides the port's: corrupt.
class outbox final : public sms::outbox {
public:
    outbox(writer& writing, connection reader, shared_channel_operators operators = {})
        : writer_(writing), reader_(std::move(reader)), operators_(std::move(operators)) {}

    /// From now on.
    void show(shared_channel_operators operators) { operators_ = std::move(operators); }

    task<result<std::vector<sms::accept_outcome>>> accept(std::vector<sms::new_message> messages,
                                                          instant now) override;
    task<result<std::vector<sms::due_message>>> due(std::string organisation, sms::message_class of,
                                                    sms::due_place after, instant now,
                                                    std::size_t limit) override;
    task<result<sms::sent_counts>> sent_before(sms::message_record message,
                                               calendar_day today) override;
    task<result<std::optional<instant>>> next_due(std::string organisation) override;
    task<result<std::vector<sms::claim_outcome>>> claim_all(std::vector<sms::claim> claims,
                                                            instant now) override;
    task<error_code> record(std::vector<sms::report> reports, instant now) override;
    task<result<std::vector<sms::receipt_outcome>>> receive(std::vector<sms::receipt> receipts,
                                                            instant now) override;
    task<error_code> take_in(std::vector<sms::inbound_part> parts) override;
    task<error_code> learn(std::vector<sms::heard_subscriber> heard, instant now) override;
    task<result<std::uint64_t>> expire(instant now) override;
    task<result<sms::message_record>> find(std::string organisation, std::uint64_t id) override;
    task<result<bool>> cancel(std::string organisation, std::uint64_t id, instant now) override;
    task<result<std::uint64_t>> settle_restart(instant now) override;
    task<result<bool>> tidy(instant now, instant keep_from) override;
    task<result<std::vector<sms::spending>>> spent(std::string organisation,
                                                   calendar_day month) override;
    task<result<sms::queue_depths>> depths(std::string organisation) override;

private:
    writer& writer_;
    prepared_connection reader_;
    shared_channel_operators operators_;
};

} // namespace uthan::db::sqlite
