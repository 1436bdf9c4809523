#pragma once

#include "access/record.hpp"

#include <optional>

// What she chose on her phone, against what a file says. Pure.
namespace uthan::access {

struct imported_consent {
    std::optional<bool> sms{};        ///< absent: the file does not say
    std::optional<calendar_day> on{}; ///< absent: of unknown age, so never later than a choice
    bool has_form = false;            ///< it names the form that she signed
    bool operator==(const imported_consent&) const = default;
};

/// What may be sent to her. A choice made on the phone stands unless the file's consent is later by
/// any clock; a withdrawal made on the phone is undone by a signed form alone. A file's yes allows
/// no amounts.
sms_choice sms_in_force(const member_record& record, const imported_consent& said);

} // namespace uthan::access
