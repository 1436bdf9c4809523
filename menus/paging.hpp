#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Lines → screens that a channel can carry. A line (an item of a list, an option, a figure) is
// never broken; "9" is offered only when there is more.
namespace uthan::menus {

/// The lines under a screen's content.
struct navigation {
    std::string_view back; ///< "0 Back" or "0 Exit"; empty on a final screen
    std::string_view more; ///< "9 More"
};

struct page {
    std::string text;
    /// Of the content's lines: [first, last) are on this page.
    std::size_t first = 0;
    std::size_t last = 0;
    bool has_more = false;
};

/// The `number`-th page (from 0) of the lines within `octets_max` of a USSD string. A number past
/// the end gives the last page. At most `lines_max` lines go on one page (a list's choices have the
/// keys 1 to 8). A line that is too wide for a page of its own is a fault that the menu proof
/// excludes; it is shown alone, cut at a grapheme's boundary, rather than lost.
page make_page(const std::vector<std::string>& lines, const navigation& nav, std::size_t octets_max,
               std::size_t number, std::size_t lines_max = SIZE_MAX);

/// The page's text made again from lines that were changed in place without growing.
std::string page_text(const std::vector<std::string>& lines, const page& at, const navigation& nav);

} // namespace uthan::menus
