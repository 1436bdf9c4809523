#pragma once

#include "gateway/http/server_state.hpp"
#include "gateway/links/http_client.hpp"
#include "gateway/links/smpp_exchange.hpp"
#include "rude_server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <functional>
#include <future>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace uthan::gateway::testing {

/// A queue that keeps what a link brings. On the link's thread.
class kept_inbox final : public sms::inbox {
public:
    explicit kept_inbox(executor on) : gate_(on, steady_time::max()) {}

    task<result<std::vector<sms::receipt_outcome>>> receive(std::vector<sms::receipt> what,
                                                            instant /*now*/) override {
        ++calls;
        if (holds) {
            co_await gate_.async_wait(as_result);
        }
        if (fails) {
            co_return errc::store_unavailable;
        }
        const auto count = what.size();
        std::move(what.begin(), what.end(), std::back_inserter(receipts));
        co_return std::vector<sms::receipt_outcome>(count);
    }
    task<error_code> take_in(std::vector<sms::inbound_part> what) override {
        ++calls;
        if (holds) {
            co_await gate_.async_wait(as_result);
        }
        if (fails) {
            co_return errc::store_unavailable;
        }
        std::move(what.begin(), what.end(), std::back_inserter(texts));
        co_return error_code{};
    }
    void release() {
        holds = false;
        gate_.cancel();
    }

    bool holds = false;
    bool fails = false;
    int calls = 0;
    std::vector<sms::receipt> receipts;
    std::vector<sms::inbound_part> texts;

private:
    steady_timer gate_;
};

/// The dispatcher's ear. On the link's thread.
class heard_events final : public sms::link_events {
public:
    void reported(sms::report what) override {
        EXPECT_FALSE(is_inside) << "told from inside a call of the dispatcher's";
        reports.push_back(std::move(what));
    }
    void throttled() override {
        EXPECT_FALSE(is_inside);
        ++throttles;
    }
    void changed() override {
        EXPECT_FALSE(is_inside);
        ++changes;
    }

    bool is_inside = false;
    std::vector<sms::report> reports;
    int throttles = 0;
    int changes = 0;
};

class no_randomness final : public random_source {
public:
    void fill(std::span<std::byte> out) override { std::ranges::fill(out, std::byte{}); }
    std::uint32_t below(std::uint32_t /*bound*/) override { return 0; }
};

inline constexpr std::string_view subscriber = "8801712345678";

/// A link on a loop of its own thread. The test plays the message centre.
class smpp_link_world {
public:
    static smpp_link_settings settings(std::uint16_t port) {
        smpp_link_settings as;
        as.channel = "gp";
        as.account = "gp-main";
        as.host = "127.0.0.1";
        as.port = port;
        as.session.system_id = "uthan";
        as.session.password = "secret";
        as.text.sender = "SHAKTI";
        return as;
    }

    explicit smpp_link_world(smpp_link_settings as, smpp_delivery_hook ussd = {},
                             const std::string& ca_file = {})
        : link(std::make_unique<smpp_link>(
              std::move(as),
              smpp_link_ports{context_.get_executor(), box, time, random_, make_client_tls(ca_file),
                              log_, metrics, short_key{}, std::move(ussd),
                              [this](const smpp_screen_told& what) { fates.push_back(what); }})) {
        asio::post(context_, [this] { link->start(heard); });
        thread_ = std::thread{[this] { context_.run(); }};
    }
    /// The link of an exchange.
    explicit smpp_link_world(smpp_exchange& through)
        : link(
              through.make_link(smpp_link_ports{context_.get_executor(), box, time, random_,
                                                make_client_tls({}), log_, metrics, short_key{}})) {
        asio::post(context_, [this] { link->start(heard); });
        thread_ = std::thread{[this] { context_.run(); }};
    }
    ~smpp_link_world() {
        run([this] { link->stop(); });
        guard_.reset();
        thread_.join();
        EXPECT_TRUE(link->is_idle());
        // Nothing of what must never be logged.
        for (const std::string_view secret :
             {subscriber, std::string_view{"secret"}, std::string_view{"Dear"}}) {
            EXPECT_EQ(written_.str().find(secret), std::string::npos);
        }
    }
    smpp_link_world(const smpp_link_world&) = delete;
    smpp_link_world& operator=(const smpp_link_world&) = delete;

    /// Runs on the loop's thread and returns when it is done.
    void run(const std::function<void()>& function) {
        std::promise<void> done;
        asio::post(context_, [&] {
            function();
            done.set_value();
        });
        done.get_future().wait();
    }
    template <class Value>
    Value ask(const std::function<Value()>& function) {
        Value out{};
        run([&] { out = function(); });
        return out;
    }
    bool becomes(const std::function<bool()>& holds) {
        return eventually([&] { return ask<bool>(holds); });
    }
    bool becomes(sms::link_state state) {
        return becomes([this, state] { return link->state() == state; });
    }
    std::size_t free_slots() {
        return ask<std::size_t>([this] { return link->free_slots(); });
    }
    std::size_t in_flight() {
        return ask<std::size_t>([this] { return link->in_flight(); });
    }
    /// All parts of one message.
    void submit(std::uint64_t id, const std::string& text, std::uint8_t parts = 1,
                const address& to = *address::e164("+8801712345678")) {
        run([&] {
            std::vector<sms::outgoing_part> out;
            for (std::uint8_t i = 0; i < parts; ++i) {
                out.push_back({id, i, parts, sms::message_class::answer, to, text, 7,
                               time.now() + std::chrono::hours{1}});
            }
            heard.is_inside = true;
            link->submit(std::move(out));
            heard.is_inside = false;
        });
    }
    /// So many reports, in their order.
    std::vector<sms::report> reports(std::size_t count) {
        EXPECT_TRUE(becomes([&] { return heard.reports.size() >= count; }));
        return ask<std::vector<sms::report>>([this] { return heard.reports; });
    }
    std::string log() {
        return ask<std::string>([this] { return written_.str(); });
    }
    /// So many fates of screens, in their order.
    std::vector<smpp_screen_told> told(std::size_t count) {
        EXPECT_TRUE(becomes([&] { return fates.size() >= count; }));
        return ask<std::vector<smpp_screen_told>>([this] { return fates; });
    }
    instant rested() const { return time.now() + std::chrono::seconds{3}; }

private:
    std::ostringstream written_;
    spdlog::logger log_{"test", std::make_shared<spdlog::sinks::ostream_sink_st>(written_)};
    no_randomness random_;
    asio::io_context context_{1};
    asio::executor_work_guard<executor> guard_{context_.get_executor()};

public:
    manual_clock time{instant{std::chrono::hours{24 * 20'000}}};
    smpp_link_metrics metrics;
    kept_inbox box{context_.get_executor()};
    heard_events heard;
    std::vector<smpp_screen_told> fates; ///< the loop's thread
    std::unique_ptr<smpp_link> link;

private:
    std::thread thread_;
};

} // namespace uthan::gateway::testing
