#include "db/sqlite/binding_tables.hpp"

#include "db/sqlite/times.hpp"
#include "members/facts.hpp"

namespace uthan::db::sqlite {

// Moments are milliseconds since 1970 UTC; enumerations are stored by number (access/binding.hpp).
const char* const bindings_schema = R"(
-- Which number an account answers to, where it was proved or changed, or is one of staff; and what
-- the last import said when that is another.
CREATE TABLE number_bindings (
    organisation     TEXT    NOT NULL,
    member_code      TEXT    NOT NULL,
    number           TEXT    NOT NULL,
    since            INTEGER NOT NULL,
    proof            INTEGER NOT NULL,
    of_staff         INTEGER NOT NULL,
    change_number    TEXT,
    change_seen_at   INTEGER,
    change_opens_at  INTEGER,
    change_state     INTEGER,
    change_office    TEXT,
    change_staff     TEXT,
    change_told_at   INTEGER,
    PRIMARY KEY (organisation, member_code)
) STRICT, WITHOUT ROWID;
CREATE INDEX number_bindings_changed ON number_bindings (organisation, number)
    WHERE change_number IS NOT NULL;

-- Masked numbers: a token of one channel's application, linked by a branch's slip.
CREATE TABLE number_links (
    organisation TEXT    NOT NULL,
    channel      TEXT    NOT NULL,
    token        TEXT    NOT NULL,
    member_code  TEXT    NOT NULL,
    since        INTEGER NOT NULL,
    PRIMARY KEY (organisation, channel, token)
) STRICT, WITHOUT ROWID;
CREATE INDEX number_links_of_member ON number_links (organisation, member_code);

-- What happened to numbers (number_step), and by whom; empty = the member or an import. Only
-- appended to.
CREATE TABLE number_steps (
    id           INTEGER PRIMARY KEY,
    organisation TEXT    NOT NULL,
    member_code  TEXT    NOT NULL,
    did          INTEGER NOT NULL,
    done_by      TEXT    NOT NULL,
    at           INTEGER NOT NULL
) STRICT;
CREATE INDEX number_steps_of_member ON number_steps (organisation, member_code);
)";

const char* const shared_links_schema = R"(
-- Several members may be linked to one masked phone, each by her own slip.
CREATE TABLE number_links_of_phone (
    organisation TEXT    NOT NULL,
    channel      TEXT    NOT NULL,
    token        TEXT    NOT NULL,
    member_code  TEXT    NOT NULL,
    since        INTEGER NOT NULL,
    PRIMARY KEY (organisation, channel, token, member_code)
) STRICT, WITHOUT ROWID;
INSERT INTO number_links_of_phone SELECT organisation, channel, token, member_code, since
    FROM number_links;
DROP TABLE number_links;
ALTER TABLE number_links_of_phone RENAME TO number_links;
CREATE INDEX number_links_of_member ON number_links (organisation, member_code);
)";

