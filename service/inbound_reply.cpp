#include "service/inbound_reply.hpp"

#include "access/consent.hpp"
#include "menus/message_form.hpp"
#include "service/message_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace uthan::service {
namespace {

using menus::answer_name;
using sms::command_kind;

constexpr std::array asked_facts{
    std::pair{command_kind::balance, answer_name::savings},
    std::pair{command_kind::due, answer_name::due},
    std::pair{command_kind::meeting, answer_name::meeting},
    std::pair{command_kind::loan, answer_name::loan},
    std::pair{command_kind::statement, answer_name::statement},
    std::pair{command_kind::call, answer_name::branch},
};

std::string digits_in(std::string_view code) {
    std::string digits;
    std::ranges::copy_if(code, std::back_inserter(digits),
                         [](char c) { return c >= '0' && c <= '9'; });
    return digits;
}

answer_name answer_of_menu(const organisation& of, char key) {
    const auto* start = of.menu.find(of.menu.start());
    const auto* chosen = start == nullptr ? nullptr : start->find_option(key);
    const auto* screen = chosen == nullptr ? nullptr : of.menu.find(chosen->target);
    return screen == nullptr ? answer_name::none : screen->answer;
}

access::sms_choice choice_of_member(const known_member& one) {
    const auto& who = one.facts->who;
    return access::sms_in_force(one.record, {.sms = who.sms_consent, .on = who.consent_on});
}

std::string fixed(const organisation& of, std::string_view id, texts::rendering in,
                  std::span<const written_value> values = {}) {
    return signed_text(of, fill_text(of, id, values, in).text, in);
}

/// The words for what is no question about facts; empty: it is one, or is not understood.
std::string_view fixed_text_of(command_kind kind, bool is_alone) {
    switch (kind) {
    case command_kind::help:
        return "reply_help";
    case command_kind::stop:
        return "reply_stopped";
    case command_kind::start:
        return is_alone ? "reply_started" : "reply_dial";
    case command_kind::language_bn:
    case command_kind::language_en:
        return "reply_language";
    case command_kind::languages:
        return "reply_languages";
    case command_kind::complaint:
        return "reply_complaint";
    default:
        return {};
    }
}

texts::rendering language_of_reply(const organisation& of, const sms::command& asked,
                                   std::span<const known_member> who) {
    if (who.empty()) {
        return rendering_for(of, std::nullopt, {});
    }
    auto chosen = who.front().record.language;
    if (asked.kind == command_kind::language_bn) {
        chosen = members::written_language::bn;
    } else if (asked.kind == command_kind::language_en) {
        chosen = members::written_language::en;
    }
    return rendering_for(of, chosen, who.front().facts->who);
}

inbound_reply answer_from_facts(const organisation& of, const sms::command& asked,
                                const known_member& about, answer_name answer,
                                const reply_ground& ground) {
    const auto in = rendering_for(of, about.record.language, about.facts->who);
    const menus::question question{.facts = *about.facts,
                                   .activity = ground.activity,
                                   .household = ground.household,
                                   .rules = of.rules,
                                   .record = about.record,
                                   .texts = of.texts,
                                   .in = in,
                                   .today = ground.today,
                                   .now = ground.now,
                                   .chosen = {},
                                   .amount = asked.amount,
                                   .help_phone = of.policy.help_phone,
                                   .meeting_changes = ground.meeting_changes};
    return {sms::answered_as::answered, signed_text(of, menus::message_form(answer, question), in)};
}

/// Those that a text message answers; others are the screens'.
bool is_told_by_text(answer_name answer) {
    return answer == answer_name::eligibility || answer == answer_name::eligibility_for ||
           std::ranges::find(asked_facts, answer, [](const auto& one) { return one.second; }) !=
               asked_facts.end();
}

} // namespace

