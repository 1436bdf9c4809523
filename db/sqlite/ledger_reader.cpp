#include "db/sqlite/ledger_reader.hpp"

#include "db/sqlite/dues_codec.hpp"
#include "db/sqlite/generation_schema.hpp"
#include "db/sqlite/ledger_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace uthan::db::sqlite {
namespace {

/// A member of staff has hundreds of members.
constexpr std::size_t staff_kept_max = 4096;
/// Levels of offices, and as many again for an organisation that has more.
constexpr std::size_t office_chain_max = 12;

/// As the facts promise: active first, then by loan_no.
void sort_loans(std::vector<members::loan>& loans) {
    std::sort(loans.begin(), loans.end(), [](const members::loan& a, const members::loan& b) {
        const bool a_over = a.status != members::loan_status::active;
        const bool b_over = b.status != members::loan_status::active;
        return a_over != b_over ? b_over : a.loan_no < b.loan_no;
    });
}

} // namespace

result<connection> open_generation(const std::string& path) {
    auto file = connection::open(path, open_mode::immutable);
    if (!file) {
        return file.error();
    }
    // More than any file: SQLite maps what there is, up to its own limit (2 GiB in Debian's build).
    // The small cache is for what lies behind that.
    if (const auto failed =
            file->execute("PRAGMA mmap_size=1099511627776; PRAGMA cache_size=-4096")) {
        return failed;
    }
    const auto format = file->scalar("PRAGMA user_version");
    if (!format) {
        return format.error();
    }
    if (*format > generation_format) {
        return errc::newer_database;
    }
    // An empty file has format 0.
    if (*format != generation_format) {
        return *format == 0 ? errc::store_unavailable : errc::outdated_file;
    }
    return file;
}

result<std::unique_ptr<ledger_reader>> ledger_reader::open(const std::string& path,
                                                           std::uint32_t number) {
    auto file = open_generation(path);
    if (!file) {
        return file.error();
    }
    std::unique_ptr<ledger_reader> made{new ledger_reader{std::move(*file), number}};
    if (const auto failed = made->prepare()) {
        return failed;
    }
    return made;
}

error_code ledger_reader::prepare() {
    // The file never changes: one read transaction for as long as it is open, instead of one for
    // each statement.
    if (const auto failed = file_.execute("BEGIN")) {
        return failed;
    }
    auto calendars = ledger_calendars::open(file_);
    if (!calendars) {
        return calendars.error();
    }
    calendars_ = std::move(*calendars);
    struct part {
        statement& of;
        std::string sql;
    };
    const part parts[]{
        // Not sorted by SQLite: setting up its sorter costs more than all the rest of it.
        {members_by_msisdn_,
         fmt::format("SELECT {} FROM members WHERE msisdn = ? AND status <> {} LIMIT {}",
                     candidate_columns, static_cast<int>(members::member_status::closed),
                     members::members_per_phone_max + 1)},
        {member_by_code_,
         fmt::format("SELECT {} FROM {} WHERE m.code = ?", member_columns, member_tables)},
        {id_by_code_, "SELECT id FROM members WHERE code = ?"},
        {staff_, fmt::format("SELECT {} FROM staff WHERE code = ?", staff_columns)},
        {savings_, fmt::format("SELECT {} FROM savings WHERE member_id = ? ORDER BY account_no",
                               savings_columns)},
        {loans_, fmt::format("SELECT {}, d.rows FROM loans l LEFT JOIN dues d ON "
                             "d.member_id = l.member_id AND d.ordinal = l.ordinal "
                             "WHERE l.member_id = ? ORDER BY l.ordinal LIMIT {}",
                             loan_columns, members::loans_per_member_max)},
        {transactions_, fmt::format("SELECT {} FROM transactions WHERE member_id = ? "
                                    "ORDER BY txn_on DESC, posted_at DESC, txn_id DESC LIMIT {}",
                                    transaction_columns, members::recent_transactions_max)},
        {transaction_ids_, "SELECT t.txn_id FROM members m JOIN transactions t ON "
                           "t.member_id = m.id WHERE m.code = ? AND t.txn_on >= ?"},
        {transaction_by_id_, fmt::format("SELECT {} FROM transactions WHERE member_id = "
                                         "(SELECT id FROM members WHERE code = ?) AND txn_id = ?",
                                         transaction_columns)},
        {applications_, fmt::format("SELECT {} FROM applications WHERE member_id = ? "
                                    "ORDER BY applied_on DESC, app_no DESC",
                                    application_columns)},
        {office_of_member_,
         "SELECT o.code FROM members m JOIN offices o ON o.id = m.office_id WHERE m.code = ?"},
        {office_by_code_, fmt::format("SELECT {} FROM offices WHERE code = ?", office_columns)},
        {ladder_, "SELECT rung, office, name, phone, way FROM ladder WHERE office = ? "
                  "ORDER BY rung, name"},
    };
    for (const auto& one : parts) {
        auto prepared = file_.prepare(one.sql);
        if (!prepared) {
            return prepared.error();
        }
        one.of = std::move(*prepared);
    }
    return {};
}

