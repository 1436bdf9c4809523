#pragma once

#include "gateway/settings.hpp"
#include "service/dialogues.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace uthan::gateway {

/// What members are shown, by organisation: menus, texts and rules, loaded and proved. Immutable.
struct content {
    std::map<std::string, std::shared_ptr<const service::organisation>, std::less<>> organisations;
};

/// An organisation's content while it is proved.
struct proof_parts {
    const organisation_settings& organisation;
    const menus::graph& menu;
    const texts::catalog& texts;
    std::span<const menus::channel_form> forms;
};
/// What real members' answers come to; none: the table's widths decide.
using member_values = std::function<std::optional<menus::real_values>(const proof_parts&)>;

/// Loads the menus and texts of every organisation and proves them for the channels that use them
/// (menus/proof.hpp). Problems are appended; with any, the result is for nobody's use.
/// With `values`, a text that real members get is measured with what they get.
content load_content(const settings& from, std::vector<texts::problem>& problems,
                     const member_values& values = {});

/// How a channel shows screens.
menus::channel_form form_of(const channel_settings& channel) noexcept;

} // namespace uthan::gateway
