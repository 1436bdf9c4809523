#pragma once

#include "core/money.hpp"

#include <optional>
#include <string_view>

namespace uthan::menus {

/// An amount as a member types it, in whole taka: "20000", "20,000", "২০০০০", "20k", "২০ হাজার",
/// "20 hazar", "1 lakh", "১ লাখ". None for anything else, for 0 and for more than Tk 10 crore.
std::optional<money> parse_amount(std::string_view typed);

} // namespace uthan::menus
