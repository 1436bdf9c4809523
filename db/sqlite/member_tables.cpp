#include "db/sqlite/member_tables.hpp"

#include "db/sqlite/binding_tables.hpp"
#include "db/sqlite/times.hpp"

#include <algorithm>

namespace uthan::db::sqlite {
namespace {

using access::member_record;
using access::member_ref;
using access::outcome;

using tries_step = std::chrono::duration<std::int64_t, std::ratio<300>>;
constexpr std::int64_t steps_per_hour = 12;
constexpr std::int64_t steps_per_day = 24 * steps_per_hour;
enum class source_kind : std::int64_t { number = 0, channel = 1, member = 2 };

std::optional<std::int64_t> stored_or_null(std::optional<instant> moment) {
    return moment ? std::optional{stored(*moment)} : std::nullopt;
}

std::optional<instant> moment_or_none_at(const statement& row, int column) {
    const auto value = row.optional_integer(column);
    return value ? std::optional{instant{std::chrono::milliseconds{*value}}} : std::nullopt;
}

std::int64_t step_of(instant moment) {
    return std::chrono::floor<tries_step>(moment.time_since_epoch()).count();
}

/// Where a try is counted. What counts for a day stands as much later as a day is longer than an
/// hour, so that one rule sums and forgets both.
std::int64_t bucket_of(source_kind kind, instant now) {
    return step_of(now) + (kind == source_kind::member ? steps_per_day - steps_per_hour : 0);
}

template <std::size_t N>
bool read_blob(const statement& row, int column, std::array<std::uint8_t, N>& out) {
    const auto bytes = row.blob(column);
    if (bytes.size() != N) {
        return false;
    }
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return true;
}

/// Salt and digest in two neighbouring columns, both NULL or both there.
result<std::optional<access::pin_verifier>> verifier_at(const statement& row, int column) {
    if (row.is_null(column)) {
        return std::optional<access::pin_verifier>{};
    }
    access::pin_verifier verifier;
    if (!read_blob(row, column, verifier.salt) || !read_blob(row, column + 1, verifier.digest)) {
        return errc::corrupt;
    }
    return std::optional{verifier};
}

void bind_verifier(statement& row, int index, const std::optional<access::pin_verifier>& verifier) {
    if (verifier) {
        row.bind_blob(index, as_bytes(verifier->salt));
        row.bind_blob(index + 1, as_bytes(verifier->digest));
    } else {
        row.bind_null(index);
        row.bind_null(index + 1);
    }
}

template <class Enum>
std::optional<Enum> enum_at(const statement& row, int column, Enum last) {
    const auto value = row.integer(column);
    if (value < 0 || value > static_cast<std::int64_t>(last)) {
        return std::nullopt;
    }
    return static_cast<Enum>(value);
}

void bind_key(statement& row, const access::effect_key& key) {
    row.bind_view(1, key.channel);
    row.bind_blob(2, as_bytes(key.session));
    row.bind(3, std::int64_t{key.step});
    row.bind(4, std::int64_t{key.part});
}

/// Always one row: who was never written about by a dialogue may have been by an import. A
/// statement of its own would be a second read transaction, with its locks.
constexpr std::string_view select_record = R"(
SELECT pin_salt, pin_digest, pin_set_at, one_time_salt, one_time_digest, one_time_expires_at,
       tries_used, locked_until, language, sms, sms_chosen_at,
       b.number, b.since, b.proof, b.of_staff, b.change_number, b.change_seen_at,
       b.change_opens_at, b.change_state, b.change_office, b.change_staff, b.change_told_at
FROM (SELECT 1) LEFT JOIN member_records r ON r.organisation = ?1 AND r.member_code = ?2
    LEFT JOIN number_bindings b ON b.organisation = ?1 AND b.member_code = ?2)";

constexpr std::string_view upsert_record = R"(
INSERT INTO member_records (organisation, member_code, pin_salt, pin_digest, pin_set_at,
    one_time_salt, one_time_digest, one_time_expires_at, tries_used, locked_until, language, sms,
    sms_chosen_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
ON CONFLICT DO UPDATE SET pin_salt = ?3, pin_digest = ?4, pin_set_at = ?5, one_time_salt = ?6,
    one_time_digest = ?7, one_time_expires_at = ?8, tries_used = ?9, locked_until = ?10,
    language = ?11, sms = ?12, sms_chosen_at = ?13)";

constexpr std::string_view select_effect = R"(
SELECT organisation, member_code, change, outcome, tries_left, locked_until, one_time, compared_salt,
    request
FROM effects WHERE channel = ?1 AND session = ?2 AND step = ?3 AND part = ?4)";

constexpr std::string_view insert_effect_row = R"(
INSERT INTO effects (channel, session, step, part, organisation, member_code, change, outcome,
    tries_left, locked_until, one_time, compared_salt, at, request)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14))";

