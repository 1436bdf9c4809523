#include "members/ladder.hpp"

#include <algorithm>
#include <string_view>

namespace uthan::members {
namespace {

/// A mobile number's digits without country code and trunk prefix.
constexpr std::size_t subscriber_digits = 10;

std::string digits_of(std::string_view phone) {
    std::string digits;
    std::copy_if(phone.begin(), phone.end(), std::back_inserter(digits),
                 [](char c) { return c >= '0' && c <= '9'; });
    return digits.size() > subscriber_digits ? digits.substr(digits.size() - subscriber_digits)
                                             : digits;
}

/// The row of the nearest office on the chain, else the organisation-wide one; of several of one
/// office the first.
const ladder_entry* entry_for(std::span<const ladder_entry> imported, unsigned rung,
                              std::span<const office> chain) {
    const ladder_entry* best = nullptr;
    std::size_t best_distance = chain.size() + 1;
    for (const ladder_entry& row : imported) {
        if (row.rung != rung) {
            continue;
        }
        std::size_t distance = chain.size();
        if (!row.office.empty()) {
            const auto at = std::find_if(chain.begin(), chain.end(),
                                         [&](const office& o) { return o.code == row.office; });
            distance =
                at == chain.end() ? chain.size() + 1 : static_cast<std::size_t>(at - chain.begin());
        }
        if (distance < best_distance) {
            best = &row;
            best_distance = distance;
        }
    }
    return best;
}

/// The office that answers on this rung: the row's, else the one at the step's level; on rung 0 her
/// own. Null when there is none.
const office* office_for(unsigned rung, const ladder_entry* row, const ladder_step* step,
                         std::span<const office> chain) {
    auto found = chain.end();
    if (row != nullptr && !row->office.empty()) {
        found = std::find_if(chain.begin(), chain.end(),
                             [&](const office& o) { return o.code == row->office; });
    } else if (step != nullptr && step->at) {
        found = std::find_if(chain.begin(), chain.end(),
                             [&](const office& o) { return o.level == *step->at; });
    } else if (rung == 0) {
        found = chain.begin();
    }
    return found == chain.end() ? nullptr : &*found;
}

ladder_rung made_of(unsigned level, const ladder_entry* row, const ladder_step* step,
                    const office* at, unsigned answer_days) {
    ladder_rung made;
    made.level = level;
    made.answer_days =
        std::clamp(step == nullptr ? answer_days : step->answer_days, 1U, answer_days_max);
    if (at != nullptr) {
        made.office_code = at->code;
        made.name = at->name;
        made.phone = at->phone;
    }
    if (row != nullptr) {
        made.way = row->way;
        // The office's own English name is another's than the Bangla one of this row.
        made.name = {row->name, ""};
        if (!row->phone.empty()) {
            made.phone = row->phone;
        }
    }
    if (step != nullptr) {
        made.roles = step->roles;
        made.name.bn = step->title.bn.empty() ? made.name.bn : step->title.bn;
        made.name.en = step->title.en.empty() ? made.name.en : step->title.en;
    }
    return made;
}

/// Whether the accused would be reached on this rung.
bool is_turn_of(const staff& accused, const ladder_rung& rung, std::string_view her_office,
                bool is_top) {
    if (same_phone(rung.phone, accused.phone)) {
        return true;
    }
    if (rung.office_code.empty() || rung.office_code != accused.office_code) {
        return false;
    }
    if (rung.roles.empty()) {
        return rung.office_code != her_office && !is_top;
    }
    return std::ranges::find(rung.roles, accused.role) != rung.roles.end();
}

void leave_out(const staff& accused, std::string_view her_office, std::vector<ladder_rung>& rungs) {
    if (rungs.empty()) {
        return;
    }
    const unsigned top = rungs.back().level;
    std::erase_if(rungs, [&](const ladder_rung& rung) {
        return is_turn_of(accused, rung, her_office, rung.level == top);
    });
}

} // namespace

bool same_phone(std::string_view a, std::string_view b) {
    const std::string digits = digits_of(a);
    return !digits.empty() && digits == digits_of(b);
}

bool is_same_person(const staff& a, const staff& b) {
    return a.code == b.code || same_phone(a.phone, b.phone);
}

std::vector<ladder_rung> ladder_of(const request_rules& rules,
                                   std::span<const ladder_entry> imported,
                                   std::span<const office> chain, const staff* avoided) {
    std::vector<ladder_rung> rungs;
    for (unsigned level = 0; level <= ladder_rung_max; ++level) {
        const auto named = std::find_if(rules.ladder.begin(), rules.ladder.end(),
                                        [&](const ladder_step& s) { return s.rung == level; });
        const ladder_step* step = named == rules.ladder.end() ? nullptr : &*named;
        const ladder_entry* row = entry_for(imported, level, chain);
        const office* at = office_for(level, row, step, chain);
        if (row == nullptr && at == nullptr) {
            continue;
        }
        rungs.push_back(made_of(level, row, step, at, rules.answer_days));
    }
    if (avoided != nullptr) {
        leave_out(*avoided, chain.empty() ? std::string_view{} : chain.front().code, rungs);
    }
    return rungs;
}

} // namespace uthan::members
