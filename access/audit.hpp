#pragma once

#include "core/calendar.hpp"
#include "core/digest.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// The audit: what staff and operators did, each entry chained to the one before by a digest that
// nobody can make without the installation's key. Persons appear as pseudonyms. Pure.
namespace uthan::access {

struct audit_entry {
    std::uint64_t number = 0; ///< within its organisation, from 1, without gaps
    instant at{};
    std::string actor;  ///< a pseudonym (pseudonym_of), or "operator" at the machine's own terminal
    std::string action; ///< a word of the program's: "key.add"
    std::string subject; ///< a pseudonym or a code that names no person; may be empty
    bool operator==(const audit_entry&) const = default;
};

/// The same person of the same organisation always has the same one; it says nothing of her.
std::string pseudonym_of(const secret_key& key, std::string_view organisation,
                         std::string_view person);

/// What an entry carries: a digest over it and the link before. The first entry's `before` is all
/// zeros.
digest256 audit_link(const secret_key& key, std::string_view organisation, const digest256& before,
                     const audit_entry& entry);

} // namespace uthan::access
