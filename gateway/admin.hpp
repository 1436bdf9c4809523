#pragma once

#include "gateway/backend.hpp"
#include "gateway/http/types.hpp"
#include "gateway/metrics.hpp"

#include <atomic>

namespace uthan::gateway {

enum class process_state : unsigned char { starting, ready, draining };

/// The admin listener's handler: GET /healthz, /readyz, /metrics. Runs on the admin thread.
class admin_handler final : public http_handler {
public:
    /// All three must outlive the handler.
    admin_handler(const std::atomic<process_state>& state, backend& services,
                  const metrics_registry& metrics)
        : state_(state), services_(services), metrics_(metrics) {}

    task<http_response> handle(http_request request) override;

private:
    http_response ready() const;

    const std::atomic<process_state>& state_;
    backend& services_;
    const metrics_registry& metrics_;
};

} // namespace uthan::gateway
