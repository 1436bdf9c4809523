#include "gateway/links/smpp_link_state.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <variant>

namespace uthan::gateway {
namespace {

namespace smpp = adapters::smpp;
using namespace std::chrono_literals;
using smpp::status_class;

/// For how long a part that was not sent rests, so that it does not come back to the same trouble.
constexpr auto rest_time = 3s;
/// When an account whose money was used up is tried again.
constexpr auto no_money_time = 5min;

constexpr std::array<std::string_view, 8> close_reason_names{
    "drained",      "peer_unbound", "peer_closed",    "bind_refused",
    "bind_timeout", "peer_silent",  "peer_not_reads", "framing_lost"};

std::string_view name_of(smpp::bind_mode mode) noexcept {
    switch (mode) {
    case smpp::bind_mode::transmitter:
        return "transmitter";
    case smpp::bind_mode::receiver:
        return "receiver";
    case smpp::bind_mode::transceiver:
        break;
    }
    return "transceiver";
}

void tell_returned(smpp_link_state& state, const smpp_part& what) {
    state.ports.metrics.unsent.add();
    tell(state, sms::part_returned{what.id, what.part, state.ports.time.now() + rest_time});
}

void tell_refused(smpp_link_state& state, const smpp_part& what, sms::refusal_kind kind,
                  std::uint32_t status) {
    const bool is_foreign = status == smpp::status::invalid_destination;
    tell(state, sms::part_refused{what.id, what.part, kind, status, what.reference, is_foreign});
}

void tell_submitted(smpp_link_state& state, const smpp_part& what, std::string_view message_id) {
    const auto& as = state.settings;
    tell(state,
         sms::part_submitted{what.id, what.part, std::string{message_id},
                             as.text.asks_receipt ? as.account : std::string{}, what.reference});
}

sms::refusal_kind kind_of(status_class what) noexcept {
    switch (what) {
    case status_class::throttle:
        return sms::refusal_kind::throttled;
    case status_class::permanent:
        return sms::refusal_kind::permanent;
    case status_class::unknown:
        return sms::refusal_kind::unknown;
    case status_class::ok:
    case status_class::temporary:
    case status_class::session:
    case status_class::no_money:
        break;
    }
    return sms::refusal_kind::temporary;
}

/// Takes what stands under the token out of the list.
std::optional<smpp_part> taken_from(std::map<std::uint64_t, smpp_part>& list, std::uint64_t token) {
    const auto found = list.find(token);
    if (found == list.end()) {
        return std::nullopt;
    }
    const auto what = found->second;
    list.erase(found);
    return what;
}

void ask_for_a_pause(smpp_link_state& state, status_class why) {
    if (why == status_class::throttle) {
        state.is_throttled = true;
        tell_change(state);
    }
}

void stop_for_money(smpp_link_state& state, std::uint32_t status) {
    const auto now = std::chrono::steady_clock::now();
    if (!state.no_money_until || now >= *state.no_money_until) {
        state.ports.log.error("event=smpp_no_money channel={} status={} "
                              "hint=\"nothing is sent on it for five minutes; fill the account\"",
                              state.settings.channel, smpp::status_text(status));
        state.no_money_until = now + no_money_time;
    }
}

void take(smpp_link_state& state, smpp_connection& c, const smpp::bound& /*told*/) {
    c.of.backoff.on_bound(std::chrono::steady_clock::now());
    c.of.is_stopped = false;
    state.ports.metrics.binds.add();
    state.ports.log.info("event=smpp_bound channel={} connection={} mode={}",
                         state.settings.channel, c.number, name_of(c.of.mode));
    tell_change(state);
}

void take(smpp_link_state& state, smpp_connection& c, const smpp::bind_refused& told) {
    auto& log = state.ports.log;
    const auto& channel = state.settings.channel;
    const auto status = smpp::status_text(told.status);
    c.refused = told.status;
    state.ports.metrics.refused_binds.add();
    const auto kind = smpp::kind_of_refusal(told.status);
    if (kind == smpp::refusal_kind::stop) {
        c.of.is_stopped = true;
        log.error("event=smpp_credentials_refused channel={} status={} "
                  "hint=\"tried again after minutes only; check system_id and password\"",
                  channel, status);
    } else {
        // Our last connection may be held for minutes: no alarm.
        log.log(kind == smpp::refusal_kind::old_bind ? spdlog::level::info : spdlog::level::warn,
                "event=smpp_bind_refused channel={} status={}", channel, status);
    }
    tell_change(state);
}

void tell_answer(smpp_link_state& state, const smpp_part& what, status_class as,
                 const smpp::submit_answered& told) {
    if (as == status_class::ok) {
        tell_submitted(state, what, told.message_id);
    } else if (as == status_class::session || as == status_class::no_money) {
        tell_returned(state, what);
    } else {
        tell_refused(state, what, kind_of(as), told.status);
    }
}

void take(smpp_link_state& state, smpp_connection& c, const smpp::submit_answered& told) {
    const auto as = state.settings.classes.of(told.status);
    const auto what = taken_from(c.given, told.token);
    if (!what && !settle_screen(state, c, told.token, smpp_screen_fate::answered, told.status)) {
        return;
    }
    state.ports.metrics.answered[static_cast<std::size_t>(as)].add();
    if (as == status_class::ok) {
        state.no_money_until.reset();
    } else if (as == status_class::no_money) {
        stop_for_money(state, told.status);
    } else if (as == status_class::session) {
        c.must_rebind = true;
        state.ports.log.warn("event=smpp_bind_lost channel={} connection={} status={}",
                             state.settings.channel, c.number, smpp::status_text(told.status));
    }
    if (what) {
        tell_answer(state, *what, as, told);
    }
    ask_for_a_pause(state, as);
    tell_change(state);
}

void take(smpp_link_state& state, smpp_connection& c, const smpp::submit_timed_out& told) {
    const auto what = taken_from(c.given, told.token);
    if (!what) {
        if (settle_screen(state, c, told.token, smpp_screen_fate::unanswered)) {
            state.ports.metrics.timed_out.add();
            tell_change(state);
        }
        return;
    }
    c.late.emplace(told.token, *what);
    if (c.late.size() > smpp::late_max) {
        c.late.erase(c.late.begin());
    }
    state.ports.metrics.timed_out.add();
    tell(state, sms::part_unconfirmed{what->id, what->part, sms::reason::no_answer});
    tell_change(state);
}

void take(smpp_link_state& state, smpp_connection& c, const smpp::late_answer& told) {
    const auto what = taken_from(c.late, told.token);
    if (!what) {
        return;
    }
    state.ports.metrics.late.add();
    ++state.late_reports;
    const auto as = state.settings.classes.of(told.status);
    if (as == status_class::ok) {
        tell_submitted(state, *what, told.message_id);
    } else {
        tell_refused(state, *what, kind_of(as), told.status);
        ask_for_a_pause(state, as);
    }
}

void take(smpp_link_state& state, smpp_connection& c, const smpp::closed& told) {
    for (const auto token : told.in_flight) {
        if (const auto what = taken_from(c.given, token)) {
            state.ports.metrics.unknown.add();
            tell(state, sms::part_unconfirmed{what->id, what->part, sms::reason::link_lost});
        } else if (settle_screen(state, c, token, smpp_screen_fate::unanswered)) {
            state.ports.metrics.unknown.add();
        }
    }
    for (const auto token : told.unsent) {
        if (const auto what = taken_from(c.given, token)) {
            tell_returned(state, *what);
        } else {
            static_cast<void>(settle_screen(state, c, token, smpp_screen_fate::unsent));
        }
    }
    c.late.clear();
    if (c.is_dialled) {
        const bool is_orderly = told.why == smpp::close_reason::drained;
        state.ports.log.log(is_orderly ? spdlog::level::info : spdlog::level::warn,
                            "event=smpp_closed channel={} connection={} why={} unanswered={}",
                            state.settings.channel, c.number,
                            close_reason_names[static_cast<std::size_t>(told.why)],
                            told.in_flight.size());
    }
    tell_change(state);
}

void take_all(smpp_link_state& state, const smpp_connection_pointer& connection,
              smpp::events told) {
    for (const auto& one : told) {
        if (const auto* const delivery = std::get_if<smpp::delivered>(&one)) {
            take_delivery(state, connection, *delivery);
            continue;
        }
        std::visit(
            [&](const auto& event) {
                if constexpr (!std::is_same_v<std::decay_t<decltype(event)>, smpp::delivered>) {
                    take(state, *connection, event);
                }
            },
            one);
    }
}

void give(smpp_link_state& state, smpp_connection& c, const smpp_waiting_part& one) {
    const auto token = ++state.last_token;
    switch (c.it.submit(one.of->pdu(one.what.part), token, std::chrono::steady_clock::now())) {
    case smpp::submit_outcome::taken:
        c.given.emplace(token, one.what);
        state.ports.metrics.submitted.add();
        return;
    case smpp::submit_outcome::unencodable:
        tell_refused(state, one.what, sms::refusal_kind::permanent, 0);
        return;
    case smpp::submit_outcome::window_full:
    case smpp::submit_outcome::not_bound:
        break;
    }
    tell_returned(state, one.what);
}

/// Gives the waiting parts to the window, or back when the connection takes no more.
void feed(smpp_link_state& state, smpp_connection& c) {
    feed_screens(state, c);
    while (!c.waiting.empty() && (c.it.free_slots() > 0 || !c.it.is_bound())) {
        const auto next = std::move(c.waiting.front());
        c.waiting.pop_front();
        give(state, c, next);
    }
}

bool has_parts_of(const smpp_connection& c, std::uint64_t id) {
    const auto is_of = [id](const auto& one) { return one.second.id == id; };
    return std::ranges::any_of(c.given, is_of) ||
           std::ranges::any_of(c.waiting, [id](const auto& one) { return one.what.id == id; });
}

/// Null: none takes anything.
smpp_connection* connection_for(smpp_link_state& state, const sms::outgoing_part& first) {
    smpp_connection* best = nullptr;
    for (const auto& line : state.lines) {
        auto* const one = line->open.get();
        if (one == nullptr || !one->it.is_bound() || line->mode == smpp::bind_mode::receiver) {
            continue;
        }
        if (first.parts > 1 && has_parts_of(*one, first.id)) {
            return one;
        }
        if (free_slots_of(*one) > (best == nullptr ? 0 : free_slots_of(*best))) {
            best = one;
        }
    }
    return best;
}

/// Null: this text cannot be sent to this number.
std::shared_ptr<const smpp::text_submits> rendered(smpp_link_state& state,
                                                   const sms::outgoing_part& from) {
    auto made = smpp::render_text(state.settings.text,
                                  {from.text, from.reference, from.to, from.valid_until},
                                  state.ports.time.now());
    return made ? std::make_shared<const smpp::text_submits>(std::move(*made)) : nullptr;
}

} // namespace

std::size_t free_slots_of(const smpp_connection& connection) noexcept {
    const auto free = connection.it.free_slots();
    return free - std::min(free, connection.waiting.size() + connection.waiting_screens.size());
}

void submit_message(smpp_link_state& state, std::span<const sms::outgoing_part> parts) {
    state.unreported += parts.size();
    auto* const to = connection_for(state, parts.front());
    const auto made = to == nullptr ? nullptr : rendered(state, parts.front());
    for (const auto& one : parts) {
        const smpp_part what{one.id, one.part, one.reference};
        if (to == nullptr) {
            tell_returned(state, what);
        } else if (made == nullptr || one.part >= made->parts()) {
            tell_refused(state, what, sms::refusal_kind::permanent, 0);
        } else {
            to->waiting.push_back({what, made});
        }
    }
    if (to != nullptr) {
        feed(state, *to);
    }
}

void take_events(const smpp_state_pointer& state, const smpp_connection_pointer& connection,
                 smpp::events told) {
    auto& c = *connection;
    take_all(*state, connection, told);
    if (c.must_rebind) {
        c.must_rebind = false;
        take_all(*state, connection, c.it.drain(std::chrono::steady_clock::now()));
    }
    feed(*state, c);
    keep_deliveries(state);
    count(*state, c);
}

void tell(smpp_link_state& state, sms::report what) {
    state.reports.push_back(std::move(what));
    tell_change(state);
}

void tell_change(smpp_link_state& state) {
    state.has_changed = true;
    if (state.tells_soon) {
        return;
    }
    state.tells_soon = true;
    asio::post(state.ports.on, [kept = state.shared_from_this()] {
        if (kept->tells_soon) {
            tell_all(*kept);
        }
    });
}

void tell_all(smpp_link_state& state) {
    state.tells_soon = false;
    auto reports = std::exchange(state.reports, {});
    state.unreported -= reports.size() - std::exchange(state.late_reports, 0);
    const bool is_throttled = std::exchange(state.is_throttled, false);
    const bool has_changed = std::exchange(state.has_changed, false);
    if (state.events == nullptr) {
        return;
    }
    for (auto& one : reports) {
        state.events->reported(std::move(one));
    }
    if (is_throttled) {
        state.events->throttled();
    }
    if (has_changed) {
        state.events->changed();
    }
}

} // namespace uthan::gateway
