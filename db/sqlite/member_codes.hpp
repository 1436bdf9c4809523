#pragma once

#include "core/error.hpp"
#include "db/sqlite/connection.hpp"

#include <functional>
#include <string_view>

namespace uthan::db::sqlite {

/// The code of every member of one generation, in the file's order. `take` returns false to end.
error_code each_member_code(connection& generation,
                            const std::function<bool(std::string_view)>& take);

} // namespace uthan::db::sqlite