constexpr std::string_view update_effect = R"(
UPDATE effects SET outcome = ?5, tries_left = ?6, locked_until = ?7, one_time = ?8,
    compared_salt = NULL
WHERE channel = ?1 AND session = ?2 AND step = ?3 AND part = ?4)";

constexpr std::string_view sum_tries = R"(
SELECT coalesce(sum(tries), 0) FROM pin_tries WHERE kind = ?1 AND source = ?2 AND bucket >= ?3)";

constexpr std::string_view add_try = R"(
INSERT INTO pin_tries (kind, source, bucket, tries) VALUES (?1, ?2, ?3, 1)
ON CONFLICT DO UPDATE SET tries = tries + 1)";

constexpr std::string_view take_try_back = R"(
UPDATE pin_tries SET tries = tries - 1 WHERE kind = ?1 AND source = ?2 AND bucket = ?3 AND tries > 0)";

constexpr std::string_view prune_effects = R"(
DELETE FROM effects WHERE id IN (SELECT id FROM effects WHERE at < ?1 ORDER BY at LIMIT ?2))";

constexpr std::string_view prune_tries = R"(
DELETE FROM pin_tries WHERE (kind, source, bucket) IN
    (SELECT kind, source, bucket FROM pin_tries WHERE bucket < ?1 ORDER BY bucket LIMIT ?2))";

constexpr int binding_column = 11;

result<member_record> record_at(const statement& row) {
    const auto pin = verifier_at(row, 0);
    const auto one_time = verifier_at(row, 3);
    const auto sms = enum_at(row, 9, access::sms_choice::none);
    if (!pin || !one_time || !sms) {
        return errc::corrupt;
    }
    member_record record;
    record.pin = *pin;
    record.pin_set_at = moment_or_none_at(row, 2);
    record.one_time_pin = *one_time;
    record.one_time_expires_at = moment_or_none_at(row, 5);
    record.tries_used = static_cast<unsigned>(row.integer(6));
    record.locked_until = moment_or_none_at(row, 7);
    if (!row.is_null(8)) {
        record.language = enum_at(row, 8, members::written_language::en);
        if (!record.language) {
            return errc::corrupt;
        }
    }
    record.sms = *sms;
    record.sms_chosen_at = moment_or_none_at(row, 10);
    auto binding = binding_at(row, binding_column);
    if (!binding) {
        return binding.error();
    }
    record.binding = std::move(*binding);
    return record;
}

result<recorded_effect> effect_at(const statement& row) {
    const auto kind = enum_at(row, 3, access::outcome_kind::too_many);
    recorded_effect effect;
    effect.who = {std::string{row.text(0)}, std::string{row.text(1)}};
    effect.change = static_cast<std::size_t>(row.integer(2));
    if (!kind || effect.change >= std::variant_size_v<access::change>) {
        return errc::corrupt;
    }
    effect.result.kind = *kind;
    effect.result.tries_left = static_cast<unsigned>(row.integer(4));
    effect.result.locked_until = moment_or_none_at(row, 5);
    effect.result.one_time = row.integer(6) != 0;
    effect.result.request = static_cast<std::uint64_t>(row.integer(8));
    if (!row.is_null(7) && !read_blob(row, 7, effect.compared_salt.emplace())) {
        return errc::corrupt;
    }
    return effect;
}

void bind_outcome(statement& row, int index, const outcome& result) {
    row.bind(index, static_cast<std::int64_t>(result.kind));
    row.bind(index + 1, std::int64_t{result.tries_left});
    row.bind_optional(index + 2, stored_or_null(result.locked_until));
    row.bind(index + 3, std::int64_t{result.one_time});
}

result<unsigned> tries_of(prepared_connection& db, source_kind kind, std::string_view source,
                          instant now) {
    const auto row = db.prepared(sum_tries);
    if (!row) {
        return row.error();
    }
    const row_scope scope{**row};
    (*row)->bind(1, static_cast<std::int64_t>(kind));
    (*row)->bind_blob(2, source);
    (*row)->bind(3, step_of(now) - steps_per_hour);
    const auto found = (*row)->step();
    if (!found) {
        return found.error();
    }
    return static_cast<unsigned>((*row)->integer(0));
}

error_code change_tries_of(prepared_connection& db, std::string_view sql, source_kind kind,
                           std::string_view source, instant now) {
    const auto row = db.prepared(sql);
    if (!row) {
        return row.error();
    }
    (*row)->bind(1, static_cast<std::int64_t>(kind));
    (*row)->bind_blob(2, source);
    (*row)->bind(3, bucket_of(kind, now));
    return (*row)->run();
}

