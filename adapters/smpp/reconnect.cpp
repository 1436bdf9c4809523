#include "adapters/smpp/reconnect.hpp"

#include "adapters/smpp/status.hpp"

#include <algorithm>

namespace uthan::adapters::smpp {
namespace {

using namespace std::chrono_literals;

std::chrono::milliseconds least_wait(refusal_kind kind) noexcept {
    switch (kind) {
    case refusal_kind::old_bind:
        return 15s;
    case refusal_kind::limited:
        return 60s;
    case refusal_kind::stop:
        return 5min;
    case refusal_kind::transient:
        break;
    }
    return 0s;
}

} // namespace

refusal_kind kind_of_refusal(std::uint32_t status) noexcept {
    switch (status) {
    case status::already_bound:
        return refusal_kind::old_bind;
    case status::bind_failed:
        return refusal_kind::limited;
    case status::invalid_password:
    case status::invalid_system_id:
        return refusal_kind::stop;
    default:
        return refusal_kind::transient;
    }
}

std::chrono::milliseconds reconnect_backoff::wait_after(std::optional<std::uint32_t> refused,
                                                        time_point now, random_source& random) {
    constexpr std::chrono::milliseconds longest = 60s;
    if (bound_at_ && now - *bound_at_ >= 60s) {
        tries_ = 0;
    }
    bound_at_.reset();
    const auto most = std::min<std::chrono::milliseconds>(longest, 1s * (1U << tries_));
    tries_ = std::min(tries_ + 1, 6U);
    const std::chrono::milliseconds jitter{
        random.below(static_cast<std::uint32_t>(most.count()) + 1)};
    return jitter + (refused ? least_wait(kind_of_refusal(*refused)) : 0ms);
}

} // namespace uthan::adapters::smpp
