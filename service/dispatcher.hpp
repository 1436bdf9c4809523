#pragma once

#include "access/record.hpp"
#include "core/clock.hpp"
#include "core/counter.hpp"
#include "members/ledger.hpp"
#include "sms/link.hpp"
#include "sms/pacing.hpp"
#include "sms/picker.hpp"
#include "sms/verdict.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace uthan::service {

/// A channel of the organisation that carries text messages.
struct dispatch_channel {
    sms::channel_terms terms;
    sms::link& link;
};

/// What a dispatcher works with; everything lives longer.
struct dispatcher_ports {
    std::string organisation;
    sms::outbox& outbox;
    members::ledger& ledger; ///< for the truth fence
    const clock& time;
    /// The monotonic clock, for pacing.
    std::function<sms::pacer::time_point()> steady;
    /// Something changed: `feed` every channel and `record` soon. On the dispatcher's thread.
    std::function<void()> wake;
    /// For opt-outs; null: nobody opts out.
    access::registry* registry = nullptr;
};

/// Written by the dispatcher's thread; any thread reads.
struct dispatch_counters {
    std::array<counter, sms::message_classes> claimed; ///< messages, by class
    counter parts;                                     ///< handed over
    counter submitted;                                 ///< parts that a channel took
    counter throttled;                                 ///< parts refused because we were too fast
    counter refused;                                   ///< parts refused otherwise
    counter unconfirmed;                               ///< parts without an answer
    counter returned;     ///< parts that were claimed and certainly not handed over
    counter held;         ///< times that a message was put off: hour, route, money
    counter ended_unsent; ///< expired, without a route, no longer true, opted out, capped
    counter facts_moved;  ///< claims that came too late for what was seen of her
    counter store_errors; ///< of any call to the store
    gauge in_flight;      ///< parts
    gauge unrecorded;     ///< reports that wait for the store
};

/// One organisation's messages on their way out: due → judged → fenced → claimed → handed over, and
/// what the channels report → stored. The order within a channel is by class (picker.hpp) and then
/// by due time. Nothing is handed over that was not claimed in a commit before; what is reported is
/// kept until it is stored. One thread. `feed` of one channel is not called again while it runs.
class dispatcher final : public sms::inbox {
public:
    /// The channels in the order in which they are preferred.
    dispatcher(dispatcher_ports ports, std::vector<dispatch_channel> channels,
               sms::dispatch_policy policy);
    ~dispatcher() override;
    dispatcher(const dispatcher&) = delete;
    dispatcher& operator=(const dispatcher&) = delete;

    /// Where the link of this channel says what happens.
    sms::link_events& events_of(std::size_t channel);

    /// Hands over what the channel takes now, at most one batch. Returns how long to wait before
    /// the next call if nothing wakes it earlier; 0: there is more.
    task<std::chrono::milliseconds> feed(std::size_t channel);
    /// Stores what was reported, at most one batch. False: the store failed, and they are kept.
    task<bool> record();
    bool has_reports() const noexcept { return !reports_.empty(); }

    /// A receipt is never stored before the answer that it may belong to.
    task<result<std::vector<sms::receipt_outcome>>> receive(std::vector<sms::receipt> receipts,
                                                            instant now) override;
    task<error_code> take_in(std::vector<sms::inbound_part> parts) override;

    /// The rules from now on.
    void show(sms::dispatch_policy policy) { policy_ = std::move(policy); }
    /// What a contract may change while messages are under way: each channel's operator, price and
    /// speed from now on. As many and in the same order as at the construction.
    void show(const std::vector<sms::channel_terms>& channels);
    /// Claims nothing more.
    void stop_claiming() noexcept { claims_ = false; }
    /// Parts that were handed over and not reported.
    std::size_t in_flight() const noexcept;
    sms::health health_of(std::size_t channel) const;
    const dispatch_counters& counters() const noexcept { return counters_; }

private:
    class lane;
    struct batch;
    enum class fence_answer : std::uint8_t { holds, broken, opted_out, unknown };

    void add_report(lane& from, sms::report what);
    void look_again(lane& on);
    task<error_code> read_ahead(lane& on);
    task<void> gather(lane& on, batch& into);
    task<bool> judge_head(lane& on, sms::message_class of, batch& into);
    task<result<sms::verdict>> judge(const sms::due_message& one);
    task<fence_answer> ask_fence(const sms::due_message& one);
    task<fence_answer> ask_consent(const sms::due_message& one, const members::member& who);
    task<void> claim(lane& on, batch& from);
    void hand_over(lane& on, const batch& from, const std::vector<sms::claim_outcome>& outcomes);
    task<error_code> refresh_spending();
    sms::dispatch_view view();

    dispatcher_ports ports_;
    std::vector<sms::channel_terms> terms_;
    std::vector<std::unique_ptr<lane>> lanes_;
    std::vector<sms::health> healths_; ///< as of the last view()
    sms::dispatch_policy policy_;
    std::vector<sms::report> reports_; ///< oldest first
    std::vector<sms::spending> spent_;
    std::optional<sms::pacer::time_point> spent_at_;
    bool claims_ = true;
    dispatch_counters counters_;
};

/// Claims of one commit, and reports of one.
inline constexpr std::size_t claims_per_commit_max = 256;
inline constexpr std::size_t reports_per_commit_max = 512;
/// Messages of one class that a channel looks ahead.
inline constexpr std::size_t look_ahead_max = 64;
/// Reports without a store, at which nothing more is claimed.
inline constexpr std::size_t unrecorded_max = 8192;
/// How long a channel waits at most before it looks again by itself, and after an error.
inline constexpr std::chrono::milliseconds dispatch_idle{1000};

} // namespace uthan::service
