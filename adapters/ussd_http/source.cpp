#include "adapters/ussd_http/source.hpp"

#include <charconv>

namespace uthan::adapters::ussd_http {
namespace {

constexpr std::size_t segment_max = 16;

std::optional<source> path_source(std::string_view digits) {
    source made{source::place::path, {}, 0};
    const auto* end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, made.segment);
    if (error != std::errc{} || stopped != end || made.segment == 0 || made.segment > segment_max) {
        return std::nullopt;
    }
    return made;
}

} // namespace

std::optional<source> parse_source(std::string_view written) {
    if (written.empty()) {
        return source{};
    }
    if (written.starts_with("path:")) {
        return path_source(written.substr(5));
    }
    auto in = source::place::body;
    for (const auto& [prefix, place] :
         {std::pair{"query:", source::place::query}, std::pair{"header:", source::place::header}}) {
        if (written.starts_with(prefix)) {
            in = place;
            written.remove_prefix(std::string_view{prefix}.size());
        }
    }
    const bool has_gap = written.empty() || written.front() == '/' || written.back() == '/' ||
                         written.find("//") != std::string_view::npos;
    if (has_gap || written.find_first_of(" \t\r\n{}") != std::string_view::npos) {
        return std::nullopt;
    }
    return source{in, std::string{written}, 0};
}

} // namespace uthan::adapters::ussd_http
