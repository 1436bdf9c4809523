#pragma once

#include "members/facts.hpp"
#include "texts/rendering.hpp"

#include <string>

namespace uthan::menus {

/// A name as a screen of this rendering shows it. In Latin letters it is `en`, transliterated where
/// there is none; in bn-Latn its own form comes first, where the organisation wrote one.
std::string shown_name(const members::label& name, texts::rendering in);

} // namespace uthan::menus
