#include "sms/channel_health.hpp"

namespace uthan::sms {

void channel_health::linked(link_state state, instant now) noexcept {
    if (state == link_) {
        return;
    }
    link_ = state;
    failures_ = 0;
    if (was_up_) {
        good_from_ = now + rules_.good_for;
    }
    was_up_ = was_up_ || state == link_state::up;
}

void channel_health::failed(instant now) noexcept {
    if (++failures_ >= rules_.failures_max || now < good_from_) {
        failures_ = 0;
        good_from_ = now + rules_.good_for;
    }
}

health channel_health::at(instant now) const noexcept {
    if (link_ == link_state::stopped) {
        return health::stopped;
    }
    if (link_ == link_state::down) {
        return health::down;
    }
    return now < good_from_ ? health::degraded : health::up;
}

} // namespace uthan::sms
