#pragma once

#include "core/task.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace uthan::test {

/// A shard for tests: drives its io_context until something has happened, with a limit so generous
/// that only a hang reaches it.
class shard_loop {
public:
    asio::io_context& context() { return context_; }
    executor get_executor() { return context_.get_executor(); }

    template <class Predicate>
    [[nodiscard]] bool run_until(Predicate happened) {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!happened()) {
            if (std::chrono::steady_clock::now() > give_up) {
                return false;
            }
            context_.restart();
            context_.run_one_for(std::chrono::milliseconds(20));
        }
        return true;
    }

    /// Starts `work`; its value is put into `out` when it is done.
    template <class T>
    void start(task<T> work, std::optional<T>& out) {
        auto done = [&out](std::exception_ptr failure, T value) {
            if (failure) {
                std::rethrow_exception(failure);
            }
            out.emplace(std::move(value));
        };
        asio::co_spawn(context_, std::move(work), std::move(done));
    }

    template <class T>
    T await(task<T> work) {
        std::optional<T> out;
        start(std::move(work), out);
        if (!run_until([&out] { return out.has_value(); })) {
            throw std::runtime_error("a coroutine hangs");
        }
        return std::move(*out);
    }

private:
    asio::io_context context_{1};
};

} // namespace uthan::test
