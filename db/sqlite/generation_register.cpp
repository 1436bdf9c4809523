#include "db/sqlite/generation_register.hpp"

#include "db/sqlite/payment_tables.hpp"

#include <fmt/format.h>

namespace uthan::db::sqlite {
namespace {

constexpr std::string_view record_columns =
    "number, file, digest, as_of, offices, members, rows, built_at, state";

generation_state state_of(std::string_view text) {
    return text == "current" ? generation_state::current
           : text == "kept"  ? generation_state::kept
                             : generation_state::deleted;
}

generation_record read_record(const statement& row) {
    generation_record record;
    record.number = static_cast<std::uint32_t>(row.integer(0));
    record.file = row.text(1);
    record.digest = row.text(2);
    record.as_of = calendar_day{std::chrono::days{row.integer(3)}};
    record.offices = row.integer(4);
    record.members = row.integer(5);
    record.rows = row.integer(6);
    record.built_at = instant{std::chrono::milliseconds{row.integer(7)}};
    record.state = state_of(row.text(8));
    return record;
}

error_code set_current_aside(connection& gateway, std::string_view organisation) {
    auto update = gateway.prepare(
        "UPDATE generations SET state = 'kept' WHERE organisation = ? AND state = 'current'");
    if (!update) {
        return update.error();
    }
    update->bind_view(1, organisation);
    return update->run();
}

error_code insert_current(connection& gateway, std::string_view organisation,
                          const generation_record& built) {
    auto insert = gateway.prepare(
        "INSERT INTO generations(organisation, number, file, digest, as_of, offices, members, "
        "rows, built_at, state) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, 'current')");
    if (!insert) {
        return insert.error();
    }
    insert->bind_view(1, organisation);
    insert->bind(2, built.number);
    insert->bind_view(3, built.file);
    insert->bind_view(4, built.digest);
    insert->bind(5, built.as_of.time_since_epoch().count());
    insert->bind(6, built.offices);
    insert->bind(7, built.members);
    insert->bind(8, built.rows);
    insert->bind(9, built.built_at.time_since_epoch().count());
    return insert->run();
}

/// Beyond the newest kept ones, the kept become deleted.
result<std::vector<std::string>> retire(connection& gateway, std::string_view organisation) {
    auto update = gateway.prepare(
        "UPDATE generations SET state = 'deleted' WHERE organisation = ?1 AND state = 'kept' AND "
        "number NOT IN (SELECT number FROM generations WHERE organisation = ?1 AND state = 'kept' "
        "ORDER BY number DESC LIMIT ?2) RETURNING file");
    if (!update) {
        return update.error();
    }
    update->bind_view(1, organisation);
    update->bind(2, generations_kept);
    std::vector<std::string> files;
    if (const auto failed =
            each_row(*update, [&](const statement& row) { files.emplace_back(row.text(0)); })) {
        return failed;
    }
    return files;
}

} // namespace

std::string generation_file(std::string_view organisation, std::uint32_t number) {
    return fmt::format("{}/{}.db", organisation, number);
}

result<std::vector<generation_record>> list_generations(connection& gateway,
                                                        std::string_view organisation) {
    auto select = gateway.prepare(fmt::format(
        "SELECT {} FROM generations WHERE organisation = ? ORDER BY number DESC", record_columns));
    if (!select) {
        return select.error();
    }
    select->bind_view(1, organisation);
    std::vector<generation_record> records;
    if (const auto failed =
            each_row(*select, [&](const statement& row) { records.push_back(read_record(row)); })) {
        return failed;
    }
    return records;
}

result<std::optional<generation_record>> current_generation(connection& gateway,
                                                            std::string_view organisation) {
    auto select = gateway.prepare(fmt::format(
        "SELECT {} FROM generations WHERE organisation = ? AND state = 'current'", record_columns));
    if (!select) {
        return select.error();
    }
    select->bind_view(1, organisation);
    const auto row = select->step();
    if (!row) {
        return row.error();
    }
    return *row ? std::optional{read_record(*select)} : std::nullopt;
}

result<std::uint32_t> next_generation_number(connection& gateway, std::string_view organisation) {
    auto select = gateway.prepare(
        "SELECT coalesce(max(number), 0) + 1 FROM generations WHERE organisation = ?");
    if (!select) {
        return select.error();
    }
    select->bind_view(1, organisation);
    const auto row = select->step();
    if (!row) {
        return row.error();
    }
    return static_cast<std::uint32_t>(select->integer(0));
}

result<std::vector<std::string>> publish_built(connection& gateway, std::string_view organisation,
                                               const generation_record& built) {
    auto begun = transaction::begin(gateway);
    if (!begun) {
        return begun.error();
    }
    if (const auto failed = set_current_aside(gateway, organisation)) {
        return failed;
    }
    if (const auto failed = insert_current(gateway, organisation, built)) {
        return failed;
    }
    auto files = retire(gateway, organisation);
    if (!files) {
        return files.error();
    }
    if (const auto failed = begun->commit()) {
        return failed;
    }
    return files;
}

error_code publish_again(connection& gateway, std::string_view organisation, std::uint32_t number) {
    auto begun = transaction::begin(gateway);
    if (!begun) {
        return begun.error();
    }
    if (const auto failed = set_current_aside(gateway, organisation)) {
        return failed;
    }
    auto update = gateway.prepare("UPDATE generations SET state = 'current' WHERE organisation = ? "
                                  "AND number = ? AND state = 'kept'");
    if (!update) {
        return update.error();
    }
    update->bind_view(1, organisation);
    update->bind(2, number);
    if (const auto failed = update->run()) {
        return failed;
    }
    if (gateway.changes() != 1) {
        return errc::not_found;
    }
    if (const auto failed = revive_retired(gateway, organisation, number)) {
        return failed;
    }
    return begun->commit();
}

} // namespace uthan::db::sqlite
