#pragma once

#include "menus/answers.hpp"
#include "menus/paging.hpp"
#include "sessions/engine.hpp"

#include <string>
#include <string_view>
#include <vector>

// From a place in the menu to the text on the phone. Pure; private to this folder.
namespace uthan::sessions {

/// bn-Latn is for screens alone: in text messages the regulator forbids Bangla in Latin letters, so
/// whoever writes one takes bn or en from her language and never asks here.
texts::rendering rendering_for(members::written_language language,
                               const menus::channel_form& form) noexcept;

/// A fixed text with its values and, under it, "0"'s line ("" for none).
std::string say(const surroundings& w, texts::rendering in, std::string_view id,
                const texts::values& filled, std::string_view nav_id);

/// A screen of the menu. `facts` and `record` must be there when it has an answer.
rendered render_screen(const menus::screen& s, const frame& at, members::written_language language,
                       const surroundings& w);

/// The list of accounts on a shared phone.
rendered render_whose(const std::vector<members::candidate>& candidates, std::uint8_t page,
                      members::written_language language, const surroundings& w);

/// "Try again." above a screen, if both fit.
std::string with_prefix(const surroundings& w, texts::rendering in, std::string screen);

} // namespace uthan::sessions
