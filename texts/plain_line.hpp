#pragma once

#include "core/assert.hpp"
#include "texts/catalog.hpp"

#include <string_view>

namespace uthan::texts {

/// The first line of a text without placeholders ("0 Back", a word), as it stands in the catalog:
/// nothing is rendered. A line with a placeholder is a programmer's error (asserted).
inline std::string_view plain_line(const text_template& text) {
    const auto& segments = text.lines().front().segments;
    if (segments.empty()) {
        return {};
    }
    UTHAN_ASSERT(segments.size() == 1 && !segments.front().is_placeholder);
    return segments.front().text;
}

} // namespace uthan::texts
