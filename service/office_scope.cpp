#include "service/office_scope.hpp"

#include <algorithm>

namespace uthan::service {

task<result<bool>> office_scope::covers(std::string office,
                                        std::shared_ptr<const members::member_facts> hers) {
    if (hers->who.office_code == office) {
        co_return true;
    }
    if (generation_ != hers->generation || known_.size() >= known_max) {
        known_.clear();
        generation_ = hers->generation;
    }
    std::pair key{std::move(office), hers->who.office_code};
    if (const auto found = known_.find(key); found != known_.end()) {
        co_return found->second;
    }
    const auto ladder = co_await ledger_.ladder(hers->who.code);
    if (!ladder) {
        co_return result<bool>{boost::system::in_place_error, ladder.error()};
    }
    const bool below = std::ranges::any_of(
        (*ladder)->chain, [&](const members::office& one) { return one.code == key.first; });
    known_.emplace(std::move(key), below);
    co_return below;
}

} // namespace uthan::service
