#include "db/sqlite/overdue_queue.hpp"

#include "core/assert.hpp"
#include "db/sqlite/request_tables.hpp"

namespace uthan::db::sqlite {
namespace {

struct rise_in_commit {
    using value_type = std::size_t;

    std::string organisation;
    std::vector<access::risen_request> moved;
    instant now;

    result<std::size_t> run(prepared_connection& db) const {
        std::size_t done = 0;
        for (const auto& one : moved) {
            UTHAN_ASSERT(one.before.number != 0 && one.after.number == one.before.number);
            const auto there = load_request(db, organisation, one.before.number);
            if (!there && there.error() != errc::not_found) {
                return there.error();
            }
            // Each rung is climbed once, whoever was first.
            if (!there || *there != one.before) {
                continue;
            }
            const auto stored = store_request(db, organisation, one.after,
                                              request_step::escalated_by_itself, {}, now);
            if (!stored) {
                return stored.error();
            }
            ++done;
        }
        return done;
    }
};

} // namespace

task<result<std::vector<members::request>>> overdue_queue::find(std::string organisation,
                                                                calendar_day today,
                                                                access::overdue_place after,
                                                                std::size_t count) {
    co_return load_overdue(reader_, organisation, today, after, count);
}

task<result<std::uint64_t>> overdue_queue::count(std::string organisation, calendar_day today) {
    co_return count_overdue(reader_, organisation, today);
}

task<result<std::size_t>> overdue_queue::move_up(std::string organisation,
                                                 std::vector<access::risen_request> moved,
                                                 instant now) {
    rise_in_commit work{std::move(organisation), std::move(moved), now};
    co_return co_await writer_.perform(std::move(work));
}

} // namespace uthan::db::sqlite
