#include "sms/picker.hpp"

namespace uthan::sms {

std::optional<message_class>
class_picker::next(const std::array<bool, message_classes>& waits) noexcept {
    std::optional<std::size_t> highest;
    std::size_t lowest = 0;
    for (std::size_t i = 0; i < waits.size(); ++i) {
        if (waits[i]) {
            highest = highest.value_or(i);
            lowest = i;
        }
    }
    if (!highest) {
        return std::nullopt;
    }
    const auto chosen = passed_over_ + 1 >= floor_slots ? lowest : *highest;
    passed_over_ = chosen == lowest ? 0 : passed_over_ + 1;
    return static_cast<message_class>(chosen);
}

} // namespace uthan::sms
