#include "menus/keys.hpp"

namespace uthan::menus {

std::string offered_keys(const texts::text_template& text) {
    std::string keys;
    for (const auto& line : text.lines()) {
        if (line.is_row || line.segments.empty() || line.segments.front().is_placeholder) {
            continue;
        }
        const auto& start = line.segments.front().text;
        if (start.size() > 1 && start[0] >= '0' && start[0] <= '9' && start[1] == ' ') {
            keys.push_back(start[0]);
        }
    }
    return keys;
}

} // namespace uthan::menus
