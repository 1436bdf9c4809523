#pragma once

#include "core/address.hpp"

#include <span>
#include <string>
#include <string_view>

// Which operator serves a number. Numbers are ported, so what a number shows by itself is stronger
// than how it begins.
namespace uthan::sms {

/// What was learnt of a number: its own texts and dials on a channel of one operator, a delivery
/// that such a channel reports, or that channel's word that the number is not its.
struct served_by {
    std::string network_operator = {}; ///< empty: nothing is known
    bool is_denied = false;            ///< it is not this one that serves her
    bool operator==(const served_by&) const = default;
};

/// Numbers that begin with these E.164 digits were given out by this operator.
struct operator_prefix {
    std::string digits;
    std::string network_operator;
    bool operator==(const operator_prefix&) const = default;
};

/// The operator of the longest prefix that fits; empty: of none, or no MSISDN. A hint, not a fact.
/// A view into `prefixes`.
std::string_view operator_by_prefix(const address& to, std::span<const operator_prefix> prefixes);

} // namespace uthan::sms
