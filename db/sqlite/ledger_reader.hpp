#pragma once

#include "db/sqlite/connection.hpp"
#include "db/sqlite/ledger_calendars.hpp"
#include "db/sqlite/ledger_household.hpp"
#include "db/sqlite/ledger_staff.hpp"
#include "members/facts.hpp"
#include "members/ladder.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::db::sqlite {

/// Opens a published (or finished) generation file without locks, memory-mapped, and checks its
/// format. newer_database when a newer program wrote it.
result<connection> open_generation(const std::string& path);

/// Reads one generation. Little memory of its own: pages come from the mapped file. One thread.
class ledger_reader {
public:
    static result<std::unique_ptr<ledger_reader>> open(const std::string& path,
                                                       std::uint32_t number);

    std::uint32_t number() const noexcept { return number_; }

    /// By member code, closed ones left out, at most members_per_phone_max + 1.
    result<std::vector<members::candidate>> members_with(std::string_view msisdn);

    /// not_found when there is no such member.
    result<std::shared_ptr<const members::member_facts>> facts(std::string_view member_code);
    result<std::shared_ptr<const members::member_activity>> activity(std::string_view member_code);
    /// The ids of her transactions of this day and later, sorted; none of nobody.
    result<std::vector<std::string>> transaction_ids(std::string_view member_code,
                                                     calendar_day from);
    /// What a transaction of hers was; none when the generation does not name it.
    result<std::optional<members::transaction>> transaction_of(std::string_view member_code,
                                                               std::string_view txn_id);
    result<std::shared_ptr<const members::ladder_source>> ladder(std::string_view member_code);
    result<std::shared_ptr<const members::household>> household_of(std::string_view member_code);
    /// None when there is no such person.
    result<std::optional<members::staff>> staff_with(std::string_view code);

    result<bool> has_office(std::string_view code);

    /// What staff may see; opened when first asked for.
    result<ledger_staff*> of_staff();
    result<std::vector<members::staff_group>> groups_of(std::string_view staff_code);
    result<std::vector<std::shared_ptr<const members::member_facts>>>
    members_of_group(std::string_view staff_code, std::string_view group_code);

private:
    ledger_reader(connection file, std::uint32_t number)
        : file_(std::move(file)), number_(number) {}
    error_code prepare();
    result<const ledger_calendars::entry*> office_with(std::int64_t id);
    error_code read_offices(std::int64_t hers, std::int64_t groups, members::member_facts& into);
    error_code read_accounts(std::int64_t member_id, members::member_facts& into);
    error_code read_loans(std::int64_t member_id, members::member_facts& into);
    error_code read_recent(std::int64_t member_id, members::member_activity& into);
    error_code read_officer(members::member_facts& into);
    error_code read_chain(std::string_view member_code, members::ladder_source& into);
    error_code read_entries(members::ladder_source& into);

    connection file_;
    std::uint32_t number_;
    ledger_calendars calendars_;
    ledger_household household_;
    statement members_by_msisdn_;
    statement member_by_code_;
    statement id_by_code_;
    statement staff_;
    statement savings_;
    statement loans_;
    statement transactions_;
    statement transaction_ids_;
    statement transaction_by_id_;
    statement applications_;
    statement office_of_member_;
    statement office_by_code_;
    statement ladder_;
    std::unique_ptr<ledger_staff> staff_part_;
    /// By code, whoever was asked for; at most staff_kept_max of them.
    std::map<std::string, std::optional<members::staff>, std::less<>> staff_kept_;
};

} // namespace uthan::db::sqlite
