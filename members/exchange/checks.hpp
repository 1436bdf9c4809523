#pragma once

#include "core/address.hpp"
#include "members/exchange/code_index.hpp"
#include "members/exchange/manifest.hpp"
#include "members/exchange/report.hpp"
#include "members/exchange/rows.hpp"
#include "members/rules.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::members::exchange {

/// A name in Bangla → the same in Latin letters, always the same for the same name.
using transliterator = std::function<std::string(std::string_view)>;

/// What a schedule row is when its due date does not fit the row before or after it by seq.
inline constexpr std::string_view due_order = "due dates do not rise";
std::string due_order_text(const instalment& row, unsigned other_seq, calendar_day other_due);

enum class verdict : std::uint8_t {
    keep,
    bad,     ///< wrong in itself; said in the findings
    left_out ///< belongs to a row that was left out, or to an office that stays as it was
};

/// Checks rows against each other while they stream past, in the order of file_kind; gives each
/// kept row its numbers. Warns of what breaks the organisation's own rules, leaves out what refers
/// to nothing. Memory: at most 40 bytes for each member and loan of the delivery. One thread.
class row_checks {
public:
    struct context {
        const manifest& delivery;
        const organisation_rules& rules;
        const transliterator& to_latin;
        /// The current generation's offices: what a delivery may not make older, and which offices
        /// stay where it replaces only some.
        std::map<std::string, calendar_day> current_offices;
        numbering numbers;
    };

    row_checks(context in, findings& said);

    /// Around the rows of each file. `expected`: how many rows will come at most.
    void begin(file_kind file, std::size_t expected);
    void end(file_kind file);

    verdict check(office_row& row);
    verdict check(staff_row& row);
    verdict check(group_row& row);
    verdict check(member_row& row);
    verdict check(savings_row& row);
    verdict check(loan_row& row);
    verdict check(instalment_row& row);
    verdict check(transaction_row& row);
    verdict check(holiday_row& row);
    verdict check(moratorium_row& row);
    verdict check(application_row& row);
    verdict check(ladder_row& row);

    /// A row that could not be read: what refers to its key is left out with it.
    void lose(file_kind file, const std::string& key);

    std::uint64_t transliterated() const noexcept { return transliterated_; }
    /// Loans that no schedule row was kept for.
    std::uint64_t loans_without_schedule() const noexcept;

private:
    struct office_place {
        row_number number = 0; ///< 0: left out or staying as it was
        bool replaced = false;
        bool lost = false;
        std::string parent;
        std::uint64_t line = 0;
    };
    struct group_place {
        row_number office = 0;
        std::uint32_t members = 0;
        std::uint32_t line = 0; ///< 0: the rule on sizes is not about it
    };
    struct member_place {
        std::uint8_t loans = 0;
        std::uint8_t accounts = 0;
    };
    struct loan_place {
        row_number member = 0;
        std::uint16_t ordinal = 0;
        std::uint16_t last_seq = 0; ///< the greatest so far; 0: no schedule row was kept
        std::int32_t last_due = 0;  ///< of that row, days since 1970-01-01
    };
    static constexpr std::uint32_t lost_row = 0xFFFFFFFF;

    template <class Row>
    verdict bad(const Row& row, std::string_view kind, std::string text);
    template <class Row>
    void warn(const Row& row, std::string_view kind, std::string text);
    template <class Row>
    verdict resolve_member(Row& row);
    template <class Row>
    verdict resolve_office(const Row& row, const std::string& code, row_number& out);
    void fill(label& name);
    void read_number(member_row& row);
    void check_person(const member_row& row);
    void check_household(const member_row& row);
    void check_terms(const loan_row& row);
    bool may_know_staff(const std::string& code);
    void end_of_offices();
    void end_of_members();

    context in_;
    findings& said_;
    std::map<std::string, office_place> offices_;
    row_number office_count_ = 0;
    code_index staff_;
    code_index groups_;
    std::vector<group_place> group_places_;
    code_index members_;
    std::vector<member_place> member_places_;
    code_index households_;
    code_index loans_;
    std::vector<loan_place> loan_places_;
    std::size_t holidays_ = 0;
    std::size_t moratoria_ = 0;
    std::uint64_t transliterated_ = 0;
};

} // namespace uthan::members::exchange
