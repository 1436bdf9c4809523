#pragma once

#include <algorithm>
#include <chrono>

namespace uthan {

/// Lets through `rate` a second on average, and up to `burst` at once after a pause. One thread;
/// time comes in.
class token_bucket {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// rate > 0, burst >= 1.
    token_bucket(double rate, double burst, time_point now) noexcept
        : rate_(rate), burst_(burst), tokens_(burst), filled_at_(now) {}

    bool take(time_point now) noexcept {
        const std::chrono::duration<double> passed = now - filled_at_;
        filled_at_ = std::max(filled_at_, now);
        tokens_ = std::min(burst_, tokens_ + std::max(passed.count(), 0.0) * rate_);
        if (tokens_ < 1.0) {
            return false;
        }
        tokens_ -= 1.0;
        return true;
    }

private:
    double rate_;
    double burst_;
    double tokens_;
    time_point filled_at_;
};

} // namespace uthan
