#include "sms/wording.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace uthan::sms {
namespace {

/// Of Latin letters in lower case.
constexpr std::array asking{std::string_view{"reply"},      std::string_view{"sms back"},
                            std::string_view{"text back"},  std::string_view{"send yes"},
                            std::string_view{"রিপ্লাই"},     std::string_view{"উত্তর দিন"},
                            std::string_view{"উত্তর পাঠান"}, std::string_view{"জবাব দিন"},
                            std::string_view{"জবাব পাঠান"}, std::string_view{"ফিরতি এসএমএস"},
                            std::string_view{"লিখে পাঠান"}, std::string_view{"লিখুন:"}};

} // namespace

bool asks_for_reply(std::string_view utf8) {
    std::string lowered{utf8};
    std::ranges::transform(lowered, lowered.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return std::ranges::any_of(
        asking, [&](std::string_view words) { return lowered.find(words) != std::string::npos; });
}

} // namespace uthan::sms
