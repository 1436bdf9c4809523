#pragma once

#include <array>
#include <string_view>

namespace uthan::menus {

/// A text that the dialogue itself says, whatever the menu.
struct fixed_text {
    std::string_view id;
    std::string_view placeholders; ///< what is filled in, separated by spaces
    std::string_view keys;         ///< the digits that its lines offer
    bool is_choice = false;        ///< its rows get keys
    bool is_word = false;          ///< one line, put into other texts
};

inline constexpr std::array fixed_texts{
    fixed_text{"menu.whose", "name tail", "", true},
    fixed_text{"menu.whose_many", "name tail", "", true},
    fixed_text{"menu.resume", "", "12"},
    fixed_text{"nav.back", "", "", false, true},
    fixed_text{"nav.exit", "", "", false, true},
    fixed_text{"nav.more", "", "", false, true},
    fixed_text{"nav.end", "", ""},
    fixed_text{"reg.unknown", "", ""},
    fixed_text{"reg.consent", "", "123"},
    fixed_text{"pin.ask", "", ""},
    fixed_text{"pin.ask_slip", "", ""},
    fixed_text{"pin.ask_passbook", "", ""},
    fixed_text{"pin.wrong", "tries", ""},
    fixed_text{"pin.locked", "phone", ""},
    fixed_text{"pin.limited", "", ""},
    fixed_text{"pin.none", "phone", ""},
    fixed_text{"pin.new", "", ""},
    fixed_text{"pin.again", "", ""},
    fixed_text{"pin.mismatch", "", ""},
    fixed_text{"pin.weak", "", ""},
    fixed_text{"pin.four", "", ""},
    fixed_text{"num.notice", "date tail", "12"},
    fixed_text{"num.blocked", "id", ""},
    fixed_text{"num.changed", "phone", ""},
    fixed_text{"num.closed", "phone", ""},
    fixed_text{"num.ask_code", "", ""},
    fixed_text{"num.ask_pin", "", "1"},
    fixed_text{"word.other_member", "", "", false, true},
    fixed_text{"num.no_match", "", ""},
    fixed_text{"err.prefix", "", "", false, true},
    fixed_text{"err.amount", "", ""},
    fixed_text{"err.system", "", ""},
    fixed_text{"word.general", "", "", false, true},
    fixed_text{"word.voluntary", "", "", false, true},
    fixed_text{"word.term", "", "", false, true},
    fixed_text{"word.security", "", "", false, true},
    fixed_text{"word.share", "", "", false, true},
    fixed_text{"word.loan_repay", "", "", false, true},
    fixed_text{"word.savings_deposit", "", "", false, true},
    fixed_text{"word.savings_withdraw", "", "", false, true},
    fixed_text{"word.disburse", "", "", false, true},
    fixed_text{"word.interest", "", "", false, true},
    fixed_text{"word.adjust", "", "", false, true},
    fixed_text{"word.reversal", "", "", false, true},
    fixed_text{"word.sms_with_amounts", "", "", false, true},
    fixed_text{"word.sms_without_amounts", "", "", false, true},
    fixed_text{"word.sms_none", "", "", false, true},
    fixed_text{"word.call_morning", "", "", false, true},
    fixed_text{"word.call_afternoon", "", "", false, true},
    fixed_text{"word.at_office", "", "", false, true},
    fixed_text{"word.req_replies", "", "", false, true},
    fixed_text{"word.req_waiting", "", "", false, true},
    fixed_text{"word.req_late", "", "", false, true},
    fixed_text{"word.req_answered", "", "", false, true},
    fixed_text{"word.req_closed", "", "", false, true},
    fixed_text{"staff.which", "", "12"},
    fixed_text{"staff.pin", "name tail pin", ""},
    fixed_text{"word.refund", "", "", false, true},
    fixed_text{"word.leaving", "", "", false, true},
    fixed_text{"word.call_me", "", "", false, true},
    fixed_text{"word.number_change", "", "", false, true},
    fixed_text{"word.overdue", "", "", false, true},
    fixed_text{"word.reach_sms", "", "", false, true},
    fixed_text{"word.reach_meeting", "", "", false, true},
    fixed_text{"word.reach_none", "", "", false, true},
    fixed_text{"word.req_withdrawn", "", "", false, true},
};

} // namespace uthan::menus
