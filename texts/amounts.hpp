#pragma once

#include "core/money.hpp"
#include "texts/tokens.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace uthan::texts {

/// An amount in whole taka as a member writes it, in digits and words of either script: "20,000",
/// "২০০০০", "20k", "২০ হাজার", "1.5 lakh", "5 hazar", "পাঁচশ", "সাড়ে তিন হাজার", "dui hajar
/// pachsho", "one thousand two hundred". Words for money beside it ("taka", "tk", "৳", "/-") say
/// nothing. None when anything else is said, for 0, for poisha and for more than Tk 10 crore.
std::optional<money> amount_of(std::span<const token> tokens);
std::optional<money> amount_of(std::string_view utf8);

/// "taka", "tk", "টাকা", ৳: what beside a number says that it is money.
bool is_money_word(const token& one);
/// "hazar", "লাখ", "k": what behind a number makes it an amount.
bool is_multiplier(const token& one);

} // namespace uthan::texts
