#pragma once

#include "gateway/settings.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace uthan::gateway {

/// The settings, or none after their problems were printed on standard error.
std::optional<settings> load_or_complain(const std::string& config);

/// Prints problems as `file:line:col: message`, a line each, in the order of files and lines.
void print_problems(std::vector<texts::problem> problems);

/// The organisation with this code, or null after a sentence on standard error.
const organisation_settings* find_or_complain(const settings& in, std::string_view code);

} // namespace uthan::gateway
