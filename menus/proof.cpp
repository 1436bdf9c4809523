#include "menus/proof.hpp"

#include "menus/answers.hpp"
#include "menus/fixed_texts.hpp"
#include "menus/keys.hpp"
#include "menus/paging.hpp"
#include "texts/weight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace uthan::menus {
namespace {

bool contains_word(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        if (words.substr(0, end) == word) {
            return true;
        }
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

texts::values widest_values(const texts::text_template& text, texts::rendering in) {
    texts::values filled;
    for (const auto name : text.names()) {
        if (const auto* p = texts::find_placeholder(name)) {
            filled.set(p->name, texts::widest_value(*p, in));
        }
    }
    return filled;
}

/// A text in one place: what it may hold, and how it must fit.
struct use {
    std::string_view id;
    std::string_view placeholders;
    std::string_view keys;  ///< sorted digits of the screen's options
    bool some_keys = false; ///< the text may offer fewer (an answer has several texts)
    bool is_choice = false;
    bool is_word = false;
    bool splittable = false;
    bool at_root = false;
    bool has_back = true;
    texts::position at; ///< for problems when the text itself is missing
};

class prover {
public:
    prover(const graph& menu, const texts::catalog& texts, std::span<const channel_form> forms,
           std::vector<texts::problem>& problems, const proof_options& how)
        : menu_(menu), texts_(texts), forms_(forms), problems_(problems), how_(how) {}

    void run() {
        check_targets();
        check_reachable();
        check_distance();
        for (const auto& [id, s] : menu_.screens()) {
            check_screen(s);
        }
        for (const auto& text : fixed_texts) {
            use u;
            u.id = text.id;
            u.placeholders = text.placeholders;
            u.keys = text.keys;
            u.is_choice = text.is_choice;
            u.is_word = text.is_word;
            u.splittable = text.is_choice;
            u.has_back = text.is_choice;
            u.at_root = true;
            u.at = menu_.at();
            check_use(u);
        }
    }

private:
    void refuse(const texts::position& at, std::string message) {
        // A text is used by several screens and channels; one line a fault.
        texts::problem p{at, std::move(message)};
        if (std::ranges::none_of(
                problems_, [&](const auto& known) { return known.to_string() == p.to_string(); })) {
            problems_.push_back(std::move(p));
        }
    }

    void check_targets() {
        for (const auto& [id, s] : menu_.screens()) {
            for (const auto& o : s.options) {
                check_side(s, o.target, o.at);
                if (menu_.find(o.target) == nullptr) {
                    refuse(o.at, fmt::format("option {} of \"{}\" leads to \"{}\", which is no "
                                             "screen",
                                             o.key, id, o.target));
                }
            }
            check_target(s, "next", s.next);
            check_target(s, "beside", s.beside);
        }
        for (const auto* name : {&menu_.start(), &menu_.first_fact(), &menu_.staff_start()}) {
            if (!name->empty() && menu_.find(*name) == nullptr) {
                refuse(menu_.at(), fmt::format("\"{}\" is no screen", *name));
            }
        }
    }

    /// Nothing leads from the members' menu into the staff's, or back.
    void check_side(const screen& from, const std::string& target, const texts::position& at) {
        const auto* to = menu_.find(target);
        if (to != nullptr && to->for_staff != from.for_staff) {
            refuse(at, fmt::format("\"{}\" leads to \"{}\", which is of the other menu: one is "
                                   "the members', one the staff's",
                                   from.id, target));
        }
    }

    void check_target(const screen& s, std::string_view key, const std::string& target) {
        check_side(s, target, s.at);
        if (!target.empty() && menu_.find(target) == nullptr) {
            refuse(s.at,
                   fmt::format("{} of \"{}\" is \"{}\", which is no screen", key, s.id, target));
        }
    }

    /// Steps from the start to every screen that can be reached.
    std::map<std::string_view, std::size_t> distances() const {
        std::map<std::string_view, std::size_t> steps;
        std::deque<const screen*> open;
        const auto visit = [&](std::string_view id, std::size_t distance) {
            const auto* s = menu_.find(id);
            if (s != nullptr && steps.emplace(s->id, distance).second) {
                open.push_back(s);
            }
        };
        visit(menu_.start(), 1);
        visit(menu_.staff_start(), 1);
        while (!open.empty()) {
            const auto* s = open.front();
            open.pop_front();
            const auto next = steps.at(s->id) + 1;
            for (const auto& o : s->options) {
                visit(o.target, next);
            }
            visit(s->next, next);
            visit(s->beside, next);
        }
        return steps;
    }

    void check_reachable() {
        const auto steps = distances();
        for (const auto& [id, s] : menu_.screens()) {
            if (!steps.contains(id)) {
                refuse(s.at, fmt::format("screen \"{}\" cannot be reached from \"{}\"", id,
                                         menu_.start()));
            }
        }
        const auto* first = menu_.find(menu_.first_fact());
        if (first != nullptr && first->answer == answer_name::none) {
            refuse(first->at, "first_fact must be a screen with an answer");
        }
        const auto* start = menu_.find(menu_.start());
        if (start != nullptr && (start->text.empty() || start->options.empty())) {
            refuse(start->at, "the start must be a text with options");
        }
    }

    void check_distance() {
        for (const auto& [id, distance] : distances()) {
            const auto* s = menu_.find(id);
            if (is_fact(s->answer) && distance > screens_to_fact_max) {
                refuse(s->at, fmt::format("screen \"{}\" is {} screens from the main menu, at most "
                                          "{} are allowed",
                                          id, distance, screens_to_fact_max));
            }
        }
    }

    /// A member is never shown a screen of staff's work, nor staff a member's account.
    void check_belongs(const screen& s) {
        const bool staffs = is_of_staff(s.answer) || is_of_staff(s.does) || s.asks_member;
        const bool shared = s.does == action::none || s.does == action::pin_change;
        const bool members = (s.answer != answer_name::none && !is_of_staff(s.answer)) ||
                             (!shared && !is_of_staff(s.does)) || (s.asks && !s.asks_member);
        if (s.for_staff ? members : staffs) {
            refuse(s.at, fmt::format("screen \"{}\" is one of the {} menu", s.id,
                                     s.for_staff ? "members'" : "staff's"));
        }
    }

    void check_screen(const screen& s) {
        std::string keys;
        for (const auto& o : s.options) {
            keys.push_back(o.key);
        }
        if (!s.has_back && s.options.empty()) {
            refuse(s.at, fmt::format("screen \"{}\" has neither back nor exit", s.id));
        }
        check_belongs(s);
        use u;
        keys += s.dropped;
        u.keys = keys;
        u.splittable = s.splittable;
        u.at_root = menu_.is_start(s.id);
        u.has_back = s.has_back;
        u.at = s.at;
        if (s.answer == answer_name::none && s.text.empty()) {
            return; // What it did is said by the next screen.
        }
        if (s.answer == answer_name::none) {
            u.id = s.text;
            u.placeholders = s.text == "sms.chosen" ? "status" : "";
            check_use(u);
            return;
        }
        std::set<char> offered;
        for (const auto& text : answer_texts()) {
            if (text.name != s.answer) {
                continue;
            }
            u.id = text.text;
            u.placeholders = text.placeholders;
            u.is_choice = text.is_choice;
            u.some_keys = true;
            if (text.is_lead && !s.splittable) {
                refuse(s.at, fmt::format("screen \"{}\" must be splittable: \"{}\" may come before "
                                         "its text",
                                         s.id, text.text));
            }
            check_use(u);
            for (const auto& form : forms_) {
                if (const auto* found = texts_.find(text.text, form.in)) {
                    const auto shown = offered_keys(*found);
                    offered.insert(shown.begin(), shown.end());
                }
            }
        }
        for (const auto& o : s.options) {
            if (!offered.contains(o.key)) {
                refuse(o.at, fmt::format("no text of \"{}\" offers option {}", s.id, o.key));
            }
        }
    }

    void check_use(const use& u) {
        for (const auto& form : forms_) {
            const auto* text = texts_.find(u.id, form.in);
            if (text == nullptr) {
                refuse(u.at, fmt::format("text \"{}\" is missing in {}", u.id,
                                         texts::to_string(form.in)));
                continue;
            }
            const auto& at = *texts_.position_of(u.id, form.in);
            check_placeholders(u, *text, at);
            check_keys(u, *text, at);
            check_width(u, *text, at, form);
        }
    }

    void check_placeholders(const use& u, const texts::text_template& text,
                            const texts::position& at) {
        for (const auto name : text.names()) {
            if (!contains_word(u.placeholders, name)) {
                refuse(at, fmt::format("text \"{}\" has {{{}}}, which is not filled in there", u.id,
                                       name));
            }
        }
    }

    void check_keys(const use& u, const texts::text_template& text, const texts::position& at) {
        if (u.is_word) {
            return;
        }
        const auto shown = offered_keys(text);
        for (const char key : shown) {
            if (key == '0' || key == '9') {
                refuse(at,
                       fmt::format("text \"{}\" writes key {}, which the gateway adds", u.id, key));
            } else if (u.keys.find(key) == std::string_view::npos) {
                refuse(at, fmt::format("text \"{}\" offers key {}, its screen has no such option",
                                       u.id, key));
            }
        }
        for (const char key : u.keys) {
            if (!u.some_keys && shown.find(key) == std::string::npos) {
                refuse(at,
                       fmt::format("text \"{}\" does not show option {} of its screen", u.id, key));
            }
        }
    }

    std::string line_of(std::string_view id, texts::rendering in) const {
        const auto* text = texts_.find(id, in);
        return text == nullptr ? std::string{} : text->render({}, {}, in).front();
    }

    void check_width(const use& u, const texts::text_template& text, const texts::position& at,
                     const channel_form& form) {
        if (!how_.widths) {
            return;
        }
        const auto* real = how_.real == nullptr ? nullptr : how_.real->find(u.id, form.in);
        if (real != nullptr) {
            check_real(u, *real, at, form);
            return;
        }
        const auto widest = widest_values(text, form.in);
        auto lines = text.render(widest, {&widest, 1}, form.in);
        if (u.is_choice) {
            for (auto& line : lines) {
                line.insert(0, "8 ");
            }
        }
        const auto back =
            u.has_back ? line_of(u.at_root ? "nav.exit" : "nav.back", form.in) : std::string{};
        const auto more = line_of("nav.more", form.in);
        const auto weight = [](const std::string& s) { return texts::ussd_weight(s).octets; };
        if (u.splittable) {
            for (const auto& line : lines) {
                const auto page = fmt::format("{}\n{}\n{}", line, more, back);
                if (weight(page) > form.octets_max) {
                    refuse(at, fmt::format("text \"{}\": the line \"{}\" with the widest values "
                                           "fills {} of {} octets with \"9\" and \"0\"",
                                           u.id, line, weight(page), form.octets_max));
                }
            }
            return;
        }
        std::string whole;
        for (const auto& line : lines) {
            whole += whole.empty() ? line : "\n" + line;
        }
        whole += back.empty() ? "" : "\n" + back;
        if (weight(whole) > form.octets_max) {
            refuse(at, fmt::format("text \"{}\" with the widest values fills {} of {} octets", u.id,
                                   weight(whole), form.octets_max));
        }
    }

    /// With what the members of today get.
    void check_real(const use& u, const real_values::seen& real, const texts::position& at,
                    const channel_form& form) {
        const auto back =
            u.has_back ? line_of(u.at_root ? "nav.exit" : "nav.back", form.in) : std::string{};
        const auto more = line_of("nav.more", form.in);
        const auto& widest = u.splittable ? real.line : real.whole;
        auto page = u.splittable ? fmt::format("{}\n{}", widest.line, more) : widest.line;
        page += back.empty() ? "" : "\n" + back;
        const auto octets = texts::ussd_weight(page).octets;
        if (octets > form.octets_max) {
            refuse(at, fmt::format("text \"{}\": {} of member {} fills {} of {} octets", u.id,
                                   u.splittable ? "a line" : "the screen", widest.member_code,
                                   octets, form.octets_max));
        }
    }

    const graph& menu_;
    const texts::catalog& texts_;
    std::span<const channel_form> forms_;
    std::vector<texts::problem>& problems_;
    const proof_options& how_;
};

} // namespace

void prove(const graph& menu, const texts::catalog& texts, std::span<const channel_form> forms,
           std::vector<texts::problem>& problems, const proof_options& how) {
    prover{menu, texts, forms, problems, how}.run();
}

} // namespace uthan::menus
