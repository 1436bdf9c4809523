#include "db/redis/connection_core.hpp"

#include "core/assert.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <utility>

namespace uthan::db::redis {

namespace {

bool sigpipe_is_ignored() {
    struct sigaction current {};
    return sigaction(SIGPIPE, nullptr, &current) == 0 && current.sa_handler != SIG_DFL;
}

} // namespace

void connection::core::start() {
    UTHAN_ASSERT(state_ == state::idle);
    UTHAN_ASSERT(sigpipe_is_ignored());
    connect();
}

void connection::core::stop() {
    state_ = state::stopped;
    counters_.healthy.set(0);
    clear_timer();
    resolver_.cancel();
    drop();
}

// For the destructor: who still waits is destroyed, not resumed.
void connection::core::abandon_everybody() {
    stop();
    const auto waiting = std::exchange(finished_, {});
}

void connection::core::connect() {
    set_timer(steady::now() + settings_.connect_deadline);
    error_code not_numeric;
    asio::ip::make_address(target_.host, not_numeric);
    if (!target_.path.empty() || !not_numeric) {
        connect_to(target_.host);
    } else {
        resolve();
    }
}

// hiredis would resolve with a blocking call.
void connection::core::resolve() {
    state_ = state::resolving;
    auto on_resolved = [self = shared_from_this(), epoch = epoch_](
                           error_code ec, const asio::ip::tcp::resolver::results_type& addresses) {
        if (epoch != self->epoch_ || self->state_ != state::resolving) {
            return;
        }
        if (ec || addresses.empty()) {
            self->wait_for_next_attempt();
            return;
        }
        // Another address at each attempt, so that a dead one does not keep us out.
        auto chosen = addresses.begin();
        std::advance(chosen, self->failures_in_a_row_ % addresses.size());
        self->connect_to(chosen->endpoint().address().to_string());
    };
    resolver_.async_resolve(target_.host, std::to_string(target_.port),
                            asio::ip::resolver_base::numeric_service, std::move(on_resolved));
}

void connection::core::connect_to(const std::string& address) {
    state_ = state::greeting;
    redisAsyncContext* context = target_.path.empty()
                                     ? redisAsyncConnect(address.c_str(), target_.port)
                                     : redisAsyncConnectUnix(target_.path.c_str());
    if (context == nullptr) {
        wait_for_next_attempt();
        return;
    }
    error_code ec;
    if (context->err == 0) {
        descriptor_.assign(context->c.fd, ec);
    }
    if (context->err != 0 || ec) {
        redisAsyncFree(context); // It has no hooks yet: nobody is told.
        wait_for_next_attempt();
        return;
    }
    adopt(context);
    greet();
}

void connection::core::adopt(redisAsyncContext* context) {
    context_ = context;
    fcntl(context->c.fd, F_SETFD, FD_CLOEXEC);
    context->ev.data = this;
    context->ev.addRead = &add_read;
    context->ev.delRead = &del_read;
    context->ev.addWrite = &add_write;
    context->ev.delWrite = &del_write;
    context->ev.cleanup = &cleanup;
    reader_functions_ = context->c.reader->fn;
    guarded_functions_ = *reader_functions_;
    guarded_functions_.createString = &create_string;
    guarded_functions_.createInteger = &create_integer;
    guarded_functions_.createNil = &create_nil;
    guarded_functions_.createArray = &refuse_array;
    context->c.reader->fn = &guarded_functions_;
    context->c.reader->privdata = this;
}

// The greeting proves that a Redis answers: a connection to a stopped process is accepted too.
void connection::core::greet() {
    greetings_outstanding_ = 0;
    if (!target_.password.empty()) {
        const std::array<std::string_view, 3> auth{"AUTH", target_.user, target_.password};
        const std::array<std::string_view, 2> default_user{"AUTH", target_.password};
        send(target_.user.empty() ? std::span<const std::string_view>(default_user) : auth,
             &on_greeting);
    }
    if (target_.database != 0) {
        const auto number = std::to_string(target_.database);
        const std::array<std::string_view, 2> select{"SELECT", number};
        send(select, &on_greeting);
    }
    const std::array<std::string_view, 1> ping{"PING"};
    send(ping, &on_greeting);
}

void connection::core::take_greeting(const redisReply* raw) {
    if (raw == nullptr) {
        return; // The context ends: on_cleanup goes on from here.
    }
    --greetings_outstanding_;
    const std::string_view expected = greetings_outstanding_ == 0 ? "PONG" : "OK";
    if (raw->type != REDIS_REPLY_STATUS || std::string_view(raw->str, raw->len) != expected) {
        drop_wanted_ = true; // Wrong password, loading, too many clients, not a Redis.
    } else if (greetings_outstanding_ == 0) {
        become_ready();
    }
}

void connection::core::become_ready() {
    if (drop_wanted_) {
        return;
    }
    state_ = state::ready;
    counters_.healthy.set(1);
    failures_in_a_row_ = 0;
    counters_.connects.add();
    counters_.ready.set(1);
    clear_timer();
}

// After a failed attempt or a lost connection.
// Half of the pause is certain and half is random, so that shards and processes that lost the same
// Redis do not come back in step.
void connection::core::wait_for_next_attempt() {
    counters_.failures.add(state_ == state::ready ? 0 : 1);
    counters_.disconnects.add(state_ == state::ready ? 1 : 0);
    counters_.healthy.set(0);
    state_ = state::waiting;
    ++epoch_;
    const auto doublings = std::min(failures_in_a_row_++, 16U);
    const auto ceiling =
        std::min(2 * settings_.backoff_min * (1 << doublings), settings_.backoff_max);
    const auto half = ceiling / 2;
    const auto jitter = random_.below(static_cast<std::uint32_t>(half.count()) + 1);
    set_timer(steady::now() + half + std::chrono::milliseconds(jitter));
}

// Time.

void connection::core::set_timer(steady::time_point at) {
    timer_set_ = true;
    timer_.expires_at(at);
    timer_.async_wait([self = shared_from_this(), turn = ++timer_turn_](error_code) {
        if (turn == self->timer_turn_) {
            self->timer_set_ = false;
            self->on_timer();
        }
    });
}

void connection::core::clear_timer() {
    timer_set_ = false;
    ++timer_turn_;
    timer_.cancel();
}

void connection::core::on_timer() {
    switch (state_) {
    case state::resolving:
        resolver_.cancel();
        wait_for_next_attempt();
        break;
    case state::greeting:
        drop();
        break;
    case state::ready:
        sweep();
        break;
    case state::waiting:
        connect();
        break;
    case state::idle:
    case state::stopped:
        break;
    }
}

// One timer for all commands: they all have the same deadline, so they pass it in order. Who is
// past it is told and its place is kept, because its answer is still to be consumed.
void connection::core::sweep() {
    const auto now = steady::now();
    auto next = pending_.begin() + static_cast<std::ptrdiff_t>(abandoned_);
    for (; next != pending_.end() && next->sent + settings_.command_deadline <= now; ++next) {
        ++abandoned_;
        counters_.healthy.set(0);
        counters_.timed_out.add();
        finish(std::move(next->who), errc::session_store_unavailable); // Which leaves it empty.
    }
    if (pending_.empty()) {
        return; // The next command sets the timer again.
    }
    const auto silence_end =
        pending_.front().sent + settings_.command_deadline + settings_.silence_max;
    if (abandoned_ > settings_.abandoned_max || silence_end <= now) {
        drop();
        return;
    }
    set_timer(next == pending_.end()
                  ? silence_end
                  : std::min(silence_end, next->sent + settings_.command_deadline));
}

} // namespace uthan::db::redis
