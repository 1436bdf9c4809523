#include "gateway/content.hpp"

#include "menus/proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <span>

namespace uthan::gateway {
namespace {

sessions::enrolment enrolment_of(pin_enrolment from) noexcept {
    switch (from) {
    case pin_enrolment::self:
        return sessions::enrolment::self;
    case pin_enrolment::passbook:
        return sessions::enrolment::passbook;
    case pin_enrolment::slip:
        break;
    }
    return sessions::enrolment::slip;
}

sessions::dialogue_policy policy_of(const organisation_settings& from, const settings& all,
                                    std::vector<texts::problem>& problems) {
    sessions::dialogue_policy policy;
    policy.first_pin = enrolment_of(from.enrolment);
    for (const auto& tier : from.pin_tiers) {
        const auto fact = menus::parse_answer(tier);
        if (!fact) {
            problems.push_back(
                {{from.file, 1, 1}, fmt::format("pin.tiers: \"{}\" is no fact of a menu", tier)});
            continue;
        }
        policy.pin_facts.set(static_cast<std::size_t>(*fact));
    }
    // What is asked for an amount tells as much as what is shown without one.
    if (policy.needs_pin(menus::answer_name::eligibility)) {
        policy.pin_facts.set(static_cast<std::size_t>(menus::answer_name::eligibility_for));
    }
    if (policy.needs_pin(menus::answer_name::savings)) {
        policy.pin_facts.set(static_cast<std::size_t>(menus::answer_name::refund));
        policy.pin_facts.set(static_cast<std::size_t>(menus::answer_name::refund_confirm));
        policy.pin_facts.set(static_cast<std::size_t>(menus::answer_name::refund_exit));
    }
    if (!from.languages.empty()) {
        policy.default_language = from.languages.front();
    }
    policy.help_phone = from.help_phone;
    policy.resume_for = std::chrono::floor<std::chrono::minutes>(all.sessions.time_to_live);
    return policy;
}

/// Its own word for itself, else its name.
members::label signature_of(const organisation_settings& of) {
    const auto word = of.words.find("org");
    return word == of.words.end() ? of.name : members::label{word->second[0], word->second[2], {}};
}

/// The directory's texts over those that are there. A file that no channel needs may be absent.
void add_texts(const std::string& directory, texts::catalog& into,
               std::vector<texts::problem>& problems) {
    if (directory.empty()) {
        return;
    }
    for (const auto in : texts::all_renderings) {
        const auto file =
            std::filesystem::path{directory} / fmt::format("{}.toml", texts::to_string(in));
        if (std::filesystem::exists(file)) {
            into.load(file, in, problems);
        }
    }
}

/// What an organisation says in its own words it says in every rendering that its channels use: the
/// common text would speak of a branch, or offer something else, where the other renderings do not.
void prove_own_texts(const std::string& directory, std::span<const menus::channel_form> forms,
                     std::vector<texts::problem>& problems) {
    texts::catalog own;
    std::vector<texts::problem> known; // reported when the texts were loaded
    add_texts(directory, own, known);
    std::set<texts::rendering> used;
    for (const auto& form : forms) {
        used.insert(form.in);
    }
    for (const auto lacking : used) {
        std::set<std::string_view> said; // one line a text, though two other renderings have it
        for (const auto having : used) {
            for (const auto id : own.ids(having)) {
                if (own.find(id, lacking) == nullptr && said.insert(id).second) {
                    problems.push_back(
                        {*own.position_of(id, having),
                         fmt::format("the organisation's own text \"{}\" is missing in {}", id,
                                     texts::to_string(lacking))});
                }
            }
        }
    }
}

/// Every rendering that a member of this channel may be shown, once.
std::vector<menus::channel_form> forms_of(const organisation_settings& of, const settings& all) {
    std::vector<menus::channel_form> forms;
    const auto add = [&](menus::channel_form form) {
        if (std::ranges::find(forms, form) == forms.end()) {
            forms.push_back(form);
        }
    };
    for (const auto& channel : all.channels) {
        if (channel.organisation != of.code) {
            continue;
        }
        auto form = form_of(channel);
        add(form);
        form.in = texts::rendering::en;
        add(form);
    }
    return forms;
}

bool is_ascii(const texts::text_template& text) {
    for (const auto& line : text.lines()) {
        for (const auto& segment : line.segments) {
            const bool plain =
                segment.is_placeholder || std::ranges::all_of(segment.text, [](char c) {
                    return static_cast<unsigned char>(c) < 0x80;
                });
            if (!plain) {
                return false;
            }
        }
    }
    return true;
}

/// bdapps carries nothing else; in a screen it would arrive as '?'.
void prove_ascii(const texts::catalog& all, texts::rendering in, const std::string& channel,
                 std::vector<texts::problem>& problems) {
    for (const auto id : all.ids(in)) {
        const auto* text = all.find(id, in);
        const auto* at = all.position_of(id, in);
        if (text != nullptr && at != nullptr && !is_ascii(*text)) {
            problems.push_back({*at, fmt::format("{}: is not ASCII alone, and the channel {} "
                                                 "carries nothing else",
                                                 id, channel)});
        }
    }
}

void prove_for_links(const organisation_settings& of, const settings& all,
                     const texts::catalog& loaded, std::vector<texts::problem>& problems) {
    for (const auto& channel : all.channels) {
        if (channel.organisation != of.code ||
            !std::holds_alternative<bdapps_settings>(channel.link)) {
            continue;
        }
        prove_ascii(loaded, texts::rendering::en, channel.name, problems);
        if (channel.ussd_rendering != texts::rendering::en) {
            prove_ascii(loaded, channel.ussd_rendering, channel.name, problems);
        }
    }
}

/// Members' values only where every text is there and filled in right.
void prove_menu(const proof_parts& of, const member_values& values,
                std::vector<texts::problem>& problems) {
    if (!values) {
        menus::prove(of.menu, of.texts, of.forms, problems);
        return;
    }
    const auto before = problems.size();
    menus::prove(of.menu, of.texts, of.forms, problems, {.widths = false});
    if (problems.size() > before) {
        return;
    }
    const auto real = values(of);
    menus::prove(of.menu, of.texts, of.forms, problems, {.real = real ? &*real : nullptr});
}

/// Where a channel brings texts from members; else null.
std::shared_ptr<const texts::keyword_table> load_keywords(const settings& all,
                                                          std::vector<texts::problem>& problems) {
    const bool are_read =
        std::ranges::any_of(all.channels, [](const auto& one) { return one.texts.has_value(); });
    if (!are_read) {
        return nullptr;
    }
    return std::make_shared<const texts::keyword_table>(
        texts::keyword_table::load(all.content.keywords, problems));
}

} // namespace

menus::channel_form form_of(const channel_settings& channel) noexcept {
    return {channel.ussd_rendering, std::size_t{channel.screen_units} * 2};
}

content load_content(const settings& from, std::vector<texts::problem>& problems,
                     const member_values& values) {
    content loaded;
    const auto keywords = load_keywords(from, problems);
    for (const auto& one : from.organisations) {
        auto policy = policy_of(one, from, problems);
        auto menu =
            menus::graph::load(std::filesystem::path{from.content.menus} / one.menu, problems);
        if (!one.staff_menu.empty()) {
            menu.add_staff(std::filesystem::path{from.content.menus} / one.staff_menu, problems);
        }
        if (one.rules.services.empty()) {
            menu.drop(menus::answer_name::services);
        }
        texts::catalog texts;
        add_texts(from.content.texts, texts, problems);
        add_texts(one.texts, texts, problems);
        const auto forms = forms_of(one, from);
        prove_menu({one, menu, texts, forms}, values, problems);
        auto shortcuts =
            menus::shortcuts::load(std::filesystem::path{from.content.menus} / "shortcuts.toml",
                                   std::filesystem::path{one.menu}.stem().string(), problems);
        menus::prove(shortcuts, menu, problems);
        prove_own_texts(one.texts, forms, problems);
        prove_for_links(one, from, texts, problems);
        auto made = std::make_shared<const service::organisation>(service::organisation{
            one.code, one.rules, policy, zone{one.zone_name}, std::move(menu), std::move(texts),
            std::move(shortcuts), signature_of(one), one.service_code, one.languages, keywords});
        loaded.organisations.emplace(one.code, std::move(made));
    }
    return loaded;
}

} // namespace uthan::gateway
