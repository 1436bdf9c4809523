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
    /// The aggregator's notices about a session (its end), where they have a path of their own.
    virtual task<http_response> events(http_request) {
        return answer(plain_response(404, "no such path"));
    }
};

} // namespace uthan::gateway
