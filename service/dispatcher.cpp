#include "service/dispatcher.hpp"

#include "access/messaging.hpp"
#include "core/assert.hpp"
#include "service/fence.hpp"
#include "sms/life.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace uthan::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using steady_time = sms::pacer::time_point;

/// Messages that one call of feed looks at, so that the other channels have their turn.
constexpr std::size_t looked_max = 512;
/// How old the sums may be that budgets are asked with.
constexpr seconds spending_age_max{10};

/// A message's parts that are to be handed over with the next claim.
std::vector<std::uint8_t> parts_to_send(const sms::message_record& message, std::uint8_t planned) {
    std::vector<std::uint8_t> parts;
    if (sms::bound_channel(message).empty()) {
        for (std::uint8_t i = 0; i < planned; ++i) {
            parts.push_back(i);
        }
        return parts;
    }
    for (std::size_t i = 0; i < message.parts.size(); ++i) {
        if (message.parts[i] == sms::part_state::waiting) {
            parts.push_back(static_cast<std::uint8_t>(i));
        }
    }
    return parts;
}

/// Whether the claim stands on what was read of her: a fence, or that she wants such messages.
bool asks_about_her(const sms::message_record& message, bool knows_choices) {
    const bool may_opt_out =
        knows_choices && sms::rules_of(message.of).is_optional && !message.member_code.empty();
    return message.fence.kind != sms::fence_kind::none || may_opt_out;
}

/// What may go at once after a rest: a tenth of a second's.
double burst_of(const sms::channel_terms& terms) {
    return std::max(1.0, terms.tps / 10.0);
}

calendar_day month_of(instant now) {
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(now)};
    return std::chrono::sys_days{day.year() / day.month() / 1};
}

} // namespace

/// A channel and what waits in front of it.
class dispatcher::lane final : public sms::link_events {
public:
    lane(dispatcher& owner, dispatch_channel channel, steady_time now)
        : link(channel.link), pace(channel.terms.tps, burst_of(channel.terms), now), owner_(owner) {
    }

    void reported(sms::report what) override { owner_.add_report(*this, std::move(what)); }
    void throttled() override {
        pace.throttled(owner_.ports_.steady());
        owner_.ports_.wake();
    }
    void changed() override {
        health.linked(link.state(), owner_.ports_.time.now());
        owner_.ports_.wake();
    }

    /// One class's queue, as it is walked through from its beginning: what is for another channel
    /// stays behind.
    struct walk {
        std::deque<sms::due_message> ahead;
        sms::due_place after;
        bool ended = false;
        std::size_t passed = 0; ///< since the beginning, for other channels
        steady_time again_at{}; ///< when it may begin again although it passed some

        void restart() {
            ahead.clear();
            after = {};
            ended = false;
            passed = 0;
        }
    };

    sms::link& link;
    sms::channel_health health;
    sms::pacer pace;
    sms::class_picker picker;
    std::array<walk, sms::message_classes> walks;
    bool begins_anew = false; ///< what was passed over may be for this channel now

private:
    dispatcher& owner_;
};

/// What one call of feed brings together.
struct dispatcher::batch {
    std::vector<sms::claim> claims;
    std::vector<sms::message_record> messages; ///< of the claims
    std::vector<std::vector<std::uint8_t>> parts;
    std::vector<sms::report> held;
    std::size_t part_count = 0;
    std::size_t looked = 0;
    std::size_t index = 0; ///< the channel's
    bool more = false;     ///< it ended at a limit of its own
    milliseconds wait = dispatch_idle;
};

dispatcher::dispatcher(dispatcher_ports ports, std::vector<dispatch_channel> channels,
                       sms::dispatch_policy policy)
    : ports_(std::move(ports)), policy_(std::move(policy)) {
    for (auto& one : channels) {
        terms_.push_back(one.terms);
        lanes_.push_back(std::make_unique<lane>(*this, std::move(one), ports_.steady()));
    }
}

dispatcher::~dispatcher() = default;

sms::link_events& dispatcher::events_of(std::size_t channel) {
    return *lanes_[channel];
}

void dispatcher::show(const std::vector<sms::channel_terms>& channels) {
    UTHAN_ASSERT(channels.size() == terms_.size());
    for (std::size_t i = 0; i < terms_.size(); ++i) {
        terms_[i].network_operator = channels[i].network_operator;
        terms_[i].price_per_segment = channels[i].price_per_segment;
        if (terms_[i].tps != channels[i].tps) {
            terms_[i].tps = channels[i].tps;
            lanes_[i]->pace.agree(terms_[i].tps, burst_of(terms_[i]), ports_.steady());
        }
    }
    for (const auto& one : lanes_) {
        one->begins_anew = true;
    }
    ports_.wake();
}

