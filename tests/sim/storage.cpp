#include "tests/sim/storage.hpp"

#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/message_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace uthan::sim {

namespace sqlite = db::sqlite;

storage::storage(const std::string& path, const timeline& time, chance& luck,
                 const troubles& trouble, hooks hear)
    : time_(time), luck_(luck), trouble_(trouble), hear_(std::move(hear)) {
    auto opened = sqlite::open_beside(path);
    if (!opened) {
        throw std::runtime_error{opened.error().message()};
    }
    // The world has no power cuts, so it needs no fsync.
    opened->execute("PRAGMA synchronous = OFF; PRAGMA busy_timeout = 0");
    db_ = std::make_unique<sqlite::prepared_connection>(std::move(*opened));
    other_.emplace(sqlite::open_beside(path).value());
}

storage::~storage() {
    held_.reset();
}

bool storage::is_partitioned() const {
    return std::ranges::any_of(outages_.partitions,
                               [this](const outage& one) { return one.covers(time_.since()); });
}

void storage::meet_lock() {
    const bool is_locked = std::ranges::any_of(
        outages_.locks, [this](const outage& one) { return one.covers(time_.since()); });
    if (!is_locked) {
        held_.reset();
    } else if (!held_) {
        held_.emplace(sqlite::transaction::begin(*other_).value());
    }
}

template <class Operation>
result<typename Operation::value_type> storage::commit(const Operation& what) {
    meet_lock();
    if (is_partitioned() || luck_.happens(trouble_.store_refuses)) {
        return errc::store_unavailable;
    }
    if (luck_.happens(trouble_.crash)) {
        throw crashed{};
    }
    auto begun = sqlite::transaction::begin(db_->db());
    if (!begun) {
        return begun.error();
    }
    auto done = what.run(*db_);
    if (!done) {
        return done;
    }
    if (const auto failed = begun->commit()) {
        return failed;
    }
    return done;
}

task<result<std::vector<sms::accept_outcome>>>
storage::accept(std::vector<sms::new_message> messages, instant now) {
    co_return commit(sqlite::accept_messages{std::move(messages), now});
}

task<result<std::vector<sms::due_message>>> storage::due(std::string organisation,
                                                         sms::message_class of,
                                                         sms::due_place after, instant now,
                                                         std::size_t limit) {
    if (is_partitioned()) {
        co_return errc::store_unavailable;
    }
    co_return sqlite::load_due(*db_, organisation, of, after, now, limit);
}

task<result<sms::sent_counts>> storage::sent_before(sms::message_record message,
                                                    calendar_day today) {
    co_return sqlite::load_sent(*db_, message, today);
}

task<result<std::optional<instant>>> storage::next_due(std::string organisation) {
    co_return sqlite::load_next_due(*db_, organisation);
}

task<result<std::vector<sms::claim_outcome>>> storage::claim_all(std::vector<sms::claim> claims,
                                                                 instant now) {
    hear_.claiming(claims);
    const auto done = commit(sqlite::claim_messages{claims, now});
    if (done) {
        for (std::size_t i = 0; i < claims.size(); ++i) {
            if ((*done)[i].kind == sms::claim_kind::claimed) {
                hear_.claimed(claims[i]);
            }
        }
        if (luck_.happens(trouble_.crash)) {
            throw crashed{};
        }
    }
    co_return done;
}

task<error_code> storage::record(std::vector<sms::report> reports, instant now) {
    const auto done = commit(sqlite::record_reports{std::move(reports), now});
    co_return done ? error_code{} : done.error();
}

task<result<std::vector<sms::receipt_outcome>>> storage::receive(std::vector<sms::receipt> receipts,
                                                                 instant now) {
    co_return commit(sqlite::receive_receipts{std::move(receipts), now});
}

task<error_code> storage::take_in(std::vector<sms::inbound_part> parts) {
    const auto done = commit(sqlite::take_in_parts{std::move(parts)});
    co_return done ? error_code{} : done.error();
}

task<error_code> storage::learn(std::vector<sms::heard_subscriber> heard, instant now) {
    const auto done = commit(sqlite::learn_operators{std::move(heard), now});
    co_return done ? error_code{} : done.error();
}

task<result<std::uint64_t>> storage::expire(instant now) {
    co_return commit(sqlite::expire_waiting{now});
}

task<result<sms::message_record>> storage::find(std::string, std::uint64_t id) {
    co_return sqlite::load_message(*db_, id);
}

task<result<bool>> storage::cancel(std::string organisation, std::uint64_t id, instant now) {
    const auto done = commit(sqlite::cancel_message{std::move(organisation), id, now});
    if (!done) {
        co_return result<bool>{boost::system::in_place_error, done.error()};
    }
    co_return *done != 0;
}

task<result<std::uint64_t>> storage::settle_restart(instant now) {
    std::uint64_t settled = 0;
    std::uint64_t after = 0;
    do {
        const auto step = commit(sqlite::settle_interrupted{after, now});
        if (!step) {
            co_return step.error();
        }
        settled += step->settled;
        after = step->last;
    } while (after != 0);
    co_return settled;
}

task<result<bool>> storage::tidy(instant now, instant keep_from) {
    const auto gone = commit(sqlite::tidy_messages{now, keep_from});
    if (!gone) {
        co_return result<bool>{boost::system::in_place_error, gone.error()};
    }
    co_return *gone >= sqlite::step_rows_max;
}

task<result<std::vector<sms::spending>>> storage::spent(std::string organisation,
                                                        calendar_day month) {
    co_return sqlite::load_spending(*db_, organisation, month);
}

task<result<sms::queue_depths>> storage::depths(std::string organisation) {
    co_return sqlite::load_depths(*db_, organisation);
}

sms::message_record storage::at_the_end(std::uint64_t id) {
    return sqlite::load_message(*db_, id).value();
}

template <class Change>
bool storage::change(Change what) {
    meet_lock();
    if (is_partitioned()) {
        return false;
    }
    auto begun = sqlite::transaction::begin(db_->db());
    return begun && !what() && !begun->commit();
}

bool storage::bump(const std::string& member_code) {
    return change([&] { return sqlite::bump_facts_version(*db_, "kmss", member_code); });
}

bool storage::publish(std::uint32_t generation) {
    return change([&] {
        const auto sql =
            fmt::format("UPDATE generations SET state = 'kept'; INSERT INTO generations "
                        "VALUES ('kmss', {}, 'f', 'd', 0, 0, 0, 0, 0, 'current')",
                        generation);
        return db_->db().execute(sql.c_str());
    });
}

} // namespace uthan::sim
