#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace uthan::texts {

/// Bangla script; Bangla in Latin letters (USSD only, where a channel cannot carry Bangla);
/// English.
enum class rendering : std::uint8_t { bn, bn_latn, en };
inline constexpr std::array all_renderings{rendering::bn, rendering::bn_latn, rendering::en};

/// "bn", "bn-Latn", "en".
std::string_view to_string(rendering r) noexcept;
std::optional<rendering> parse_rendering(std::string_view name) noexcept;

} // namespace uthan::texts
