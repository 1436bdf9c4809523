#pragma once

#include "gateway/settings.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::gateway {

/// The settings, or none after their problems were printed on standard error.
std::optional<settings> load_or_complain(const std::string& config);

/// "uthan COMMAND: WHAT" on standard error; exit_failed, for the caller to return.
int complain(std::string_view command, std::string_view what);

/// Prints problems as `file:line:col: message`, a line each, in the order of files and lines.
void print_problems(std::vector<texts::problem> problems);

/// The organisation with this code, or null after a sentence on standard error.
const organisation_settings* find_or_complain(const settings& in, std::string_view code);

/// A command about one organisation from its beginning: `work` with both, or exit_failed after what
/// was wrong with them. An exception that leaves `work` is said as "uthan COMMAND: …".
int run_for_organisation(
    std::string_view command, const std::string& config, std::string_view code,
    const std::function<int(const settings&, const organisation_settings&)>& work);

} // namespace uthan::gateway
