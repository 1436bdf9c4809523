#pragma once

#include "adapters/smpp/pdu.hpp"
#include "core/address.hpp"

#include <optional>

namespace uthan::adapters::smpp {

/// A subscriber's number as peers write it: by the plan, or international digits with or without
/// '+'. Null: it is none.
std::optional<address> number_of(const party& from, const numbering& plan);

} // namespace uthan::adapters::smpp
