#pragma once

#include "core/clock.hpp"
#include "core/counter.hpp"
#include "core/random.hpp"
#include "members/ledger.hpp"
#include "service/channel_snapshots.hpp"
#include "service/live_dialogues.hpp"
#include "sessions/engine.hpp"
#include "sessions/history.hpp"
#include "sessions/store.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace uthan::service {

struct dialogue_limits {
    /// Of one organisation on one shard. Not more than are under way at once: what is remembered
    /// longer only pushes out of the processor's caches what is needed (a third of a hop's price).
    std::size_t live_dialogues_max = 256;
    /// For one commit of an effect. An aggregator gives up after 10 s.
    std::chrono::milliseconds effect_deadline{3000};
    /// After its last screen a dialogue is kept for a repeated request only.
    std::chrono::seconds ended_kept_for{60};
};

/// Of one shard; each counts what it is named for.
struct dialogue_counters {
    counter continued;      ///< hops answered with a screen that goes on
    counter ended;          ///< hops answered with a last screen
    counter repeated;       ///< repeated requests, answered with the stored screen
    counter replayed;       ///< histories run from their beginning because the state was not there
    counter conflicts;      ///< saves lost to another request of the same dialogue
    counter store_failures; ///< loads and saves that the store did not answer
    counter apologies;      ///< facts or effects not to be had
    gauge live;             ///< dialogues in this shard's memory
};

struct hop_result {
    sessions::shown_screen screen;
    bool repeated = false;
    bool apology = false;
};

/// The use case of a USSD hop: state, facts and effects brought together around the engine. One per
/// shard, on its thread; everything it refers to lives longer.
class dialogues {
public:
    dialogues(sessions::store& store, access::registry& registry, const clock& time,
              random_source& random, const secret_key& key, dialogue_limits limits)
        : store_(store), registry_(registry), clock_(time), random_(random), key_(key),
          short_key_(short_key_of(key)), limits_(limits), live_(limits.live_dialogues_max),
          screens_(time.now()) {}

    /// Always a screen: what cannot be had is said honestly. `ledger` is the organisation's. A
    /// dialogue ends on the snapshot on which it began. `turn` is taken before this returns.
    task<hop_result> hop(const channel_snapshots& on, members::ledger& ledger,
                         sessions::inbound_turn&& turn);

    const dialogue_counters& counters() const noexcept { return counters_; }
    const screen_counts& screens() const noexcept { return screens_; }

private:
    struct hop_context;
    struct effect_work;

    task<hop_result> hop_of(std::unique_ptr<hop_context> context);
    bool recall(hop_context& hop);
    static void take_over(hop_context& hop, const sessions::stored_state& stored);
    static bool missed_ours(const hop_context& hop, const sessions::stored_state& stored);
    bool won_by_its_twin(const hop_context& hop, const sessions::state& before) const;
    task<void> look_up(hop_context& hop);
    task<error_code> load(hop_context& hop);
    task<result<sessions::save_result>> save(hop_context& hop);
    task<error_code> run(hop_context& hop, sessions::turn_plan plan);
    static void find_shortcut(hop_context& hop, sessions::turn_plan& plan);
    task<error_code> begin(hop_context& hop, const sessions::turn_plan& plan);
    static void forget_outdated(hop_context& hop);
    bool step_from_known(hop_context& hop, const std::string* typed);
    bool step(hop_context& hop, const std::string* typed);
    task<error_code> take(hop_context& hop, const std::string* typed, bool replaying);
    task<error_code> provide(hop_context& hop, bool replaying);
    task<error_code> provide_outcome(hop_context& hop, bool replaying);
    access::effect_key key_of(const hop_context& hop, const sessions::effect& what) const;
    task<error_code> find_enrolment(hop_context& hop, const sessions::turn_plan& plan);
    task<error_code> provide_candidates(hop_context& hop);
    task<error_code> provide_record(hop_context& hop, std::string member_code);
    task<error_code> provide_facts(hop_context& hop, std::string member_code);
    task<error_code> provide_activity(hop_context& hop, std::string member_code);
    task<error_code> provide_household(hop_context& hop, std::string member_code);
    task<error_code> provide_requests(hop_context& hop, std::string member_code);
    task<error_code> provide_ladder(hop_context& hop, std::string member_code);
    task<error_code> provide_meeting_changes(hop_context& hop, std::string group_code);
    task<error_code> provide_staff(hop_context& hop, sessions::need_staff wanted);
    task<result<access::outcome>> perform(effect_work work);
    task<result<access::outcome>> perform_pin_try(effect_work work, std::string digits);
    digest128 guessed_member(const access::member_ref& who, std::string_view proof) const;
    access::begin_pin_try guess_of(const hop_context& hop) const;
    screen_slot count_screen(const hop_context& hop);
    hop_result finish(hop_context& hop);
    hop_result apologise(const hop_context& hop);

    sessions::store& store_;
    access::registry& registry_;
    const clock& clock_;
    random_source& random_;
    const secret_key& key_;
    short_key short_key_;
    dialogue_limits limits_;
    live_dialogues live_;
    dialogue_counters counters_;
    screen_counts screens_;
};

} // namespace uthan::service
