#pragma once

#include "members/facts.hpp"
#include "sms/message.hpp"

namespace uthan::service {

/// Whether what a message says is still so, by her facts with the payments posted since (the truth
/// fence): the loan is active, and its instalments of that day still want exactly this amount.
/// Pure; whoever cannot read her facts must wait and not send.
bool holds(const sms::fence_condition& condition, const members::member_facts& facts) noexcept;

} // namespace uthan::service
