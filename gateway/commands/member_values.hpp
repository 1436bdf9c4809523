#pragma once

#include "core/clock.hpp"
#include "gateway/content.hpp"

#include <string>

namespace uthan::gateway {

/// What the answers come to for the members of every organisation's published generation, for
/// load_content. An organisation of which nothing was imported is proved with the table's widths
/// and named in `without`; one whose generation cannot be read throws std::runtime_error. Reads one
/// member at a time; on a terminal a bar shows how far.
member_values values_of_members(const settings& in, instant now, std::string& without);

} // namespace uthan::gateway
