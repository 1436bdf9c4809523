#include "gateway/api/key_ring.hpp"

#include <boost/beast/core/string.hpp>

namespace uthan::gateway::api {
namespace {

/// Behind "Bearer ", in any case (RFC 9110 11.1); empty for another scheme.
std::string_view bearer_of(std::string_view authorization) noexcept {
    constexpr std::string_view scheme = "Bearer ";
    if (authorization.size() <= scheme.size() ||
        !boost::beast::iequals({authorization.data(), scheme.size()},
                               {scheme.data(), scheme.size()})) {
        return {};
    }
    return authorization.substr(scheme.size());
}

} // namespace

result<key_ring::entry*> key_ring::known(const access::machine_key& presented, time_point now) {
    const auto found = by_id_.find(presented.id);
    if (found != by_id_.end() && now - found->second.read_at < trusted_for) {
        return &found->second;
    }
    auto account = db::sqlite::load_machine(reader_, presented.id);
    if (!account) {
        return account.error();
    }
    if (!*account) {
        return nullptr;
    }
    if (found != by_id_.end()) {
        found->second.account = std::move(**account);
        found->second.read_at = now;
        return &found->second;
    }
    if (by_id_.size() >= known_max) {
        by_id_.clear();
    }
    const double rate = limits_.requests_per_second;
    auto added = by_id_.emplace(
        presented.id, entry{std::move(**account), token_bucket{rate, limits_.burst, now}, now});
    return &added.first->second;
}

result<key_ring::admission> key_ring::admit(std::string_view authorization, time_point now) {
    const auto presented = access::parse_machine_key(bearer_of(authorization));
    if (!presented) {
        return admission{};
    }
    const auto found = known(*presented, now);
    if (!found) {
        return found.error();
    }
    // As much work for an id that nobody has.
    static const access::machine_account nobody{};
    const auto& account = *found != nullptr ? (*found)->account : nobody;
    if (!access::opens(account, key_, *presented)) {
        return admission{};
    }
    if (limits_.requests_per_second > 0 && !(*found)->bucket.take(now)) {
        return admission{verdict::limited, nullptr};
    }
    return admission{verdict::admitted, &account};
}

} // namespace uthan::gateway::api