answer_name answer_of(const organisation& of, const sms::command& asked) {
    auto answer = answer_name::none;
    if (asked.kind == command_kind::eligibility) {
        answer = asked.amount ? answer_name::eligibility_for : answer_name::eligibility;
    } else if (asked.kind == command_kind::menu_number) {
        answer = answer_of_menu(of, asked.menu);
    } else {
        const auto* found =
            std::ranges::find(asked_facts, asked.kind, [](const auto& one) { return one.first; });
        answer = found == asked_facts.end() ? answer_name::none : found->second;
    }
    return is_told_by_text(answer) ? answer : answer_name::none;
}

std::optional<std::size_t> meant_of(std::span<const known_member> who, const sms::command& asked,
                                    answer_name answer) {
    for (std::size_t i = 0; i < who.size(); ++i) {
        if (!asked.number.empty() && digits_in(who[i].facts->who.code) == asked.number) {
            return i;
        }
    }
    if (who.empty()) {
        return std::nullopt;
    }
    const auto& first = who.front().facts->who;
    const bool is_one_for_all = std::ranges::all_of(who, [&](const known_member& one) {
        const auto& other = one.facts->who;
        return answer == answer_name::branch
                   ? other.office_code == first.office_code && other.group_code == first.group_code
                   : other.group_code == first.group_code;
    });
    const bool is_shown = !menus::is_personal(answer) && is_one_for_all;
    return who.size() == 1 || is_shown ? std::optional<std::size_t>{0} : std::nullopt;
}

bool may_be_told(std::span<const known_member> who, std::size_t meant, answer_name answer) {
    if (!menus::is_personal(answer)) {
        return true;
    }
    return who.size() == 1 && who[meant].stands == access::standing::own &&
           choice_of_member(who[meant]) == access::sms_choice::with_amounts;
}

inbound_reply reply_to(const organisation& of, const sms::command& asked,
                       std::span<const known_member> who, std::optional<std::size_t> meant,
                       const reply_ground& ground) {
    const auto in = language_of_reply(of, asked, who);
    if (asked.kind == command_kind::pin) {
        return {sms::answered_as::helped, fixed(of, "reply_pin", in)};
    }
    if (who.empty()) {
        return {sms::answered_as::stranger, fixed(of, "reply_stranger", in)};
    }
    if (const auto id = fixed_text_of(asked.kind, who.size() == 1); !id.empty()) {
        return {sms::answered_as::answered, fixed(of, id, in)};
    }
    const auto answer = answer_of(of, asked);
    if (answer == answer_name::none) {
        const bool is_screen = asked.kind == command_kind::menu_number;
        return is_screen ? inbound_reply{sms::answered_as::answered, fixed(of, "reply_dial", in)}
                         : inbound_reply{sms::answered_as::helped, fixed(of, "reply_help", in)};
    }
    if (menus::is_personal(answer) && (!meant || !may_be_told(who, *meant, answer))) {
        return {sms::answered_as::answered, fixed(of, "reply_dial", in)};
    }
    if (!meant) {
        return {sms::answered_as::answered, fixed(of, "reply_whose", in)};
    }
    return answer_from_facts(of, asked, who[*meant], answer, ground);
}

std::optional<access::change> change_by(const sms::command& asked,
                                        std::span<const known_member> who, std::size_t member) {
    switch (asked.kind) {
    case command_kind::stop:
        return access::choose_sms{access::sms_choice::none};
    case command_kind::start: {
        const auto now = choice_of_member(who[member]);
        const bool has_messages =
            now == access::sms_choice::with_amounts || now == access::sms_choice::without_amounts;
        if (who.size() != 1 || has_messages) {
            return std::nullopt;
        }
        return access::choose_sms{access::sms_choice::without_amounts};
    }
    case command_kind::language_bn:
        return access::choose_language{members::written_language::bn};
    case command_kind::language_en:
        return access::choose_language{members::written_language::en};
    default:
        return std::nullopt;
    }
}

} // namespace uthan::service
