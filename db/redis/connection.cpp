#include "db/redis/connection.hpp"

#include "core/assert.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <hiredis/async.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <deque>
#include <fcntl.h>
#include <utility>
#include <vector>

namespace uthan::db::redis {

namespace {

using steady = std::chrono::steady_clock;
// Only ever constructed by moving: its move assignment recurses without end in Boost 1.81.
using waiter = asio::any_completion_handler<void(result<reply>)>;
using steady_timer = asio::basic_waitable_timer<steady, asio::wait_traits<steady>, executor>;
using descriptor = asio::posix::basic_stream_descriptor<executor>;
using resolver = asio::ip::basic_resolver<asio::ip::tcp, executor>;

// An answer that is not complete after this many bytes is none of ours: the largest is a state of
// 4 KiB, and hiredis reads 16 KiB at a time.
constexpr std::size_t unread_bytes_max = 64 * 1024;

bool sigpipe_is_ignored() {
    struct sigaction current {};
    return sigaction(SIGPIPE, nullptr, &current) == 0 && current.sa_handler != SIG_DFL;
}

reply copied(const redisReply& from) {
    reply out;
    switch (from.type) {
    case REDIS_REPLY_STRING:
        out.type = reply::kind::string;
        break;
    case REDIS_REPLY_STATUS:
        out.type = reply::kind::status;
        break;
    case REDIS_REPLY_ERROR:
        out.type = reply::kind::error;
        break;
    case REDIS_REPLY_INTEGER:
        out.type = reply::kind::integer;
        out.integer = from.integer;
        break;
    default:
        break;
    }
    if (from.str != nullptr) {
        out.text.assign(from.str, from.len);
    }
    return out;
}

} // namespace

/// The glue between one hiredis context after the other and the shard. Kept alive by the handlers
/// that it has outstanding. `epoch_` changes whenever a context ends, so that a handler that was
/// already queued does not touch the next one.
///
/// Who frees the context: hiredis, when reading, writing or connecting fails, or redisAsyncFree,
/// called only from our own handlers (never from inside a hiredis callback). Either way it first
/// answers what is pending with nullptr and then calls on_cleanup, which is where we learn of it;
/// no connect or disconnect callback is needed.
class connection::core : public std::enable_shared_from_this<core> {
public:
    core(const executor& shard, endpoint target, connection_settings settings,
         random_source& random)
        : shard_(shard), target_(std::move(target)), settings_(settings), random_(random),
          descriptor_(shard), timer_(shard), resolver_(shard) {}

    void start();
    void stop();
    void abandon_everybody();
    void submit(std::span<const std::string_view> arguments, waiter who);

    bool is_ready() const noexcept { return state_ == state::ready; }
    bool healthy() const noexcept { return counters_.healthy.value() != 0; }
    const connection_counters& counters() const noexcept { return counters_; }

private:
    enum class state {
        idle,      ///< before start
        resolving, ///< the name; the timer gives up
        greeting,  ///< connecting, AUTH, SELECT, PING; the timer gives up
        ready,     ///< the timer sweeps the deadlines
        waiting,   ///< for the next attempt; the timer begins it
        stopped,
    };

    struct pending_command {
        waiter who; ///< empty: abandoned
        steady::time_point sent;
    };

    struct finished_command {
        waiter who;
        result<reply> answer;
    };

    // Connecting.
    void connect();
    void resolve();
    void connect_to(const std::string& address);
    void adopt(redisAsyncContext* context);
    void greet();
    void take_greeting(const redisReply* raw);
    void become_ready();
    void wait_for_next_attempt();

    // Commands.
    bool send(std::span<const std::string_view> arguments, redisCallbackFn* on_answer);
    void take_reply(const redisReply* raw);
    void finish(waiter who, result<reply> answer);
    void resume_finished();
    void count_answer(const redisReply& raw, steady::time_point sent);

    // Time.
    void set_timer(steady::time_point at);
    void clear_timer();
    void on_timer();
    void sweep();

    // The socket.
    void on_add_read();
    void on_add_write();
    void arm_read();
    void arm_write();
    void post_flush();
    void read_now();
    void write_now();
    void after_hiredis();
    void drop();
    void on_cleanup();

