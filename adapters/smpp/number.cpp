#include "adapters/smpp/number.hpp"

#include <string>
#include <utility>

namespace uthan::adapters::smpp {

std::optional<address> number_of(const party& from, const numbering& plan) {
    if (auto known = plan.parse(from.address)) {
        return std::move(*known);
    }
    const auto digits = from.address.substr(from.address.starts_with('+') ? 1 : 0);
    if (auto foreign = address::e164("+" + std::string{digits})) {
        return std::move(*foreign);
    }
    return std::nullopt;
}

} // namespace uthan::adapters::smpp
