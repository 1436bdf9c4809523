#pragma once

#include "core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// How a text becomes the parts of a text message: the one count for the preview, the price and the
// wire. Alphabets: 3GPP TS 23.038 V16; headers: 3GPP TS 23.040 9.2.3.24. Any thread.
namespace uthan::texts {

/// `gsm7_bengali`: locking and single shift of national language 4.
enum class sms_alphabet : std::uint8_t { gsm7, gsm7_bengali, ucs2 };

/// How the parts of one message say that they belong together; exactly one way. `udh8`, `udh16`: a
/// header with a reference of one or two octets in every part. `sar`: SMPP's sar_* parameters, from
/// which the message centre makes a header; as it may choose the longer one, parts are as for
/// `udh16`. `payload`: SMPP's message_payload, which the message centre splits; counted as `udh8`,
/// and without shift tables, because nobody could tell it to repeat them in every part.
enum class concatenation : std::uint8_t { udh8, udh16, sar, payload };

struct sms_form {
    concatenation joined_by = concatenation::udh8;
    /// Bangla in the 7-bit alphabet, where the operator and the phones are known to read it.
    bool bengali_shift = false;
    /// What smart_replacement does, where it brings a text into a 7-bit alphabet without making
    /// more parts; a text that stays in UCS-2 keeps every sign.
    bool smart_replacement = false;
    /// At least 1.
    std::uint8_t parts_max = 8;
};

/// `units`: septets (an escape is one) or UTF-16 units of all parts, without headers.
/// `units_left_in_last`: how many more the last part takes.
struct sms_plan {
    sms_alphabet in = sms_alphabet::gsm7;
    std::size_t units = 0;
    std::uint8_t parts = 1;
    std::size_t units_left_in_last = 0;
    bool operator==(const sms_plan&) const = default;
};

/// One part as short_message carries it: `header_octets` of user data header, if any (then
/// esm_class has the UDHI bit), and unpacked septets or UTF-16BE.
struct sms_part {
    std::string user_data;
    std::size_t header_octets = 0;
    std::size_t units = 0;
    bool operator==(const sms_part&) const = default;
};

/// For `sar` the caller adds the parameters; for `payload` there is one part that holds everything,
/// though the plan counts what the message centre will make of it.
struct sms_segments {
    sms_plan plan;
    std::vector<sms_part> parts;
};

/// Above this nothing is looked at: more octets than 255 parts hold in any alphabet.
inline constexpr std::size_t sms_text_octets_max = 128 * 1024;

/// Counts the text in its message_form. The whole text is in one alphabet that has all of it; which
/// one, and whether something is replaced, is decided by the parts that it makes. Parts end between
/// clusters where one ends within the last 16 units, and between words where that makes no more
/// parts. Errors: invalid_utf8, too_large (more than `parts_max` parts).
result<sms_plan> plan_sms(std::string_view utf8, const sms_form& form);

/// The parts of the same plan. `reference` is the message's own, the same when a part is sent
/// again; `udh8` carries its low octet.
result<sms_segments> split_sms(std::string_view utf8, const sms_form& form,
                               std::uint16_t reference);

/// How many units one part holds: a message's only one, or each of several.
std::size_t sms_part_units(sms_alphabet in, concatenation joined_by, bool is_only_part) noexcept;

} // namespace uthan::texts
