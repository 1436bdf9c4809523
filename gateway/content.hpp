#pragma once

#include "gateway/settings.hpp"
#include "service/dialogues.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace uthan::gateway {

/// What members are shown, by organisation: menus, texts and rules, loaded and proved. Immutable.
struct content {
    std::map<std::string, std::shared_ptr<const service::organisation>, std::less<>> organisations;
};

/// Loads the menus and texts of every organisation and proves them for the channels that use them
/// (menus/proof.hpp). Problems are appended; with any, the result is for nobody's use.
content load_content(const settings& from, std::vector<texts::problem>& problems);

/// How a channel shows screens.
menus::channel_form form_of(const channel_settings& channel) noexcept;

} // namespace uthan::gateway
