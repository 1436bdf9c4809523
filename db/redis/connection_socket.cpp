#include "db/redis/connection_core.hpp"

#include "core/assert.hpp"

#include <boost/asio/post.hpp>

namespace uthan::db::redis {

namespace {

// An answer that is not complete after this many bytes is none of ours: the largest is a state of
// 4 KiB, and hiredis reads 16 KiB at a time.
constexpr std::size_t unread_bytes_max = 64 * 1024;

} // namespace

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

} // namespace uthan::db::redis
