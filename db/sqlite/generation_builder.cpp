#include "db/sqlite/generation_builder.hpp"

#include "db/sqlite/generation_schema.hpp"
#include "db/sqlite/ledger_reader.hpp"
#include "db/sqlite/ledger_rows.hpp"
#include "members/schedule.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>

namespace uthan::db::sqlite {
namespace {

constexpr std::uint64_t page_bytes = 4096;
/// A page cache that keeps the inner pages of all trees, whatever the number of rows.
constexpr const char* build_pragmas = "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; "
                                      "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; "
                                      "PRAGMA cache_size = -65536; PRAGMA foreign_keys = OFF";
/// Loans without schedule rows are read in parts, so that no read is open while rows are inserted.
constexpr int schedules_at_once = 500;

constexpr const char* copy_tables = R"sql(
INSERT INTO offices SELECT * FROM old.offices WHERE code NOT IN (SELECT code FROM temp.replaced);
INSERT INTO staff SELECT * FROM old.staff
    WHERE office_code NOT IN (SELECT code FROM temp.replaced);
INSERT INTO groups SELECT * FROM old.groups WHERE office_id IN (SELECT id FROM main.offices)
    ORDER BY id;
INSERT INTO members SELECT * FROM old.members WHERE office_id IN (SELECT id FROM main.offices)
    ORDER BY id;
CREATE TEMP TABLE dropped_groups(id INTEGER PRIMARY KEY, code TEXT NOT NULL, new_id INTEGER);
INSERT INTO temp.dropped_groups SELECT id, code, NULL FROM old.groups
    WHERE id NOT IN (SELECT id FROM main.groups);
INSERT INTO savings SELECT r.* FROM main.members m CROSS JOIN old.savings r
    ON r.member_id = m.id;
INSERT INTO loans SELECT r.* FROM main.members m CROSS JOIN old.loans r ON r.member_id = m.id;
INSERT INTO instalments SELECT r.* FROM main.members m CROSS JOIN old.instalments r
    ON r.member_id = m.id;
INSERT INTO dues SELECT r.* FROM main.members m CROSS JOIN old.dues r ON r.member_id = m.id;
INSERT INTO transactions SELECT r.* FROM main.members m CROSS JOIN old.transactions r
    ON r.member_id = m.id;
INSERT INTO applications SELECT r.* FROM main.members m CROSS JOIN old.applications r
    ON r.member_id = m.id;
)sql";

constexpr const char* copy_holidays =
    "INSERT INTO holidays SELECT * FROM old.holidays "
    "WHERE scope_code NOT IN (SELECT code FROM temp.replaced) AND (scope_code <> '' OR {})";
constexpr const char* copy_moratoria =
    "INSERT INTO moratoria SELECT * FROM old.moratoria "
    "WHERE scope_code NOT IN (SELECT code FROM temp.replaced) AND (scope_code <> '' OR {})";

error_code sync_path(const std::string& path, int flags) {
    const int file = ::open(path.c_str(), flags | O_CLOEXEC);
    if (file < 0) {
        return errc::store_unavailable;
    }
    const bool synced = ::fsync(file) == 0;
    return ::close(file) == 0 && synced ? error_code{} : make_error_code(errc::store_unavailable);
}

/// Behind every number of the earlier file: a number of a dropped row is never given to another.
result<row_bases> read_bases(connection& file) {
    const auto office = file.scalar("SELECT coalesce(max(id), 0) FROM old.offices");
    const auto group = file.scalar("SELECT coalesce(max(id), 0) FROM old.groups");
    const auto member = file.scalar("SELECT coalesce(max(id), 0) FROM old.members");
    if (!office || !group || !member) {
        return errc::store_unavailable;
    }
    return row_bases{*office, *group, *member};
}

} // namespace

result<std::unique_ptr<generation_builder>> generation_builder::create(const std::string& path,
                                                                       std::uint64_t bytes_max) {
    auto file = connection::open(path, open_mode::read_write_create);
    if (!file) {
        return file.error();
    }
    std::unique_ptr<generation_builder> made{new generation_builder{std::move(*file)}};
    auto& on = made->file_;
    if (const auto failed = on.execute(build_pragmas)) {
        return failed;
    }
    if (bytes_max != 0) {
        const auto limit = fmt::format("PRAGMA max_page_count = {}",
                                       std::max<std::uint64_t>(bytes_max / page_bytes, 1));
        if (const auto failed = on.execute(limit.c_str())) {
            return failed;
        }
    }
    return made;
}

