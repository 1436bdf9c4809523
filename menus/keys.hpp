#pragma once

#include "texts/catalog.hpp"

#include <string>

namespace uthan::menus {

/// The digits that a text's own lines offer ("1 Instalment", "2 …"), in their order.
std::string offered_keys(const texts::text_template& text);

} // namespace uthan::menus
