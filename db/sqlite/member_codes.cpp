#include "db/sqlite/member_codes.hpp"

namespace uthan::db::sqlite {

error_code each_member_code(connection& generation,
                            const std::function<bool(std::string_view)>& take) {
    auto rows = generation.prepare("SELECT code FROM members ORDER BY id");
    if (!rows) {
        return rows.error();
    }
    for (auto row = rows->step();; row = rows->step()) {
        if (!row) {
            return row.error();
        }
        if (!*row || !take(rows->text(0))) {
            return {};
        }
    }
}

} // namespace uthan::db::sqlite
