#include "db/sqlite/request_desk.hpp"

#include "core/assert.hpp"
#include "db/sqlite/prepared_connection.hpp"
#include "db/sqlite/request_tables.hpp"

#include <iterator>

namespace uthan::db::sqlite {
namespace {

constexpr std::size_t rows_per_read = 500;

request_step step_of(const desk_action& action) noexcept {
    const bool is_staff = action.as != nullptr;
    if (action.what == members::request_action::answer) {
        return is_staff ? request_step::answered : request_step::answered_outside;
    }
    return is_staff ? request_step::closed : request_step::closed_outside;
}

} // namespace

result<std::vector<members::request>>
list_requests_beside(connection db, std::string_view organisation, bool unfinished_only) {
    prepared_connection rows{std::move(db)};
    std::vector<members::request> all;
    for (std::uint64_t after = 0;;) {
        auto more = load_requests(rows, organisation, unfinished_only, after, rows_per_read);
        if (!more) {
            return more.error();
        }
        if (more->empty()) {
            return all;
        }
        after = more->back().number;
        std::move(more->begin(), more->end(), std::back_inserter(all));
        if (all.size() > requests_listed_max) {
            return errc::too_large;
        }
    }
}

result<members::request> act_on_request_beside(connection db, const desk_action& action,
                                               instant now) {
    UTHAN_ASSERT(action.what != members::request_action::withdraw);
    prepared_connection rows{std::move(db)};
    auto begun = transaction::begin(rows.db());
    if (!begun) {
        return begun.error();
    }
    const auto before = load_request(rows, action.organisation, action.number);
    if (!before) {
        return before.error();
    }
    if (action.as != nullptr && !members::may_see(*before, *action.as)) {
        return errc::not_found;
    }
    const auto after = members::acted(*before, action.what, action.today);
    if (!after) {
        return errc::stale_version;
    }
    const auto stored =
        store_request(rows, action.organisation, *after, step_of(action), action.done_by, now);
    if (!stored) {
        return stored.error();
    }
    if (const auto failed = begun->commit()) {
        return failed;
    }
    return *after;
}

} // namespace uthan::db::sqlite
