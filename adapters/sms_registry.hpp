#pragma once

#include "adapters/sms_adapter.hpp"

namespace uthan::adapters {

/// The aggregators that carry text messages over HTTP.
std::span<const sms_adapter* const> sms_adapters() noexcept;

/// Null when none has the name.
const sms_adapter* find_sms_adapter(std::string_view name) noexcept;

/// Checks the keys against the row, fills in what has a default, and makes the translator. Null
/// when something is wrong; every problem is appended.
std::unique_ptr<const sms_translator> make_sms_translator(const sms_adapter& row, sms_settings as,
                                                          std::vector<sms_problem>& problems);

} // namespace uthan::adapters
