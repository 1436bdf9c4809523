#pragma once

#include "gateway/settings.hpp"
#include "gateway/settings/toml_reader.hpp"

namespace uthan::gateway {

/// A name in both languages: { bn = "…", en = "…" }, with "bn-Latn" where Bangla in Latin letters
/// is not written as `en`. At most as wide as the placeholder that shows it; null: any width.
void read_label(toml_reader& from, std::string_view key, members::label& target,
                const std::string& file, const texts::placeholder* shown_in,
                problem_list& problems);

/// [requests], [[offered_requests]], [[complaints]], [[ladder]], [applications], [training] and
/// [[services]] of an organisation's file.
void read_requests(toml_reader& root, organisation_settings& target, problem_list& problems);

} // namespace uthan::gateway
