#pragma once

#include "core/calendar.hpp"
#include "members/facts.hpp"
#include "members/overlay.hpp"
#include "service/channel_snapshots.hpp"
#include "texts/rendering.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

// The words of text messages: from the catalog's section [message], always in Bangla's own script
// or in English (the regulator forbids Bangla in Latin letters). Pure.
namespace uthan::service {

/// Her language for text messages: chosen on the phone, else as imported; one that the organisation
/// has.
texts::rendering rendering_for(const organisation& of,
                               std::optional<members::written_language> chosen,
                               const members::member& who) noexcept;

/// The language that a text is written in: Bangla when it has a Bangla letter.
texts::rendering rendering_of(std::string_view utf8) noexcept;

/// A value of a template as a machine writes it: money "1250.00", a date "2026-11-27", a time
/// "18:30", a weekday 1–7, a count; everything else as it is.
using written_value = std::pair<std::string, std::string>;

/// The text `message.<id>` filled in. {org} and {ussd} need no value. None when there is no such
/// text, a value is missing, has no place in it or is not of its kind; `unknown` says which.
enum class text_fault : std::uint8_t { none, no_such_text, bad_values };
struct filled_text {
    text_fault fault = text_fault::none;
    std::string text;
};
filled_text fill_text(const organisation& of, std::string_view id,
                      std::span<const written_value> values, texts::rendering in);

/// The text with the organisation's name behind it, unless it says it already.
std::string signed_text(const organisation& of, std::string text, texts::rendering in);

/// What a receipt is about.
struct receipt_facts {
    const members::member_facts& after; ///< her facts with the payment
    const members::payment& payment;
    bool with_amounts = false;
    /// Other members have this number: her name comes first.
    bool is_shared = false;
};
std::string receipt_text(const organisation& of, const receipt_facts& about, texts::rendering in);

} // namespace uthan::service
