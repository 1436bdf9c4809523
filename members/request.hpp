#pragma once

#include "core/calendar.hpp"
#include "core/money.hpp"
#include "members/facts.hpp"
#include "members/ladder.hpp"
#include "members/rules.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

// What a member asks of her organisation, whose turn it is, and by when. Decisions over values: the
// store gives numbers, the caller the day in the organisation's zone.
//
// A complaint that accuses her officer is never visible to the accused and starts one rung above
// him. Every rung has a deadline in working days of her office; when it has passed, the request may
// go one rung up, never two on one day, and at the top it stays. A deadline that she was told does
// not move when holidays are added later.
namespace uthan::members {

/// How she wants to hear about it.
enum class reach_way : std::uint8_t {
    call_morning,
    call_afternoon,
    sms,
    at_meeting, ///< not where the officer is the accused: he is there
    at_office,  ///< "do not call, I will come"
    none        ///< she looks at the screen herself
};

enum class request_state : std::uint8_t {
    open,
    answered, ///< she may still say that it does not satisfy her
    closed,
    withdrawn
};

struct request {
    std::uint64_t number = 0; ///< as shown to her; 0 until the store has given one
    request_kind kind = request_kind::complaint;
    std::string category; ///< a complaint's, by code; else empty
    reach_way reach = reach_way::call_morning;
    std::string member_code;
    std::string office_code; ///< hers
    std::string group_code;
    bool about_staff = false;    ///< it goes past her officer
    std::string accused_code;    ///< the officer's; empty when about nobody, or nobody is known
    std::optional<money> amount; ///< of a refund, when she said one
    instant opened_at{};
    calendar_day opened_on{};
    request_state state = request_state::open;
    calendar_day state_on{};
    unsigned first_level = 0;
    unsigned level = 0;
    calendar_day level_since{};
    calendar_day deadline_on{};
    std::string desk_office; ///< whose turn it is; empty when no office is known for the rung
    bool operator==(const request&) const = default;
};

/// Open or answered: it may still move.
bool is_unfinished(const request& one) noexcept;

/// Open and past its deadline at the beginning of `today`.
bool is_overdue(const request& one, calendar_day today) noexcept;

// Opening

struct request_form {
    request_kind kind = request_kind::complaint;
    std::string category;
    reach_way reach = reach_way::call_morning;
    std::optional<money> amount;
    bool operator==(const request_form&) const = default;
};

enum class opening_kind : std::uint8_t {
    opened,      ///< `made` is to be stored
    already,     ///< she has it already: request `existing`
    too_many,    ///< the limits of the rules; `existing` is her newest unfinished one, 0 = none
    not_offered, ///< the organisation has no such kind, category or way
    not_member   ///< closed; and for anything but her savings, not active
};

struct opening {
    opening_kind kind = opening_kind::not_offered;
    request made;
    std::uint64_t existing = 0;
};

/// `ladder` as ladder_of gives it, for a complaint that accuses: with facts.officer avoided. `hers`
/// are this member's requests: all unfinished ones, and those opened within the last 30 days or
/// state_on within rules.repeat_days. Whether a refund is possible is savings_request's question
/// and comes before.
///
/// One that accuses starts above rung 0 and above every rung that is the accused's own: of his
/// office, and naming his role or, in an office above hers, its first. When her officer is not
/// known it starts at the first rung outside her own office. Where there is no such rung: at the
/// top one.
opening open_request(const request_form& form, const member_facts& facts,
                     const organisation_rules& rules, std::span<const ladder_rung> ladder,
                     std::span<const request> hers, instant now, calendar_day today);

/// Another number for her account that was stopped, by her word or by its cool-off: it accuses
/// `accused_code`, her officer at that import, and goes past her whole office, because whoever
/// works there could have written it. It starts at the first rung of another office above every
/// rung of `accused` (null: not known), else at the top one. Without the limits of the rules: of
/// these she has one unfinished at a time, which is `existing` then.
opening open_number_change(const member_facts& facts, const organisation_rules& rules,
                           std::span<const ladder_rung> ladder, std::string accused_code,
                           const staff* accused, std::span<const request> hers, instant now,
                           calendar_day today);

/// Whether the form may offer her this way.
bool may_reach(reach_way way, bool about_staff) noexcept;

// Climbing

enum class climber : std::uint8_t { member, clock };

enum class climb_kind : std::uint8_t {
    moved,    ///< `after` is to be stored
    not_yet,  ///< before the deadline, a second time on one day, or it waits for her word
    at_top,   ///< no rung above
    finished, ///< closed or withdrawn; for the clock also answered
};

struct climb {
    climb_kind kind = climb_kind::not_yet;
    request after; ///< unchanged unless moved
};

/// To the next rung, with its deadline from `today`. She may when the deadline has passed, or when
/// the answer does not satisfy her (then it is open again); the clock when the deadline has passed
/// and the organisation lets requests climb by themselves. A clock that was stopped for weeks still
/// climbs one rung a day at most, and each new rung has its whole time.
climb escalate(const request& one, climber who, const organisation_rules& rules,
               std::span<const ladder_rung> ladder, const office_calendar& calendar,
               calendar_day today);

// Answering

enum class request_action : std::uint8_t {
    answer,  ///< an open one
    close,   ///< an open or answered one
    withdraw ///< the same, by herself
};

/// None when the state does not allow it.
std::optional<request> acted(const request& one, request_action action, calendar_day today);

// Looking

/// The rung whose turn it is: the request's level; where the ladder has it no more, the next one
/// above, else the highest that is left, not below its first level. Null when there is none.
const ladder_rung* responsible(const request& one, std::span<const ladder_rung> ladder) noexcept;

/// Never the accused, nobody inactive, and of one that accuses nobody of her own office while it is
/// answered elsewhere. Whether his role and offices reach it at all is access' question besides.
bool may_see(const request& one, const staff& who) noexcept;

/// On the list of "requests waiting for me": open, his to see, and his office's turn and his
/// role's.
bool waits_for(const request& one, const staff& who, std::span<const ladder_rung> ladder) noexcept;

/// Which text her status screen takes.
enum class status_text : std::uint8_t {
    waiting,     ///< an answer by `deadline_on`
    late,        ///< she may tell the higher office
    late_at_top, ///< the deadline has passed and there is no higher office: the phone
    answered,
    closed,
    withdrawn
};

struct request_status {
    status_text text = status_text::waiting;
    std::uint64_t number = 0;
    unsigned level = 0;
    label office; ///< empty when nobody is known for the rung: the organisation's help phone
    std::string phone;
    calendar_day deadline_on{};
    bool may_escalate = false; ///< when not, and waiting: "please wait until deadline_on"
};

request_status status_of(const request& one, const organisation_rules& rules,
                         std::span<const ladder_rung> ladder, calendar_day today);

/// Open ones first: overdue ones, then by deadline, the higher rung first on one day, then by
/// number; then the answered, closed and withdrawn ones, newest first.
void sort_work_list(std::vector<request>& list, calendar_day today);

} // namespace uthan::members
