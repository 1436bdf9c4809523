#pragma once

#include "access/decisions.hpp"
#include "access/record.hpp"
#include "db/sqlite/prepared_connection.hpp"

#include <chrono>
#include <optional>

// The rows of member_records, effects and pin_tries, inside whatever transaction the caller has.
// Errors of every function: store_unavailable; of those that read: corrupt.
namespace uthan::db::sqlite {

/// How long an effect's outcome is kept for a replay.
inline constexpr std::chrono::hours effects_kept_for{48};
/// Old rows that one change removes of each table: more than it adds, so the tables stay bounded
/// and no change pays for many.
inline constexpr int pruned_per_change = 8;

result<access::member_record> load_record(prepared_connection& db, const access::member_ref& who);
/// All but its binding (binding_tables.hpp).
error_code store_record(prepared_connection& db, const access::member_ref& who,
                        const access::member_record& record);

/// What is kept of a change that was made.
struct recorded_effect {
    access::member_ref who;
    std::size_t change = 0; ///< the alternative's index in access::change; never reorder those
    access::outcome result; ///< without `compare_with` and `replayed`
    /// try_allowed: the salt of the verifier that the try is about.
    std::optional<digest128> compared_salt;
};

result<std::optional<recorded_effect>> load_effect(prepared_connection& db,
                                                   const access::effect_key& key);
/// The key must be new.
error_code insert_effect(prepared_connection& db, const access::effect_key& key,
                         const recorded_effect& effect, instant now);
/// Replaces the outcome of a begun try by that of its compare.
error_code settle_effect(prepared_connection& db, const access::effect_key& key,
                         const access::outcome& settled);

/// Tries of the last hour, in steps of five minutes: never less than an hour of them.
result<access::recent_tries> load_tries(prepared_connection& db, const access::begin_pin_try& by,
                                        instant now);
error_code count_try(prepared_connection& db, const access::begin_pin_try& by, instant now);
/// A right PIN was no guess. Finds its count only in the step of time in which it was begun.
error_code take_back_try(prepared_connection& db, const access::begin_pin_try& by, instant now);

/// Removes a bounded number of rows that are too old to matter.
error_code prune(prepared_connection& db, instant now);

} // namespace uthan::db::sqlite
