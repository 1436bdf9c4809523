#pragma once

#include "core/calendar.hpp"
#include "core/digest.hpp"
#include "core/random.hpp"

#include <optional>
#include <string>
#include <string_view>

// The keys by which an organisation's machines call the API: a public id, by which the row is
// found, and 256 random bits, of which only a keyed digest is kept. Pure.
namespace uthan::access {

/// Its digits are hexadecimal, in lower case.
inline constexpr std::size_t key_id_digits = 16;
inline constexpr std::size_t key_secret_digits = 64;
inline constexpr std::string_view key_prefix = "uthan_";

struct machine_key {
    std::string id;
    std::string secret;
};

/// A key as it is stored.
struct machine_account {
    std::string key_id;
    std::string organisation;
    std::string login;       ///< the machine's name
    std::string office_code; ///< it may act for members of this office and of all below it
    digest256 digest{};
    instant added_at{};
    std::optional<instant> revoked_at = {};
    bool operator==(const machine_account&) const = default;
};

machine_key make_machine_key(random_source& random);

/// "uthan_<id>_<secret>": what is printed once.
std::string to_string(const machine_key& key);
/// None when it is not in that form.
std::optional<machine_key> parse_machine_key(std::string_view written);

/// What is kept of it.
digest256 digest_of(const secret_key& key, const machine_key& of);

/// Whether the account is this key's and in force. In constant time for every key with its id.
bool opens(const machine_account& account, const secret_key& key, const machine_key& presented);

} // namespace uthan::access
