#pragma once

#include "db/sqlite/connection.hpp"
#include "members/exchange/rows.hpp"

#include <cstdint>
#include <string>

namespace uthan::db::sqlite {

/// What row numbers of a delivery are added to, so that they follow the carried-over rows.
struct row_bases {
    std::int64_t office = 0;
    std::int64_t group = 0;
    std::int64_t member = 0;
};

/// Prepared inserts into generation_tables, one for each kind of row. `insert` returns false when a
/// row with the same key is there already; staff, holidays, moratoria and rungs take its place.
/// Instalments that were inserted go into dues as well, a loan's neighbouring ones at once.
/// Errors: store_unavailable. One thread.
class generation_writer {
public:
    static result<generation_writer> prepare(connection& on, row_bases bases);

    result<bool> insert(const members::exchange::office_row& row);
    result<bool> insert(const members::exchange::staff_row& row);
    result<bool> insert(const members::exchange::group_row& row);
    result<bool> insert(const members::exchange::member_row& row);
    result<bool> insert(const members::exchange::savings_row& row);
    result<bool> insert(const members::exchange::loan_row& row);
    result<bool> insert(const members::exchange::instalment_row& row);
    result<bool> insert(const members::exchange::transaction_row& row);
    result<bool> insert(const members::exchange::holiday_row& row);
    result<bool> insert(const members::exchange::moratorium_row& row);
    result<bool> insert(const members::exchange::application_row& row);
    result<bool> insert(const members::exchange::ladder_row& row);

    /// A row of a schedule that was computed; `member` as in the tables.
    result<bool> insert(std::int64_t member, std::int64_t ordinal, const members::instalment& row);

    /// Writes what is held back of the instalments' loan. After the last of them.
    error_code write_dues();

private:
    generation_writer(connection& on, row_bases bases) : on_(&on), bases_(bases) {}
    /// Binds a value to each parameter in turn and runs.
    template <class... Values>
    result<bool> run(statement& insert, const Values&... values);

    /// Rows of one loan that came one after another.
    struct held_dues {
        std::int64_t member = 0;
        std::int64_t ordinal = 0;
        members::instalment last;
        std::string rows; ///< empty: none
    };
    error_code hold_due(std::int64_t member, std::int64_t ordinal, const members::instalment& row);

    connection* on_;
    row_bases bases_;
    held_dues held_;
    statement office_;
    statement staff_;
    statement group_;
    statement member_;
    statement savings_;
    statement loan_;
    statement instalment_;
    statement dues_;
    statement transaction_;
    statement holiday_;
    statement moratorium_;
    statement application_;
    statement ladder_;
};

} // namespace uthan::db::sqlite
