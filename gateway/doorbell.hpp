#pragma once

#include "gateway/http/server_state.hpp"

#include <chrono>

namespace uthan::gateway {

/// Wakes one coroutine. What rings while it does not wait is not lost.
class doorbell {
public:
    explicit doorbell(executor on) : timer_(on) {}

    void ring() {
        rung_ = true;
        timer_.cancel();
    }
    task<void> wait(std::chrono::milliseconds most) {
        if (!rung_) {
            timer_.expires_after(most);
            co_await timer_.async_wait(as_result);
        }
        rung_ = false;
    }

private:
    steady_timer timer_;
    bool rung_ = false;
};

} // namespace uthan::gateway
