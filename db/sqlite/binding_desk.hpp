#pragma once

#include "access/binding.hpp"
#include "access/record.hpp"
#include "core/error.hpp"
#include "db/sqlite/connection.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Numbers as the auditor's subcommands use them, in short transactions beside a running server.
// `gateway` comes from open_beside. Errors of every function: store_unavailable, corrupt.
namespace uthan::db::sqlite {

/// Bindings that one list holds at most.
inline constexpr std::size_t bindings_listed_max = 10'000;

struct listed_binding {
    std::string member_code;
    access::number_binding binding;
};

/// Those with a change, or on a number of staff; by member code. too_large when there are more than
/// bindings_listed_max.
result<std::vector<listed_binding>> list_bindings_beside(connection gateway,
                                                         std::string_view organisation);

struct listed_link {
    std::string channel;
    std::string token; ///< of one phone on that channel; for grouping, never shown
    std::string member_code;
    instant since{};
};

/// Masked phones that several members are linked to; by channel, phone and member code. too_large
/// when there are more than bindings_listed_max.
result<std::vector<listed_link>> list_shared_links_beside(connection gateway,
                                                          std::string_view organisation);

/// not_found when no change to a number is there.
error_code confirm_number_beside(connection gateway, const access::member_ref& who,
                                 std::string_view done_by, instant now);
/// not_found likewise.
error_code refuse_number_beside(connection gateway, const access::member_ref& who,
                                std::string_view done_by, instant now);
/// How many masked phones were hers.
result<std::size_t> unlink_beside(connection gateway, const access::member_ref& who,
                                  std::string_view done_by, instant now);

} // namespace uthan::db::sqlite
