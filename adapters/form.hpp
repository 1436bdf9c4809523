#pragma once

#include "adapters/rejection.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::adapters {

/// An application/x-www-form-urlencoded body, decoded. At most fields_max fields; valid UTF-8
/// throughout. A field that comes twice is refused: which one would count is a guess.
class form {
public:
    static parsed<form> parse(std::string_view body);

    /// Null when the field is absent.
    const std::string* find(std::string_view name) const noexcept;

    static constexpr std::size_t fields_max = 32;
    /// What a callback usually has; room is made for it at once.
    static constexpr std::size_t fields_expected = 8;

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

} // namespace uthan::adapters
