#pragma once

#include "adapters/sms_fields.hpp"

#include <string>
#include <string_view>

namespace uthan::adapters::twilio {

/// X-Twilio-Signature of a form POST: HMAC-SHA1 over the URL exactly as it is configured at Twilio,
/// and the parameters by name (byte order), each name followed by its value; in base64. A name that
/// comes twice keeps its values in their order.
std::string signature_of(std::string_view auth_token, std::string_view url, octet_pairs parameters);

} // namespace uthan::adapters::twilio
