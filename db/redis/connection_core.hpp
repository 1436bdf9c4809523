#pragma once

#include "db/redis/connection.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <hiredis/async.h>

#include <deque>
#include <utility>
#include <vector>

// What stands behind a connection. Included by the sources of this class alone: connection_core.cpp
// connects and keeps the time, connection_commands.cpp sends and answers, connection_socket.cpp
// moves the bytes for hiredis.
namespace uthan::db::redis {

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
    // Only ever constructed by moving: its move assignment recurses without end in Boost 1.81.
    using waiter = asio::any_completion_handler<void(result<reply>)>;

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
    const executor& shard() const noexcept { return shard_; }

private:
    using steady = std::chrono::steady_clock;
    using steady_timer = asio::basic_waitable_timer<steady, asio::wait_traits<steady>, executor>;
    using descriptor = asio::posix::basic_stream_descriptor<executor>;
    using resolver = asio::ip::basic_resolver<asio::ip::tcp, executor>;

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
    std::string command_; ///< the last one sent; keeps its capacity
    std::vector<finished_command> finished_;
    bool resume_posted_ = false;
    steady::time_point read_at_;

    // One timer for everything: what it means depends on the state.
    steady_timer timer_;
    std::uint64_t timer_turn_ = 0;
    bool timer_set_ = false;
    resolver resolver_;
};

} // namespace uthan::db::redis
