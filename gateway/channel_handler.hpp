#pragma once

#include "gateway/http/types.hpp"

namespace uthan::gateway {

/// One channel on one shard: its aggregator's callbacks. The router has checked the path, the
/// method and the source before it calls.
class channel_handler {
public:
    virtual ~channel_handler() = default;
    /// One hop of a dialogue. Counts and times itself in its channel_metrics.
    virtual task<http_response> ussd(http_request request) = 0;
    /// The aggregator's notices about a session (its end).
    virtual task<http_response> events(http_request request) = 0;
};

} // namespace uthan::gateway
