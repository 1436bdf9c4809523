#pragma once

#include "db/sqlite/prepared_connection.hpp"
#include "sms/outbox.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

// Which part a receipt is of, and the receipts that are of none yet. Inside the caller's
// transaction. Errors of every function: store_unavailable; of those that read: corrupt.
namespace uthan::db::sqlite {

struct named_part {
    std::uint64_t message = 0;
    std::uint8_t part = 0;
    auto operator<=>(const named_part&) const = default;
};

/// What the account calls this part, as it wrote it.
error_code store_name(prepared_connection& db, std::string_view account,
                      std::string_view external_id, named_part of);

/// What channels called the parts of a message that is sent again in other parts.
error_code forget_names(prepared_connection& db, std::uint64_t message);

/// All parts that one of the candidates names, each once; at most a few.
result<std::vector<named_part>> load_named(prepared_connection& db, const sms::receipt& from);

/// Keeps it for later; the oldest go when there are too many.
error_code park(prepared_connection& db, const sms::receipt& one, instant now);

/// Whether any receipt is parked at all.
result<bool> has_parked(prepared_connection& db);

/// Takes out what was parked for a part with this name and number.
result<std::vector<sms::receipt>> take_parked(prepared_connection& db, std::string_view account,
                                              std::string_view external_id,
                                              std::string_view number);

/// At most `rows` of those that were parked before; how many went.
result<std::size_t> drop_parked(prepared_connection& db, instant before, std::size_t rows);

} // namespace uthan::db::sqlite
