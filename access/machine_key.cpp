#include "access/machine_key.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace uthan::access {
namespace {

std::string random_hex(random_source& random, std::size_t digits) {
    std::array<std::byte, key_secret_digits / 2> bytes{};
    const auto used = std::span{bytes}.first(digits / 2);
    random.fill(used);
    return to_hex({reinterpret_cast<const char*>(used.data()), used.size()});
}

bool is_hex(std::string_view text) noexcept {
    return std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

} // namespace

machine_key make_machine_key(random_source& random) {
    return {random_hex(random, key_id_digits), random_hex(random, key_secret_digits)};
}

std::string to_string(const machine_key& key) {
    return std::string{key_prefix} + key.id + '_' + key.secret;
}

std::optional<machine_key> parse_machine_key(std::string_view written) {
    if (written.size() != key_prefix.size() + key_id_digits + 1 + key_secret_digits ||
        !written.starts_with(key_prefix)) {
        return std::nullopt;
    }
    written.remove_prefix(key_prefix.size());
    const auto id = written.substr(0, key_id_digits);
    const auto secret = written.substr(key_id_digits + 1);
    if (written[key_id_digits] != '_' || !is_hex(id) || !is_hex(secret)) {
        return std::nullopt;
    }
    return machine_key{std::string{id}, std::string{secret}};
}

digest256 digest_of(const secret_key& key, const machine_key& of) {
    return keyed_digest256(key, "machine key", {of.id, of.secret});
}

bool opens(const machine_account& account, const secret_key& key, const machine_key& presented) {
    const bool same = equal(account.digest, digest_of(key, presented));
    return same && !account.revoked_at && account.key_id == presented.id;
}

} // namespace uthan::access
