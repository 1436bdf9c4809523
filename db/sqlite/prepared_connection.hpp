#pragma once

#include "db/sqlite/connection.hpp"

#include <string_view>
#include <unordered_map>

namespace uthan::db::sqlite {

/// A connection that keeps its statements. Belongs to one thread, like the connection in it.
class prepared_connection {
public:
    explicit prepared_connection(connection db) : db_(std::move(db)) {}

    connection& db() noexcept { return db_; }

    /// Prepared at its first use and kept. `sql` is a constant of the program: its characters are
    /// the key and must outlive this object. Errors: store_unavailable.
    result<statement*> prepared(std::string_view sql);

private:
    connection db_;
    std::unordered_map<std::string_view, statement> statements_;
};

} // namespace uthan::db::sqlite
