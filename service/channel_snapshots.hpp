#pragma once

#include "core/clock.hpp"
#include "core/zone.hpp"
#include "members/rules.hpp"
#include "menus/shortcuts.hpp"
#include "service/screen_counts.hpp"
#include "sessions/engine.hpp"
#include "texts/keywords.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace uthan::service {

/// What an organisation's dialogues are made from. Immutable; shared by all shards.
struct organisation {
    std::string code;
    members::organisation_rules rules;
    sessions::dialogue_policy policy;
    zone local;
    menus::graph menu;
    texts::catalog texts;
    menus::shortcuts shortcuts = {};
    /// Who writes, as text messages say it.
    members::label signature = {};
    /// What members dial, as texts write it.
    std::string service_code = {};
    /// What members may choose from; the first is for those whose file row says another.
    std::vector<members::written_language> languages = {};
    /// How members' text messages are read; null: no channel of anybody's brings any.
    std::shared_ptr<const texts::keyword_table> keywords = {};
};

/// A channel of an organisation, as its dialogues see it. Immutable; one of each shard's own, so
/// that no two threads count its holders.
struct dialogue_channel {
    std::string name; ///< part of every effect's key
    std::shared_ptr<const organisation> of;
    menus::channel_form form;
    /// Dialogues that begin from this moment on are shown it.
    instant since{};
    sessions::fixed_screens fixed{of->menu, of->texts, form};
    /// By the index of the menu's screens; empty: screens are not counted.
    std::vector<screen_slot> counted_as = {};
};

/// What a channel's dialogues are shown: the newest snapshot, and those before it, on which
/// dialogues go on that began before. By the dialogue's beginning and not by who holds it, so that
/// every shard, and whoever finds the dialogue in the store, chooses alike. One thread.
class channel_snapshots {
public:
    using snapshot = std::shared_ptr<const dialogue_channel>;
    /// Older ones than these are dropped: their dialogues go on with the oldest that is left.
    static constexpr std::size_t kept_max = 4;

    explicit channel_snapshots(snapshot first) { kept_.push_back(std::move(first)); }

    /// `next` begins later than those that are known.
    void add(snapshot next) {
        if (kept_.size() == kept_max) {
            kept_.erase(kept_.begin());
        }
        kept_.push_back(std::move(next));
    }

    const snapshot& newest() const noexcept { return kept_.back(); }

    /// Of a dialogue that began then.
    const snapshot& at(instant began) const noexcept {
        const auto in_force = std::find_if(kept_.rbegin(), std::prev(kept_.rend()),
                                           [&](const snapshot& s) { return s->since <= began; });
        return *in_force;
    }

private:
    std::vector<snapshot> kept_; ///< oldest first, never empty
};

} // namespace uthan::service
