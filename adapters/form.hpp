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

    // Only ever moved: the fields look into its own memory.
    form(form&&) noexcept = default;
    form& operator=(form&&) noexcept = default;
    form(const form&) = delete;
    form& operator=(const form&) = delete;
    ~form() = default;

    /// None when the field is absent. The view lives as long as the form, also when it is moved.
    std::optional<std::string_view> find(std::string_view name) const noexcept;

    static constexpr std::size_t fields_max = 32;
    /// What a callback usually has; room is made for it at once.
    static constexpr std::size_t fields_expected = 8;

private:
    form() = default;

    std::vector<char> decoded_; ///< the body, decoded in place; what the fields look into
    std::vector<std::pair<std::string_view, std::string_view>> fields_;
};

/// One name or value to any octets: '+' is a space, %XX a byte. None for a broken escape.
std::optional<std::string> unescape_form(std::string_view written);

} // namespace uthan::adapters
