#pragma once

#include "members/collection.hpp"
#include "members/facts.hpp"
#include "members/meeting.hpp"
#include "members/request.hpp"
#include "members/staff_ledger.hpp"
#include "menus/graph.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a member of staff's screens are made from, read part by part as she asks for it.
namespace uthan::menus {

enum class staff_part : std::uint8_t {
    groups,   ///< with their next meetings
    dues,     ///< of the next working day
    requests, ///< that wait for her
    member    ///< one of hers, by number
};

/// What the answer is made from.
staff_part part_of(answer_name name) noexcept;

struct staff_meeting {
    members::staff_group of;
    std::optional<members::next_meeting> next; ///< none: no meeting day, or none within a year
    std::vector<calendar_day> days_to_move;
};

/// Without the member: who reads it over her shoulder learns nothing of who asks.
struct waiting_request {
    std::uint64_t number = 0;
    members::request_kind kind = members::request_kind::complaint;
    std::string category; ///< a complaint's, by code
    members::reach_way reach = members::reach_way::none;
    calendar_day opened_on{};
    calendar_day deadline_on{};
};

struct staff_dues {
    calendar_day on{};
    std::vector<members::group_collection> groups; ///< that have any
};

struct staff_view {
    /// Null: the number is no longer hers, or she is no longer active. Then nothing else is there.
    std::shared_ptr<const members::staff> who;
    std::optional<std::vector<staff_meeting>> groups; ///< by code
    std::optional<staff_dues> dues;
    std::optional<std::vector<waiting_request>> requests; ///< the most urgent first
    std::string member_asked;                             ///< the number that `member` is about
    std::optional<members::candidate> member;             ///< none: not of her groups

    /// Whether the part is there; `param` is the number for staff_part::member.
    bool has(staff_part part, std::string_view param) const noexcept;
};

/// A meeting on its way from screen to screen, and into its change.
struct meeting_subject {
    std::string group_code;
    calendar_day regular_on{};
    calendar_day new_on{}; ///< for staff_move; else regular_on
};
/// A member of a group's collection on her way from screen to screen.
std::string written_member(std::string_view group_code, std::string_view member_code);

std::string written(const meeting_subject& subject);
/// None for anything else.
std::optional<meeting_subject> parse_meeting(std::string_view text);

} // namespace uthan::menus
