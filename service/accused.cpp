#include "service/accused.hpp"

#include <algorithm>

namespace uthan::service {

task<result<std::shared_ptr<const members::ladder_source>>>
find_ladder(members::ledger& ledger, std::string member_code,
            std::vector<std::string> accused_codes) {
    auto found = co_await ledger.ladder(std::move(member_code));
    if (!found) {
        co_return found;
    }
    std::vector<members::staff> accused;
    for (auto& code : accused_codes) {
        const bool known = std::ranges::find(accused, code, &members::staff::code) != accused.end();
        if (code.empty() || known) {
            continue;
        }
        auto who = co_await ledger.staff_with(std::move(code));
        if (!who) {
            co_return who.error();
        }
        if (*who) {
            accused.push_back(std::move(**who));
        }
    }
    if (accused.empty()) {
        co_return found;
    }
    auto with = std::make_shared<members::ladder_source>(**found);
    with->accused = std::move(accused);
    co_return with;
}

} // namespace uthan::service