error_code generation_builder::copy(const carry_over& from) {
    auto attach = file_.prepare("ATTACH ? AS old");
    if (!attach) {
        return attach.error();
    }
    attach->bind_view(1, from.path);
    if (const auto failed = attach->run()) {
        return failed;
    }
    if (const auto failed = file_.execute("CREATE TEMP TABLE replaced(code TEXT PRIMARY KEY)")) {
        return failed;
    }
    auto insert = file_.prepare("INSERT INTO temp.replaced VALUES(?)");
    if (!insert) {
        return insert.error();
    }
    for (const auto& code : from.replaced) {
        insert->bind_view(1, code);
        if (const auto failed = insert->run()) {
            return failed;
        }
    }
    const auto bases = read_bases(file_);
    if (!bases) {
        return bases.error();
    }
    bases_ = *bases;
    std::string sql =
        fmt::format("BEGIN; {} {} {};", generation_tables, copy_tables, generation_code_index);
    sql += fmt::format(fmt::runtime(copy_holidays), from.holidays ? 1 : 0) + ';';
    sql += fmt::format(fmt::runtime(copy_moratoria), from.moratoria ? 1 : 0) + ';';
    sql += from.ladder ? "INSERT INTO ladder SELECT * FROM old.ladder;" : "";
    sql += "COMMIT; DETACH old";
    carries_ = true;
    return file_.execute(sql.c_str());
}

error_code generation_builder::start_rows() {
    if (const auto failed = file_.execute("BEGIN")) {
        return failed;
    }
    if (!carries_) {
        if (const auto failed = file_.execute(generation_tables)) {
            return failed;
        }
    }
    const auto members = file_.scalar("SELECT count(*) FROM members");
    if (!members) {
        return members.error();
    }
    carried_members_ = *members;
    auto writer = generation_writer::prepare(file_, bases_);
    if (!writer) {
        return writer.error();
    }
    writer_.emplace(std::move(*writer));
    return {};
}

result<bool> generation_builder::remove_carried(const std::string& member_code) {
    if (!carries_) {
        return false;
    }
    auto find = file_.prepare("SELECT id FROM members WHERE code = ? AND id <= ?");
    if (!find) {
        return errc::store_unavailable;
    }
    find->bind_view(1, member_code);
    find->bind(2, bases_.member);
    const auto row = find->step();
    if (!row || !*row) {
        return row;
    }
    const auto id = find->integer(0);
    find->reset();
    for (const char* table :
         {"savings", "loans", "instalments", "dues", "transactions", "applications", "members"}) {
        const auto sql = fmt::format("DELETE FROM {} WHERE {} = {}", table,
                                     std::string_view{table} == "members" ? "id" : "member_id", id);
        if (file_.execute(sql.c_str())) {
            return errc::store_unavailable;
        }
    }
    --carried_members_;
    return true;
}

result<std::optional<members::instalment>>
generation_builder::neighbour_that_does_not_fit(const members::exchange::instalment_row& row) {
    constexpr std::array neighbours{
        "SELECT seq, due_on FROM instalments WHERE member_id = ? AND ordinal = ? AND seq < ? "
        "ORDER BY seq DESC LIMIT 1",
        "SELECT seq, due_on FROM instalments WHERE member_id = ? AND ordinal = ? AND seq > ? "
        "ORDER BY seq LIMIT 1"};
    for (const auto& sql : neighbours) {
        auto find = file_.prepare(sql);
        if (!find) {
            return find.error();
        }
        find->bind(1, bases_.member + row.member);
        find->bind(2, row.ordinal);
        find->bind(3, row.value.seq);
        const auto found = find->step();
        if (!found) {
            return found.error();
        }
        if (!*found) {
            continue;
        }
        members::instalment other;
        other.seq = static_cast<unsigned>(find->integer(0));
        other.due_on = calendar_day{std::chrono::days{find->integer(1)}};
        const bool fits = other.seq < row.value.seq ? other.due_on < row.value.due_on
                                                    : row.value.due_on < other.due_on;
        if (!fits) {
            return std::optional{other};
        }
    }
    return std::optional<members::instalment>{};
}

error_code generation_builder::relink(std::string_view column, std::string_view what,
                                      members::exchange::findings& said) {
    auto lost = file_.prepare(fmt::format(
        "SELECT d.code, count(*) FROM members m JOIN temp.dropped_groups d ON d.id = m.{} "
        "WHERE d.new_id IS NULL GROUP BY d.code ORDER BY d.code",
        column));
    if (!lost) {
        return lost.error();
    }
    auto row = lost->step();
    for (; row && *row; row = lost->step()) {
        said.add(members::exchange::severity::warning,
                 name_of(members::exchange::file_kind::groups), 0, "groups that are gone",
                 fmt::format("the group {} is no longer there; {} members of offices that stay "
                             "have no {} now",
                             lost->text(0), lost->integer(1), what));
    }
    if (!row) {
        return row.error();
    }
    lost->reset();
    const auto sql =
        fmt::format("UPDATE members SET {0} = (SELECT new_id FROM temp.dropped_groups d "
                    "WHERE d.id = members.{0}) WHERE {0} IN (SELECT id FROM temp.dropped_groups)",
                    column);
    return file_.execute(sql.c_str());
}

