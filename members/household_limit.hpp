#pragma once

#include "core/calendar.hpp"
#include "core/money.hpp"
#include "members/eligibility.hpp"
#include "members/facts.hpp"
#include "members/rules.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

// RSS: the limit is the household's, not the person's. Never shows one member's loan to another:
// what comes out is the household's room only.
namespace uthan::members {

/// A loan of one member of the household; each loan once, her own included.
struct household_loan {
    std::string member_code;
    std::string product_code;
    money principal;
    loan_status status = loan_status::active;
    std::optional<money> household_limit;
};

/// What the ledger knows of a household.
struct household {
    std::vector<household_loan> loans; ///< of every member, herself included; those not closed
    /// More members than household_members_max: what is read says nothing. A file that gives one
    /// code to everybody without a household looks like this.
    bool too_many = false;
};
inline constexpr std::size_t household_members_max = 16;

enum class household_kind : std::uint8_t {
    not_limited, ///< the product's limit is the person's, or the product is not known today
    room,        ///< `left` may still be lent
    full,        ///< what is left is less than the smallest loan
    unknown      ///< the household is not known well enough
};

struct household_room {
    household_kind kind = household_kind::not_limited;
    money limit; ///< of all loans together: the product's, lowered by an imported household limit
    money used;  ///< principal of the loans that are not closed
    money left;
};

/// For the product that "how much may I borrow" speaks of. Principal counts in full until the loan
/// is closed (assumed: "Tk 5,000–50,000 per household" is of loans given, not of what is owed).
/// Loans of products with a person's own limit do not count; of unknown products they do.
household_room household_room_of(std::span<const household_loan> loans,
                                 const organisation_rules& rules, calendar_day today) noexcept;

/// The same of what the ledger gave; unknown when those are too many.
household_room household_room_of(const household& of, const organisation_rules& rules,
                                 calendar_day today) noexcept;

/// Whether what she may borrow is a matter of her household: the product in force today says so and
/// her file row names one.
bool shares_limit(const member_facts& facts, const organisation_rules& rules,
                  calendar_day today) noexcept;

/// Her answer, within the household's room: max and limit are lowered. A full household, or one
/// that is not known, makes limit, gap and possible to unknown_rules, as eligibility_of does: the
/// office answers. An asked amount above the room becomes above_max.
eligibility within_household(eligibility answer, const household_room& room) noexcept;

} // namespace uthan::members
