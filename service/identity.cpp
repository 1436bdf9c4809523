#include "service/identity.hpp"

#include <algorithm>

namespace uthan::service {
namespace {

/// One that the current generation no longer has is passed over.
task<error_code> add_candidate(members::ledger& ledger, std::string code,
                               std::vector<members::candidate>& into) {
    if (std::ranges::find(into, code, &members::candidate::code) != into.end()) {
        co_return error_code{};
    }
    const auto facts = co_await ledger.facts(std::move(code));
    if (!facts) {
        co_return facts.error() == errc::not_found ? error_code{} : facts.error();
    }
    const auto& who = (*facts)->who;
    if (who.status != members::member_status::closed) {
        into.push_back({who.code, who.name, who.language});
    }
    co_return error_code{};
}

} // namespace

task<result<std::vector<members::candidate>>> find_candidates(members::ledger& ledger,
                                                              access::registry& registry,
                                                              std::string organisation,
                                                              address caller) {
    auto bound =
        co_await registry.members_bound(std::move(organisation), caller, ledger.generation());
    if (!bound) {
        co_return bound.error();
    }
    auto found = co_await ledger.members_of(std::move(caller));
    if (!found || bound->empty()) {
        co_return found;
    }
    for (auto& code : *bound) {
        if (const auto failed = co_await add_candidate(ledger, std::move(code), *found)) {
            co_return failed;
        }
    }
    std::ranges::sort(*found, {}, &members::candidate::code);
    found->resize(std::min(found->size(), members::members_per_phone_max + 1));
    co_return found;
}

} // namespace uthan::service
