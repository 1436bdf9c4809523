#pragma once

#include "adapters/http_sms/template.hpp"
#include "adapters/sms_adapter.hpp"
#include "adapters/sms_fields.hpp"

#include <string>
#include <utility>
#include <vector>

namespace uthan::adapters::http_sms {

enum class answer_format : std::uint8_t { json, xml, text };

/// A channel's keys, taken apart once.
struct description {
    bool post = true;
    escaping body_escapes = escaping::percent;
    std::string content_type;
    sms_template url; ///< values are percent-encoded
    sms_template body;
    std::vector<std::pair<std::string, sms_template>> headers;

    answer_format answers = answer_format::json;
    /// Every code that a list names, and what it means.
    std::vector<std::pair<std::string, sms_outcome>> codes;

    field_format texts_are = field_format::form;
    field_format receipts_are = field_format::form;
    std::vector<std::pair<std::string, sms::receipt_state>> states;
};

/// Every problem is appended; what is returned then is for nobody's use.
description describe(const sms_settings& as, std::vector<sms_problem>& problems);

/// Each key's row.
std::span<const sms_key> description_keys() noexcept;

} // namespace uthan::adapters::http_sms
