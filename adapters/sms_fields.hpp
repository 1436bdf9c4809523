#pragma once

#include "adapters/fields.hpp"
#include "adapters/form.hpp"
#include "adapters/sms_http.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// What the translators of text messages read with.
namespace uthan::adapters {

/// A JSON document as a tree, for answers and callbacks with arrays. None for what is not JSON in
/// UTF-8 or is nested deeper than 16.
std::optional<boost::json::value> read_json_tree(std::string_view body);

/// The value at "a/b/0/c"; an empty path is the value itself. Null when there is none.
const boost::json::value* value_at(const boost::json::value& in, std::string_view path);

/// The number that `digits` begins with; 0 where there is none, or none of 32 bits.
std::uint32_t number_or_zero(std::string_view digits) noexcept;

/// A string, a whole number, true or false as text; none for anything else.
std::optional<std::string> text_at(const boost::json::value& in, std::string_view path);

enum class field_format : std::uint8_t { form, json, xml };

/// The values of one callback or answer, whatever its format: JSON and XML by path, a form by name.
class field_set {
public:
    static parsed<field_set> read(field_format as, std::string_view octets);
    /// A form in the body; without a body the query.
    static parsed<field_set> read_form(const callback_request& request);

    /// None when it is absent, null or no text.
    std::optional<std::string> find(std::string_view name) const;
    /// Empty in these cases.
    std::string text(std::string_view name) const { return find(name).value_or(std::string{}); }

private:
    explicit field_set(form in) : in_(std::move(in)) {}
    explicit field_set(fields in) : in_(std::move(in)) {}

    std::variant<form, fields> in_;
};

using octet_pairs = std::vector<std::pair<std::string, std::string>>;

/// A form's names and values, decoded to any octets, also such that come twice. None for a broken
/// escape or more than 128.
std::optional<octet_pairs> read_pairs(std::string_view form);

/// The only value of that name; none when there is none, or more.
std::optional<std::string_view> only_value(const octet_pairs& in, std::string_view name) noexcept;

/// "a=1&b=%E0…": the body of a form and the query of a URL alike.
std::string write_form(const std::vector<std::pair<std::string_view, std::string_view>>& fields);

/// A number of the plan, or of another country, with or without '+'.
std::optional<address> read_number(std::string_view written, const numbering& plan);

/// A field that must be an id (fault_of_id). Says in `why` what is wrong and returns none.
std::optional<std::string> read_id(const field_set& in, std::string_view name, std::string& why);

/// A state's name of a provider and what it is to us; in a table.
struct receipt_word {
    std::string_view word;
    sms::receipt_state state;
};

/// Adds the receipt, or counts it as passed over when `words` does not have the state: an unknown
/// one changes nothing. Compares as written.
void take_receipt(callback_reading& into, std::span<const receipt_word> words,
                  std::string_view state, sms::receipt made);

/// Adds the text, or counts it as passed over when its text is too long to be stored.
void take_text(callback_reading& into, inbound_text text);

} // namespace uthan::adapters
