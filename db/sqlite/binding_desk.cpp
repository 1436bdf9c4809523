#include "db/sqlite/binding_desk.hpp"

#include "db/sqlite/binding_tables.hpp"
#include "db/sqlite/times.hpp"

namespace uthan::db::sqlite {
namespace {

constexpr std::string_view select_listed =
    "SELECT member_code, b.number, b.since, b.proof, b.of_staff, b.change_number, "
    "b.change_seen_at, b.change_opens_at, b.change_state, b.change_office, b.change_staff, "
    "b.change_told_at FROM number_bindings b WHERE organisation = ?1 AND "
    "(change_number IS NOT NULL OR of_staff <> 0) ORDER BY member_code LIMIT ?2";

constexpr std::string_view select_shared_links =
    "SELECT channel, token, member_code, since FROM number_links l WHERE organisation = ?1 AND "
    "(SELECT count(*) FROM number_links o WHERE o.organisation = l.organisation AND "
    "o.channel = l.channel AND o.token = l.token) > 1 "
    "ORDER BY channel, token, member_code LIMIT ?2";

/// One decision about her number, in one commit.
template <class Decide>
error_code decide_beside(connection gateway, const access::member_ref& who, number_step step,
                         std::string_view done_by, instant now, Decide decide) {
    prepared_connection rows{std::move(gateway)};
    auto begun = transaction::begin(rows.db());
    if (!begun) {
        return begun.error();
    }
    const auto before = load_binding(rows, who);
    if (!before) {
        return before.error();
    }
    const auto after =
        *before ? decide(**before) : std::optional<access::number_binding>{std::nullopt};
    if (!after) {
        return errc::not_found;
    }
    if (const auto failed = store_binding(rows, who, *after, step, done_by, now)) {
        return failed;
    }
    return begun->commit();
}

} // namespace

result<std::vector<listed_binding>> list_bindings_beside(connection gateway,
                                                         std::string_view organisation) {
    auto rows = gateway.prepare(select_listed);
    if (!rows) {
        return rows.error();
    }
    rows->bind_view(1, organisation);
    rows->bind(2, static_cast<std::int64_t>(bindings_listed_max) + 1);
    std::vector<listed_binding> all;
    if (const auto failed = each_row(*rows, [&](const statement& row) {
            auto binding = binding_at(row, 1);
            if (!binding) {
                return error_code{binding.error()};
            }
            all.push_back({std::string{row.text(0)}, std::move(**binding)});
            return all.size() > bindings_listed_max ? make_error_code(errc::too_large)
                                                    : error_code{};
        })) {
        return failed;
    }
    return all;
}

result<std::vector<listed_link>> list_shared_links_beside(connection gateway,
                                                          std::string_view organisation) {
    auto rows = gateway.prepare(select_shared_links);
    if (!rows) {
        return rows.error();
    }
    rows->bind_view(1, organisation);
    rows->bind(2, static_cast<std::int64_t>(bindings_listed_max) + 1);
    std::vector<listed_link> all;
    if (const auto failed = each_row(*rows, [&](const statement& row) {
            all.push_back({std::string{row.text(0)}, std::string{row.text(1)},
                           std::string{row.text(2)}, moment_at(row, 3)});
        })) {
        return failed;
    }
    if (all.size() > bindings_listed_max) {
        return errc::too_large;
    }
    return all;
}

error_code confirm_number_beside(connection gateway, const access::member_ref& who,
                                 std::string_view done_by, instant now) {
    return decide_beside(
        std::move(gateway), who, number_step::confirmed, done_by, now,
        [now](const access::number_binding& before) { return access::after_confirm(before, now); });
}

error_code refuse_number_beside(connection gateway, const access::member_ref& who,
                                std::string_view done_by, instant now) {
    return decide_beside(std::move(gateway), who, number_step::refused, done_by, now,
                         access::after_refusal);
}

result<std::size_t> unlink_beside(connection gateway, const access::member_ref& who,
                                  std::string_view done_by, instant now) {
    prepared_connection rows{std::move(gateway)};
    auto begun = transaction::begin(rows.db());
    if (!begun) {
        return begun.error();
    }
    const auto removed = unlink_addresses(rows, who, done_by, now);
    if (!removed) {
        return removed.error();
    }
    if (const auto failed = begun->commit()) {
        return failed;
    }
    return *removed;
}

} // namespace uthan::db::sqlite
