#include "menus/shortcuts.hpp"

#include "texts/toml.hpp"

#include <fmt/format.h>
#define TOML_EXCEPTIONS 1

#include <algorithm>

namespace uthan::menus {
namespace {

texts::position position_of(const std::filesystem::path& file, const toml::source_region& at) {
    return {file.string(), at.begin.line, at.begin.column};
}

/// One file serves several organisations; one line a fault.
void refuse(const texts::position& at, std::string message, std::vector<texts::problem>& problems) {
    texts::problem p{at, std::move(message)};
    const auto same = [&](const texts::problem& known) {
        return known.to_string() == p.to_string();
    };
    if (std::ranges::none_of(problems, same)) {
        problems.push_back(std::move(p));
    }
}

/// Four digits are a PIN, and 0 is a key of the gateway's own.
bool is_tail(std::string_view key) noexcept {
    return !key.empty() && key.size() <= 3 && key[0] != '0' &&
           std::ranges::all_of(key, [](char c) { return c >= '0' && c <= '9'; });
}

/// Shows something by itself: needs nothing that another screen asked, and neither confirms nor
/// takes anything.
bool stands_alone(const screen& s) noexcept {
    switch (s.answer) {
    case answer_name::eligibility_for:
    case answer_name::request_way:
    case answer_name::request_confirm:
    case answer_name::request_result:
    case answer_name::request_withdraw:
    case answer_name::refund_confirm:
    case answer_name::refund_exit:
        return false;
    default:
        return !s.for_staff && !s.asks && s.does == action::none;
    }
}

} // namespace

shortcuts shortcuts::load(const std::filesystem::path& file, std::string_view menu,
                          std::vector<texts::problem>& problems) {
    shortcuts made;
    if (!std::filesystem::exists(file)) {
        return made;
    }
    std::vector<texts::problem> unread;
    const auto root = texts::read_toml(file, unread);
    for (const auto& one : unread) {
        refuse(one.at, one.message, problems);
    }
    if (!root) {
        return made;
    }
    for (const auto& [name, node] : *root) {
        const auto* table = node.as_table();
        const auto of = fmt::format("{}.toml", name.str());
        if (table == nullptr || !std::filesystem::exists(file.parent_path() / of)) {
            refuse(position_of(file, node.source()),
                   fmt::format("\"{}\" is no table of a menu beside this file", name.str()),
                   problems);
            continue;
        }
        for (const auto& [tail, target] : *table) {
            const auto at = position_of(file, target.source());
            const auto id = target.value_exact<std::string>();
            if (!is_tail(tail.str())) {
                refuse(at,
                       fmt::format("shortcut \"{}\": one to three digits, the first not 0",
                                   tail.str()),
                       problems);
            } else if (!id) {
                refuse(at, fmt::format("shortcut {} must name a screen", tail.str()), problems);
            } else if (name.str() == menu) {
                made.by_tail_.emplace(tail.str(), shortcut{*id, at});
            }
        }
    }
    return made;
}

const std::string* shortcuts::find(std::string_view tail) const noexcept {
    const auto found = by_tail_.find(tail);
    return found == by_tail_.end() ? nullptr : &found->second.target;
}

void prove(const shortcuts& all, const graph& menu, std::vector<texts::problem>& problems) {
    const auto* main = menu.find(menu.start());
    for (const auto& [tail, leads] : all.all()) {
        const auto* target = menu.find(leads.target);
        if (target == nullptr) {
            refuse(leads.at,
                   fmt::format("shortcut {} leads to \"{}\", which is no screen of {}", tail,
                               leads.target, menu.at().file),
                   problems);
            continue;
        }
        if (target == main || !stands_alone(*target)) {
            refuse(leads.at,
                   fmt::format("shortcut {} leads to \"{}\": not the main menu, nor a screen that "
                               "takes a PIN or an amount, makes or confirms a change, or needs "
                               "what another one asked",
                               tail, leads.target),
                   problems);
        }
        const auto* key = main == nullptr ? nullptr : main->find_option(tail.front());
        if (tail.size() == 1 && (key == nullptr || key->target != leads.target)) {
            refuse(leads.at,
                   fmt::format("shortcut {} leads elsewhere than key {} of the main menu; some "
                               "networks cannot tell them apart, so use two digits",
                               tail, tail),
                   problems);
        }
    }
}

} // namespace uthan::menus
