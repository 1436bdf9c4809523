#pragma once

#include "sms/outbox.hpp"
#include "texts/keywords.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Texts from subscribers on their way in, as decisions. Pure.
namespace uthan::sms {

/// What may hold a PIN is not kept: the part with redacted_text in the place of its text, else as
/// it is.
inbound_part without_pin(const texts::keyword_table& words, inbound_part part);

/// A part that is stored and not taken up.
struct waiting_part {
    std::uint64_t id = 0;
    inbound_part part;
};

/// A whole text, or what there is of it.
struct inbound_text {
    std::vector<std::uint64_t> parts; ///< never empty
    std::string channel;
    std::string from; ///< E.164 digits
    std::string text; ///< UTF-8; empty: it is no text of a person (binary, or of an application)
    bool is_of_person = true;
    instant at{}; ///< of its last part
};
struct assembled_texts {
    std::vector<inbound_text> texts; ///< oldest first
    bool is_waiting = false;         ///< parts are left whose others have not come yet
};

/// How long a text waits for its other parts; then it is taken as it is.
inline constexpr std::chrono::minutes parts_wait_max{5};

/// `parts`: of one channel, oldest first. `is_all`: none waits behind them; else no text waits for
/// parts, so that what is never complete does not stop the rest.
assembled_texts assemble(std::span<const waiting_part> parts, instant now, bool is_all);

/// What was done about a text. Stored by number: append, never reorder.
enum class answered_as : std::uint8_t {
    silent,   ///< nothing was sent
    answered, ///< what was asked
    helped,   ///< it was not understood
    stranger  ///< the number is nobody's
};
inline constexpr std::size_t answered_kinds = 4;

struct past_text {
    instant at{};
    answered_as as = answered_as::silent;
};

/// Replies to one number in an hour; help for what was not understood once in an hour; a stranger
/// is answered once a day. So two programs never go on answering one another.
inline constexpr std::size_t replies_per_hour_max = 10;
inline constexpr std::chrono::hours past_texts_kept_for{24};

/// As which the text is answered, of `wanted` and what was before.
answered_as gated(answered_as wanted, std::span<const past_text> before, instant now);

/// Of a program, or our own words come back: `signature` is what our texts end with.
bool is_automatic(std::string_view utf8, std::string_view signature_bn,
                  std::string_view signature_en);

/// A text that waited longer is not answered any more; what it asks to stop is stopped still.
inline constexpr std::chrono::hours inbound_answered_within{12};

} // namespace uthan::sms
