#pragma once

#include "members/facts.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The rows of the import's files (docs/import.md): the values of members/facts.hpp, the keys of
// other files as written, and what the checks found for those keys.
namespace uthan::members::exchange {

/// In the order in which they are read: what others refer to comes first.
enum class file_kind : std::uint8_t {
    branches,
    staff,
    groups,
    members,
    savings_accounts,
    loans,
    schedule,
    transactions,
    holidays,
    moratoria,
    applications,
    ladder
};
inline constexpr std::size_t file_kinds = 12;
inline constexpr std::array<std::string_view, file_kinds> file_names{
    "branches.csv",         "staff.csv",     "groups.csv",       "members.csv",
    "savings_accounts.csv", "loans.csv",     "schedule.csv",     "transactions.csv",
    "holidays.csv",         "moratoria.csv", "applications.csv", "ladder.csv"};

constexpr std::string_view name_of(file_kind kind) noexcept {
    return file_names[static_cast<std::size_t>(kind)];
}
/// A delivery without it is refused.
constexpr bool is_required(file_kind kind) noexcept {
    return kind == file_kind::branches || kind == file_kind::groups || kind == file_kind::members;
}
std::optional<file_kind> file_named(std::string_view name) noexcept;

/// The place of a row among the rows of its kind that are kept, from 1; 0 = none.
using row_number = std::uint32_t;

struct office_row {
    static constexpr file_kind kind = file_kind::branches;
    std::uint64_t line = 0;
    office value;
    row_number number = 0;
};

struct staff_row {
    static constexpr file_kind kind = file_kind::staff;
    std::uint64_t line = 0;
    staff value;
};

struct group_row {
    static constexpr file_kind kind = file_kind::groups;
    std::uint64_t line = 0;
    group value;
    row_number number = 0;
    row_number office = 0;
};

struct member_row {
    static constexpr file_kind kind = file_kind::members;
    std::uint64_t line = 0;
    member value; ///< msisdn as written until the checks have read it
    row_number number = 0;
    row_number group = 0;
    row_number cohesion = 0;
    row_number office = 0;
};

struct savings_row {
    static constexpr file_kind kind = file_kind::savings_accounts;
    std::uint64_t line = 0;
    std::string member_code;
    savings_account value;
    bool available_said = false; ///< where the file says nothing, all of the balance is available
    row_number member = 0;
};

struct loan_row {
    static constexpr file_kind kind = file_kind::loans;
    std::uint64_t line = 0;
    std::string member_code;
    loan value; ///< without its schedule
    row_number member = 0;
    std::uint16_t ordinal = 0; ///< among her loans, from 1
};

struct instalment_row {
    static constexpr file_kind kind = file_kind::schedule;
    std::uint64_t line = 0;
    std::string loan_no;
    instalment value;
    row_number member = 0;
    std::uint16_t ordinal = 0; ///< of the loan among her loans
    /// A row with a greater seq came before: its neighbours' due dates are still to be compared.
    bool out_of_order = false;
};

struct transaction_row {
    static constexpr file_kind kind = file_kind::transactions;
    std::uint64_t line = 0;
    std::string member_code;
    transaction value;
    row_number member = 0;
};

struct holiday_row {
    static constexpr file_kind kind = file_kind::holidays;
    std::uint64_t line = 0;
    holiday value;
};

struct moratorium_row {
    static constexpr file_kind kind = file_kind::moratoria;
    std::uint64_t line = 0;
    moratorium value;
};

struct application_row {
    static constexpr file_kind kind = file_kind::applications;
    std::uint64_t line = 0;
    std::string member_code;
    application value;
    row_number member = 0;
};

/// One rung of the organisation's complaint ladder.
struct ladder_row {
    static constexpr file_kind kind = file_kind::ladder;
    std::uint64_t line = 0;
    unsigned rung = 0;
    std::string office;
    std::string name;
    std::string phone;
    std::string way;
};

} // namespace uthan::members::exchange