std::size_t dispatcher::in_flight() const noexcept {
    std::size_t sum = 0;
    for (const auto& one : lanes_) {
        sum += one->link.in_flight();
    }
    return sum;
}

sms::health dispatcher::health_of(std::size_t channel) const {
    return lanes_[channel]->health.at(ports_.time.now());
}

void dispatcher::add_report(lane& from, sms::report what) {
    const auto now = ports_.time.now();
    if (std::holds_alternative<sms::part_submitted>(what)) {
        counters_.submitted.add();
        from.health.answered();
    } else if (const auto* refused = std::get_if<sms::part_refused>(&what)) {
        const bool too_fast = refused->kind == sms::refusal_kind::throttled;
        (too_fast ? counters_.throttled : counters_.refused).add();
        if (refused->kind == sms::refusal_kind::permanent || too_fast) {
            from.health.answered();
        } else {
            from.health.failed(now);
        }
    } else if (std::holds_alternative<sms::part_unconfirmed>(what)) {
        counters_.unconfirmed.add();
        from.health.failed(now);
    } else if (std::holds_alternative<sms::part_returned>(what)) {
        counters_.returned.add();
    }
    reports_.push_back(std::move(what));
    counters_.unrecorded.set(static_cast<std::int64_t>(reports_.size()));
    ports_.wake();
}

task<bool> dispatcher::record() {
    const auto count = std::min(reports_.size(), reports_per_commit_max);
    if (count == 0) {
        co_return true;
    }
    std::vector<sms::report> storing{reports_.begin(),
                                     reports_.begin() + static_cast<std::ptrdiff_t>(count)};
    reports_.erase(reports_.begin(), reports_.begin() + static_cast<std::ptrdiff_t>(count));
    const auto failed = co_await ports_.outbox.record(storing, ports_.time.now());
    if (failed) {
        counters_.store_errors.add();
        reports_.insert(reports_.begin(), std::make_move_iterator(storing.begin()),
                        std::make_move_iterator(storing.end()));
    }
    counters_.unrecorded.set(static_cast<std::int64_t>(reports_.size()));
    co_return !failed;
}

task<result<std::vector<sms::receipt_outcome>>>
dispatcher::receive(std::vector<sms::receipt> receipts, instant now) {
    // The store takes one commit after the other: what is handed to it first is stored first.
    const auto on = co_await asio::this_coro::executor;
    for (auto left = reports_.size(); left > 0; left -= std::min(left, reports_per_commit_max)) {
        asio::co_spawn(on, record(), asio::detached);
    }
    auto receiving = ports_.outbox.receive(std::move(receipts), now);
    co_return co_await std::move(receiving);
}

task<error_code> dispatcher::take_in(std::vector<sms::inbound_part> parts) {
    auto taking = ports_.outbox.take_in(std::move(parts));
    co_return co_await std::move(taking);
}

sms::dispatch_view dispatcher::view() {
    const auto now = ports_.time.now();
    healths_.clear();
    for (const auto& one : lanes_) {
        healths_.push_back(one->health.at(now));
    }
    return {now, terms_, healths_, spent_};
}

task<error_code> dispatcher::refresh_spending() {
    if (!policy_.limit.organisation && !policy_.limit.office) {
        co_return error_code{};
    }
    const auto now = ports_.steady();
    if (spent_at_ && now - *spent_at_ < spending_age_max) {
        co_return error_code{};
    }
    auto read = co_await ports_.outbox.spent(ports_.organisation, month_of(ports_.time.now()));
    if (!read) {
        co_return read.error();
    }
    spent_ = std::move(*read);
    spent_at_ = now;
    co_return error_code{};
}

void dispatcher::look_again(lane& on) {
    const auto now = ports_.steady();
    const bool begins_anew = std::exchange(on.begins_anew, false);
    for (auto& one : on.walks) {
        if (begins_anew) {
            one.restart();
        }
        if (!one.ended) {
            continue;
        }
        one.ended = false;
        if (one.passed == 0 || now >= one.again_at) {
            one.restart();
        }
    }
}

