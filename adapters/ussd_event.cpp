#include "adapters/ussd_event.hpp"

#include <algorithm>

namespace uthan::adapters {

const char* fault_of_id(std::string_view value) noexcept {
    if (value.empty()) {
        return "is missing or empty";
    }
    if (value.size() > id_bytes_max) {
        return "is too long";
    }
    const bool has_control = std::ranges::any_of(
        value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    return has_control ? "has a control character" : nullptr;
}

} // namespace uthan::adapters
