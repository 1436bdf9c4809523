#include "sms/external_id.hpp"

#include <algorithm>

namespace uthan::sms {

std::string normal_external_id(std::string_view written) {
    const auto first = written.find_first_not_of('0');
    if (first == std::string_view::npos) {
        return written.empty() ? std::string{} : std::string{"0"};
    }
    std::string out{written.substr(first)};
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

} // namespace uthan::sms
