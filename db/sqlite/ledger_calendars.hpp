#pragma once

#include "db/sqlite/connection.hpp"
#include "members/facts.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>

namespace uthan::db::sqlite {

/// The offices of one generation with the days that matter to each, read when first asked for and
/// then kept: at most one entry for each office, and one calendar for all offices that share their
/// days. One thread.
class ledger_calendars {
public:
    struct entry {
        members::office office;
        std::shared_ptr<const members::office_calendar> calendar;
    };

    /// `on` must outlive this.
    static result<ledger_calendars> open(connection& on);

    /// By the office's id in the file. not_found, store_unavailable.
    result<const entry*> office(std::int64_t id);

private:
    result<members::office> read(statement& by_key);
    result<std::shared_ptr<const members::office_calendar>> calendar_of(const members::office& of);
    error_code read_days(const std::string& scope, members::office_calendar& into);

    statement office_by_id_;
    statement office_by_code_;
    statement holidays_;
    statement moratoria_;
    std::set<std::string, std::less<>> scopes_; ///< that have any day at all
    std::unordered_map<std::int64_t, entry> offices_;
    /// By the scopes that apply, nearest first.
    std::map<std::string, std::shared_ptr<const members::office_calendar>> calendars_;
};

} // namespace uthan::db::sqlite
