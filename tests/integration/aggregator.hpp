#pragma once

#include "gateway/http/server.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace uthan::test {

/// A push as it came.
struct pushed_screen {
    std::string path;
    std::string body;
};

/// The aggregator that screens are pushed to, on a loop of its own.
class aggregator {
public:
    explicit aggregator(unsigned short port = 0) : handler_(*this) {
        gateway::http_server_options options;
        options.at = {asio::ip::address_v4::loopback(), port};
        server_ = std::make_unique<gateway::http_server>(context_, std::move(options), handler_,
                                                         metrics_, exceptions_, log_);
        server_->listen();
        port_ = server_->port();
        server_->start();
        thread_ = std::thread([this] { context_.run(); });
    }
    ~aggregator() {
        release();
        asio::post(context_, [this] { server_->drain(); });
        thread_.join();
    }
    aggregator(const aggregator&) = delete;
    aggregator& operator=(const aggregator&) = delete;

    unsigned short port() const { return port_; }

    /// What the next pushes are answered with.
    void say(unsigned status, std::string body) {
        const std::lock_guard lock{mutex_};
        status_ = status;
        body_ = std::move(body);
    }
    /// From now on answers wait for `release`.
    void hold() {
        const std::lock_guard lock{mutex_};
        held_ = true;
    }
    void release() {
        {
            const std::lock_guard lock{mutex_};
            held_ = false;
        }
        asio::post(context_, [this] { gate_.cancel(); });
    }
    /// The next push, waiting at most half a minute.
    pushed_screen next() {
        std::unique_lock lock{mutex_};
        if (!arrived_.wait_for(lock, std::chrono::seconds{30},
                               [this] { return !pushes_.empty(); })) {
            ADD_FAILURE() << "no screen was pushed";
            return {};
        }
        auto first = std::move(pushes_.front());
        pushes_.pop_front();
        return first;
    }
    bool has_more() {
        const std::lock_guard lock{mutex_};
        return !pushes_.empty();
    }

private:
    class recorder final : public gateway::http_handler {
    public:
        explicit recorder(aggregator& of) : of_(of) {}
        task<gateway::http_response> handle(gateway::http_request request) override {
            gateway::http_response response;
            bool held = false;
            {
                const std::lock_guard lock{of_.mutex_};
                of_.pushes_.push_back({std::string{request.target}, std::string{request.body}});
                response.status = of_.status_;
                response.body = of_.body_;
                held = of_.held_;
            }
            of_.arrived_.notify_all();
            if (held) {
                co_await of_.gate_.async_wait(as_result);
            }
            co_return response;
        }

    private:
        aggregator& of_;
    };
    using timer =
        asio::basic_waitable_timer<std::chrono::steady_clock,
                                   asio::wait_traits<std::chrono::steady_clock>, executor>;

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<pushed_screen> pushes_;
    unsigned status_ = 200;
    std::string body_ = R"({"statusCode":"S1000","statusDetail":"Success"})";
    bool held_ = false;

    asio::io_context context_{1};
    timer gate_{context_.get_executor(), std::chrono::steady_clock::time_point::max()};
    gateway::listener_metrics metrics_;
    counter exceptions_;
    spdlog::logger log_{"aggregator", std::make_shared<spdlog::sinks::null_sink_mt>()};
    recorder handler_;
    std::unique_ptr<gateway::http_server> server_;
    unsigned short port_ = 0;
    std::thread thread_;
};

} // namespace uthan::test
