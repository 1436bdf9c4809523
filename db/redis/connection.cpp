#include "db/redis/connection.hpp"

#include "db/redis/connection_core.hpp"

#include <utility>

namespace uthan::db::redis {

connection::connection(const executor& shard, endpoint target, connection_settings settings,
                       random_source& random)
    : core_(std::make_shared<core>(shard, std::move(target), settings, random)) {}

connection::~connection() {
    core_->abandon_everybody();
}

void connection::start() {
    core_->start();
}

void connection::stop() {
    core_->stop();
}

task<result<reply>> connection::command(std::span<const std::string_view> arguments) {
    auto initiate = [](auto handler, const std::shared_ptr<core>& to,
                       std::span<const std::string_view> what) {
        to->submit(what, core::waiter(std::move(handler)));
    };
    const asio::use_awaitable_t<executor> token;
    return asio::async_initiate<const asio::use_awaitable_t<executor>, void(result<reply>)>(
        initiate, token, core_, arguments);
}

bool connection::ready() const noexcept {
    return core_->is_ready();
}

bool connection::healthy() const noexcept {
    return core_->healthy();
}

const executor& connection::shard() const noexcept {
    return core_->shard();
}

const connection_counters& connection::counters() const noexcept {
    return core_->counters();
}

} // namespace uthan::db::redis
