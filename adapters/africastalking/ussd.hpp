#pragma once

#include "adapters/rejection.hpp"
#include "core/address.hpp"
#include "sessions/history.hpp"

#include <string>
#include <string_view>

// Africa's Talking USSD: a style-A aggregator (the screen is the body of the HTTP response) that
// sends the whole history on each turn. README.md beside this file has the wire format.
namespace uthan::adapters::africastalking {

/// The callback's form body. Unknown fields are passed over. A number outside `plan` but in E.164
/// is read too: its caller gets an answer, not an error.
parsed<sessions::inbound_turn> parse_ussd(std::string_view body, const numbering& plan);

/// "CON " or "END " and the text.
std::string render_ussd(std::string_view text, bool final);

inline constexpr std::string_view content_type = "text/plain; charset=utf-8";

enum class session_status : unsigned char { success, incomplete, failed, unknown };

/// The end-of-session notification. Its `input` and `lastAppResponse` hold PINs and balances and
/// are not read.
struct session_end {
    std::string session_id;
    std::string service_code;
    session_status status = session_status::unknown;
};
parsed<session_end> parse_session_end(std::string_view body);

} // namespace uthan::adapters::africastalking
