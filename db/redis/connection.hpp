#pragma once

#include "core/counter.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "core/task.hpp"
#include "db/redis/endpoint.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace uthan::db::redis {

/// One answer, copied out of hiredis. Arrays are none of the answers that are asked for here: a
/// server that sends one has lost step, and the connection is dropped.
struct reply {
    enum class kind : unsigned char { nil, string, status, integer, error };
    kind type = kind::nil;
    std::string text; ///< of a string, status or error; any bytes
    std::int64_t integer = 0;
};

struct connection_settings {
    /// From the call of `command` to its answer.
    std::chrono::milliseconds command_deadline{300};
    /// For resolving, connecting and greeting together.
    std::chrono::milliseconds connect_deadline{1'000};
    /// A pause before the next attempt lies between the two; it doubles with each failure.
    std::chrono::milliseconds backoff_min{100};
    std::chrono::milliseconds backoff_max{5'000};
    /// Past a deadline the server has this long for the answer before the connection is dropped, so
    /// that callers of a server that hangs fail at once and not each after its deadline.
    std::chrono::milliseconds silence_max{1'000};
    /// Commands whose answers are outstanding, abandoned ones included.
    std::size_t in_flight_max = 4'096;
    /// Abandoned commands whose answers are outstanding; above it the connection is dropped.
    std::size_t abandoned_max = 1'024;
};

/// Written by the shard's thread, read by any. Every command is counted by exactly one outcome.
struct connection_counters {
    counter answered;    ///< commands with an answer that is no error
    counter errors;      ///< commands that the server answered with an error
    counter timed_out;   ///< commands without an answer at their deadline
    counter lost;        ///< commands in flight when the connection went
    counter refused;     ///< commands not sent: not connected, or too many in flight
    counter late;        ///< answers that came after their deadline and were thrown away
    counter connects;    ///< connections that became ready: the first, and each reconnect
    counter failures;    ///< attempts to connect that came to nothing
    counter drops;       ///< connections given up by us: hanging, or not speaking Redis
    counter disconnects; ///< ready connections that ended, by either side
    gauge in_flight;
    gauge ready;   ///< 1 while commands are sent
    gauge healthy; ///< 1 when the last command, or the greeting, was answered in time
    latency_histogram answer_time;
};

/// The connection of one shard to Redis: hiredis's asynchronous context on the shard's io_context.
/// Everything here belongs to the shard's thread. It connects by itself after `start`, again after
/// every loss, and never queues: without a connection a command fails at once. The commands of one
/// loop turn leave in one write. Answers are matched by order; an answer that comes after its
/// deadline is consumed and thrown away, so it cannot reach a later waiter.
///
/// hiredis writes with plain write(2): the process must ignore SIGPIPE before `start` (asserted).
/// Destroyed before the io_context; coroutines that still wait are destroyed with it unresumed, so
/// call `stop` and let them finish first.
class connection {
public:
    /// Longest command, in arguments: a script for 32 dialogues.
    static constexpr std::size_t arguments_max = 3 + 32 * 4;

    /// `random` jitters the pauses between attempts; it must outlive the connection.
    connection(const executor& shard, endpoint target, connection_settings settings,
               random_source& random);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// Begins to connect. Once.
    void start();
    /// Closes; what is in flight fails, and nothing connects again.
    void stop();

    /// Sends a command and waits for its answer. The arguments are any bytes and must live until
    /// the task is awaited; they are copied then. An error answer of the server is a reply of kind
    /// error. session_store_unavailable: not connected, too many in flight, no answer within the
    /// deadline, or the connection was lost (then the command may have been done or not).
    /// The caller is never resumed from inside hiredis.
    task<result<reply>> command(std::span<const std::string_view> arguments);

    /// Whether a command would be sent.
    bool ready() const noexcept;
    /// Whether the last command, or the greeting, was answered in time. Any thread.
    bool healthy() const noexcept;
    const connection_counters& counters() const noexcept;
    const executor& shard() const noexcept;

private:
    class core;
    std::shared_ptr<core> core_;
};

} // namespace uthan::db::redis
