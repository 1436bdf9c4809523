#pragma once

#include "access/binding.hpp"
#include "access/record.hpp"
#include "db/sqlite/prepared_connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The rows of number_bindings, number_links and number_steps, inside whatever transaction the
// caller has. Errors of every function: store_unavailable; of those that read: corrupt.
namespace uthan::db::sqlite {

/// A part of the gateway database's migrations.
extern const char* const bindings_schema;
/// A later one: a masked phone's links are of several members.
extern const char* const shared_links_schema;

/// What happened to a number, for the auditor. Stored by number: never renumber.
enum class number_step : std::uint8_t {
    proposed = 1, ///< an import said another
    came_back,    ///< an import said the old one again
    told,         ///< she read of it on her old number
    blocked,      ///< she said "not I" there
    moved,        ///< her PIN was proved from the new number
    confirmed,    ///< by an auditor
    refused,      ///< by an auditor
    linked,       ///< an opaque address, by a slip
    unlinked      ///< by staff
};

/// From eleven columns in the order of the table, `number` first; none when it is NULL.
result<std::optional<access::number_binding>> binding_at(const statement& row, int column);

/// None when there is no row.
result<std::optional<access::number_binding>> load_binding(prepared_connection& db,
                                                           const access::member_ref& who);

/// Replaces the row and appends what happened, `done_by` empty: the member or an import.
error_code store_binding(prepared_connection& db, const access::member_ref& who,
                         const access::number_binding& binding, std::optional<number_step> step,
                         std::string_view done_by, instant now);

/// What a change of a binding in a dialogue means; none: nothing that an auditor asks for.
std::optional<number_step> step_between(const std::optional<access::number_binding>& before,
                                        const access::number_binding& after) noexcept;

/// Whether an opaque address is linked to members_per_phone_max others already.
result<bool> is_phone_full(prepared_connection& db, const access::member_ref& who,
                           const address& opaque);

/// Makes an opaque address hers too, beside others' whose phone it is.
error_code link_address(prepared_connection& db, const access::member_ref& who,
                        const address& opaque, instant now);
/// Removes all links of a member; how many there were.
result<std::size_t> unlink_addresses(prepared_connection& db, const access::member_ref& who,
                                     std::string_view done_by, instant now);

/// Codes of members whose account answers to an opaque address.
result<std::vector<std::string>> load_linked(prepared_connection& db, std::string_view organisation,
                                             const address& opaque);
/// Codes of members whose changed number this one is, the number before.
result<std::vector<std::string>>
load_changed_from(prepared_connection& db, std::string_view organisation, std::string_view number);
/// All numbers before a change, at most `max` and one more.
result<std::vector<std::string>> load_old_numbers(prepared_connection& db,
                                                  std::string_view organisation, std::size_t max);

} // namespace uthan::db::sqlite
