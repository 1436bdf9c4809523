#pragma once

#include "core/error.hpp"
#include "core/task.hpp"
#include "members/ledger.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace uthan::service {

/// Which offices lie below which: a key is for one office and all below it. Remembers what it found
/// for as long as the generation stays the same. A shard's thread.
class office_scope {
public:
    explicit office_scope(members::ledger& ledger) : ledger_(ledger) {}

    /// Whether the member's office is `office` or below it. Errors: store_unavailable.
    task<result<bool>> covers(std::string office,
                              std::shared_ptr<const members::member_facts> hers);

private:
    /// Pairs of offices that are remembered; an organisation has hundreds of offices and a few
    /// keys.
    static constexpr std::size_t known_max = 16'384;

    members::ledger& ledger_;
    std::uint32_t generation_ = 0;
    std::map<std::pair<std::string, std::string>, bool, std::less<>> known_;
};

} // namespace uthan::service
