#pragma once

#include <chrono>

// How fast a channel is fed: as its contract says, and slower while it asks for that.
namespace uthan::sms {

/// A token bucket of segments, not of messages. After a throttling answer nothing is sent for 1 s,
/// then 2 s … 60 s when it comes again, and the rate is halved; it grows back by a sixtieth of the
/// contract's rate each second. Not thread-safe; `now` never goes back.
class pacer {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `segments_per_second` > 0; a burst of `burst` ≥ 1 segments after a rest.
    pacer(double segments_per_second, double burst, time_point now)
        : contract_(segments_per_second), rate_(segments_per_second), burst_(burst), tokens_(burst),
          at_(now) {}

    /// Whether a message of so many segments may go now; counts it if so. One that is larger than
    /// the burst goes when the bucket is full, and those after it wait the longer.
    bool take(unsigned segments, time_point now);
    /// When take would succeed if nothing else goes before; now at the earliest.
    time_point ready_at(unsigned segments, time_point now);
    /// The channel said that it is too fast. Several answers of one pause count once.
    void throttled(time_point now);

    /// Another contract; what is left of a slower time after a throttling answer stays in
    /// proportion.
    void agree(double segments_per_second, double burst, time_point now);

    double segments_per_second(time_point now);

private:
    void refill(time_point now);
    double needed(unsigned segments) const;

    double contract_;
    double rate_;
    double burst_;
    double tokens_;
    time_point at_;
    time_point paused_until_{};
    std::chrono::seconds pause_{0};
};

} // namespace uthan::sms
