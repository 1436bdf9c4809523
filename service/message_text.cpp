#include "service/message_text.hpp"

#include "members/due.hpp"
#include "menus/shown_name.hpp"
#include "texts/forms.hpp"
#include "texts/graphemes.hpp"

#include <algorithm>
#include <charconv>

namespace uthan::service {
namespace {

using members::transaction_kind;
using texts::rendering;

constexpr std::string_view section = "message.";

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) {
        text += text.empty() ? "" : "\n";
        text += line;
    }
    return text;
}

const members::label& signature(const organisation& of) noexcept {
    return of.signature;
}

std::string signature_in(const organisation& of, rendering in) {
    const auto& name = signature(of);
    return in == rendering::bn || name.en.empty() ? name.bn : name.en;
}

std::optional<std::int64_t> number_in(std::string_view written, std::int64_t most) {
    std::int64_t value = 0;
    const auto* end = written.data() + written.size();
    const auto [stop, failed] = std::from_chars(written.data(), end, value);
    if (failed != std::errc{} || stop != end || value < 0 || value > most) {
        return std::nullopt;
    }
    return value;
}

std::optional<std::string> time_in(std::string_view written, rendering in) {
    if (written.size() != 5 || written[2] != ':') {
        return std::nullopt;
    }
    const auto hours = number_in(written.substr(0, 2), 23);
    const auto minutes = number_in(written.substr(3), 59);
    if (!hours || !minutes) {
        return std::nullopt;
    }
    return texts::time_form(std::chrono::minutes{*hours * 60 + *minutes}, in);
}

/// None when it is not of its kind.
std::optional<std::string> form_of_value(const texts::placeholder& holds, std::string_view written,
                                         rendering in) {
    constexpr std::size_t value_bytes_max = 200;
    if (written.empty() || written.size() > value_bytes_max) {
        return std::nullopt;
    }
    switch (holds.kind) {
    case texts::value_kind::money: {
        const auto amount = parse_money(written);
        return amount ? std::optional{texts::money_form(*amount, in)} : std::nullopt;
    }
    case texts::value_kind::count: {
        const auto count = number_in(written, 999);
        return count ? std::optional{texts::count_form(*count, in)} : std::nullopt;
    }
    case texts::value_kind::date: {
        const auto day = parse_day(written);
        return day ? std::optional{texts::date_form(*day, in)} : std::nullopt;
    }
    case texts::value_kind::weekday: {
        const auto weekday = number_in(written, 7);
        return weekday && *weekday > 0
                   ? std::optional{texts::weekday_form(static_cast<unsigned>(*weekday), in)}
                   : std::nullopt;
    }
    case texts::value_kind::time:
        return time_in(written, in);
    case texts::value_kind::phone:
        return texts::phone_form(written, in);
    case texts::value_kind::name:
    case texts::value_kind::place:
    case texts::value_kind::word:
    case texts::value_kind::code:
        break;
    }
    return std::string{written};
}

texts::values own_values(const organisation& of, rendering in) {
    texts::values values;
    values.set("org", signature_in(of, in));
    values.set("ussd", of.service_code);
    return values;
}

const texts::text_template* text_of(const organisation& of, std::string_view id, rendering in) {
    return of.texts.find(std::string{section} + std::string{id}, in);
}

/// Which text, the amount's placeholder, and what is left after it.
struct receipt_form {
    std::string_view id;
    std::string_view amount;
    std::string_view left; ///< empty: not said
};

receipt_form form_of_receipt(const receipt_facts& about) noexcept {
    if (!about.with_amounts) {
        return about.payment.takes_back ? receipt_form{"receipt_reversed_plain", {}, {}}
                                        : receipt_form{"receipt_plain", {}, {}};
    }
    if (about.payment.takes_back) {
        return {"receipt_reversed", "amt", {}};
    }
    switch (about.payment.what.kind) {
    case transaction_kind::savings_deposit:
        return {"receipt_saving", "sav", "total"};
    case transaction_kind::savings_withdraw:
        return {"receipt_withdrawal", "wd", "left"};
    default:
        break;
    }
    return {"receipt_instalment", "inst", "left"};
}

/// As the core system says, else by the facts.
money left_after(const receipt_facts& about) {
    const auto& what = about.payment.what;
    if (what.balance_after) {
        return *what.balance_after;
    }
    for (const auto& loan : about.after.loans) {
        if (loan.loan_no == what.account_no) {
            return members::left_of(loan);
        }
    }
    for (const auto& account : about.after.savings) {
        if (account.account_no == what.account_no) {
            return account.balance;
        }
    }
    return {};
}

} // namespace

rendering rendering_for(const organisation& of, std::optional<members::written_language> chosen,
                        const members::member& who) noexcept {
    const auto wanted = chosen.value_or(who.language);
    const auto& spoken = of.languages;
    const bool has = spoken.empty() || std::ranges::find(spoken, wanted) != spoken.end();
    const auto language = has ? wanted : spoken.front();
    return language == members::written_language::en ? rendering::en : rendering::bn;
}

rendering rendering_of(std::string_view utf8) noexcept {
    // U+0980 … U+09FF: E0 A6 80 … E0 A7 BF.
    for (std::size_t i = 0; i + 2 < utf8.size(); ++i) {
        const auto second = static_cast<unsigned char>(utf8[i + 1]);
        if (static_cast<unsigned char>(utf8[i]) == 0xE0 && (second == 0xA6 || second == 0xA7)) {
            return rendering::bn;
        }
    }
    return rendering::en;
}

filled_text fill_text(const organisation& of, std::string_view id,
                      std::span<const written_value> values, rendering in) {
    const auto* text = text_of(of, id, in);
    if (text == nullptr) {
        return {text_fault::no_such_text, {}};
    }
    auto filled = own_values(of, in);
    const auto names = text->names();
    for (const auto& [name, written] : values) {
        const auto* holds = texts::find_placeholder(name);
        if (holds == nullptr || std::ranges::find(names, name) == names.end()) {
            return {text_fault::bad_values, {}};
        }
        auto form = form_of_value(*holds, written, in);
        if (!form) {
            return {text_fault::bad_values, {}};
        }
        filled.set(holds->name, std::move(*form));
    }
    for (const auto name : names) {
        if (filled.find(name) == nullptr) {
            return {text_fault::bad_values, {}};
        }
    }
    return {text_fault::none, joined(text->render(filled, {}, in))};
}

std::string signed_text(const organisation& of, std::string text, rendering in) {
    const auto& name = signature(of);
    const auto says = [&](const std::string& words) {
        return !words.empty() && text.find(words) != std::string::npos;
    };
    if (says(name.bn) || says(name.en)) {
        return text;
    }
    return std::move(text) + " -" + signature_in(of, in);
}

std::string receipt_text(const organisation& of, const receipt_facts& about, rendering in) {
    const auto form = form_of_receipt(about);
    const auto* text = text_of(of, form.id, in);
    if (text == nullptr) {
        return {};
    }
    auto values = own_values(of, in);
    values.set("date", texts::date_form(about.payment.what.txn_on, in));
    if (!form.amount.empty()) {
        values.set(form.amount, texts::money_form(about.payment.what.amount, in));
    }
    if (!form.left.empty()) {
        values.set(form.left, texts::money_form(left_after(about), in));
    }
    auto said = joined(text->render(values, {}, in));
    if (about.is_shared) {
        said.insert(0, texts::first_name(menus::shown_name(about.after.who.name, in)) + ": ");
    }
    return said;
}

} // namespace uthan::service