    // What hiredis calls. noexcept: its frames cannot be unwound, so without memory we end here.
    // NOLINTBEGIN(bugprone-exception-escape)
    static void add_read(void* self) noexcept { static_cast<core*>(self)->on_add_read(); }
    static void del_read(void* self) noexcept { static_cast<core*>(self)->want_read_ = false; }
    static void add_write(void* self) noexcept { static_cast<core*>(self)->on_add_write(); }
    static void del_write(void* self) noexcept { static_cast<core*>(self)->want_write_ = false; }
    static void cleanup(void* self) noexcept { static_cast<core*>(self)->on_cleanup(); }
    static void on_reply(redisAsyncContext*, void* raw, void* self) noexcept {
        static_cast<core*>(self)->take_reply(static_cast<const redisReply*>(raw));
    }
    static void on_greeting(redisAsyncContext*, void* raw, void* self) noexcept {
        static_cast<core*>(self)->take_greeting(static_cast<const redisReply*>(raw));
    }
    // NOLINTEND(bugprone-exception-escape)
    static bool is_asked_for(const redisReadTask* task) noexcept;
    static void* create_string(const redisReadTask* task, char* text, std::size_t size) noexcept;
    static void* create_integer(const redisReadTask* task, long long value) noexcept;
    static void* create_nil(const redisReadTask* task) noexcept;
    static void* refuse_array(const redisReadTask*, int) noexcept { return nullptr; }

    const executor shard_;
    const endpoint target_;
    const connection_settings settings_;
    random_source& random_;
    connection_counters counters_;

    state state_ = state::idle;
    std::uint32_t failures_in_a_row_ = 0;
    std::size_t greetings_outstanding_ = 0;

    redisAsyncContext* context_ = nullptr;
    redisReplyObjectFunctions* reader_functions_ = nullptr; ///< hiredis's own
    redisReplyObjectFunctions guarded_functions_{};         ///< ours in front of them
    std::uint64_t epoch_ = 0;
    descriptor descriptor_;
    // What hiredis wants and what is outstanding are kept apart: its hooks are called many times.
    bool want_read_ = false;
    bool want_write_ = false;
    bool armed_read_ = false;
    bool armed_write_ = false;
    bool flush_posted_ = false;
    bool writing_ = false;
    bool drop_wanted_ = false;

    // In the order of sending, which is the order of answers and of deadlines.
    std::deque<pending_command> pending_;
    std::size_t abandoned_ = 0;
    std::vector<finished_command> finished_;
    bool resume_posted_ = false;
    steady::time_point read_at_;

    // One timer for everything: what it means depends on the state.
    steady_timer timer_;
    std::uint64_t timer_turn_ = 0;
    bool timer_set_ = false;
    resolver resolver_;
};

// Connecting.

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

// Commands.

bool connection::core::send(std::span<const std::string_view> arguments,
                            redisCallbackFn* on_answer) {
    UTHAN_ASSERT(!arguments.empty() && arguments.size() <= arguments_max);
    std::array<const char*, arguments_max> texts{};
    std::array<std::size_t, arguments_max> sizes{};
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        texts[i] = arguments[i].data();
        sizes[i] = arguments[i].size();
    }
    if (redisAsyncCommandArgv(context_, on_answer, this, static_cast<int>(arguments.size()),
                              texts.data(), sizes.data()) != REDIS_OK) {
        return false;
    }
    greetings_outstanding_ += on_answer == &on_greeting ? 1 : 0;
    return true;
}

void connection::core::submit(std::span<const std::string_view> arguments, waiter who) {
    if (state_ != state::ready || drop_wanted_ || pending_.size() >= settings_.in_flight_max ||
        !send(arguments, &on_reply)) {
        counters_.refused.add();
        finish(std::move(who), errc::session_store_unavailable);
        return;
    }
    const auto now = steady::now();
    pending_.push_back({std::move(who), now});
    counters_.in_flight.set(static_cast<std::int64_t>(pending_.size()));
    if (!timer_set_) {
        set_timer(now + settings_.command_deadline);
    }
}

// nullptr: the connection is lost.
void connection::core::take_reply(const redisReply* raw) {
    UTHAN_ASSERT(!pending_.empty());
    auto command = std::move(pending_.front());
    pending_.pop_front();
    counters_.in_flight.set(static_cast<std::int64_t>(pending_.size()));
    if (!command.who) {
        --abandoned_;
        counters_.late.add(raw != nullptr ? 1 : 0);
        return;
    }
    if (raw == nullptr) {
        counters_.lost.add();
        finish(std::move(command.who), errc::session_store_unavailable);
        return;
    }
    counters_.healthy.set(1);
    count_answer(*raw, command.sent);
    finish(std::move(command.who), copied(*raw));
}

void connection::core::count_answer(const redisReply& raw, steady::time_point sent) {
    auto& outcome = raw.type == REDIS_REPLY_ERROR ? counters_.errors : counters_.answered;
    outcome.add();
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(read_at_ - sent);
    counters_.answer_time.observe(
        static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0)));
}

// Never inline: the caller may be hiredis, or the initiation of the very operation. One post
// resumes all that one read has answered.
void connection::core::finish(waiter who, result<reply> answer) {
    finished_.push_back({std::move(who), std::move(answer)});
    if (resume_posted_) {
        return;
    }
    resume_posted_ = true;
    asio::post(shard_, [self = shared_from_this()] { self->resume_finished(); });
}

