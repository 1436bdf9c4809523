#pragma once

#include "access/record.hpp"
#include "core/random.hpp"
#include "db/sqlite/connection.hpp"
#include "gateway/settings.hpp"

#include <string>
#include <variant>

namespace uthan::gateway {

/// What a command about members' PINs works on: the gateway's database beside a running server, the
/// published generation's file, and the key that PINs are made with.
struct pin_desk {
    db::sqlite::connection gateway;
    std::string generation; ///< path
    std::uint32_t generation_number = 0;
    secret_key key{};
};

/// Opens it, or says in a sentence why not.
std::variant<pin_desk, std::string> open_pin_desk(const settings& in, std::string_view organisation,
                                                  random_source& random);

/// A fresh one-time PIN as it is kept.
access::pin_verifier seal_pin(const secret_key& key, const access::member_ref& who,
                              std::string_view pin, random_source& random);

/// Forgets the account's PIN and leaves a one-time one, which is returned: to be printed once and
/// kept nowhere. `code`: whose digits a guesser would try first (access::draw_pin).
result<std::string> leave_one_time_pin(pin_desk desk, const access::member_ref& who,
                                       const std::string& code, const access::pin_policy& policy,
                                       random_source& random);

} // namespace uthan::gateway
