#include "texts/rendering.hpp"

#include "core/assert.hpp"

namespace uthan::texts {

std::string_view to_string(rendering r) noexcept {
    switch (r) {
    case rendering::bn:
        return "bn";
    case rendering::bn_latn:
        return "bn-Latn";
    case rendering::en:
        return "en";
    }
    UTHAN_ASSERT(false);
}

std::optional<rendering> parse_rendering(std::string_view name) noexcept {
    for (const rendering r : all_renderings) {
        if (to_string(r) == name) {
            return r;
        }
    }
    return std::nullopt;
}

} // namespace uthan::texts
