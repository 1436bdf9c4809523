#pragma once

#include "members/facts.hpp"
#include "members/rules.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

// Whom a request of one member may go to, rung by rung: the organisation's rules, filled with the
// names and numbers of the imported ladder and of her offices.
namespace uthan::members {

/// A row of ladder.csv.
struct ladder_entry {
    unsigned rung = 0;
    std::string office; ///< code; empty = of the whole organisation
    std::string name;   ///< in Bangla
    std::string phone;
    std::string way; ///< how to reach them, in the organisation's words
};

/// What the ledger knows of a member's ladder.
struct ladder_source {
    std::vector<office> chain;          ///< her office and then its ancestors, nearest first
    std::vector<ladder_entry> imported; ///< of these offices, and organisation-wide ones
    /// Whom her requests accuse, as this generation knows them: wherever they work now.
    std::vector<staff> accused{};
};

/// However each number is written: the last ten digits decide, of shorter ones all. Two without a
/// number are not the same.
bool same_phone(std::string_view a, std::string_view b);

/// By code or by number: a second login of one phone is the same person.
bool is_same_person(const staff& a, const staff& b);

/// One rung as it is for one member.
struct ladder_rung {
    unsigned level = 0; ///< 0 = her own office
    unsigned answer_days = 7;
    std::string office_code; ///< empty when no office is known for it
    label name;              ///< `en` may be empty where the import has only Bangla
    std::string phone;
    std::string way;
    std::vector<std::string> roles; ///< whose answer it is; empty = anybody of that office
};

/// Her rungs by level, each level once; level 0, her own office, is always there. `chain` is her
/// office and then its ancestors, nearest first. A rung's row is the one of the nearest office on
/// that chain, else the organisation-wide one; a rung that the rules place at an office's level
/// takes that office. A rung with neither a row nor an office on the chain is left out. So are
/// those of `avoided`, the accused, wherever he works now (null avoids nobody): what is reached at
/// his phone, rung 0 included; what names his role in his office; and in an office that is not hers
/// what names nobody, unless it is the top: there others answer, and he does not see it.
std::vector<ladder_rung> ladder_of(const request_rules& rules,
                                   std::span<const ladder_entry> imported,
                                   std::span<const office> chain, const staff* avoided);

} // namespace uthan::members
