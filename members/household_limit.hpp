#pragma once

#include "core/calendar.hpp"
#include "core/money.hpp"
#include "members/eligibility.hpp"
#include "members/facts.hpp"
#include "members/rules.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

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

enum class household_kind : std::uint8_t {
    not_limited, ///< the product's limit is the person's, or the product is not known today
    room,        ///< `left` may still be lent
    full         ///< what is left is less than the smallest loan
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

/// Her answer, within the household's room: max and limit are lowered. A full household makes
/// limit, gap and possible to unknown_rules, as eligibility_of does: the office answers. An asked
/// amount above the room becomes above_max.
eligibility within_household(eligibility answer, const household_room& room) noexcept;

} // namespace uthan::members
