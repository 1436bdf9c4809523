#include "menus/graph.hpp"

#include "texts/toml.hpp"

#include <fmt/format.h>
#define TOML_EXCEPTIONS 1

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace uthan::menus {
namespace {

constexpr std::array answer_names{
    std::pair{std::string_view{"due"}, answer_name::due},
    std::pair{std::string_view{"statement"}, answer_name::statement},
    std::pair{std::string_view{"savings"}, answer_name::savings},
    std::pair{std::string_view{"meeting"}, answer_name::meeting},
    std::pair{std::string_view{"loan"}, answer_name::loan},
    std::pair{std::string_view{"eligibility"}, answer_name::eligibility},
    std::pair{std::string_view{"eligibility_for"}, answer_name::eligibility_for},
    std::pair{std::string_view{"branch"}, answer_name::branch},
    std::pair{std::string_view{"sms"}, answer_name::sms},
    std::pair{std::string_view{"complaint"}, answer_name::complaint},
    std::pair{std::string_view{"request_way"}, answer_name::request_way},
    std::pair{std::string_view{"call_me"}, answer_name::call_me},
    std::pair{std::string_view{"request_confirm"}, answer_name::request_confirm},
    std::pair{std::string_view{"request_result"}, answer_name::request_result},
    std::pair{std::string_view{"requests"}, answer_name::requests},
    std::pair{std::string_view{"request_withdraw"}, answer_name::request_withdraw},
    std::pair{std::string_view{"refund"}, answer_name::refund},
    std::pair{std::string_view{"refund_confirm"}, answer_name::refund_confirm},
    std::pair{std::string_view{"refund_exit"}, answer_name::refund_exit},
    std::pair{std::string_view{"application"}, answer_name::application},
    std::pair{std::string_view{"staff_dues"}, answer_name::staff_dues},
    std::pair{std::string_view{"staff_group"}, answer_name::staff_group},
    std::pair{std::string_view{"staff_collect"}, answer_name::staff_collect},
    std::pair{std::string_view{"staff_meetings"}, answer_name::staff_meetings},
    std::pair{std::string_view{"staff_meeting"}, answer_name::staff_meeting},
    std::pair{std::string_view{"staff_days"}, answer_name::staff_days},
    std::pair{std::string_view{"staff_move"}, answer_name::staff_move},
    std::pair{std::string_view{"staff_cancel"}, answer_name::staff_cancel},
    std::pair{std::string_view{"staff_requests"}, answer_name::staff_requests},
    std::pair{std::string_view{"staff_request"}, answer_name::staff_request},
    std::pair{std::string_view{"staff_answer"}, answer_name::staff_answer},
    std::pair{std::string_view{"staff_reset"}, answer_name::staff_reset},
    std::pair{std::string_view{"staff_result"}, answer_name::staff_result},
    std::pair{std::string_view{"services"}, answer_name::services},
};

constexpr std::array action_names{
    std::pair{std::string_view{"language.bn"}, action::language_bn},
    std::pair{std::string_view{"language.en"}, action::language_en},
    std::pair{std::string_view{"sms.with_amounts"}, action::sms_with_amounts},
    std::pair{std::string_view{"sms.without_amounts"}, action::sms_without_amounts},
    std::pair{std::string_view{"sms.none"}, action::sms_none},
    std::pair{std::string_view{"pin.change"}, action::pin_change},
    std::pair{std::string_view{"request.open"}, action::request_open},
    std::pair{std::string_view{"request.escalate"}, action::request_escalate},
    std::pair{std::string_view{"request.withdraw"}, action::request_withdraw},
    std::pair{std::string_view{"meeting.move"}, action::meeting_move},
    std::pair{std::string_view{"meeting.cancel"}, action::meeting_cancel},
    std::pair{std::string_view{"meeting.restore"}, action::meeting_restore},
    std::pair{std::string_view{"member.reset"}, action::member_reset},
    std::pair{std::string_view{"request.answer"}, action::request_answer},
};

/// Of these a chosen row leads to another screen.
bool leads_on(answer_name name) noexcept {
    return name == answer_name::complaint || name == answer_name::request_way ||
           name == answer_name::call_me || name == answer_name::staff_dues ||
           name == answer_name::staff_group || name == answer_name::staff_meetings ||
           name == answer_name::staff_days || name == answer_name::staff_requests;
}

/// What became of these is said by the next screen.
bool leads_on(action does) noexcept {
    return does == action::request_open || does == action::request_escalate ||
           does == action::request_withdraw || is_of_staff(does);
}

/// Reads one file's tables and notes every problem with its position.
class reader {
public:
    reader(std::string file, std::vector<texts::problem>& problems)
        : file_(std::move(file)), problems_(problems) {}

    texts::position position(const toml::node& node) const {
        return {file_, node.source().begin.line, node.source().begin.column};
    }

    void refuse(const toml::node& node, std::string message) {
        problems_.push_back({position(node), std::move(message)});
    }

    std::string text_of(const toml::node& node, std::string_view key) {
        if (const auto value = node.value_exact<std::string>()) {
            return *value;
        }
        refuse(node, fmt::format("{} must be a text", key));
        return {};
    }

    screen read_screen(std::string_view id, const toml::table& table) {
        screen made;
        made.id = id;
        made.at = position(table);
        for (const auto& [key, node] : table) {
            read_field(made, key.str(), node);
        }
        check_kind(made, table);
        check_ways_on(made, table);
        return made;
    }

private:
    void read_field(screen& made, std::string_view key, const toml::node& node) {
        if (key == "text") {
            made.text = text_of(node, key);
        } else if (key == "answer") {
            read_named(made.answer, parse_answer(text_of(node, key)), node, "answer");
        } else if (key == "action") {
            read_named(made.does, parse_action(text_of(node, key)), node, "action");
        } else if (key == "ask") {
            made.asks = true;
            const auto what = text_of(node, key);
            made.asks_member = what == "member";
            if (what != "amount" && what != "member") {
                refuse(node, "ask must be \"amount\" or \"member\"");
            }
        } else if (key == "next") {
            made.next = text_of(node, key);
        } else if (key == "beside") {
            made.beside = text_of(node, key);
        } else if (key == "splittable") {
            read_flag(made.splittable, node, key);
        } else if (key == "back") {
            read_flag(made.has_back, node, key);
        } else if (key == "options") {
            read_options(made, node);
        } else {
            refuse(node, fmt::format("unknown key \"{}\"", key));
        }
    }

    void read_flag(bool& out, const toml::node& node, std::string_view key) {
        if (const auto value = node.value_exact<bool>()) {
            out = *value;
        } else {
            refuse(node, fmt::format("{} must be true or false", key));
        }
    }

    template <class Named>
    void read_named(Named& out, std::optional<Named> parsed, const toml::node& node,
                    std::string_view kind) {
        if (parsed) {
            out = *parsed;
        } else {
            refuse(node, fmt::format("unknown {}", kind));
        }
    }

    void read_options(screen& made, const toml::node& node) {
        const auto* table = node.as_table();
        if (table == nullptr) {
            refuse(node, "options must be a table of key = \"screen\"");
            return;
        }
        for (const auto& [key, target] : *table) {
            const auto name = key.str();
            if (name.size() != 1 || name[0] < '1' || name[0] > '8') {
                refuse(target, fmt::format("option \"{}\": keys are 1 to 8; 0, 00 and 9 are the "
                                           "gateway's own",
                                           name));
                continue;
            }
            made.options.push_back({name[0], text_of(target, name), position(target)});
        }
        std::ranges::sort(made.options, {}, &option::key);
    }

    void check_kind(const screen& made, const toml::table& table) {
        const int kinds =
            (made.answer != answer_name::none) + (made.does != action::none) + made.asks;
        if (kinds > 1) {
            refuse(table, "a screen is an answer, an ask or an action, not several");
        }
        const bool says_nothing = leads_on(made.does);
        if (made.answer == answer_name::none && made.text.empty() && !says_nothing) {
            refuse(table, "a screen without an answer needs a text");
        }
        if (says_nothing && !made.text.empty()) {
            refuse(table, "what became of it is said by next");
        }
        if (made.answer != answer_name::none && !made.text.empty()) {
            refuse(table, "an answer chooses its own text");
        }
    }

    void check_ways_on(const screen& made, const toml::table& table) {
        const bool chosen = leads_on(made.answer);
        if (made.asks && made.next.empty()) {
            refuse(table, "ask needs next: the screen that answers it");
        }
        if ((chosen || leads_on(made.does)) && made.next.empty()) {
            refuse(table, "needs next: the screen that follows");
        }
        if (!made.asks && !chosen && !leads_on(made.does) && !made.next.empty()) {
            refuse(table, "next belongs to a screen with ask, to a list of choices that leads on "
                          "and to a request's action");
        }
        if ((made.answer == answer_name::complaint) == made.beside.empty()) {
            refuse(table, "beside belongs to the answer complaint: her requests");
        }
    }

    std::string file_;
    std::vector<texts::problem>& problems_;
};

} // namespace

std::optional<answer_name> parse_answer(std::string_view name) noexcept {
    for (const auto& [text, value] : answer_names) {
        if (text == name) {
            return value;
        }
    }
    return std::nullopt;
}

std::string_view to_string(answer_name name) noexcept {
    for (const auto& [text, value] : answer_names) {
        if (value == name) {
            return text;
        }
    }
    return "none";
}

bool is_of_staff(answer_name name) noexcept {
    return name >= answer_name::staff_dues && name <= answer_name::staff_result;
}

bool is_of_staff(action does) noexcept {
    return does == action::meeting_move || does == action::meeting_cancel ||
           does == action::meeting_restore || does == action::member_reset ||
           does == action::request_answer;
}

bool is_fact(answer_name name) noexcept {
    switch (name) {
    case answer_name::none:
    case answer_name::request_way:
    case answer_name::request_confirm:
    case answer_name::request_result:
    case answer_name::request_withdraw:
    case answer_name::refund_confirm:
    case answer_name::staff_days:
    case answer_name::staff_move:
    case answer_name::staff_cancel:
    case answer_name::staff_answer:
    case answer_name::staff_reset:
    case answer_name::staff_result:
        return false;
    default:
        return true;
    }
}

bool is_personal(answer_name name) noexcept {
    switch (name) {
    case answer_name::none:
    case answer_name::meeting:
    case answer_name::branch:
    case answer_name::complaint:
    case answer_name::request_way:
    case answer_name::call_me:
    case answer_name::request_confirm:
    case answer_name::request_result:
        return false;
    default:
        return true;
    }
}

std::optional<action> parse_action(std::string_view name) noexcept {
    for (const auto& [text, value] : action_names) {
        if (text == name) {
            return value;
        }
    }
    return std::nullopt;
}

const option* screen::find_option(char key) const noexcept {
    const auto found = std::ranges::find(options, key, &option::key);
    return found == options.end() ? nullptr : &*found;
}

const screen* graph::find(std::string_view id) const noexcept {
    const auto found = screens_.find(id);
    return found == screens_.end() ? nullptr : &found->second;
}

graph graph::load(const std::filesystem::path& file, std::vector<texts::problem>& problems) {
    graph made;
    made.at_ = {file.string(), 1, 1};
    made.read(file, false, problems);
    return made;
}

void graph::add_staff(const std::filesystem::path& file, std::vector<texts::problem>& problems) {
    read(file, true, problems);
}

void graph::drop(answer_name name) {
    std::set<std::string> gone;
    for (const auto& [id, s] : screens_) {
        if (s.answer == name) {
            gone.insert(id);
        }
    }
    const auto is_gone = [&gone](const option& o) { return gone.contains(o.target); };
    std::erase_if(screens_, [&gone](const auto& one) { return gone.contains(one.first); });
    for (auto& [id, s] : screens_) {
        for (const option& o : s.options) {
            if (is_gone(o)) {
                s.dropped += o.key;
            }
        }
        std::erase_if(s.options, is_gone);
    }
    number_screens();
}

void graph::number_screens() {
    std::uint16_t index = 0;
    for (auto& [id, made] : screens_) {
        made.index = index++;
    }
}

void graph::read(const std::filesystem::path& file, bool for_staff,
                 std::vector<texts::problem>& problems) {
    const auto root = texts::read_toml(file, problems);
    if (!root) {
        return;
    }
    reader from{file.string(), problems};
    auto& start = for_staff ? staff_start_ : start_;
    for (const auto& [key, node] : *root) {
        if (key == "start") {
            start = from.text_of(node, key.str());
        } else if (key == "first_fact" && !for_staff) {
            first_fact_ = from.text_of(node, key.str());
        } else if (const auto* screens = node.as_table(); key == "screens" && screens) {
            for (const auto& [id, table] : *screens) {
                const auto* fields = table.as_table();
                if (fields == nullptr) {
                    from.refuse(table, "a screen must be a table");
                    continue;
                }
                auto made = from.read_screen(id.str(), *fields);
                made.for_staff = for_staff;
                if (!screens_.emplace(id.str(), std::move(made)).second) {
                    from.refuse(table,
                                fmt::format("the members' menu has a screen \"{}\" too", id.str()));
                }
            }
        } else {
            from.refuse(node, fmt::format("unknown key \"{}\"", key.str()));
        }
    }
    number_screens();
    if (start.empty() || first_fact_.empty()) {
        problems.push_back(
            {{file.string(), 1, 1},
             for_staff ? "start must name a screen" : "start and first_fact must name screens"});
    }
}

} // namespace uthan::menus