void connection::core::resume_finished() {
    resume_posted_ = false;
    auto batch = std::exchange(finished_, {});
    for (auto& each : batch) {
        std::move(each.who)(std::move(each.answer));
    }
    // The emptied vector keeps its capacity for the next batch.
    batch.clear();
    if (finished_.empty()) {
        finished_.swap(batch);
    }
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

// The socket.

void connection::core::on_add_read() {
    want_read_ = true;
    arm_read();
}

// While connecting, writability is what tells that the connection is there. Afterwards the socket
// is almost always writable: the write is posted behind the handlers of this turn instead of being
// waited for, and only what did not fit waits.
void connection::core::on_add_write() {
    want_write_ = true;
    if (writing_ || state_ != state::ready) {
        arm_write();
    } else {
        post_flush();
    }
}

void connection::core::arm_read() {
    if (!want_read_ || armed_read_) {
        return;
    }
    armed_read_ = true;
    descriptor_.async_wait(descriptor::wait_read,
                           [self = shared_from_this(), epoch = epoch_](error_code) {
                               if (epoch == self->epoch_) {
                                   self->armed_read_ = false;
                                   self->read_now();
                               }
                           });
}

void connection::core::arm_write() {
    if (!want_write_ || armed_write_) {
        return;
    }
    armed_write_ = true;
    descriptor_.async_wait(descriptor::wait_write,
                           [self = shared_from_this(), epoch = epoch_](error_code) {
                               if (epoch == self->epoch_) {
                                   self->armed_write_ = false;
                                   self->write_now();
                               }
                           });
}

void connection::core::post_flush() {
    if (flush_posted_ || armed_write_) {
        return;
    }
    flush_posted_ = true;
    asio::post(shard_, [self = shared_from_this(), epoch = epoch_] {
        if (epoch == self->epoch_) {
            self->flush_posted_ = false;
            self->write_now();
        }
    });
}

void connection::core::read_now() {
    if (!want_read_) {
        return;
    }
    read_at_ = steady::now();
    redisAsyncHandleRead(context_);
    after_hiredis();
}

void connection::core::write_now() {
    if (!want_write_) {
        return;
    }
    writing_ = true;
    redisAsyncHandleWrite(context_);
    writing_ = false;
    after_hiredis();
}

// hiredis may have freed the context on the way: then on_cleanup has run and there is nothing left
// to do.
void connection::core::after_hiredis() {
    if (context_ == nullptr) {
        return;
    }
    const auto& reader = *context_->c.reader;
    if (drop_wanted_ || reader.len - reader.pos > unread_bytes_max) {
        drop();
        return;
    }
    arm_read();
}

void connection::core::drop() {
    if (context_ != nullptr) {
        counters_.drops.add(state_ == state::stopped ? 0 : 1);
        redisAsyncFree(context_);
    }
}

// hiredis closes the file descriptor right after this: the descriptor must let go of it now.
void connection::core::on_cleanup() {
    UTHAN_ASSERT(pending_.empty() && abandoned_ == 0);
    descriptor_.release();
    context_ = nullptr;
    ++epoch_;
    want_read_ = want_write_ = armed_read_ = armed_write_ = false;
    flush_posted_ = drop_wanted_ = false;
    counters_.ready.set(0);
    if (state_ == state::stopped) {
        return;
    }
    wait_for_next_attempt();
}

// hiredis 0.14.1 aborts the process when a server sends an answer that nobody asked for. Refusing
// to build it makes hiredis end the connection instead.
bool connection::core::is_asked_for(const redisReadTask* task) noexcept {
    const auto* self = static_cast<const core*>(task->privdata);
    return task->parent == nullptr && self->context_->replies.head != nullptr;
}

void* connection::core::create_string(const redisReadTask* task, char* text,
                                      std::size_t size) noexcept {
    const auto* self = static_cast<const core*>(task->privdata);
    return is_asked_for(task) ? self->reader_functions_->createString(task, text, size) : nullptr;
}

void* connection::core::create_integer(const redisReadTask* task, long long value) noexcept {
    const auto* self = static_cast<const core*>(task->privdata);
    return is_asked_for(task) ? self->reader_functions_->createInteger(task, value) : nullptr;
}

void* connection::core::create_nil(const redisReadTask* task) noexcept {
    const auto* self = static_cast<const core*>(task->privdata);
    return is_asked_for(task) ? self->reader_functions_->createNil(task) : nullptr;
}

// The public face.

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
        to->submit(what, waiter(std::move(handler)));
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

const connection_counters& connection::counters() const noexcept {
    return core_->counters();
}

} // namespace uthan::db::redis
