#include "sms/pacing.hpp"

#include <algorithm>
#include <cmath>

namespace uthan::sms {
namespace {

using namespace std::chrono_literals;
using seconds = std::chrono::duration<double>;

constexpr std::chrono::seconds longest_pause = 60s;
constexpr double recovery_seconds = 60;
/// Of the contract's rate; else a long bad day would end it.
constexpr double least_part = 1.0 / 64;

} // namespace

void pacer::refill(time_point now) {
    const auto from = std::max(at_, std::min(paused_until_, now));
    const double passed = seconds{std::max(now - from, time_point::duration{0})}.count();
    // The rate of the interval's beginning: recovery counts from the next call on.
    tokens_ = std::min(burst_, tokens_ + passed * rate_);
    rate_ = std::min(contract_, rate_ + passed * contract_ / recovery_seconds);
    if (rate_ >= contract_) {
        pause_ = 0s;
    }
    at_ = std::max(at_, now);
}

double pacer::needed(unsigned segments) const {
    return std::min(static_cast<double>(segments), burst_);
}

bool pacer::take(unsigned segments, time_point now) {
    refill(now);
    // A hair less than whole, or sums of fractions would wait for ever.
    if (now < paused_until_ || tokens_ + 1e-6 < needed(segments)) {
        return false;
    }
    tokens_ -= segments;
    return true;
}

pacer::time_point pacer::ready_at(unsigned segments, time_point now) {
    refill(now);
    const double missing = std::max(0.0, needed(segments) - tokens_);
    const auto wait = std::chrono::ceil<time_point::duration>(seconds{missing / rate_});
    return std::max(now, paused_until_) + wait;
}

void pacer::throttled(time_point now) {
    refill(now);
    if (now < paused_until_) {
        return;
    }
    pause_ = pause_ == 0s ? 1s : std::min(pause_ * 2, longest_pause);
    paused_until_ = now + pause_;
    rate_ = std::max(rate_ / 2, contract_ * least_part);
    tokens_ = std::min(tokens_, 1.0);
}

void pacer::agree(double segments_per_second, double burst, time_point now) {
    refill(now);
    rate_ *= segments_per_second / contract_;
    contract_ = segments_per_second;
    burst_ = burst;
    tokens_ = std::min(tokens_, burst_);
}

double pacer::segments_per_second(time_point now) {
    refill(now);
    return rate_;
}

} // namespace uthan::sms
