#include "gateway/commands/pin_desk.hpp"

#include "access/decisions.hpp"
#include "core/clock.hpp"
#include "db/secret_key_file.hpp"
#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/generation_register.hpp"

#include <filesystem>
#include <span>

namespace uthan::gateway {

std::variant<pin_desk, std::string> open_pin_desk(const settings& in, std::string_view organisation,
                                                  random_source& random) {
    const std::string& path = in.database.gateway;
    auto gateway = db::sqlite::open_beside(path);
    if (!gateway) {
        return path + ": " + gateway.error().message();
    }
    const auto current = db::sqlite::current_generation(*gateway, organisation);
    if (!current) {
        return path + ": " + current.error().message();
    }
    if (!*current) {
        return "nothing has been imported for " + std::string{organisation};
    }
    const secret_key key = db::load_or_create_secret_key(in.pin_key_file, random);
    const auto belongs = db::sqlite::key_belongs(*gateway, key);
    if (!belongs) {
        return path + ": " + belongs.error().message();
    }
    if (!*belongs) {
        return in.pin_key_file + ": not the key that this database's PINs are made with";
    }
    const auto file = std::filesystem::path(in.database.ledger) / (*current)->file;
    return pin_desk{std::move(*gateway), file.string(), (*current)->number, key};
}

access::pin_verifier seal_pin(const secret_key& key, const access::member_ref& who,
                              std::string_view pin, random_source& random) {
    digest128 salt{};
    random.fill(std::as_writable_bytes(std::span(salt)));
    return access::make_verifier(key, who, salt, pin);
}

result<std::string> leave_one_time_pin(pin_desk desk, const access::member_ref& who,
                                       const std::string& code, const access::pin_policy& policy,
                                       random_source& random) {
    std::string pin = access::draw_pin(random, code);
    const auto done = db::sqlite::reset_pin_beside(std::move(desk.gateway), who,
                                                   seal_pin(desk.key, who, pin, random), policy,
                                                   system_clock{}.now());
    if (!done) {
        return done.error();
    }
    return pin;
}

} // namespace uthan::gateway
