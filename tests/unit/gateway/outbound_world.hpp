#pragma once

#include "gateway/links/http_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace uthan::gateway::testing {

/// A client on a loop of its own thread. The test plays the other side.
class outbound_world {
public:
    explicit outbound_world(outbound_limits limits = {}, const std::string& ca_file = {})
        : client_(std::make_unique<http_client>(context_.get_executor(), make_client_tls(ca_file),
                                                limits)),
          thread_([this] { context_.run(); }) {}
    ~outbound_world() { end(); }
    outbound_world(const outbound_world&) = delete;
    outbound_world& operator=(const outbound_world&) = delete;

    http_client& client() { return *client_; }
    executor on() { return context_.get_executor(); }

    std::future<outbound_answer> send(outbound_request request) {
        auto answered = std::make_shared<std::promise<outbound_answer>>();
        auto future = answered->get_future();
        const auto finish = [answered](std::exception_ptr failed, outbound_answer answer) {
            failed ? answered->set_exception(failed) : answered->set_value(std::move(answer));
        };
        asio::post(context_, [this, finish, request = std::move(request)]() mutable {
            asio::co_spawn(context_.get_executor(), client_->send(std::move(request)), finish);
        });
        return future;
    }
    /// Runs on the loop's thread and returns when it is done.
    void run(const std::function<void()>& function) {
        std::promise<void> done;
        asio::post(context_, [&] {
            function();
            done.set_value();
        });
        done.get_future().wait();
    }
    void stop() {
        run([this] { client_->stop(); });
    }
    /// Ends the loop with whatever is under way.
    void cut() {
        context_.stop();
        thread_.join();
    }
    /// Stops, and waits until no work is left.
    void end() {
        if (thread_.joinable()) {
            stop();
            guard_.reset();
            thread_.join();
        }
    }

private:
    asio::io_context context_{1};
    asio::executor_work_guard<executor> guard_{context_.get_executor()};
    std::unique_ptr<http_client> client_;
    std::thread thread_;
};

/// No test waits so long: it only keeps a broken client from hanging the suite.
inline outbound_answer answer_of(std::future<outbound_answer>& future) {
    if (future.wait_for(std::chrono::seconds(30)) != std::future_status::ready) {
        ADD_FAILURE() << "no answer";
        return {};
    }
    return future.get();
}

} // namespace uthan::gateway::testing
