#include "sessions/screens.hpp"

#include "core/assert.hpp"
#include "menus/amount.hpp"
#include "menus/keys.hpp"
#include "menus/shown_name.hpp"
#include "menus/staff_answers.hpp"
#include "texts/graphemes.hpp"
#include "texts/plain_line.hpp"
#include "texts/weight.hpp"

#include <algorithm>
#include <span>

namespace uthan::sessions {
namespace {

constexpr std::size_t choices_per_page_max = 8;

const texts::text_template& text_of(const surroundings& w, std::string_view id,
                                    texts::rendering in) {
    const auto* text = w.texts.find(id, in);
    UTHAN_ASSERT(text != nullptr); // the menu proof has seen every text
    return *text;
}

std::string_view line_of(const surroundings& w, std::string_view id, texts::rendering in) {
    return id.empty() ? std::string_view{} : texts::plain_line(text_of(w, id, in));
}

/// Where the rows of a list begin among its rendered lines.
std::size_t first_row_of(const texts::text_template& text) {
    const auto& lines = text.lines();
    const auto row = std::ranges::find_if(lines, &texts::text_template::line::is_row);
    return static_cast<std::size_t>(row - lines.begin());
}

/// One page of a list whose rows are choices: keys 1 … on each page.
rendered page_of_choices(const surroundings& w, texts::rendering in, std::string_view id,
                         const texts::values& shared, const std::vector<texts::values>& rows,
                         const std::vector<std::string>& choices, std::uint8_t number,
                         std::string_view nav_id) {
    const auto& text = text_of(w, id, in);
    auto lines = text.render(shared, rows, in);
    const auto row_begin = first_row_of(text);
    const auto row_end = row_begin + rows.size();
    for (auto i = row_begin; i < row_end; ++i) {
        lines[i].insert(0, "1 ");
    }
    const auto back = line_of(w, nav_id, in);
    const auto more = line_of(w, "nav.more", in);
    const menus::navigation nav{back, more};
    const auto page = menus::make_page(lines, nav, w.form.octets_max, number, choices_per_page_max);
    rendered out;
    char key = '1';
    for (auto i = std::max(page.first, row_begin); i < std::min(page.last, row_end); ++i) {
        lines[i][0] = key++;
        lines[i].erase(lines[i].find_last_not_of(' ') + 1);
        out.choices.push_back(choices[i - row_begin]);
    }
    out.text = menus::page_text(lines, page, nav);
    out.has_more = page.has_more;
    return out;
}

rendered page_of(const surroundings& w, texts::rendering in, const texts::text_template& text,
                 const texts::values& shared, const std::vector<texts::values>& rows,
                 std::uint8_t number, std::string_view nav_id, std::string_view lead_id = {},
                 std::string_view dropped = {}) {
    auto lines = text.render(shared, rows, in);
    if (!dropped.empty()) {
        std::erase_if(lines, [dropped](const std::string& line) {
            return line.size() > 1 && line[1] == ' ' && dropped.find(line[0]) != dropped.npos;
        });
    }
    if (!lead_id.empty()) {
        auto lead = text_of(w, lead_id, in).render(shared, {}, in);
        lines.insert(lines.begin(), std::make_move_iterator(lead.begin()),
                     std::make_move_iterator(lead.end()));
    }
    const auto back = line_of(w, nav_id, in);
    const auto more = line_of(w, "nav.more", in);
    auto page = menus::make_page(lines, {back, more}, w.form.octets_max, number);
    return {std::move(page.text), menus::offered_keys(text), {}, {}, page.has_more};
}

rendered page_of_answer(const menus::answer& answer, const frame& at, texts::rendering in,
                        const surroundings& w, std::string_view nav) {
    if (!answer.choices.empty()) {
        return page_of_choices(w, in, answer.text, answer.shared, answer.rows, answer.choices,
                               at.page, nav);
    }
    auto screen = page_of(w, in, text_of(w, answer.text, in), answer.shared, answer.rows, at.page,
                          nav, answer.lead);
    screen.subject = answer.subject;
    return screen;
}

rendered render_staff_screen(const menus::screen& s, const frame& at, texts::rendering in,
                             const surroundings& w, std::string_view nav) {
    UTHAN_ASSERT(w.staff_view != nullptr);
    const menus::staff_question q{.view = *w.staff_view,
                                  .rules = w.rules,
                                  .texts = w.texts,
                                  .in = in,
                                  .today = w.today,
                                  .chosen = at.param};
    return page_of_answer(menus::make_staff_answer(s.answer, q), at, in, w, nav);
}

std::string_view sms_word(access::sms_choice choice) noexcept {
    switch (choice) {
    case access::sms_choice::with_amounts:
        return "word.sms_with_amounts";
    case access::sms_choice::without_amounts:
        return "word.sms_without_amounts";
    case access::sms_choice::unasked:
    case access::sms_choice::none:
        break;
    }
    return "word.sms_none";
}

/// The choice that an action's screen states.
access::sms_choice choice_of(menus::action does) noexcept {
    switch (does) {
    case menus::action::sms_with_amounts:
        return access::sms_choice::with_amounts;
    case menus::action::sms_without_amounts:
        return access::sms_choice::without_amounts;
    default:
        return access::sms_choice::none;
    }
}

std::string last_two(std::string_view member_code) {
    return std::string{
        member_code.substr(member_code.size() - std::min<std::size_t>(2, member_code.size()))};
}

} // namespace

texts::rendering rendering_for(members::written_language language,
                               const menus::channel_form& form) noexcept {
    return language == members::written_language::en ? texts::rendering::en : form.in;
}

std::string say(const surroundings& w, texts::rendering in, std::string_view id,
                const texts::values& filled, std::string_view nav_id) {
    std::string out;
    for (const auto& line : text_of(w, id, in).render(filled, {}, in)) {
        out += out.empty() ? line : "\n" + line;
    }
    const std::string nav{line_of(w, nav_id, in)};
    return nav.empty() ? out : out + "\n" + nav;
}

rendered render_screen(const menus::screen& s, const frame& at, members::written_language language,
                       const surroundings& w) {
    const auto in = rendering_for(language, w.form);
    const std::string_view nav =
        !s.has_back ? "" : (w.menu.is_start(s.id) ? "nav.exit" : "nav.back");
    if (w.fixed != nullptr) {
        if (const auto* known = w.fixed->find(s, at.page, language)) {
            return *known;
        }
    }
    if (s.answer == menus::answer_name::none) {
        texts::values filled;
        if (s.does != menus::action::none) {
            filled.set("status", std::string{line_of(w, sms_word(choice_of(s.does)), in)});
        }
        return page_of(w, in, text_of(w, s.text, in), filled, {}, at.page, nav, {}, s.dropped);
    }
    if (menus::is_of_staff(s.answer)) {
        return render_staff_screen(s, at, in, w, nav);
    }
    UTHAN_ASSERT(w.facts != nullptr && w.record != nullptr);
    menus::question q{.facts = *w.facts,
                      .activity = w.activity,
                      .household = w.household,
                      .rules = w.rules,
                      .record = *w.record,
                      .texts = w.texts,
                      .in = in,
                      .today = w.today,
                      .now = w.time_of_day,
                      .chosen = at.param,
                      .amount = std::nullopt,
                      .requests = w.requests,
                      .ladder = w.ladder,
                      .help_phone = w.policy.help_phone,
                      .meeting_changes = w.meeting_changes};
    if (s.answer == menus::answer_name::eligibility_for ||
        s.answer == menus::answer_name::refund_confirm) {
        q.amount = menus::parse_amount(at.param);
    }
    return page_of_answer(menus::make_answer(s.answer, q), at, in, w, nav);
}

fixed_screens::fixed_screens(const menus::graph& menu, const texts::catalog& texts,
                             const menus::channel_form& form) {
    constexpr std::size_t pages_max = 256; // a frame's page is one octet
    const members::organisation_rules rules;
    const dialogue_policy policy;
    const secret_key key{};
    const surroundings w{.menu = menu,
                         .texts = texts,
                         .rules = rules,
                         .policy = policy,
                         .key = key,
                         .organisation = {},
                         .subscriber_digits = {},
                         .form = form};
    screens_.resize(menu.screens().size());
    for (const auto& [id, s] : menu.screens()) {
        if (s.answer != menus::answer_name::none || s.text.empty()) {
            continue;
        }
        for (const auto language : {members::written_language::bn, members::written_language::en}) {
            auto& made = screens_[s.index][static_cast<std::size_t>(language)];
            do {
                const frame at{id, {}, static_cast<std::uint8_t>(made.size())};
                made.push_back(render_screen(s, at, language, w));
            } while (made.back().has_more && made.size() < pages_max);
        }
    }
}

const rendered* fixed_screens::find(const menus::screen& screen, std::uint8_t page,
                                    members::written_language language) const noexcept {
    const auto& made = screens_.at(screen.index)[static_cast<std::size_t>(language)];
    return made.empty() ? nullptr : &made[std::min<std::size_t>(page, made.size() - 1)];
}

rendered render_whose(const std::vector<members::candidate>& candidates, std::uint8_t page,
                      members::written_language language, const surroundings& w) {
    const auto in = rendering_for(language, w.form);
    std::vector<texts::values> rows;
    std::vector<std::string> codes;
    const bool too_many = candidates.size() > members::members_per_phone_max;
    const auto shown = std::min(candidates.size(), members::members_per_phone_max);
    for (const auto& m : std::span{candidates}.first(shown)) {
        auto& row = rows.emplace_back();
        row.set("name", texts::first_name(menus::shown_name(m.name, in)));
        row.set("tail", last_two(m.code));
        codes.push_back(m.code);
    }
    const bool is_masked = w.caller != nullptr && w.caller->type() == address::kind::opaque;
    if (is_masked && shown < members::members_per_phone_max) {
        auto& row = rows.emplace_back();
        row.set("name", std::string{line_of(w, "word.other_member", in)});
        row.set("tail", std::string{});
        codes.emplace_back();
    }
    return page_of_choices(w, in, too_many ? "menu.whose_many" : "menu.whose", {}, rows, codes,
                           page, "nav.exit");
}

std::string with_prefix(const surroundings& w, texts::rendering in, std::string screen) {
    auto prefixed = std::string{line_of(w, "err.prefix", in)} + "\n" + screen;
    return texts::ussd_weight(prefixed).octets <= w.form.octets_max ? prefixed : screen;
}

} // namespace uthan::sessions