namespace {

constexpr std::string_view select_binding =
    "SELECT b.number, b.since, b.proof, b.of_staff, b.change_number, b.change_seen_at, "
    "b.change_opens_at, b.change_state, b.change_office, b.change_staff, b.change_told_at "
    "FROM number_bindings b WHERE b.organisation = ?1 AND b.member_code = ?2";

constexpr std::string_view replace_binding =
    "INSERT OR REPLACE INTO number_bindings (organisation, member_code, number, since, proof, "
    "of_staff, change_number, change_seen_at, change_opens_at, change_state, change_office, "
    "change_staff, change_told_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

constexpr std::string_view insert_step =
    "INSERT INTO number_steps (organisation, member_code, did, done_by, at) "
    "VALUES (?1, ?2, ?3, ?4, ?5)";

constexpr std::string_view replace_link =
    "INSERT OR REPLACE INTO number_links (organisation, channel, token, member_code, since) "
    "VALUES (?1, ?2, ?3, ?4, ?5)";

constexpr std::string_view delete_links =
    "DELETE FROM number_links WHERE organisation = ?1 AND member_code = ?2";

constexpr std::string_view select_linked =
    "SELECT member_code FROM number_links WHERE organisation = ?1 AND channel = ?2 AND token = ?3 "
    "ORDER BY member_code LIMIT ?4";

constexpr std::string_view count_others =
    "SELECT count(*) FROM number_links WHERE organisation = ?1 AND channel = ?2 AND token = ?3 "
    "AND member_code <> ?4";

constexpr std::string_view select_changed_from =
    "SELECT member_code FROM number_bindings WHERE organisation = ?1 AND number = ?2 AND "
    "change_number IS NOT NULL ORDER BY member_code LIMIT ?3";

constexpr std::string_view select_old_numbers =
    "SELECT number FROM number_bindings WHERE organisation = ?1 AND change_number IS NOT NULL "
    "LIMIT ?2";

constexpr auto candidates_max = static_cast<std::int64_t>(members::members_per_phone_max);

result<access::number_change> change_at(const statement& row, int column) {
    const auto state = row.integer(column + 3);
    if (state < 0 || state > static_cast<std::int64_t>(access::change_state::refused)) {
        return errc::corrupt;
    }
    access::number_change change{.number = std::string{row.text(column)},
                                 .seen_at = moment_at(row, column + 1),
                                 .opens_at = moment_at(row, column + 2),
                                 .state = static_cast<access::change_state>(state),
                                 .office_code = std::string{row.text(column + 4)},
                                 .staff_code = std::string{row.text(column + 5)}};
    if (!row.is_null(column + 6)) {
        change.told_at = moment_at(row, column + 6);
    }
    return change;
}

result<std::vector<std::string>> texts_of(statement& rows) {
    std::vector<std::string> found;
    if (const auto failed =
            each_row(rows, [&](const statement& row) { found.emplace_back(row.text(0)); })) {
        return failed;
    }
    return found;
}

error_code append_step(prepared_connection& db, const access::member_ref& who, number_step step,
                       std::string_view done_by, instant now) {
    const auto row = db.prepared(insert_step);
    if (!row) {
        return row.error();
    }
    (*row)->bind_view(1, who.organisation);
    (*row)->bind_view(2, who.member_code);
    (*row)->bind(3, static_cast<std::int64_t>(step));
    (*row)->bind_view(4, done_by);
    (*row)->bind(5, stored(now));
    return (*row)->run();
}

void bind_change(statement& row, int index, const access::number_binding& binding) {
    const auto& change = binding.change;
    if (!change) {
        for (int i = 0; i < 7; ++i) {
            row.bind_null(index + i);
        }
        return;
    }
    row.bind_view(index, change->number);
    row.bind(index + 1, stored(change->seen_at));
    row.bind(index + 2, stored(change->opens_at));
    row.bind(index + 3, static_cast<std::int64_t>(change->state));
    row.bind_view(index + 4, change->office_code);
    row.bind_view(index + 5, change->staff_code);
    row.bind_optional(index + 6,
                      change->told_at ? std::optional{stored(*change->told_at)} : std::nullopt);
}

} // namespace

result<std::optional<access::number_binding>> binding_at(const statement& row, int column) {
    if (row.is_null(column)) {
        return std::optional<access::number_binding>{};
    }
    const auto proof = row.integer(column + 2);
    if (proof < 0 || proof > static_cast<std::int64_t>(access::number_proof::branch)) {
        return errc::corrupt;
    }
    access::number_binding binding{.number = std::string{row.text(column)},
                                   .since = moment_at(row, column + 1),
                                   .proof = static_cast<access::number_proof>(proof),
                                   .of_staff = row.integer(column + 3) != 0};
    if (!row.is_null(column + 4)) {
        auto change = change_at(row, column + 4);
        if (!change) {
            return change.error();
        }
        binding.change = std::move(*change);
    }
    return std::optional{std::move(binding)};
}

result<std::optional<access::number_binding>> load_binding(prepared_connection& db,
                                                           const access::member_ref& who) {
    const auto row = db.prepared(select_binding);
    if (!row) {
        return row.error();
    }
    const row_scope scope{**row};
    (*row)->bind_view(1, who.organisation);
    (*row)->bind_view(2, who.member_code);
    const auto found = (*row)->step();
    if (!found) {
        return found.error();
    }
    return *found ? binding_at(**row, 0) : std::optional<access::number_binding>{};
}

