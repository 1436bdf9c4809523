#pragma once

#include "access/record.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

// Decisions about members' requests, without clock or I/O, and the port to those whose time has
// passed.
namespace uthan::access {

bool is_about_requests(const change& what) noexcept;

/// Whom it accuses, as `source` or her facts know him; null when nobody, or nobody known.
const members::staff* accused_of(const members::request& one, const members::member_facts& facts,
                                 const members::ladder_source& source) noexcept;

/// The ladder of one of her requests: without the accused where it accuses.
std::vector<members::ladder_rung> ladder_for(const members::request& one,
                                             const members::member_facts& facts,
                                             const members::organisation_rules& rules,
                                             const members::ladder_source& source);

struct request_decision {
    outcome result;
    /// To store: a new one when its number is 0 (the store gives the next and `result` takes it),
    /// else in place of the one with its number.
    std::optional<members::request> stored;
};

/// `what` is about requests; `hers` as registry::requests gives them, read in the same commit.
request_decision decide(const change& what, std::span<const members::request> hers, instant now);

/// What a change of her number that is stopped opens: of answer_number_change ("not I") and
/// report_number_change alone, `before` as it was when it was asked. Outcome as theirs.
request_decision report(const change& what, const member_record& before,
                        std::span<const members::request> hers, instant now);

/// As it is after a member of staff's answer; none when that is refused.
std::optional<members::request> answered(const answer_by_staff& what, const members::request& one);

/// One rung up without her word, where the organisation lets requests climb by themselves; none
/// when it stays (not overdue today, nobody above, moved today already).
std::optional<members::request> risen(const members::request& one,
                                      const members::member_facts& facts,
                                      const members::organisation_rules& rules,
                                      const members::ladder_source& source, calendar_day today);

/// Where a list of overdue requests goes on: behind this one.
struct overdue_place {
    calendar_day deadline_on = calendar_day::min();
    std::uint64_t number = 0;
    auto operator<=>(const overdue_place&) const = default;
};

/// A request as it was read, and as it is a rung higher.
struct risen_request {
    members::request before;
    members::request after;
};

/// The port to the requests that nobody answered in time. Used on one thread; the work is done
/// elsewhere. Errors: store_unavailable, queue_full, corrupt.
class overdue_requests {
public:
    virtual ~overdue_requests() = default;

    /// Open and past their deadline at the beginning of `today`, by deadline and number, those
    /// behind `after`, at most `count`.
    virtual task<result<std::vector<members::request>>>
    find(std::string organisation, calendar_day today, overdue_place after, std::size_t count) = 0;

    virtual task<result<std::uint64_t>> count(std::string organisation, calendar_day today) = 0;

    /// One commit for all of them. One that is not as it was read any more (she moved it, it was
    /// answered, an earlier call moved it) is left as it is. Returns how many moved; only after the
    /// commit is durable.
    virtual task<result<std::size_t>> move_up(std::string organisation,
                                              std::vector<risen_request> moved, instant now) = 0;
};

} // namespace uthan::access