task<error_code> dispatcher::read_ahead(lane& on) {
    for (std::size_t of = 0; of < on.walks.size(); ++of) {
        auto& one = on.walks[of];
        if (one.ended || !one.ahead.empty()) {
            continue;
        }
        const auto is = static_cast<sms::message_class>(of);
        auto read = co_await ports_.outbox.due(ports_.organisation, is, one.after,
                                               ports_.time.now(), look_ahead_max);
        if (!read) {
            co_return read.error();
        }
        if (read->empty()) {
            // The longer a vain walk was, the later the next.
            const seconds rest{std::clamp<std::size_t>(one.passed / 10'000, 1, 30)};
            one.again_at = ports_.steady() + rest;
            one.ended = true;
            continue;
        }
        one.after = {read->back().message.due_at, read->back().message.id};
        for (auto& message : *read) {
            one.ahead.push_back(std::move(message));
        }
    }
    co_return error_code{};
}

task<dispatcher::fence_answer> dispatcher::ask_consent(const sms::due_message& one,
                                                       const members::member& who) {
    access::member_ref ref{ports_.organisation, one.message.member_code};
    const auto record = co_await ports_.registry->find(std::move(ref));
    if (!record) {
        co_return fence_answer::unknown;
    }
    co_return access::takes_messages(*record, who) ? fence_answer::holds : fence_answer::opted_out;
}

task<dispatcher::fence_answer> dispatcher::ask_fence(const sms::due_message& one) {
    if (!asks_about_her(one.message, ports_.registry != nullptr)) {
        co_return fence_answer::holds;
    }
    const auto facts = co_await ports_.ledger.facts(one.message.member_code);
    if (!facts) {
        co_return facts.error() == errc::not_found ? fence_answer::broken : fence_answer::unknown;
    }
    // A newer generation may be published, which this reader has not opened yet.
    if ((*facts)->generation != one.read_on.generation) {
        co_return fence_answer::unknown;
    }
    if (!holds(one.message.fence, **facts)) {
        co_return fence_answer::broken;
    }
    const bool may_opt_out =
        sms::rules_of(one.message.of).is_optional && ports_.registry != nullptr;
    if (!may_opt_out) {
        co_return fence_answer::holds;
    }
    co_return co_await ask_consent(one, (*facts)->who);
}

task<result<sms::verdict>> dispatcher::judge(const sms::due_message& one) {
    const auto& most = policy_.most[static_cast<std::size_t>(one.message.of)];
    sms::sent_counts sent;
    if (most != sms::class_cap{} && one.message.channel.empty()) {
        const auto today = policy_.local.day_of(ports_.time.now());
        const auto read = co_await ports_.outbox.sent_before(one.message, today);
        if (!read) {
            co_return read.error();
        }
        sent = *read;
    }
    auto at = view();
    at.sent = sent;
    co_return sms::judge(one.message, one.served, policy_, at);
}

/// False: the channel takes no more for now.
task<bool> dispatcher::judge_head(lane& on, sms::message_class of, batch& into) {
    auto& walk = on.walks[static_cast<std::size_t>(of)];
    const auto& head = walk.ahead.front();
    const auto judged = co_await judge(head);
    if (!judged) {
        counters_.store_errors.add();
        co_return false;
    }
    const auto& is = *judged;
    if (is.kind == sms::verdict_kind::hold) {
        into.held.emplace_back(sms::message_held{head.message.id, is.until, is.why, {}});
        counters_.held.add();
        walk.ahead.pop_front();
        co_return true;
    }
    if (is.kind == sms::verdict_kind::end) {
        into.held.emplace_back(sms::message_held{head.message.id, {}, is.why, is.as});
        counters_.ended_unsent.add();
        walk.ahead.pop_front();
        co_return true;
    }
    if (is.by.channel != into.index) {
        ++walk.passed;
        walk.ahead.pop_front();
        co_return true;
    }
    const auto& terms = terms_[into.index];
    // A payload is one part of several segments: the message centre cuts it.
    const bool is_payload = terms.form.joined_by == texts::concatenation::payload;
    const std::uint8_t planned = is_payload ? std::uint8_t{1} : is.by.plan.parts;
    auto parts = parts_to_send(head.message, planned);
    const auto segments =
        is_payload ? unsigned{is.by.plan.parts} : static_cast<unsigned>(parts.size());
    const auto free = on.link.free_slots();
    const bool is_alone = into.part_count == 0 && on.link.in_flight() == 0;
    if (free == 0 || (into.part_count + parts.size() > free && !is_alone)) {
        co_return false;
    }
    const auto now = ports_.steady();
    const auto ready = on.pace.ready_at(segments, now);
    if (ready > now) {
        into.wait = std::min(dispatch_idle, std::chrono::ceil<milliseconds>(ready - now));
        co_return false;
    }
    const auto fence = co_await ask_fence(head);
    if (fence == fence_answer::unknown) {
        co_return false;
    }
    if (fence != fence_answer::holds) {
        const auto why =
            fence == fence_answer::broken ? sms::reason::no_longer_true : sms::reason::opted_out;
        into.held.emplace_back(
            sms::message_held{head.message.id, {}, why, sms::message_state::cancelled});
        counters_.ended_unsent.add();
        walk.ahead.pop_front();
        co_return true;
    }
    on.pace.take(segments, now);
    into.claims.push_back(
        {head.message.id, terms.name, planned, is.by.plan.parts, terms.price_per_segment,
         asks_about_her(head.message, ports_.registry != nullptr), head.read_on,
         policy_.local.day_of(ports_.time.now()), policy_.most[static_cast<std::size_t>(of)]});
    into.part_count += parts.size();
    into.parts.push_back(std::move(parts));
    into.messages.push_back(std::move(walk.ahead.front().message));
    walk.ahead.pop_front();
    co_return true;
}

task<void> dispatcher::gather(lane& on, batch& into) {
    while (into.claims.size() < claims_per_commit_max && into.looked < looked_max) {
        ++into.looked;
        if (const auto failed = co_await read_ahead(on)) {
            counters_.store_errors.add();
            co_return;
        }
        std::array<bool, sms::message_classes> waits{};
        for (std::size_t of = 0; of < waits.size(); ++of) {
            waits[of] = !on.walks[of].ahead.empty();
        }
        const auto next = on.picker.next(waits);
        if (!next || !co_await judge_head(on, *next, into)) {
            co_return;
        }
    }
    into.more = true;
}

void dispatcher::hand_over(lane& on, const batch& from,
                           const std::vector<sms::claim_outcome>& outcomes) {
    // The link may have lost slots while the claims were committed.
    auto free = on.link.free_slots();
    std::vector<sms::outgoing_part> going;
    std::vector<sms::report> returned;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const auto& message = from.messages[i];
        if (outcomes[i].kind != sms::claim_kind::claimed) {
            continue;
        }
        counters_.claimed[static_cast<std::size_t>(message.of)].add();
        const auto& parts = from.parts[i];
        const bool goes =
            parts.size() <= free || (free > 0 && on.link.in_flight() + going.size() == 0);
        free = goes ? free - std::min(free, parts.size()) : free;
        const auto text = goes ? sms::text_to_send(message) : std::string{};
        for (const auto part : parts) {
            if (goes) {
                going.push_back({message.id, part, from.claims[i].parts, message.of, message.to,
                                 text, outcomes[i].reference, message.valid_until});
            } else {
                returned.emplace_back(sms::part_returned{message.id, part, ports_.time.now()});
            }
        }
    }
    counters_.returned.add(returned.size());
    reports_.insert(reports_.end(), returned.begin(), returned.end());
    counters_.parts.add(going.size());
    if (!going.empty()) {
        on.link.submit(std::move(going));
    }
}

task<void> dispatcher::claim(lane& on, batch& from) {
    const auto outcomes = co_await ports_.outbox.claim_all(from.claims, ports_.time.now());
    if (!outcomes || outcomes->size() != from.claims.size()) {
        counters_.store_errors.add();
        for (auto& one : on.walks) {
            one.restart();
        }
        from.more = false;
        co_return;
    }
    hand_over(on, from, *outcomes);
    for (std::size_t i = 0; i < outcomes->size(); ++i) {
        const auto kind = (*outcomes)[i].kind;
        if (kind == sms::claim_kind::facts_moved || kind == sms::claim_kind::capped) {
            counters_.facts_moved.add();
            on.walks[static_cast<std::size_t>(from.messages[i].of)].restart();
        } else if (kind == sms::claim_kind::claimed && spent_at_) {
            const auto& one = from.claims[i];
            spent_.push_back({from.messages[i].of, from.messages[i].office_code, one.segments,
                              one.price_per_segment * one.segments});
        }
    }
}

task<milliseconds> dispatcher::feed(std::size_t channel) {
    auto& on = *lanes_[channel];
    on.health.linked(on.link.state(), ports_.time.now());
    if (!claims_ || on.link.free_slots() == 0 || reports_.size() >= unrecorded_max) {
        co_return dispatch_idle;
    }
    if (const auto failed = co_await refresh_spending()) {
        counters_.store_errors.add();
        co_return dispatch_idle;
    }
    batch now;
    now.index = channel;
    look_again(on);
    co_await gather(on, now);
    if (!now.held.empty()) {
        if (const auto failed = co_await ports_.outbox.record(now.held, ports_.time.now())) {
            // They stay as they were, and are read again.
            counters_.store_errors.add();
            for (auto& one : on.walks) {
                one.restart();
            }
        }
    }
    if (!now.claims.empty()) {
        // A late answer that has come already may make a copy needless.
        if (!co_await record()) {
            on.begins_anew = true;
            co_return dispatch_idle;
        }
        co_await claim(on, now);
    }
    co_return now.more ? milliseconds{0} : now.wait;
}

} // namespace uthan::service
