#include "db/sqlite/prepared_connection.hpp"

namespace uthan::db::sqlite {

result<statement*> prepared_connection::prepared(std::string_view sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) {
        return &known->second;
    }
    auto made = db_.prepare(sql);
    if (!made) {
        return made.error();
    }
    return &statements_.emplace(sql, std::move(*made)).first->second;
}

} // namespace uthan::db::sqlite
