#pragma once

#include "db/sqlite/gateway_database.hpp"

namespace uthan::gateway {

/// A reading connection of its own, for one thread. Throws std::runtime_error (start-up only).
db::sqlite::connection open_reader(const db::sqlite::gateway_database& of);

} // namespace uthan::gateway
