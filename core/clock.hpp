#pragma once

#include "core/calendar.hpp"

namespace uthan {

/// Where time comes from. Injected, so that every decision can be replayed.
class clock {
public:
    virtual ~clock() = default;
    virtual instant now() const = 0;
};

class system_clock final : public clock {
public:
    instant now() const override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
};

class manual_clock final : public clock {
public:
    explicit manual_clock(instant start) : now_(start) {}
    instant now() const override { return now_; }
    void advance(std::chrono::milliseconds step) { now_ += step; }
    void set(instant moment) { now_ = moment; }

private:
    instant now_;
};

} // namespace uthan
