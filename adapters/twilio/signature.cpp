#include "adapters/twilio/signature.hpp"

#include "core/signature.hpp"

#include <algorithm>

namespace uthan::adapters::twilio {

std::string signature_of(std::string_view auth_token, std::string_view url,
                         octet_pairs parameters) {
    std::ranges::stable_sort(parameters, {}, &octet_pairs::value_type::first);
    std::string signed_octets{url};
    for (const auto& [name, value] : parameters) {
        signed_octets += name;
        signed_octets += value;
    }
    const auto made = hmac_sha1(auth_token, signed_octets);
    return to_base64({reinterpret_cast<const char*>(made.data()), made.size()});
}

} // namespace uthan::adapters::twilio
