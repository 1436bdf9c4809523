#include "access/audit.hpp"

namespace uthan::access {

std::string pseudonym_of(const secret_key& key, std::string_view organisation,
                         std::string_view person) {
    constexpr std::size_t hex_digits = 16;
    const auto digest = keyed_digest256(key, "audit pseudonym", {organisation, person});
    return "p-" + to_hex(as_bytes(digest).substr(0, hex_digits / 2));
}

digest256 audit_link(const secret_key& key, std::string_view organisation, const digest256& before,
                     const audit_entry& entry) {
    const auto number = std::to_string(entry.number);
    const auto at = std::to_string(entry.at.time_since_epoch().count());
    return keyed_digest256(
        key, "audit link",
        {organisation, as_bytes(before), number, at, entry.actor, entry.action, entry.subject});
}

} // namespace uthan::access
