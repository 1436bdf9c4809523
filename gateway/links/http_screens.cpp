#include "gateway/links/http_screens.hpp"

#include "gateway/http/server_state.hpp"

#include <utility>

namespace uthan::gateway {
namespace {

push_outcome outcome_of_failed(const outbound_answer& answer) noexcept {
    if (answer.failed == outbound_failure::deadline && !answer.sent) {
        return push_outcome::late;
    }
    if (answer.failed == outbound_failure::refused) {
        return push_outcome::dropped;
    }
    return answer.sent ? push_outcome::unanswered : push_outcome::unreachable;
}

} // namespace

struct http_screens::attempt {
    push_result made;
    bool again = false; ///< another try can do nothing twice
};

/// Everything outlives the call. The deadline is the request's own.
task<http_screens::attempt> http_screens::try_once(const outbound_request& request) {
    auto sending = client_.send(request);
    const auto answer = co_await std::move(sending);
    if (answer.failed != outbound_failure::none) {
        const bool untouched = !answer.sent && (answer.failed == outbound_failure::connect ||
                                                answer.failed == outbound_failure::closed);
        co_return attempt{{outcome_of_failed(answer), {}}, untouched};
    }
    auto said = format_->read(answer.status, answer.body);
    co_return attempt{{push_outcome_of(said.what), std::move(said.code)},
                      said.what == adapters::push_class::transient};
}

/// Within the request's deadline, twice at most.
task<push_result> http_screens::send(std::unique_ptr<outbound_request> request) {
    auto first = try_once(*request);
    auto made = co_await std::move(first);
    const auto again_at = std::chrono::steady_clock::now() + retry_pause_;
    if (!made.again || again_at >= request->deadline) {
        co_return std::move(made.made);
    }
    steady_timer pause{on_};
    pause.expires_at(again_at);
    co_await pause.async_wait(as_result);
    metrics_.retries.add();
    auto second = try_once(*request);
    made = co_await std::move(second);
    co_return std::move(made.made);
}

task<push_result> http_screens::push(const adapters::ussd_turn& of, std::string text, bool final,
                                     std::chrono::steady_clock::time_point deadline) {
    auto request = format_->render(of, text, final);
    if (!request) {
        co_return push_result{push_outcome::unrenderable, {}};
    }
    request->deadline = deadline;
    auto sending = send(std::make_unique<outbound_request>(std::move(*request)));
    auto made = co_await std::move(sending);
    co_return made;
}

} // namespace uthan::gateway
