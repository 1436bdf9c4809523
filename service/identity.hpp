#pragma once

#include "access/record.hpp"
#include "core/address.hpp"
#include "members/ledger.hpp"

#include <string>
#include <vector>

namespace uthan::service {

/// Who may be meant by a caller: whom the ledger names, and whose account answers to this address
/// though no file says so (a masked number that was linked, a number that an import changed). By
/// member code, at most members_per_phone_max + 1. Errors: the ports'.
task<result<std::vector<members::candidate>>> find_candidates(members::ledger& ledger,
                                                              access::registry& registry,
                                                              std::string organisation,
                                                              address caller);

} // namespace uthan::service
