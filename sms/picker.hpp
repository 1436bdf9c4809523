#pragma once

#include "sms/message.hpp"

#include <array>
#include <optional>

namespace uthan::sms {

/// Which class gets the next free slot: the most urgent that waits. The lowest of those that wait
/// has a floor: of every `floor_slots` slots in a row it gets at least one, so that a flood above
/// it delays it and never stops it.
class class_picker {
public:
    static constexpr unsigned floor_slots = 16;

    /// nullopt: nothing waits.
    std::optional<message_class> next(const std::array<bool, message_classes>& waits) noexcept;

private:
    unsigned passed_over_ = 0; ///< slots since the lowest waiting class had one
};

} // namespace uthan::sms
