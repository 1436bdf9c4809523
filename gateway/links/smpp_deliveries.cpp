#include "gateway/links/smpp_link_state.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <exception>
#include <typeinfo>
#include <utility>

namespace uthan::gateway {
namespace {

namespace smpp = adapters::smpp;

/// Between two lines of the log about a store that takes nothing.
constexpr std::chrono::seconds store_complaint_every{60};

void complain(smpp_link_state& state, std::size_t refused) {
    const auto now = std::chrono::steady_clock::now();
    if (state.complained != steady_time{} && now - state.complained < store_complaint_every) {
        return;
    }
    state.complained = now;
    state.ports.log.error("event=smpp_store_refused channel={} deliveries={} "
                          "hint=\"the message centre is told to send them again\"",
                          state.settings.channel, refused);
}

/// `kept`: what counts those that are stored.
void answer_all(const smpp_state_pointer& state, const std::vector<smpp_delivery>& deliveries,
                bool is_kept, counter& kept) {
    if (deliveries.empty()) {
        return;
    }
    // Counted first: who sees the answer sees the count.
    if (is_kept) {
        kept.add(deliveries.size());
    } else {
        state->ports.metrics.refused_store.add(deliveries.size());
        complain(*state, deliveries.size());
    }
    const auto status = is_kept ? smpp::status::ok : smpp::status::receiver_temporary;
    const auto now = std::chrono::steady_clock::now();
    for (const auto& one : deliveries) {
        if (const auto connection = one.from.lock()) {
            static_cast<void>(connection->it.answer_deliver(one.sequence, status, now));
        }
    }
    for (const auto& line : state->lines) {
        if (line->open != nullptr) {
            pump(state, line->open);
        }
    }
}

void log_exception(smpp_link_state& state, const std::exception& problem) {
    state.ports.log.error("event=unhandled_exception channel={} type={}", state.settings.channel,
                          typeid(problem).name());
}

task<bool> keep_receipts(smpp_state_pointer state, std::vector<sms::receipt> receipts) {
    try {
        auto keeping = state->ports.box.receive(std::move(receipts), state->ports.time.now());
        const auto kept = co_await std::move(keeping);
        co_return kept.has_value();
    } catch (const std::exception& problem) {
        log_exception(*state, problem);
    }
    co_return false;
}

task<bool> keep_texts(smpp_state_pointer state, std::vector<sms::inbound_part> texts) {
    try {
        auto keeping = state->ports.box.take_in(std::move(texts));
        const auto failed = co_await std::move(keeping);
        co_return !failed;
    } catch (const std::exception& problem) {
        log_exception(*state, problem);
    }
    co_return false;
}

task<void> keep_all(smpp_state_pointer state) {
    while (!state->deliveries.empty()) {
        auto batch = std::exchange(state->deliveries, {});
        if (!batch.receipts.empty()) {
            auto keeping = keep_receipts(state, std::move(batch.receipts));
            const bool is_kept = co_await std::move(keeping);
            answer_all(state, batch.of_receipts, is_kept, state->ports.metrics.receipts);
        }
        if (!batch.texts.empty()) {
            auto keeping = keep_texts(state, std::move(batch.texts));
            const bool is_kept = co_await std::move(keeping);
            answer_all(state, batch.of_texts, is_kept, state->ports.metrics.inbound);
        }
    }
    state->is_keeping = false;
}

} // namespace

void take_delivery(smpp_link_state& state, const smpp_connection_pointer& connection,
                   const smpp::delivered& told) {
    auto& waiting = state.deliveries;
    const auto at = state.ports.time.now();
    if (const auto read = smpp::read_receipt(told.message, state.settings.marks)) {
        waiting.receipts.push_back(smpp::receipt_of(told.message, *read, state.terms, at));
        waiting.of_receipts.push_back({connection, told.sequence});
        return;
    }
    if (state.ports.ussd && state.ports.ussd(connection->number, told.sequence, told.message)) {
        return;
    }
    auto text = smpp::inbound_of(told.message, state.terms, at);
    if (text) {
        waiting.texts.push_back(std::move(*text));
        waiting.of_texts.push_back({connection, told.sequence});
        return;
    }
    // It would come again for hours.
    state.ports.metrics.foreign.add();
    static_cast<void>(connection->it.answer_deliver(told.sequence, smpp::status::ok,
                                                    std::chrono::steady_clock::now()));
}

void keep_deliveries(const smpp_state_pointer& state) {
    if (state->is_keeping || state->deliveries.empty()) {
        return;
    }
    state->is_keeping = true;
    asio::co_spawn(state->ports.on, keep_all(state), asio::detached);
}

} // namespace uthan::gateway
