#pragma once

#include "core/clock.hpp"
#include "sms/pacing.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <random>

namespace uthan::sim {

using milliseconds = std::chrono::milliseconds;

/// Virtual time. What happens at one moment happens in the order in which it was asked for.
class timeline final : public clock {
public:
    explicit timeline(instant start) : start_(start) {}

    instant now() const override { return start_ + since_ + skew_; }
    /// The clock on the wall is set; what is to happen happens when it would have.
    void set_clock(milliseconds by) { skew_ += by; }
    sms::pacer::time_point steady() const { return sms::pacer::time_point{since_}; }
    milliseconds since() const { return since_; }

    void after(milliseconds wait, std::function<void()> what) {
        events_.emplace(since_ + wait, std::move(what));
    }
    /// The time of the next event; nullopt: none.
    std::optional<milliseconds> next() const {
        return events_.empty() ? std::nullopt : std::optional{events_.begin()->first};
    }
    void advance_to(milliseconds when) { since_ = std::max(since_, when); }
    /// Runs the first event that is due; false: none is.
    bool run_one() {
        if (events_.empty() || events_.begin()->first > since_) {
            return false;
        }
        auto what = std::move(events_.begin()->second);
        events_.erase(events_.begin());
        what();
        return true;
    }
    void forget_events() { events_.clear(); }

private:
    instant start_;
    milliseconds since_{0};
    milliseconds skew_{0};
    std::multimap<milliseconds, std::function<void()>> events_;
};

/// One seed's choices.
class chance {
public:
    explicit chance(std::uint64_t seed) : engine_(seed) {}
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(engine_() % bound);
    }
    /// With so many chances in a thousand.
    bool happens(std::uint32_t in_thousand) { return below(1000) < in_thousand; }
    milliseconds between(std::uint32_t least, std::uint32_t most) {
        return milliseconds{least + below(most - least + 1)};
    }

private:
    std::mt19937_64 engine_;
};

/// When something does not answer at all.
struct outage {
    milliseconds from{0};
    milliseconds until{0};
    bool covers(milliseconds moment) const { return moment >= from && moment < until; }
};

/// What goes wrong, in thousandths; all 0 in a calm world.
struct troubles {
    std::uint32_t refuse_throttle = 0;
    std::uint32_t refuse_temporary = 0;
    std::uint32_t refuse_permanent = 0;
    std::uint32_t never_answer = 0;
    std::uint32_t answer_late = 0;
    std::uint32_t answer_twice = 0;
    std::uint32_t drop_untaken = 0; ///< the link goes before the submit is taken
    std::uint32_t drop_taken = 0;   ///< the link goes when it is taken
    std::uint32_t receipt_lost = 0;
    std::uint32_t receipt_failed = 0;
    std::uint32_t receipt_twice = 0;
    std::uint32_t receipt_first = 0; ///< before the answer
    std::uint32_t store_refuses = 0;
    std::uint32_t crash = 0; ///< before or after a commit
};

} // namespace uthan::sim
