#include "gateway/api/fields.hpp"

#include "members/exchange/table.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace uthan::gateway::api {
namespace {

namespace json = boost::json;

/// An object of objects is the deepest that anything here takes.
constexpr std::size_t depth_max = 4;

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
        is_object_ = !failed && value_.is_object();
    }
    /// Null when the body is no object.
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

} // namespace

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
