#include "db/sqlite/outbox.hpp"

#include "db/sqlite/message_tables.hpp"
#include "db/sqlite/outbox_operations.hpp"

namespace uthan::db::sqlite {

task<result<std::vector<sms::accept_outcome>>>
outbox::accept(std::vector<sms::new_message> messages, instant now) {
    accept_messages work{std::move(messages), now};
    co_return co_await writer_.perform(std::move(work));
}

task<result<std::vector<sms::due_message>>> outbox::due(std::string organisation,
                                                        sms::message_class of, sms::due_place after,
                                                        instant now, std::size_t limit) {
    co_return load_due(reader_, organisation, of, after, now, limit);
}

task<result<sms::sent_counts>> outbox::sent_before(sms::message_record message,
                                                   calendar_day today) {
    co_return load_sent(reader_, message, today);
}

task<result<std::optional<instant>>> outbox::next_due(std::string organisation) {
    co_return load_next_due(reader_, organisation);
}

task<result<std::vector<sms::claim_outcome>>> outbox::claim_all(std::vector<sms::claim> claims,
                                                                instant now) {
    claim_messages work{std::move(claims), now};
    co_return co_await writer_.perform(std::move(work));
}

task<error_code> outbox::record(std::vector<sms::report> reports, instant now) {
    record_reports work{std::move(reports), now, operators_};
    const auto done = co_await writer_.perform(std::move(work));
    co_return done ? error_code{} : done.error();
}

task<result<std::vector<sms::receipt_outcome>>> outbox::receive(std::vector<sms::receipt> receipts,
                                                                instant now) {
    receive_receipts work{std::move(receipts), now, operators_};
    co_return co_await writer_.perform(std::move(work));
}

task<error_code> outbox::take_in(std::vector<sms::inbound_part> parts) {
    take_in_parts work{std::move(parts), operators_};
    const auto done = co_await writer_.perform(std::move(work));
    co_return done ? error_code{} : done.error();
}

task<error_code> outbox::learn(std::vector<sms::heard_subscriber> heard, instant now) {
    learn_operators work{std::move(heard), now, operators_};
    const auto done = co_await writer_.perform(std::move(work));
    co_return done ? error_code{} : done.error();
}

task<result<std::uint64_t>> outbox::expire(instant now) {
    expire_waiting work{now};
    co_return co_await writer_.perform(work);
}

task<result<sms::message_record>> outbox::find(std::string organisation, std::uint64_t id) {
    auto message = load_message(reader_, id);
    if (message && message->organisation != organisation) {
        co_return errc::not_found;
    }
    co_return message;
}

task<result<bool>> outbox::cancel(std::string organisation, std::uint64_t id, instant now) {
    cancel_message work{std::move(organisation), id, now};
    const auto cancelled = co_await writer_.perform(std::move(work));
    if (!cancelled) {
        co_return result<bool>{boost::system::in_place_error, cancelled.error()};
    }
    co_return *cancelled != 0;
}

task<result<std::uint64_t>> outbox::settle_restart(instant now) {
    std::uint64_t settled = 0;
    std::uint64_t after = 0;
    do {
        settle_interrupted work{after, now};
        const auto done = co_await writer_.perform(work);
        if (!done) {
            co_return done.error();
        }
        settled += done->settled;
        after = done->last;
    } while (after != 0);
    co_return settled;
}

task<result<bool>> outbox::tidy(instant now, instant keep_from) {
    tidy_messages work{now, keep_from};
    const auto gone = co_await writer_.perform(work);
    if (!gone) {
        co_return result<bool>{boost::system::in_place_error, gone.error()};
    }
    co_return *gone >= step_rows_max;
}

task<result<std::vector<sms::spending>>> outbox::spent(std::string organisation,
                                                       calendar_day month) {
    co_return load_spending(reader_, organisation, month);
}

task<result<sms::queue_depths>> outbox::depths(std::string organisation) {
    co_return load_depths(reader_, organisation);
}

} // namespace uthan::db::sqlite
