#pragma once

#include "access/record.hpp"
#include "members/facts.hpp"
#include "members/household_limit.hpp"
#include "members/ladder.hpp"
#include "members/meeting.hpp"
#include "members/request.hpp"
#include "members/rules.hpp"
#include "menus/graph.hpp"
#include "texts/catalog.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// One question about facts → one text with its values; the same for a screen and for a message.
namespace uthan::menus {

/// What an answer is made from. All of it outlives the call.
struct question {
    const members::member_facts& facts;
    /// Only for an answer that needs_activity; else null.
    const members::member_activity* activity = nullptr;
    /// Only for an answer that needs_household, where shares_limit says so; else null.
    const members::household* household = nullptr;
    const members::organisation_rules& rules;
    const access::member_record& record;
    const texts::catalog& texts;
    texts::rendering in = texts::rendering::bn;
    calendar_day today{};
    std::chrono::minutes now{}; ///< since local midnight
    /// A row chosen on this answer's own list (a loan's number); empty when none was.
    std::string_view chosen;
    /// An amount that was typed in, for eligibility_for and refund_confirm.
    std::optional<money> amount;
    /// Only for an answer that needs_requests; else null.
    const std::vector<members::request>* requests = nullptr;
    const members::ladder_source* ladder = nullptr;
    std::string_view help_phone; ///< where no office is known
    /// Only for an answer that needs_meeting_changes; else null.
    const std::vector<members::meeting_change>* meeting_changes = nullptr;
};

struct answer {
    std::string_view text; ///< the id of the text that says it
    /// The id of a text whose lines come before, filled from `shared` too; empty: none. It offers
    /// no key.
    std::string_view lead;
    texts::values shared;
    std::vector<texts::values> rows;
    /// When the rows are a choice: what each stands for; empty: it leads to the screen beside. Keys
    /// are the pager's.
    std::vector<std::string> choices;
    /// What the screen's options are about: a form to send, a request's number. Their screens get
    /// it as `chosen`.
    std::string subject;
};

bool needs_activity(answer_name name) noexcept;
/// The loans of her household.
bool needs_household(answer_name name) noexcept;
/// What staff said of her group's meetings.
bool needs_meeting_changes(answer_name name) noexcept;
/// Her requests and the ladder.
bool needs_requests(answer_name name) noexcept;

answer make_answer(answer_name name, const question& q);

/// Every text that an answer may choose, with every placeholder that it fills. The menu proof holds
/// the catalog against this.
struct answer_text {
    answer_name name;
    std::string_view text;
    std::string_view placeholders; ///< separated by spaces
    bool is_choice = false;
    bool is_lead = false; ///< it comes before another text, so its screen must be splittable
};
std::span<const answer_text> answer_texts() noexcept;

} // namespace uthan::menus
