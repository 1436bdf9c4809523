#include "gateway/application.hpp"

#include "gateway/tls.hpp"
#include "gateway/version.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <csignal>
#include <stdexcept>

namespace uthan::gateway {
namespace {

using namespace std::chrono_literals;

/// Beyond the listeners' own limit, for what a shard's part needs to close.
constexpr auto shard_margin = 3s;

std::string describe(const asio::ip::tcp::endpoint& at) {
    const auto address = at.address().to_string();
    return at.address().is_v6() ? fmt::format("[{}]:{}", address, at.port())
                                : fmt::format("{}:{}", address, at.port());
}

} // namespace

void ignore_write_signals() {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

application::application(const settings& from, backend& services, logs& log)
    : settings_(from), services_(services), logs_(log), admin_handler_(state_, services, metrics_) {
    for (const channel_settings& channel : from.channels) {
        channel_names_.push_back(channel.name);
    }
    add_metrics();
}

application::~application() {
    stop();
}

void application::add_metrics() {
    metrics_.add([this](metric_sink& into) {
        into.gauge("uthan_build_info", "Always 1; says which build runs.",
                   {{"version", std::string(version())}, {"commit", std::string(commit())}}, 1);
        into.counter("uthan_log_dropped_total", "Log lines dropped because the queue was full.", {},
                     logs_.dropped());
        collect_listener(admin_metrics_, "admin", into);
        into.counter("uthan_unhandled_exceptions_total",
                     "Exceptions that no code expected; each closed a connection.", {},
                     admin_exceptions_.value());
    });
    metrics_.add([this](metric_sink& into) {
        for (const auto& one : shards_) {
            collect_shard(one->metrics(), channel_names_, "public", into);
            if (settings_.opens_staff) {
                collect_listener(one->metrics().staff_http, "staff", into);
            }
        }
    });
    metrics_.add([this](metric_sink& into) { services_.collect(into); });
}

void application::start_admin() {
    http_server_options options;
    options.name = "admin";
    options.at = settings_.admin_listener.at;
    options.limits = settings_.admin_listener.limits;
    options.limits.drain_timeout = 1s;
    options.trusted_proxies = settings_.admin_listener.trusted_proxies;
    options.tls = make_tls(settings_.admin_listener);
    admin_ = std::make_unique<http_server>(admin_context_, std::move(options), admin_handler_,
                                           admin_metrics_, admin_exceptions_, logs_.logger());
    try {
        admin_->listen();
    } catch (const boost::system::system_error& problem) {
        throw std::runtime_error(fmt::format("the admin listener cannot use {}: {}",
                                             describe(settings_.admin_listener.at),
                                             problem.code().message()));
    }
    admin_port_ = admin_->port();
    admin_->start();
    admin_thread_ = std::thread([this] { admin_context_.run(); });
    stops_.emplace_back("admin listener", [this] {
        asio::post(admin_context_, [this] { admin_->drain(); });
        admin_thread_.join();
    });
}

void application::make_shards() {
    listening at{settings_.public_listener.at, make_tls(settings_.public_listener),
                 settings_.staff_listener.at,
                 settings_.opens_staff ? make_tls(settings_.staff_listener) : nullptr};
    try {
        for (unsigned i = 0; i < settings_.shards; ++i) {
            shards_.push_back(std::make_unique<shard>(i, settings_, at, services_, logs_.logger()));
            // The others join the first one's free ports.
            at.at.port(shards_.front()->port());
            at.staff_at.port(shards_.front()->staff_port());
        }
    } catch (const boost::system::system_error& problem) {
        throw std::runtime_error(
            settings_.opens_staff
                ? fmt::format("the public listener cannot use {}, or the staff listener {}: {}",
                              describe(at.at), describe(at.staff_at), problem.code().message())
                : fmt::format("the public listener cannot use {}: {}", describe(at.at),
                              problem.code().message()));
    }
}

void application::start_shards() {
    for (const auto& one : shards_) {
        one->start();
    }
    stops_.emplace_back("shards", [this] {
        for (const auto& one : shards_) {
            one->drain();
        }
        for (const auto& one : shards_) {
            one->join(settings_.public_listener.limits.drain_timeout + shard_margin);
        }
    });
}

void application::start() {
    stops_.emplace_back("backend", [this] { services_.stop(); });
    await_signal();
    try {
        // A scrape reads the shards, so they exist before the admin listener answers; it answers
        // before they serve and until they have stopped.
        make_shards();
        start_admin();
        start_shards();
    } catch (...) {
        stop();
        throw;
    }
    state_.store(process_state::ready);
    logs_.logger().info("event=ready version={} public={} admin={} staff={} shards={}", version(),
                        public_port(), admin_port(), staff_port(), shards_.size());
}

void application::on_signal(int number) {
    if (number == SIGHUP) {
        if (services_.reload()) {
            logs_.logger().info("event=reloaded");
        }
        return;
    }
    logs_.logger().info("event=stopping signal={}", number);
    signals_.stop();
}

void application::await_signal() {
    signal_set_.async_wait([this](error_code error, int number) {
        if (!error) {
            on_signal(number);
            await_signal();
        }
    });
}

void application::run() {
    signals_.run();
    stop();
}

void application::request_stop() {
    signals_.stop();
}

void application::stop() {
    if (stops_.empty()) {
        return;
    }
    state_.store(process_state::draining);
    watchdog limit(stop_limit);
    while (!stops_.empty()) {
        limit.phase(stops_.back().first);
        stops_.back().second();
        stops_.pop_back();
    }
    logs_.logger().info("event=stopped");
}

} // namespace uthan::gateway