result<std::vector<members::candidate>> ledger_reader::members_with(std::string_view msisdn) {
    std::vector<members::candidate> found;
    members_by_msisdn_.bind_view(1, msisdn);
    if (const auto failed = each_row(members_by_msisdn_, [&](const statement& row) {
            found.push_back(read_candidate(row));
        })) {
        return failed;
    }
    std::ranges::sort(found, {}, &members::candidate::code);
    return found;
}

result<std::shared_ptr<const members::member_facts>>
ledger_reader::facts(std::string_view member_code) {
    auto all = std::make_shared<members::member_facts>();
    all->generation = number_;
    std::optional<std::int64_t> id;
    std::int64_t office_id = 0;
    std::int64_t group_office_id = 0;
    member_by_code_.bind_view(1, member_code);
    if (const auto failed = each_row(member_by_code_, [&](const statement& row) {
            all->who = read_member(row);
            id = row.integer(member_id_column);
            office_id = row.integer(member_office_column);
            if (!row.is_null(member_group_columns)) {
                all->group_of = read_group(row, member_group_columns);
                group_office_id = row.integer(member_group_office_column);
            }
        })) {
        return failed;
    }
    if (!id) {
        return errc::not_found;
    }
    if (const auto failed = read_offices(office_id, group_office_id, *all)) {
        return failed;
    }
    for (const auto read : {&ledger_reader::read_accounts, &ledger_reader::read_loans}) {
        if (const auto failed = (this->*read)(*id, *all)) {
            return failed;
        }
    }
    if (const auto failed = read_officer(*all)) {
        return failed;
    }
    return all;
}

result<std::shared_ptr<const members::member_activity>>
ledger_reader::activity(std::string_view member_code) {
    auto all = std::make_shared<members::member_activity>();
    all->generation = number_;
    std::optional<std::int64_t> id;
    id_by_code_.bind_view(1, member_code);
    if (const auto failed =
            each_row(id_by_code_, [&](const statement& row) { id = row.integer(0); })) {
        return failed;
    }
    if (!id) {
        return errc::not_found;
    }
    if (const auto failed = read_recent(*id, *all)) {
        return failed;
    }
    return all;
}

result<std::shared_ptr<const members::household>>
ledger_reader::household_of(std::string_view member_code) {
    auto found = household_.read(file_, member_code);
    if (!found) {
        return found.error();
    }
    return std::make_shared<const members::household>(std::move(*found));
}

result<std::shared_ptr<const members::ladder_source>>
ledger_reader::ladder(std::string_view member_code) {
    auto all = std::make_shared<members::ladder_source>();
    if (const auto failed = read_chain(member_code, *all)) {
        return failed;
    }
    if (const auto failed = read_entries(*all)) {
        return failed;
    }
    return all;
}

/// Her office and its ancestors; a circle among them is cut at its second turn.
error_code ledger_reader::read_chain(std::string_view member_code, members::ladder_source& into) {
    std::string code;
    bool known = false;
    office_of_member_.bind_view(1, member_code);
    if (const auto failed = each_row(office_of_member_, [&](const statement& row) {
            code = row.text(0);
            known = true;
        })) {
        return failed;
    }
    if (!known) {
        return errc::not_found;
    }
    while (!code.empty() && into.chain.size() < office_chain_max) {
        const auto before = into.chain.size();
        office_by_code_.bind_view(1, code);
        if (const auto failed = each_row(office_by_code_, [&](const statement& row) {
                into.chain.push_back(read_office(row));
            })) {
            return failed;
        }
        code = into.chain.size() > before ? into.chain.back().parent_code : std::string{};
    }
    return {};
}

error_code ledger_reader::read_entries(members::ladder_source& into) {
    const auto read = [&](std::string_view office) {
        ladder_.bind_view(1, office);
        return each_row(ladder_, [&](const statement& row) {
            into.imported.push_back({static_cast<unsigned>(row.integer(0)),
                                     std::string{row.text(1)}, std::string{row.text(2)},
                                     std::string{row.text(3)}, std::string{row.text(4)}});
        });
    };
    for (const auto& office : into.chain) {
        if (const auto failed = read(office.code)) {
            return failed;
        }
    }
    return read({});
}

result<std::optional<members::staff>> ledger_reader::staff_with(std::string_view code) {
    if (const auto kept = staff_kept_.find(code); kept != staff_kept_.end()) {
        return kept->second;
    }
    std::optional<members::staff> found;
    staff_.bind_view(1, code);
    if (const auto failed =
            each_row(staff_, [&](const statement& row) { found = read_staff(row); })) {
        return failed;
    }
    if (staff_kept_.size() == staff_kept_max) {
        staff_kept_.clear();
    }
    staff_kept_.emplace(code, found);
    return found;
}

