#pragma once

#include <string>
#include <string_view>

namespace uthan::sms {

/// What channels write in one place with other letters or zeros than in another: lower case,
/// without leading zeros ("00AB" and "ab" are one). Of ASCII; other octets stay.
std::string normal_external_id(std::string_view written);

} // namespace uthan::sms
