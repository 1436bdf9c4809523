#pragma once

#include "members/ledger.hpp"

#include <memory>
#include <string>
#include <vector>

namespace uthan::service {

/// Her ladder with those who are accused, as the current generation knows them: one who was moved
/// to another office is left out there too. Codes may be empty, twice or of nobody. Errors: the
/// ledger's.
task<result<std::shared_ptr<const members::ladder_source>>>
find_ladder(members::ledger& ledger, std::string member_code,
            std::vector<std::string> accused_codes);

} // namespace uthan::service