result<bool> ledger_reader::has_office(std::string_view code) {
    bool found = false;
    office_by_code_.bind_view(1, code);
    if (const auto failed = each_row(office_by_code_, [&](const statement&) { found = true; })) {
        return {boost::system::in_place_error, failed};
    }
    return found;
}

result<ledger_staff*> ledger_reader::of_staff() {
    if (!staff_part_) {
        auto opened = ledger_staff::open(file_);
        if (!opened) {
            return opened.error();
        }
        staff_part_ = std::move(*opened);
    }
    return staff_part_.get();
}

result<std::vector<members::staff_group>> ledger_reader::groups_of(std::string_view staff_code) {
    const auto part = of_staff();
    if (!part) {
        return part.error();
    }
    return (*part)->groups_of(staff_code, calendars_);
}

result<std::vector<std::shared_ptr<const members::member_facts>>>
ledger_reader::members_of_group(std::string_view staff_code, std::string_view group_code) {
    const auto part = of_staff();
    if (!part) {
        return part.error();
    }
    const auto codes = (*part)->members_of(staff_code, group_code);
    if (!codes) {
        return codes.error();
    }
    std::vector<std::shared_ptr<const members::member_facts>> found;
    found.reserve(codes->size());
    for (const auto& code : *codes) {
        auto one = facts(code);
        if (!one) {
            return one.error();
        }
        found.push_back(std::move(*one));
    }
    return found;
}

/// A row that is referred to and not there is a broken file.
result<const ledger_calendars::entry*> ledger_reader::office_with(std::int64_t id) {
    const auto found = calendars_.office(id);
    if (!found && found.error() == errc::not_found) {
        return errc::store_unavailable;
    }
    return found;
}

error_code ledger_reader::read_offices(std::int64_t hers, std::int64_t groups,
                                       members::member_facts& into) {
    const auto office = office_with(hers);
    if (!office) {
        return office.error();
    }
    into.office_of = (*office)->office;
    into.who.office_code = into.office_of.code;
    into.calendar = (*office)->calendar;
    if (!into.group_of) {
        return {};
    }
    const auto group_office = office_with(groups);
    if (!group_office) {
        return group_office.error();
    }
    into.who.group_code = into.group_of->code;
    into.group_of->office_code = (*group_office)->office.code;
    return {};
}

error_code ledger_reader::read_accounts(std::int64_t member_id, members::member_facts& into) {
    savings_.bind(1, member_id);
    return each_row(savings_,
                    [&](const statement& row) { into.savings.push_back(read_savings(row)); });
}

error_code ledger_reader::read_loans(std::int64_t member_id, members::member_facts& into) {
    bool readable = true;
    loans_.bind(1, member_id);
    if (const auto failed = each_row(loans_, [&](const statement& row) {
            auto& loan = into.loans.emplace_back(read_loan(row));
            loan.schedule.reserve(
                std::min<std::size_t>(loan.instalments, members::instalments_per_loan_max));
            readable = !read_dues(row.blob(loan_columns_count), loan.schedule) && readable;
        })) {
        return failed;
    }
    if (!readable) {
        return errc::store_unavailable;
    }
    sort_loans(into.loans);
    return {};
}

error_code ledger_reader::read_recent(std::int64_t member_id, members::member_activity& into) {
    into.recent.reserve(members::recent_transactions_max);
    transactions_.bind(1, member_id);
    if (const auto failed = each_row(transactions_, [&](const statement& row) {
            into.recent.push_back(read_transaction(row));
        })) {
        return failed;
    }
    applications_.bind(1, member_id);
    return each_row(applications_, [&](const statement& row) {
        into.applications.push_back(read_application(row));
    });
}

result<std::vector<std::string>> ledger_reader::transaction_ids(std::string_view member_code,
                                                                calendar_day from) {
    std::vector<std::string> ids;
    transaction_ids_.bind_view(1, member_code);
    transaction_ids_.bind(2, from.time_since_epoch().count());
    if (const auto failed = each_row(
            transaction_ids_, [&](const statement& row) { ids.emplace_back(row.text(0)); })) {
        return failed;
    }
    std::ranges::sort(ids);
    return ids;
}

result<std::optional<members::transaction>>
ledger_reader::transaction_of(std::string_view member_code, std::string_view txn_id) {
    std::optional<members::transaction> found;
    transaction_by_id_.bind_view(1, member_code);
    transaction_by_id_.bind_view(2, txn_id);
    if (const auto failed = each_row(
            transaction_by_id_, [&](const statement& row) { found = read_transaction(row); })) {
        return failed;
    }
    return found;
}

/// Her group's; her loan's, where her group has none of its own.
error_code ledger_reader::read_officer(members::member_facts& into) {
    std::string_view code = into.group_of ? std::string_view{into.group_of->staff_code} : "";
    if (code.empty() && !into.loans.empty()) {
        code = into.loans.front().staff_code;
    }
    if (code.empty()) {
        return {};
    }
    auto officer = staff_with(code);
    if (!officer) {
        return officer.error();
    }
    into.officer = std::move(*officer);
    return {};
}

} // namespace uthan::db::sqlite
