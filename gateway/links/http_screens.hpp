#pragma once

#include "gateway/links/http_client.hpp"
#include "gateway/links/pushed_turns.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace uthan::gateway {

/// How a provider wants its screens, and what it says to them. Pure.
class push_format {
public:
    virtual ~push_format() = default;
    /// Without a deadline. None: the format cannot say this screen.
    virtual std::optional<outbound_request> render(const adapters::ussd_turn& to,
                                                   std::string_view text, bool final) const = 0;
    virtual adapters::push_answer read(unsigned http_status, std::string_view body) const = 0;
};

/// Before the one other try.
inline constexpr std::chrono::milliseconds push_retry_pause{250};

/// Screens as HTTP requests of our own. A second time only when the first can have done nothing.
class http_screens final : public screen_way {
public:
    /// What is referred to outlives it.
    http_screens(executor on, http_client& client, std::unique_ptr<push_format> format,
                 push_metrics& metrics, std::chrono::milliseconds retry_pause = push_retry_pause)
        : on_(on), client_(client), format_(std::move(format)), metrics_(metrics),
          retry_pause_(retry_pause) {}

    task<push_result> push(const adapters::ussd_turn& of, std::string text, bool final,
                           std::chrono::steady_clock::time_point deadline) override;

private:
    struct attempt;
    task<attempt> try_once(const outbound_request& request);
    task<push_result> send(std::unique_ptr<outbound_request> request);

    executor on_;
    http_client& client_;
    std::unique_ptr<push_format> format_;
    push_metrics& metrics_;
    std::chrono::milliseconds retry_pause_;
};

} // namespace uthan::gateway
