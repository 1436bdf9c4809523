#include "db/redis/connection_core.hpp"

#include "core/assert.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace uthan::db::redis {

namespace {

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

void append_length(char kind, std::size_t length, std::string& to) {
    std::array<char, 24> text;
    text[0] = kind;
    auto* end = std::to_chars(text.data() + 1, text.data() + text.size(), length).ptr;
    *end++ = '\r';
    *end++ = '\n';
    to.append(text.data(), end);
}

/// The command as RESP: an array of bulk strings. hiredis's own writer takes five times as long,
/// which at every hop is to be felt.
void write_command(std::span<const std::string_view> arguments, std::string& to) {
    to.clear();
    append_length('*', arguments.size(), to);
    for (const auto argument : arguments) {
        append_length('$', argument.size(), to);
        to += argument;
        to += "\r\n";
    }
}

} // namespace

bool connection::core::send(std::span<const std::string_view> arguments,
                            redisCallbackFn* on_answer) {
    UTHAN_ASSERT(!arguments.empty() && arguments.size() <= arguments_max);
    write_command(arguments, command_);
    if (redisAsyncFormattedCommand(context_, on_answer, this, command_.data(), command_.size()) !=
        REDIS_OK) {
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

} // namespace uthan::db::redis
