#pragma once

#include "db/sqlite/connection.hpp"
#include "members/household_limit.hpp"

#include <string_view>

namespace uthan::db::sqlite {

/// The loans of one member's household, from one generation. Few screens ask, so its statement is
/// made at the first question. One thread, that of the connection.
class ledger_household {
public:
    /// Empty when her file row names no household, or nobody has this code. store_unavailable.
    result<members::household> read(connection& file, std::string_view member_code);

private:
    statement loans_;
};

} // namespace uthan::db::sqlite
