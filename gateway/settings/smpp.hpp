#pragma once

#include "gateway/settings.hpp"
#include "gateway/settings/toml_reader.hpp"

namespace uthan::gateway {

/// The keys of `adapter = "smpp"` but for the password, into the channel's link and, where it has a
/// sender, its terms.
void read_smpp(toml_reader& from, channel_settings& channel, std::string password);

/// They as TOML, without the password.
std::string smpp_to_string(const channel_settings& channel);

} // namespace uthan::gateway
