#include "texts/toml.hpp"

#include <algorithm>
#include <stdexcept>

namespace uthan::texts {
namespace {

template <class Parse>
std::optional<toml::table> guarded(const std::string& name, std::vector<problem>& problems,
                                   Parse parse) {
    try {
        return parse();
    } catch (const toml::parse_error& error) {
        problems.push_back(
            {position_of_source(name, error.source()), std::string{error.description()}});
    } catch (const std::exception& error) {
        problems.push_back({{name, 1, 1}, error.what()});
    }
    return std::nullopt;
}

} // namespace

void refuse_toml() {
    throw std::runtime_error{"not TOML: perhaps a table's name that does not begin like one"};
}

std::optional<toml::table> read_toml(const std::filesystem::path& file,
                                     std::vector<problem>& problems) {
    const std::string name = file.string();
    return guarded(name, problems, [&name] { return toml::parse_file(name); });
}

std::optional<toml::table> parse_toml(std::string_view content, const std::string& name,
                                      std::vector<problem>& problems) {
    return guarded(name, problems, [&] { return toml::parse(content, name); });
}

position position_of_source(const std::string& file, const toml::source_region& source) {
    // A file that cannot be opened has no place in it.
    return {file, std::max<std::size_t>(source.begin.line, 1),
            std::max<std::size_t>(source.begin.column, 1)};
}

} // namespace uthan::texts