error_code store_binding(prepared_connection& db, const access::member_ref& who,
                         const access::number_binding& binding, std::optional<number_step> step,
                         std::string_view done_by, instant now) {
    const auto prepared = db.prepared(replace_binding);
    if (!prepared) {
        return prepared.error();
    }
    auto& row = **prepared;
    row.bind_view(1, who.organisation);
    row.bind_view(2, who.member_code);
    row.bind_view(3, binding.number);
    row.bind(4, stored(binding.since));
    row.bind(5, static_cast<std::int64_t>(binding.proof));
    row.bind(6, std::int64_t{binding.of_staff});
    bind_change(row, 7, binding);
    if (const auto failed = row.run()) {
        return failed;
    }
    return step ? append_step(db, who, *step, done_by, now) : error_code{};
}

std::optional<number_step> step_between(const std::optional<access::number_binding>& before,
                                        const access::number_binding& after) noexcept {
    if (!before || !before->change) {
        return after.change ? std::optional{number_step::proposed} : std::nullopt;
    }
    if (!after.change) {
        return after.number == before->number ? number_step::came_back : number_step::moved;
    }
    if (after.change->number != before->change->number) {
        return number_step::proposed;
    }
    if (after.change->state != before->change->state) {
        return after.change->state == access::change_state::blocked ? number_step::blocked
                                                                    : number_step::refused;
    }
    return after.change->told_at != before->change->told_at ? std::optional{number_step::told}
                                                            : std::nullopt;
}

error_code link_address(prepared_connection& db, const access::member_ref& who,
                        const address& opaque, instant now) {
    const auto row = db.prepared(replace_link);
    if (!row) {
        return row.error();
    }
    (*row)->bind_view(1, who.organisation);
    (*row)->bind_view(2, opaque.channel());
    (*row)->bind_view(3, opaque.reveal());
    (*row)->bind_view(4, who.member_code);
    (*row)->bind(5, stored(now));
    if (const auto failed = (*row)->run()) {
        return failed;
    }
    return append_step(db, who, number_step::linked, {}, now);
}

result<bool> is_phone_full(prepared_connection& db, const access::member_ref& who,
                           const address& opaque) {
    const auto row = db.prepared(count_others);
    if (!row) {
        return {boost::system::in_place_error, row.error()};
    }
    const row_scope scope{**row};
    (*row)->bind_view(1, who.organisation);
    (*row)->bind_view(2, opaque.channel());
    (*row)->bind_view(3, opaque.reveal());
    (*row)->bind_view(4, who.member_code);
    const auto found = (*row)->step();
    if (!found) {
        return found;
    }
    return (*row)->integer(0) >= candidates_max;
}

result<std::size_t> unlink_addresses(prepared_connection& db, const access::member_ref& who,
                                     std::string_view done_by, instant now) {
    const auto row = db.prepared(delete_links);
    if (!row) {
        return row.error();
    }
    (*row)->bind_view(1, who.organisation);
    (*row)->bind_view(2, who.member_code);
    if (const auto failed = (*row)->run()) {
        return failed;
    }
    const auto removed = static_cast<std::size_t>(db.db().changes());
    if (removed > 0) {
        if (const auto failed = append_step(db, who, number_step::unlinked, done_by, now)) {
            return failed;
        }
    }
    return removed;
}

result<std::vector<std::string>> load_linked(prepared_connection& db, std::string_view organisation,
                                             const address& opaque) {
    const auto row = db.prepared(select_linked);
    if (!row) {
        return row.error();
    }
    (*row)->bind_view(1, organisation);
    (*row)->bind_view(2, opaque.channel());
    (*row)->bind_view(3, opaque.reveal());
    (*row)->bind(4, candidates_max);
    return texts_of(**row);
}

result<std::vector<std::string>>
load_changed_from(prepared_connection& db, std::string_view organisation, std::string_view number) {
    const auto row = db.prepared(select_changed_from);
    if (!row) {
        return row.error();
    }
    (*row)->bind_view(1, organisation);
    (*row)->bind_view(2, number);
    (*row)->bind(3, candidates_max);
    return texts_of(**row);
}

result<std::vector<std::string>> load_old_numbers(prepared_connection& db,
                                                  std::string_view organisation, std::size_t max) {
    const auto row = db.prepared(select_old_numbers);
    if (!row) {
        return row.error();
    }
    (*row)->bind_view(1, organisation);
    (*row)->bind(2, static_cast<std::int64_t>(max) + 1);
    return texts_of(**row);
}

} // namespace uthan::db::sqlite
