#include "access/consent.hpp"

namespace uthan::access {
namespace {

/// In every time zone: no place's calendar is a whole day ahead of UTC's next one.
bool is_later(const imported_consent& said, const std::optional<instant>& chosen_at) {
    if (!chosen_at) {
        return true;
    }
    const calendar_day next =
        std::chrono::floor<std::chrono::days>(*chosen_at) + std::chrono::days{1};
    return said.on && *said.on > next;
}

} // namespace

sms_choice sms_in_force(const member_record& record, const imported_consent& said) {
    if (!said.sms) {
        return record.sms;
    }
    if (record.sms != sms_choice::unasked && !is_later(said, record.sms_chosen_at)) {
        return record.sms;
    }
    if (!*said.sms) {
        return sms_choice::none;
    }
    switch (record.sms) {
    case sms_choice::unasked:
        return sms_choice::without_amounts;
    case sms_choice::none:
        return said.has_form ? sms_choice::without_amounts : sms_choice::none;
    case sms_choice::with_amounts:
    case sms_choice::without_amounts:
        break;
    }
    return record.sms;
}

} // namespace uthan::access
