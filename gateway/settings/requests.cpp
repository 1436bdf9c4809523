#include "gateway/settings/requests.hpp"

#include "menus/service_answers.hpp"
#include "menus/shown_name.hpp"
#include "texts/graphemes.hpp"
#include "texts/utf8.hpp"
#include "texts/weight.hpp"

#include <algorithm>

namespace uthan::gateway {
namespace {

using members::ladder_step;
using members::request_kind;
using members::request_rules;
using members::savings_product;

constexpr std::size_t code_length_max = 32;

/// A code travels in dialogues and stands in the database.
bool is_code(std::string_view text) noexcept {
    return !text.empty() && text.size() <= code_length_max && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

void check_assumed(toml_reader& from, const std::vector<std::string>& assumed) {
    for (const std::string& name : assumed) {
        if (!from.has(name) || name == "assumed") {
            from.complain("assumed", "\"" + name + "\" is no key of this table");
        }
    }
}

void read_emergency_products(toml_reader& from, request_rules& rules) {
    std::vector<std::string> written;
    if (!from.texts("emergency_products", written)) {
        return;
    }
    rules.emergency_products.clear();
    for (const std::string& name : written) {
        if (name == "general") {
            rules.emergency_products.push_back(savings_product::general);
        } else if (name == "voluntary") {
            rules.emergency_products.push_back(savings_product::voluntary);
        } else if (name == "term") {
            rules.emergency_products.push_back(savings_product::term);
        } else if (name == "security") {
            rules.emergency_products.push_back(savings_product::security);
        } else if (name == "group_share") {
            rules.emergency_products.push_back(savings_product::group_share);
        } else {
            from.complain("emergency_products",
                          "\"" + name +
                              "\" is none of: general, voluntary, term, security, group_share");
        }
    }
}

void read_limits(toml_reader& root, organisation_settings& target, problem_list& problems) {
    const toml::table* table = root.table("requests");
    if (table == nullptr) {
        return;
    }
    toml_reader from(*table, target.file, "[requests]", problems);
    request_rules& rules = target.rules.requests;
    from.number("answer_days", rules.answer_days, 1, members::answer_days_max);
    from.word("escalation", rules.escalation,
              {{"by_member", members::escalation_way::by_member},
               {"by_itself", members::escalation_way::by_itself}});
    from.number("open_max", rules.open_max, 1, 20);
    from.number("repeat_days", rules.repeat_days, 0, 365);
    from.number("month_max", rules.month_max, 1, 40);
    read_emergency_products(from, rules);
    from.texts("assumed", rules.assumed);
    check_assumed(from, rules.assumed);
    from.finish();
}

void read_offered(toml_reader& root, organisation_settings& target, problem_list& problems) {
    auto& offered = target.rules.requests.offered;
    for (const toml::table* table : root.tables("offered_requests")) {
        toml_reader from(*table, target.file, "[[offered_requests]]", problems);
        members::offered_request one;
        from.require("kind");
        from.word("kind", one.kind,
                  {{"call_me", request_kind::call_me},
                   {"refund_emergency", request_kind::refund_emergency},
                   {"refund_exit", request_kind::refund_exit}});
        from.number("answer_days", one.answer_days, 1, members::answer_days_max);
        if (std::ranges::find(offered, one.kind, &members::offered_request::kind) !=
            offered.end()) {
            from.complain("kind", "the same kind is there twice");
        }
        from.finish();
        offered.push_back(one);
    }
}

void read_complaints(toml_reader& root, organisation_settings& target, problem_list& problems) {
    auto& categories = target.rules.requests.categories;
    for (const toml::table* table : root.tables("complaints")) {
        toml_reader from(*table, target.file, "[[complaints]]", problems);
        members::complaint_category one;
        from.require("code");
        if (from.text("code", one.code) && !is_code(one.code)) {
            from.complain("code", "must be 1 to 32 of: a-z 0-9 _");
        }
        read_label(from, "name", one.name, target.file, texts::find_placeholder("matter"),
                   problems);
        from.flag("about_staff", one.about_staff);
        if (std::ranges::find(categories, one.code, &members::complaint_category::code) !=
            categories.end()) {
            from.complain("code", "the same code is there twice");
        }
        if (categories.size() == members::complaint_categories_max) {
            from.complain("code", "more than " + std::to_string(members::complaint_categories_max) +
                                      " kinds of complaint");
        }
        from.finish();
        categories.push_back(std::move(one));
    }
}

void read_ladder_step(toml_reader& from, ladder_step& step, const std::string& file,
                      problem_list& problems) {
    from.require("rung");
    from.number("rung", step.rung, 0, members::ladder_rung_max);
    from.number("answer_days", step.answer_days, 1, members::answer_days_max);
    if (from.has("title")) {
        read_label(from, "title", step.title, file, texts::find_placeholder("office"), problems);
    } else {
        std::string nothing;
        from.text("title", nothing);
    }
    members::office_level level{};
    if (from.word("level", level,
                  {{"head", members::office_level::head},
                   {"division", members::office_level::division},
                   {"district", members::office_level::district},
                   {"area", members::office_level::area},
                   {"upazila", members::office_level::upazila},
                   {"branch", members::office_level::branch}})) {
        step.at = level;
    }
    from.texts("roles", step.roles);
}

void read_ladder(toml_reader& root, organisation_settings& target, problem_list& problems) {
    auto& ladder = target.rules.requests.ladder;
    for (const toml::table* table : root.tables("ladder")) {
        toml_reader from(*table, target.file, "[[ladder]]", problems);
        ladder_step step;
        step.answer_days = target.rules.requests.answer_days;
        read_ladder_step(from, step, target.file, problems);
        if (std::ranges::find(ladder, step.rung, &ladder_step::rung) != ladder.end()) {
            from.complain("rung", "the same rung is there twice");
        }
        from.finish();
        ladder.push_back(std::move(step));
    }
}

void read_applications(toml_reader& root, organisation_settings& target, problem_list& problems) {
    const toml::table* table = root.table("applications");
    if (table == nullptr) {
        return;
    }
    toml_reader from(*table, target.file, "[applications]", problems);
    auto& rules = target.rules.applications;
    std::uint32_t days = 0;
    if (from.number("first_days", days, 1, 365)) {
        rules.first_days = days;
    }
    if (from.number("reinvest_days", days, 1, 365)) {
        rules.reinvest_days = days;
    }
    from.number("near_days", rules.near_days, 0, 365);
    from.texts("granted", rules.granted);
    from.texts("refused", rules.refused);
    from.finish();
}

void read_training(toml_reader& root, organisation_settings& target, problem_list& problems) {
    const toml::table* table = root.table("training");
    if (table == nullptr) {
        return;
    }
    toml_reader from(*table, target.file, "[training]", problems);
    auto& rules = target.rules.training;
    from.require("weeks");
    from.number("weeks", rules.weeks, 1, members::training_weeks_max);
    from.texts("assumed", rules.assumed);
    check_assumed(from, rules.assumed);
    from.finish();
}

/// A text of any length for the lines of a screen: English and Bangla in Latin letters may be left
/// out, and are transliterated then.
void read_information(toml_reader& from, members::label& target, const std::string& file,
                      problem_list& problems) {
    from.require("text");
    const toml::table* table = from.table("text");
    if (table == nullptr) {
        return;
    }
    toml_reader text(*table, file, "text", problems);
    text.require("bn");
    text.text("bn", target.bn);
    text.text("en", target.en);
    text.text("bn-Latn", target.bn_latn);
    for (std::string* form : {&target.bn, &target.en, &target.bn_latn}) {
        std::ranges::replace(*form, '\n', ' ');
    }
    target.bn = texts::shortest_form(target.bn);
    for (const auto in : texts::all_renderings) {
        const auto shown = menus::shown_name(target, in);
        if (texts::utf16_units(shown) > members::information_units_max) {
            text.complain(texts::to_string(in), "may have " +
                                                    std::to_string(members::information_units_max) +
                                                    " UTF-16 units");
        }
        const auto width = menus::service_line_max(in);
        for (const auto& line : menus::wrapped(shown, width)) {
            if (texts::utf16_units(line) > width) {
                text.complain(texts::to_string(in), "no screen has room for \"" + line + "\"");
            }
        }
    }
    text.finish();
}

void read_services(toml_reader& root, organisation_settings& target, problem_list& problems) {
    auto& services = target.rules.services;
    for (const toml::table* table : root.tables("services")) {
        toml_reader from(*table, target.file, "[[services]]", problems);
        members::information one;
        read_label(from, "title", one.title, target.file, texts::find_placeholder("matter"),
                   problems);
        read_information(from, one.text, target.file, problems);
        if (services.size() == members::information_max) {
            from.complain("title", "more than " + std::to_string(members::information_max) +
                                       " programmes and services");
        }
        from.finish();
        services.push_back(std::move(one));
    }
}

} // namespace

void read_label(toml_reader& from, std::string_view key, members::label& target,
                const std::string& file, const texts::placeholder* shown_in,
                problem_list& problems) {
    from.require(key);
    const toml::table* table = from.table(key);
    if (table == nullptr) {
        return;
    }
    toml_reader label(*table, file, std::string(key), problems);
    label.require("bn");
    label.require("en");
    label.text("bn", target.bn);
    label.text("en", target.en);
    label.text("bn-Latn", target.bn_latn);
    target.bn = texts::shortest_form(target.bn);
    if (texts::plain_latin(target.bn_latn) != target.bn_latn) {
        label.complain("bn-Latn", "may have only ASCII characters of GSM-7's default alphabet");
    }
    if (shown_in != nullptr) {
        for (const auto& [in, form] : {std::pair{texts::rendering::bn, &target.bn},
                                       {texts::rendering::bn_latn, &target.bn_latn},
                                       {texts::rendering::en, &target.en}}) {
            const auto width = texts::width_max(*shown_in, in);
            if (!texts::is_valid_utf8(*form) || texts::utf16_units(*form) > width) {
                label.complain(texts::to_string(in),
                               "may have " + std::to_string(width) + " UTF-16 units");
            }
        }
    }
    label.finish();
}

void read_requests(toml_reader& root, organisation_settings& target, problem_list& problems) {
    read_limits(root, target, problems);
    read_offered(root, target, problems);
    read_complaints(root, target, problems);
    read_ladder(root, target, problems);
    read_applications(root, target, problems);
    read_training(root, target, problems);
    read_services(root, target, problems);
}

} // namespace uthan::gateway
