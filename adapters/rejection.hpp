#pragma once

#include <string>
#include <variant>

namespace uthan::adapters {

/// Why a provider's request cannot be read: one line for the provider's engineers, which names a
/// field and never its value.
struct rejection {
    std::string reason;
};

template <class T>
using parsed = std::variant<T, rejection>;

} // namespace uthan::adapters
