#include "service/screen_counts.hpp"

#include <algorithm>

namespace uthan::service {
namespace {

using sessions::phase;

/// The dialogue's own screens, by phase; those that wait for no key have no name.
constexpr std::array<std::string_view, 14> phase_names{"",
                                                       "dialogue.whose",
                                                       "dialogue.enrol_proof",
                                                       "dialogue.new_pin",
                                                       "dialogue.new_pin_again",
                                                       "dialogue.pin",
                                                       "dialogue.resume",
                                                       "dialogue.consent",
                                                       "dialogue.other",
                                                       "",
                                                       "dialogue.number_notice",
                                                       "dialogue.link_code",
                                                       "dialogue.link_proof",
                                                       ""};
static_assert(phase_names[static_cast<std::size_t>(phase::consent)] == "dialogue.consent");
static_assert(phase_names[static_cast<std::size_t>(phase::ask_pin)] == "dialogue.pin");
static_assert(phase_names[other_screens] == "dialogue.other");
static_assert(phase_names.size() <= first_menu_slot);

} // namespace

screen_slot screen_names::slot_of(std::string_view screen) {
    const std::lock_guard lock{mutex_};
    const auto known = std::ranges::find(menu_, screen);
    const auto slot = first_menu_slot + static_cast<std::size_t>(known - menu_.begin());
    if (slot >= screen_slots_max) {
        return other_screens;
    }
    if (known == menu_.end()) {
        menu_.emplace_back(screen);
    }
    return static_cast<screen_slot>(slot);
}

std::vector<std::string> screen_names::all() const {
    std::vector<std::string> names(phase_names.begin(), phase_names.end());
    names.resize(first_menu_slot);
    const std::lock_guard lock{mutex_};
    names.insert(names.end(), menu_.begin(), menu_.end());
    return names;
}

screen_counts::screen_counts(instant now) : since_(minute_of(now)) {}

std::int64_t screen_counts::minute_of(instant at) noexcept {
    return std::chrono::floor<std::chrono::minutes>(at).time_since_epoch().count();
}

screen_counts::minute_counts& screen_counts::of_minute(std::int64_t minute) noexcept {
    auto& kept = minutes_[static_cast<std::size_t>(minute) % minutes_kept];
    if (kept.minute.load(std::memory_order_relaxed) != minute) {
        // Once a minute: what stood here is too old to be answered any more.
        const std::lock_guard lock{mutex_};
        for (std::size_t i = 0; i < screen_slots_max; ++i) {
            settled_[i] += kept.open[i].load(std::memory_order_relaxed);
            kept.open[i].store(0, std::memory_order_relaxed);
        }
        kept.minute.store(minute, std::memory_order_relaxed);
    }
    return kept;
}

void screen_counts::shown(screen_slot slot, instant now) noexcept {
    shown_[slot].add();
    add(of_minute(minute_of(now)).open[slot], 1);
}

void screen_counts::answered(screen_slot slot, instant shown_at, instant now) noexcept {
    const auto then = minute_of(shown_at);
    if (then >= since_ && minute_of(now) - then < given_up_after.count()) {
        add(of_minute(then).open[slot], -1);
    }
}

std::vector<std::int64_t> screen_counts::dropped_total(instant now) const {
    // A minute more than is answered in: a shard may be a moment behind.
    const auto last = minute_of(now) - given_up_after.count() - 1;
    const std::lock_guard lock{mutex_};
    std::vector<std::int64_t> total(settled_.begin(), settled_.end());
    for (const auto& one : minutes_) {
        if (one.minute.load(std::memory_order_relaxed) > last) {
            continue;
        }
        for (std::size_t i = 0; i < screen_slots_max; ++i) {
            total[i] += one.open[i].load(std::memory_order_relaxed);
        }
    }
    return total;
}

} // namespace uthan::service
