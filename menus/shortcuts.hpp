#pragma once

#include "menus/graph.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::menus {

struct shortcut {
    std::string target;
    texts::position at;
};

/// Where what is dialled behind the service code leads: "*384*2*11#" → "11" → a screen. Immutable.
class shortcuts {
public:
    /// The table of the menu's name ("standard" of standard.toml) in config/menus/shortcuts.toml.
    /// An absent file has none. Problems are appended with their position.
    static shortcuts load(const std::filesystem::path& file, std::string_view menu,
                          std::vector<texts::problem>& problems);

    /// The screen's id; null when nothing leads there.
    const std::string* find(std::string_view tail) const noexcept;
    const std::map<std::string, shortcut, std::less<>>& all() const noexcept { return by_tail_; }

private:
    std::map<std::string, shortcut, std::less<>> by_tail_;
};

/// Appends every fault: a target that is no screen, that takes an amount, makes a change, confirms
/// one or needs what another screen asked; one digit that leads elsewhere than the main menu's key.
void prove(const shortcuts& all, const graph& menu, std::vector<texts::problem>& problems);

} // namespace uthan::menus
