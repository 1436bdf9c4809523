#pragma once

#include "access/record.hpp"
#include "core/digest.hpp"
#include "members/facts.hpp"
#include "members/household_limit.hpp"
#include "members/ladder.hpp"
#include "members/meeting.hpp"
#include "menus/staff_view.hpp"
#include "service/screen_counts.hpp"
#include "sessions/state.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

namespace uthan::service {

/// What a dialogue has read so far, so that it is not read again at every hop.
struct knowledge {
    std::uint32_t generation = 0;
    std::shared_ptr<const std::vector<members::candidate>> candidates;
    /// Who dials, when it is a member of staff; read with the candidates.
    std::shared_ptr<const members::staff> staff;
    std::string member_code; ///< whose record and facts these are
    std::shared_ptr<const access::member_record> record;
    std::shared_ptr<const members::member_facts> facts;
    std::shared_ptr<const members::member_activity> activity;
    std::shared_ptr<const members::household> household;
    std::shared_ptr<const std::vector<members::request>> requests;
    std::shared_ptr<const members::ladder_source> ladder;
    std::shared_ptr<const std::vector<members::meeting_change>> meeting_changes;
    std::shared_ptr<const menus::staff_view> staff_view;

    void forget_member() {
        member_code.clear();
        record.reset();
        facts.reset();
        activity.reset();
        household.reset();
        requests.reset();
        ladder.reset();
        meeting_changes.reset();
        staff_view.reset();
    }
};

struct live_dialogue {
    sessions::state state;
    knowledge known;
    screen_slot slot = other_screens; ///< of the screen that waits for a key
};

/// The shard's memory of recent dialogues, least recently used out first. Never the truth: the
/// store's compare-and-set decides; with the store down it is what is left. One thread.
class live_dialogues {
public:
    explicit live_dialogues(std::size_t entries_max) : entries_max_(entries_max) {}

    /// The state stays as it is; whoever goes on with the dialogue may take what is known of it.
    std::shared_ptr<live_dialogue> find(const digest128& key) {
        const auto found = by_key_.find(key);
        if (found == by_key_.end()) {
            return nullptr;
        }
        order_.splice(order_.begin(), order_, found->second);
        return found->second->second;
    }

    void put(const digest128& key, live_dialogue dialogue) {
        auto shared = std::make_shared<live_dialogue>(std::move(dialogue));
        const auto found = by_key_.find(key);
        if (found != by_key_.end()) {
            found->second->second = std::move(shared);
            order_.splice(order_.begin(), order_, found->second);
            return;
        }
        order_.emplace_front(key, std::move(shared));
        by_key_.emplace(key, order_.begin());
        if (order_.size() > entries_max_) {
            by_key_.erase(order_.back().first);
            order_.pop_back();
        }
    }

    void erase(const digest128& key) {
        const auto found = by_key_.find(key);
        if (found != by_key_.end()) {
            order_.erase(found->second);
            by_key_.erase(found);
        }
    }

    std::size_t size() const noexcept { return order_.size(); }

private:
    /// A keyed digest is uniform: its first bytes are a hash.
    struct hash {
        std::size_t operator()(const digest128& key) const noexcept {
            std::size_t value = 0;
            for (std::size_t i = 0; i < sizeof value; ++i) {
                value = value << 8 | key[i];
            }
            return value;
        }
    };
    using entry = std::pair<digest128, std::shared_ptr<live_dialogue>>;

    std::size_t entries_max_;
    std::list<entry> order_;
    std::unordered_map<digest128, std::list<entry>::iterator, hash> by_key_;
};

} // namespace uthan::service
