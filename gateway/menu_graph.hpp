#pragma once

#include "gateway/content.hpp"

#include <string>

namespace uthan::gateway {

/// The menus of all organisations as one Graphviz digraph, a cluster each.
std::string menu_graph(const content& what);

} // namespace uthan::gateway
