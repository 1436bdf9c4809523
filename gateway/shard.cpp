#include "gateway/shard.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <exception>
#include <typeinfo>

namespace uthan::gateway {
namespace {

using namespace std::chrono_literals;

/// Between looks at whether the last request has ended.
constexpr auto drain_poll = 10ms;

/// `limit`: for what is under way behind answered requests, from now on.
task<void> finish(http_server& server, http_server* staff, shard_backend& part,
                  std::chrono::milliseconds limit) {
    const executor on = co_await asio::this_coro::executor;
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, executor>
        pause(on);
    const auto give_up = std::chrono::steady_clock::now() + limit;
    part.drain();
    server.drain();
    if (staff != nullptr) {
        staff->drain();
    }
    while (server.connections() > 0 || (staff != nullptr && staff->connections() > 0) ||
           (part.busy() && std::chrono::steady_clock::now() < give_up)) {
        pause.expires_after(drain_poll);
        co_await pause.async_wait(as_result);
    }
    part.stop();
}

http_server_options options_of(const settings& from, std::string name,
                               const listener_settings& listener, asio::ip::tcp::endpoint at,
                               std::shared_ptr<asio::ssl::context> tls) {
    http_server_options options;
    options.name = std::move(name);
    options.at = at;
    options.share_port = from.shards > 1;
    options.limits = listener.limits;
    options.trusted_proxies = listener.trusted_proxies;
    options.tls = std::move(tls);
    return options;
}

} // namespace

shard::shard(unsigned index, const settings& from, const listening& at, backend& services,
             spdlog::logger& log)
    : log_(log), index_(index), drain_timeout_(from.public_listener.limits.drain_timeout),
      metrics_(from.channels.size()), part_(services.make_shard(index, context_, metrics_)),
      router_(std::make_unique<router>(from.channels, *part_)),
      server_(std::make_unique<http_server>(
          context_, options_of(from, "public", from.public_listener, at.at, at.tls), *router_,
          metrics_.http, metrics_.unhandled_exceptions, log)) {
    server_->listen();
    if (auto* answers = part_->staff(); answers != nullptr && from.opens_staff) {
        auto options = options_of(from, "staff", from.staff_listener, at.staff_at, at.staff_tls);
        staff_ =
            std::make_unique<http_server>(context_, std::move(options), *answers,
                                          metrics_.staff_http, metrics_.unhandled_exceptions, log);
        staff_->listen();
    }
}

shard::~shard() {
    context_.stop();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void shard::start() {
    server_->start();
    if (staff_) {
        staff_->start();
    }
    thread_ = std::thread([this] { run(); });
}

void shard::run() {
    for (;;) {
        try {
            context_.run();
            break;
        } catch (const std::exception& problem) {
            // A handler let an exception out; the loop and all its other work are intact.
            metrics_.unhandled_exceptions.add();
            log_.error("event=unhandled_exception shard={} type={}", index_,
                       typeid(problem).name());
        }
    }
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    changed_.notify_one();
}

void shard::drain() {
    asio::co_spawn(context_.get_executor(), finish(*server_, staff_.get(), *part_, drain_timeout_),
                   asio::detached);
}

void shard::join(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    const bool in_order = changed_.wait_for(lock, limit, [this] { return ended_; });
    lock.unlock();
    if (!in_order) {
        log_.error("event=shard_stopped_by_force shard={}", index_);
        context_.stop();
    }
    thread_.join();
}

} // namespace uthan::gateway