error_code generation_builder::relink_groups(members::exchange::findings& said) {
    if (!carries_) {
        return {};
    }
    // One pass over the delivered groups: their codes have no index.
    const auto find =
        fmt::format("UPDATE temp.dropped_groups SET new_id = g.id FROM "
                    "(SELECT code, max(id) AS id FROM main.groups WHERE id > {} GROUP BY code) g "
                    "WHERE g.code = dropped_groups.code",
                    bases_.group);
    if (const auto failed = file_.execute(find.c_str())) {
        return failed;
    }
    if (const auto failed = relink("group_id", "group", said)) {
        return failed;
    }
    return relink("cohesion_id", "cohesion group", said);
}

result<std::vector<generation_builder::bare_loan>>
generation_builder::read_bare_loans(statement& select, std::int64_t member, std::int64_t ordinal) {
    const row_scope scope{select};
    std::vector<bare_loan> loans;
    select.bind(1, member);
    select.bind(2, ordinal);
    for (;;) {
        const auto row = select.step();
        if (!row) {
            return row.error();
        }
        if (!*row) {
            return loans;
        }
        auto& loan = loans.emplace_back();
        loan.value = read_loan(select);
        loan.member = select.integer(loan_columns_count);
        loan.ordinal = select.integer(loan_columns_count + 1);
        loan.line = static_cast<std::uint64_t>(select.integer(loan_columns_count + 2));
        if (const auto weekday = select.optional_integer(loan_columns_count + 3)) {
            loan.meeting.emplace().weekday = static_cast<unsigned>(*weekday);
        }
    }
}

result<bool> generation_builder::make_schedule(const bare_loan& loan,
                                               const members::organisation_rules& rules) {
    const auto* product = product_on(rules, loan.value.product_code, loan.value.disbursed_on);
    auto schedule = members::make_schedule(
        terms_of(loan.value, product, loan.meeting ? &*loan.meeting : nullptr));
    members::allocate(schedule, loan.value.paid_total);
    for (const auto& instalment : schedule) {
        if (!writer_->insert(loan.member, loan.ordinal, instalment)) {
            return errc::store_unavailable;
        }
    }
    return !schedule.empty();
}

result<std::uint64_t> generation_builder::make_schedules(const members::organisation_rules& rules,
                                                         members::exchange::findings& said) {
    auto select = file_.prepare(fmt::format(
        "SELECT {}, l.member_id, l.ordinal, l.line, g.weekday FROM loans l "
        "JOIN members m ON m.id = l.member_id LEFT JOIN groups g ON g.id = m.group_id "
        "WHERE (l.member_id, l.ordinal) > (?, ?) AND NOT EXISTS (SELECT 1 FROM instalments i "
        "WHERE i.member_id = l.member_id AND i.ordinal = l.ordinal) "
        "ORDER BY l.member_id, l.ordinal LIMIT {}",
        loan_columns, schedules_at_once));
    if (!select) {
        return select.error();
    }
    std::uint64_t made = 0;
    std::int64_t last_member = bases_.member;
    std::int64_t last_ordinal = members::loans_per_member_max;
    for (;;) {
        const auto loans = read_bare_loans(*select, last_member, last_ordinal);
        if (!loans) {
            return loans.error();
        }
        if (loans->empty()) {
            return made;
        }
        for (const auto& loan : *loans) {
            const auto has_rows = make_schedule(loan, rules);
            if (!has_rows) {
                return has_rows.error();
            }
            if (!*has_rows) {
                said.add(members::exchange::severity::warning,
                         name_of(members::exchange::file_kind::loans), loan.line,
                         "no schedule rows",
                         "the loan has no schedule rows, and its terms do not give any");
            }
            made += *has_rows ? 1 : 0;
        }
        last_member = loans->back().member;
        last_ordinal = loans->back().ordinal;
    }
}

error_code generation_builder::index_members() {
    return file_.execute(generation_indexes);
}

error_code generation_builder::finish() {
    if (const auto failed = writer_->write_dues()) {
        return failed;
    }
    const auto count = file_.scalar("SELECT count(*) FROM members");
    if (!count) {
        return count.error();
    }
    members_ = *count;
    writer_.reset();
    const auto sql =
        fmt::format("COMMIT; PRAGMA analysis_limit = 1000; ANALYZE; PRAGMA user_version = {}",
                    generation_format);
    return file_.execute(sql.c_str());
}

bool generation_builder::disk_full() noexcept {
    return (sqlite3_errcode(file_.native()) & 0xFF) == SQLITE_FULL;
}

error_code check_file(const std::string& path) {
    auto file = open_generation(path);
    if (!file) {
        return file.error();
    }
    auto check = file->prepare("PRAGMA quick_check(1)");
    if (!check) {
        return check.error();
    }
    const auto row = check->step();
    return row && *row && check->text(0) == "ok" ? error_code{}
                                                 : make_error_code(errc::store_unavailable);
}

error_code put_in_place(const std::string& built, const std::string& path) {
    if (const auto failed = sync_path(built, O_RDONLY)) {
        return failed;
    }
    if (std::rename(built.c_str(), path.c_str()) != 0) {
        return errc::store_unavailable;
    }
    return sync_path(std::filesystem::path{path}.parent_path().string(), O_RDONLY | O_DIRECTORY);
}

} // namespace uthan::db::sqlite
