#pragma once

#include "gateway/settings.hpp"
#include "gateway/settings/toml_reader.hpp"

namespace uthan::gateway {

/// One [[channels]] table whole, its adapter's keys included. `so_far` has the organisations.
channel_settings read_channel(toml_reader& from, const settings& so_far,
                              const environment& variables);

void read_networks(toml_reader& from, std::string_view key, std::vector<network>& target);

/// What a code or a channel may be called.
bool is_name(std::string_view name);

} // namespace uthan::gateway
