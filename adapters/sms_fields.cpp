#include "adapters/sms_fields.hpp"

#include "adapters/escape.hpp"
#include "adapters/ussd_event.hpp"
#include "texts/weight.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace uthan::adapters {
namespace {

namespace json = boost::json;

const json::value* member_of(const json::value& in, std::string_view name) {
    if (const auto* const object = in.if_object()) {
        return object->if_contains(name);
    }
    const auto* const array = in.if_array();
    std::size_t index = 0;
    const auto* const end = name.data() + name.size();
    const auto [stopped, fault] = std::from_chars(name.data(), end, index);
    if (array == nullptr || fault != std::errc{} || stopped != end || index >= array->size()) {
        return nullptr;
    }
    return &(*array)[index];
}

} // namespace

std::optional<json::value> read_json_tree(std::string_view body) {
    json::parse_options options;
    options.max_depth = 16;
    boost::system::error_code fault;
    auto made = json::parse(body, fault, {}, options);
    return fault ? std::nullopt : std::optional{std::move(made)};
}

const json::value* value_at(const json::value& in, std::string_view path) {
    const json::value* at = &in;
    while (!path.empty() && at != nullptr) {
        const auto end = std::min(path.find('/'), path.size());
        at = member_of(*at, path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return at;
}

std::uint32_t number_or_zero(std::string_view digits) noexcept {
    std::uint32_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

std::optional<std::string> text_at(const json::value& in, std::string_view path) {
    const auto* const found = value_at(in, path);
    if (found == nullptr) {
        return std::nullopt;
    }
    switch (found->kind()) {
    case json::kind::string:
        return std::string{found->get_string()};
    case json::kind::int64:
        return std::to_string(found->get_int64());
    case json::kind::uint64:
        return std::to_string(found->get_uint64());
    case json::kind::bool_:
        return std::string{found->get_bool() ? "true" : "false"};
    default:
        return std::nullopt;
    }
}

parsed<field_set> field_set::read(field_format as, std::string_view octets) {
    if (as == field_format::form) {
        auto read = form::parse(octets);
        if (auto* const in = std::get_if<form>(&read)) {
            return field_set{std::move(*in)};
        }
        return std::get<rejection>(std::move(read));
    }
    auto read = as == field_format::json ? read_json(octets) : read_xml(octets);
    if (auto* const in = std::get_if<fields>(&read)) {
        return field_set{std::move(*in)};
    }
    return std::get<rejection>(std::move(read));
}

parsed<field_set> field_set::read_form(const callback_request& request) {
    return read(field_format::form, request.body.empty() ? request.query : request.body);
}

std::optional<std::string> field_set::find(std::string_view name) const {
    if (const auto* const in = std::get_if<form>(&in_)) {
        const auto found = in->find(name);
        return found ? std::optional{std::string{*found}} : std::nullopt;
    }
    const auto* const found = std::get<fields>(in_).find(name);
    const bool is_text = found != nullptr && found->what == fields::kind::text;
    return is_text ? std::optional{found->value} : std::nullopt;
}

std::optional<octet_pairs> read_pairs(std::string_view form) {
    constexpr std::size_t pairs_max = 128;
    octet_pairs out;
    while (!form.empty()) {
        const auto end = std::min(form.find('&'), form.size());
        const auto field = form.substr(0, end);
        form.remove_prefix(std::min(end + 1, form.size()));
        if (field.empty()) {
            continue;
        }
        const auto equals = std::min(field.find('='), field.size());
        auto name = unescape_form(field.substr(0, equals));
        auto value = unescape_form(field.substr(std::min(equals + 1, field.size())));
        if (!name || !value || out.size() == pairs_max) {
            return std::nullopt;
        }
        out.emplace_back(std::move(*name), std::move(*value));
    }
    return out;
}

std::optional<std::string_view> only_value(const octet_pairs& in, std::string_view name) noexcept {
    std::optional<std::string_view> found;
    for (const auto& [known, value] : in) {
        if (known == name) {
            if (found) {
                return std::nullopt;
            }
            found = value;
        }
    }
    return found;
}

std::string write_form(const std::vector<std::pair<std::string_view, std::string_view>>& fields) {
    std::string out;
    for (const auto& [name, value] : fields) {
        out += out.empty() ? "" : "&";
        out += name;
        out += '=';
        out += escape(value, escaping::percent);
    }
    return out;
}

std::optional<address> read_number(std::string_view written, const numbering& plan) {
    if (auto known = plan.parse(written)) {
        return std::move(*known);
    }
    if (written.starts_with("tel:")) {
        written.remove_prefix(4);
    }
    if (written.starts_with('+')) {
        written.remove_prefix(1);
    }
    if (auto foreign = address::e164("+" + std::string{written})) {
        return std::move(*foreign);
    }
    return std::nullopt;
}

std::optional<std::string> read_id(const field_set& in, std::string_view name, std::string& why) {
    auto value = in.text(name);
    if (const char* fault = fault_of_id(value)) {
        why = fmt::format("the field {} {}", name, fault);
        return std::nullopt;
    }
    return value;
}

void take_receipt(callback_reading& into, std::span<const receipt_word> words,
                  std::string_view state, sms::receipt made) {
    const auto found = std::ranges::find(words, state, &receipt_word::word);
    if (found == words.end()) {
        ++into.passed_over;
        return;
    }
    made.state = found->state;
    into.receipts.push_back(std::move(made));
}

void take_text(callback_reading& into, inbound_text text) {
    if (texts::utf16_units(text.utf8) > sms::inbound_octets_max / 2) {
        ++into.passed_over;
        return;
    }
    into.texts.push_back(std::move(text));
}

} // namespace uthan::adapters
