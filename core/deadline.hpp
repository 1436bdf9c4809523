#pragma once

#include "core/error.hpp"
#include "core/task.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>

namespace uthan {

/// Waits for `work` no longer than `limit`; then deadline_exceeded, and the work goes on to its end
/// unobserved (what it does must be safe to finish: keyed, or without effect). Costs a timer and a
/// spawned coroutine: for the few calls that wait for a disk, not for every hop.
template <class T>
task<result<T>> within(std::chrono::milliseconds limit, task<result<T>> work) {
    using timer =
        asio::basic_waitable_timer<std::chrono::steady_clock,
                                   asio::wait_traits<std::chrono::steady_clock>, executor>;
    struct meeting_point {
        timer waiting;
        std::optional<result<T>> value;
    };
    const auto on = co_await asio::this_coro::executor;
    auto shared = std::make_shared<meeting_point>(meeting_point{timer{on, limit}, std::nullopt});
    auto arrived = [shared](std::exception_ptr failed, result<T> value) {
        if (!failed) {
            shared->value = std::move(value);
        }
        shared->waiting.cancel();
    };
    asio::co_spawn(on, std::move(work), std::move(arrived));
    co_await shared->waiting.async_wait(as_result);
    if (!shared->value) {
        co_return errc::deadline_exceeded;
    }
    co_return std::move(*shared->value);
}

} // namespace uthan
