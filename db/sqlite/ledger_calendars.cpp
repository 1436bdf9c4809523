#include "db/sqlite/ledger_calendars.hpp"

#include "db/sqlite/ledger_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace uthan::db::sqlite {
namespace {

/// The import refuses deeper trees; this guards against a ring.
constexpr int office_levels_max = 16;

} // namespace

result<ledger_calendars> ledger_calendars::open(connection& on) {
    ledger_calendars made;
    struct part {
        statement& of;
        std::string sql;
    };
    const part parts[]{
        {made.office_by_id_, fmt::format("SELECT {} FROM offices WHERE id = ?", office_columns)},
        {made.office_by_code_,
         fmt::format("SELECT {} FROM offices WHERE code = ?", office_columns)},
        {made.holidays_,
         fmt::format("SELECT {} FROM holidays WHERE scope_code = ? ORDER BY day", holiday_columns)},
        {made.moratoria_,
         fmt::format("SELECT {} FROM moratoria WHERE scope_code = ? ORDER BY first_day",
                     moratorium_columns)},
    };
    for (const auto& one : parts) {
        auto prepared = on.prepare(one.sql);
        if (!prepared) {
            return prepared.error();
        }
        one.of = std::move(*prepared);
    }
    auto scopes =
        on.prepare("SELECT scope_code FROM holidays UNION SELECT scope_code FROM moratoria");
    if (!scopes) {
        return scopes.error();
    }
    if (const auto failed =
            each_row(*scopes, [&](const statement& row) { made.scopes_.emplace(row.text(0)); })) {
        return failed;
    }
    return made;
}

result<members::office> ledger_calendars::read(statement& by_key) {
    const row_scope scope{by_key};
    const auto row = by_key.step();
    if (!row) {
        return row.error();
    }
    if (!*row) {
        return errc::not_found;
    }
    return read_office(by_key);
}

result<const ledger_calendars::entry*> ledger_calendars::office(std::int64_t id) {
    if (const auto found = offices_.find(id); found != offices_.end()) {
        return &found->second;
    }
    office_by_id_.bind(1, id);
    auto one = read(office_by_id_);
    if (!one) {
        return one.error();
    }
    auto calendar = calendar_of(*one);
    if (!calendar) {
        return calendar.error();
    }
    return &offices_.emplace(id, entry{std::move(*one), std::move(*calendar)}).first->second;
}

result<std::shared_ptr<const members::office_calendar>>
ledger_calendars::calendar_of(const members::office& of) {
    std::vector<std::string> chain;
    auto parent = of.parent_code;
    chain.push_back(of.code);
    while (!parent.empty() && chain.size() < office_levels_max) {
        office_by_code_.bind_view(1, parent);
        const auto above = read(office_by_code_);
        chain.push_back(parent);
        if (!above && above.error() == errc::not_found) {
            break;
        }
        if (!above) {
            return above.error();
        }
        parent = above->parent_code;
    }
    chain.emplace_back(); // The whole organisation.
    std::erase_if(chain, [&](const std::string& scope) { return !scopes_.contains(scope); });
    std::string key;
    for (const auto& scope : chain) {
        key += scope + '\n';
    }
    if (const auto found = calendars_.find(key); found != calendars_.end()) {
        return found->second;
    }
    auto calendar = std::make_shared<members::office_calendar>();
    for (const auto& scope : chain) {
        if (const auto failed = read_days(scope, *calendar)) {
            return failed;
        }
    }
    // Stable: of one day's rows the nearest office's comes first.
    std::stable_sort(calendar->holidays.begin(), calendar->holidays.end(),
                     [](const auto& a, const auto& b) { return a.day < b.day; });
    std::stable_sort(calendar->moratoria.begin(), calendar->moratoria.end(),
                     [](const auto& a, const auto& b) { return a.from < b.from; });
    return calendars_.emplace(std::move(key), std::move(calendar)).first->second;
}

error_code ledger_calendars::read_days(const std::string& scope, members::office_calendar& into) {
    const row_scope holidays_scope{holidays_};
    holidays_.bind_view(1, scope);
    auto row = holidays_.step();
    for (; row && *row; row = holidays_.step()) {
        into.holidays.push_back(read_holiday(holidays_));
    }
    if (!row) {
        return row.error();
    }
    const row_scope moratoria_scope{moratoria_};
    moratoria_.bind_view(1, scope);
    for (row = moratoria_.step(); row && *row; row = moratoria_.step()) {
        into.moratoria.push_back(read_moratorium(moratoria_));
    }
    return row ? error_code{} : row.error();
}

} // namespace uthan::db::sqlite
