#pragma once

#include "gateway/metrics.hpp"
#include "sms/link.hpp"

namespace uthan::gateway {

/// A link that carries texts, as the process runs it: on the messaging thread, but for `collect`.
class text_link : public sms::link {
public:
    /// Once, before anything else; `to` lives longer.
    virtual void start(sms::link_events& to) = 0;
    /// Takes nothing more, waits for what is under way and ends in order.
    virtual void drain() = 0;
    /// Nothing is connected any more.
    virtual bool is_idle() const noexcept = 0;
    /// Parts that may be without an answer on each connection, from now on. Nothing where a link
    /// has no such window.
    virtual void set_window(std::size_t /*window*/) {}
    /// Ends at once; what is without an answer is reported.
    virtual void stop() = 0;
    /// Any thread.
    virtual void collect(metric_sink& into) const = 0;
};

} // namespace uthan::gateway
