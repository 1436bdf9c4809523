#include "access/messaging.hpp"

namespace uthan::access {
namespace {

sms_choice choice_of(const member_record& record, const members::member& who) {
    return sms_in_force(record, {.sms = who.sms_consent, .on = who.consent_on});
}

std::optional<std::string> unless_empty(const std::string& number) {
    return number.empty() ? std::nullopt : std::optional{number};
}

} // namespace

std::optional<std::string> number_to_write_to(const member_record& record,
                                              const members::member& who, instant now) {
    if (!record.binding) {
        return unless_empty(who.msisdn);
    }
    const auto& binding = *record.binding;
    const auto& other = binding.change;
    if (!other) {
        return binding.of_staff ? std::nullopt : unless_empty(binding.number);
    }
    const bool forgotten =
        other->state == change_state::waiting && now >= other->opens_at + old_number_kept_for;
    return forgotten ? std::nullopt : unless_empty(binding.number);
}

message_scope receipt_scope(const member_record& record, const members::member& who) {
    switch (choice_of(record, who)) {
    case sms_choice::with_amounts:
        return message_scope::with_amounts;
    case sms_choice::without_amounts:
    case sms_choice::unasked:
        return message_scope::without_amounts;
    case sms_choice::none:
        break;
    }
    return message_scope::nothing;
}

bool takes_messages(const member_record& record, const members::member& who) {
    const auto choice = choice_of(record, who);
    return choice == sms_choice::with_amounts || choice == sms_choice::without_amounts;
}

} // namespace uthan::access