error_code change_all_tries(prepared_connection& db, std::string_view sql,
                            const access::begin_pin_try& by, instant now) {
    if (const auto failed =
            change_tries_of(db, sql, source_kind::number, as_bytes(by.number), now)) {
        return failed;
    }
    if (by.member) {
        if (const auto failed =
                change_tries_of(db, sql, source_kind::member, as_bytes(*by.member), now)) {
            return failed;
        }
    }
    return change_tries_of(db, sql, source_kind::channel, by.channel, now);
}

error_code prune_before(prepared_connection& db, std::string_view sql, std::int64_t oldest) {
    const auto row = db.prepared(sql);
    if (!row) {
        return row.error();
    }
    (*row)->bind(1, oldest);
    (*row)->bind(2, std::int64_t{pruned_per_change});
    return (*row)->run();
}

} // namespace

result<member_record> load_record(prepared_connection& db, const member_ref& who) {
    const auto row = db.prepared(select_record);
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
    return *found ? record_at(**row) : result<member_record>{errc::store_unavailable};
}

error_code store_record(prepared_connection& db, const member_ref& who,
                        const member_record& record) {
    const auto prepared = db.prepared(upsert_record);
    if (!prepared) {
        return prepared.error();
    }
    auto& row = **prepared;
    row.bind_view(1, who.organisation);
    row.bind_view(2, who.member_code);
    bind_verifier(row, 3, record.pin);
    row.bind_optional(5, stored_or_null(record.pin_set_at));
    bind_verifier(row, 6, record.one_time_pin);
    row.bind_optional(8, stored_or_null(record.one_time_expires_at));
    row.bind(9, std::int64_t{record.tries_used});
    row.bind_optional(10, stored_or_null(record.locked_until));
    row.bind_optional(11, record.language
                              ? std::optional{static_cast<std::int64_t>(*record.language)}
                              : std::nullopt);
    row.bind(12, static_cast<std::int64_t>(record.sms));
    row.bind_optional(13, stored_or_null(record.sms_chosen_at));
    return row.run();
}

result<std::optional<recorded_effect>> load_effect(prepared_connection& db,
                                                   const access::effect_key& key) {
    const auto row = db.prepared(select_effect);
    if (!row) {
        return row.error();
    }
    const row_scope scope{**row};
    bind_key(**row, key);
    const auto found = (*row)->step();
    if (!found) {
        return found.error();
    }
    if (!*found) {
        return std::optional<recorded_effect>{};
    }
    auto effect = effect_at(**row);
    if (!effect) {
        return effect.error();
    }
    return std::optional{std::move(*effect)};
}

error_code insert_effect(prepared_connection& db, const access::effect_key& key,
                         const recorded_effect& effect, instant now) {
    const auto prepared = db.prepared(insert_effect_row);
    if (!prepared) {
        return prepared.error();
    }
    auto& row = **prepared;
    bind_key(row, key);
    row.bind_view(5, effect.who.organisation);
    row.bind_view(6, effect.who.member_code);
    row.bind(7, static_cast<std::int64_t>(effect.change));
    bind_outcome(row, 8, effect.result);
    if (effect.compared_salt) {
        row.bind_blob(12, as_bytes(*effect.compared_salt));
    } else {
        row.bind_null(12);
    }
    row.bind(13, stored(now));
    row.bind(14, static_cast<std::int64_t>(effect.result.request));
    return row.run();
}

error_code settle_effect(prepared_connection& db, const access::effect_key& key,
                         const outcome& settled) {
    const auto row = db.prepared(update_effect);
    if (!row) {
        return row.error();
    }
    bind_key(**row, key);
    bind_outcome(**row, 5, settled);
    return (*row)->run();
}

result<access::recent_tries> load_tries(prepared_connection& db, const access::begin_pin_try& by,
                                        instant now) {
    const auto by_number = tries_of(db, source_kind::number, as_bytes(by.number), now);
    const auto by_channel = tries_of(db, source_kind::channel, by.channel, now);
    const auto of_member = by.member ? tries_of(db, source_kind::member, as_bytes(*by.member), now)
                                     : result<unsigned>{0U};
    if (!by_number || !by_channel || !of_member) {
        return errc::store_unavailable;
    }
    return access::recent_tries{*by_number, *by_channel, *of_member};
}

error_code count_try(prepared_connection& db, const access::begin_pin_try& by, instant now) {
    return change_all_tries(db, add_try, by, now);
}

error_code take_back_try(prepared_connection& db, const access::begin_pin_try& by, instant now) {
    return change_all_tries(db, take_try_back, by, now);
}

error_code prune(prepared_connection& db, instant now) {
    if (const auto failed = prune_before(db, prune_effects, stored(now - effects_kept_for))) {
        return failed;
    }
    return prune_before(db, prune_tries, step_of(now) - steps_per_hour);
}

} // namespace uthan::db::sqlite
