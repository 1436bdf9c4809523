#include "gateway/api/fields.hpp"

#include "adapters/fields.hpp"
#include "members/exchange/table.hpp"
#include "texts/weight.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <variant>

namespace uthan::gateway::api {
namespace {

namespace json = boost::json;

/// An object of objects is the deepest that anything here takes.
constexpr std::size_t depth_max = 4;
constexpr std::size_t values_max = 16;

std::string_view view_of(json::string_view text) noexcept {
    return {text.data(), text.size()};
}

/// A body, parsed once into memory of its own.
class body_object {
public:
    explicit body_object(std::string_view body) {
        json::parse_options options;
        options.max_depth = depth_max;
        json::error_code failed;
        value_ =
            json::parse({body.data(), body.size()}, failed, json::storage_ptr(&memory_), options);
        // A tree keeps the last of two equal keys, and which one was meant would be a guess.
        is_object_ = !failed && value_.is_object() &&
                     std::holds_alternative<adapters::fields>(adapters::read_json(body));
    }
    /// Null when the body is no object, or a key comes twice in it.
    const json::object* object() const noexcept {
        return is_object_ ? &value_.get_object() : nullptr;
    }

private:
    std::array<unsigned char, 4096> buffer_{};
    json::monotonic_resource memory_{buffer_.data(), buffer_.size()};
    json::value value_ = json::value(json::storage_ptr(&memory_));
    bool is_object_ = false;
};

/// Writes a key of the client's into a sentence.
std::string named(json::string_view key) {
    return std::string{members::exchange::clipped(view_of(key))};
}

http_response wrong(std::string_view key, std::string_view why) {
    return problem(request_fault::wrong_value, fmt::format("{} {}", key, why));
}

/// The string under a key; empty when the key is absent or null.
std::optional<http_response> take_text(const json::object& from, std::string_view key,
                                       std::size_t bytes_max, std::string& into) {
    const auto* found = from.if_contains({key.data(), key.size()});
    if (found == nullptr || found->is_null()) {
        return std::nullopt;
    }
    const auto* text = found->if_string();
    if (text == nullptr) {
        return wrong(key, "must be a string");
    }
    if (text->size() > bytes_max) {
        return wrong(key, fmt::format("has more than {} bytes", bytes_max));
    }
    into.assign(text->data(), text->size());
    return std::nullopt;
}

template <class Known>
std::optional<http_response> unknown_key(const json::object& in, Known known) {
    for (const auto& item : in) {
        if (!known(view_of(item.key()))) {
            return problem(request_fault::unknown_key, named(item.key()));
        }
    }
    return std::nullopt;
}

std::optional<http_response> take_values(const json::object& from,
                                         std::vector<service::written_value>& into) {
    constexpr std::size_t value_bytes_max = 200;
    const auto* found = from.if_contains("values");
    if (found == nullptr || found->is_null()) {
        return std::nullopt;
    }
    const auto* values = found->if_object();
    if (values == nullptr || values->size() > values_max) {
        return wrong("values", fmt::format("must be an object of at most {} strings", values_max));
    }
    for (const auto& item : *values) {
        const auto* text = item.value().if_string();
        if (text == nullptr || text->size() > value_bytes_max) {
            return wrong("values",
                         fmt::format("must hold strings of at most {} bytes", value_bytes_max));
        }
        into.emplace_back(std::string{view_of(item.key())}, std::string{view_of(*text)});
    }
    std::ranges::sort(into); // their order says nothing
    return std::nullopt;
}

std::optional<http_response> take_class(const json::object& from, sms::message_class& into) {
    std::string word;
    if (auto no = take_text(from, "class", 16, word)) {
        return no;
    }
    if (word.empty()) {
        return problem(request_fault::missing_key, "class");
    }
    const auto found = std::ranges::find(sms::message_class_names, word);
    if (found == sms::message_class_names.end()) {
        return wrong("class", "is security, receipt, answer, meeting, reminder or broadcast");
    }
    into = static_cast<sms::message_class>(found - sms::message_class_names.begin());
    return std::nullopt;
}

/// What belongs together and what excludes each other.
std::optional<http_response> fault_of(const service::message_request& what) {
    if (what.idempotency_key.empty()) {
        return problem(request_fault::missing_key, "idempotency_key");
    }
    if (what.member.empty() == what.to.empty()) {
        return problem(request_fault::missing_key, "either member or to");
    }
    if (what.text.empty() == what.template_id.empty()) {
        return problem(request_fault::missing_key, "either text or template with values");
    }
    if (!what.text.empty() && !what.values.empty()) {
        return wrong("values", "belong to a template");
    }
    return std::nullopt;
}

constexpr std::array<std::string_view, 7> message_keys{
    "member", "to", "template", "values", "text", "class", "idempotency_key"};

} // namespace

read_result<service::message_request> read_message(std::string_view body) {
    const body_object parsed{body};
    const auto* from = parsed.object();
    if (from == nullptr) {
        return problem(request_fault::malformed, {});
    }
    if (auto no = unknown_key(*from, [](std::string_view key) {
            return std::ranges::find(message_keys, key) != message_keys.end();
        })) {
        return std::move(*no);
    }
    service::message_request what;
    const auto take = [&](std::string_view key, std::size_t most, std::string& into) {
        return take_text(*from, key, most, into);
    };
    auto no = take("member", members::exchange::code_bytes_max, what.member);
    no = no ? std::move(no) : take("to", 32, what.to);
    no = no ? std::move(no) : take("template", 64, what.template_id);
    no = no ? std::move(no) : take("text", sms::text_octets_max, what.text);
    no = no ? std::move(no)
            : take("idempotency_key", sms::idempotency_key_max, what.idempotency_key);
    no = no ? std::move(no) : take_values(*from, what.values);
    no = no ? std::move(no) : take_class(*from, what.of);
    no = no ? std::move(no) : fault_of(what);
    if (no) {
        return std::move(*no);
    }
    return what;
}

read_result<members::exchange::transaction_row> read_payment(std::string_view body,
                                                             std::string_view organisation) {
    using members::exchange::transaction_row;
    const body_object parsed{body};
    const auto* from = parsed.object();
    if (from == nullptr) {
        return problem(request_fault::malformed, {});
    }
    const auto columns = members::exchange::columns_of<transaction_row>();
    if (auto no = unknown_key(*from, [&](std::string_view key) {
            return key == "organisation" ||
                   std::ranges::find(columns, key,
                                     &members::exchange::column<transaction_row>::name) !=
                       columns.end();
        })) {
        return std::move(*no);
    }
    std::string said;
    if (auto no = take_text(*from, "organisation", members::exchange::code_bytes_max, said)) {
        return std::move(*no);
    }
    if (!said.empty() && said != organisation) {
        return wrong("organisation", "is not the key's");
    }
    transaction_row row;
    for (const auto& column : columns) {
        std::string written;
        if (auto no = take_text(*from, column.name, members::exchange::text_bytes_max, written)) {
            return std::move(*no);
        }
        if (written.empty() && column.use == members::exchange::column_use::required) {
            return problem(request_fault::missing_key, column.name);
        }
        if (column.read == nullptr) {
            continue;
        }
        if (const char* why = column.read(written, row)) {
            return wrong(column.name, why);
        }
    }
    return row;
}

} // namespace uthan::gateway::api
