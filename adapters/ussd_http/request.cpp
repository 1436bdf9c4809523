#include "adapters/ussd_http/request.hpp"

#include "texts/weight.hpp"

#include <boost/url/parse.hpp>

#include <algorithm>

namespace uthan::adapters::ussd_http {
namespace {

/// Empty for a path that is none.
std::optional<std::vector<std::string>> segments_of(std::string_view path) {
    std::vector<std::string> out;
    if (path.empty()) {
        return out;
    }
    const auto read = boost::urls::parse_origin_form(path);
    if (!read) {
        return std::nullopt;
    }
    for (const auto& segment : read->segments()) {
        out.emplace_back(segment);
    }
    return out;
}

bool reads_query(const prepared_link& link) {
    const auto from_query = [](const source& s) { return s.in == source::place::query; };
    return link.as.request_format == body_format::query || from_query(link.session) ||
           from_query(link.number) || from_query(link.input) || from_query(link.kind) ||
           from_query(link.request_id) || from_query(link.service_code) ||
           from_query(link.network) || std::ranges::any_of(link.echo, from_query);
}

lookup of(const form& in, const std::string& name) {
    const auto value = in.find(name);
    return {value ? std::optional<std::string>{*value} : std::nullopt, nullptr};
}

} // namespace

parsed<opened_request> opened_request::open(const prepared_link& link,
                                            const request_parts& request) {
    opened_request made{request};
    auto segments = segments_of(request.path);
    if (!segments) {
        return rejection{"the path cannot be read"};
    }
    made.segments_ = std::move(*segments);
    if (reads_query(link)) {
        auto read = form::parse(request.query);
        if (const auto* refused = std::get_if<rejection>(&read)) {
            return rejection{"the query string: " + refused->reason};
        }
        made.query_ = std::move(std::get<form>(read));
    }
    if (link.as.request_format == body_format::query) {
        return made;
    }
    if (link.as.request_format == body_format::form) {
        auto read = form::parse(request.body);
        if (const auto* refused = std::get_if<rejection>(&read)) {
            return *refused;
        }
        made.body_ = std::move(std::get<form>(read));
        return made;
    }
    auto read = link.as.request_format == body_format::json ? read_json(request.body)
                                                            : read_xml(request.body);
    if (const auto* refused = std::get_if<rejection>(&read)) {
        return *refused;
    }
    made.body_ = std::move(std::get<fields>(read));
    return made;
}

lookup opened_request::find_in_body(const std::string& name) const {
    if (const auto* read = std::get_if<form>(&body_)) {
        return of(*read, name);
    }
    const auto* read = std::get_if<fields>(&body_);
    if (read == nullptr) {
        return query_ ? of(*query_, name) : lookup{};
    }
    const auto* found = read->find(name);
    if (found == nullptr || found->what == fields::kind::none) {
        return {};
    }
    switch (found->what) {
    case fields::kind::text:
        return {found->value, nullptr};
    case fields::kind::twice:
        return {std::nullopt, "comes twice"};
    default:
        return {std::nullopt, "is not text"};
    }
}

lookup opened_request::find_header(const std::string& name) const {
    const auto value = request_->header ? request_->header(name) : std::string_view{};
    if (value.empty()) {
        return {};
    }
    if (!texts::is_valid_utf8(value)) {
        return {std::nullopt, "is not UTF-8"};
    }
    return {std::string{value}, nullptr};
}

lookup opened_request::find(const source& where) const {
    switch (where.in) {
    case source::place::nowhere:
        return {};
    case source::place::body:
        return find_in_body(where.name);
    case source::place::query:
        return query_ ? of(*query_, where.name) : lookup{};
    case source::place::header:
        return find_header(where.name);
    case source::place::path:
        break;
    }
    if (where.segment > segments_.size()) {
        return {};
    }
    const auto& segment = segments_[where.segment - 1];
    if (!texts::is_valid_utf8(segment)) {
        return {std::nullopt, "is not UTF-8"};
    }
    return {segment, nullptr};
}

} // namespace uthan::adapters::ussd_http
