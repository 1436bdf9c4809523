#include "menus/service_answers.hpp"

#include "core/assert.hpp"
#include "menus/filler.hpp"
#include "menus/shown_name.hpp"
#include "texts/weight.hpp"

#include <algorithm>
#include <charconv>

namespace uthan::menus {
namespace {

answer text_of(const question& q, const members::information& one) {
    answer a;
    a.text = "serv.text";
    for (auto& line : wrapped(shown_name(one.text, q.in), service_line_max(q.in))) {
        filler{q, a.rows.emplace_back()}.text("line", std::move(line));
    }
    return a;
}

} // namespace

std::size_t service_line_max(texts::rendering in) noexcept {
    const auto* line = texts::find_placeholder("line");
    UTHAN_ASSERT(line != nullptr);
    return texts::width_max(*line, in);
}

std::vector<std::string> wrapped(std::string_view text, std::size_t units_max) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        const auto word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (word.empty()) {
            continue;
        }
        const auto beside = lines.empty() ? units_max : texts::utf16_units(lines.back()) + 1;
        if (beside + texts::utf16_units(word) <= units_max) {
            lines.back() += ' ';
            lines.back() += word;
        } else {
            lines.emplace_back(word);
        }
    }
    return lines;
}

answer make_service_answer(const question& q) {
    const auto& services = q.rules.services;
    answer a;
    if (services.empty()) {
        a.text = "req.not_offered";
        return a;
    }
    std::size_t chosen = services.size() == 1 ? 0 : services.size();
    std::from_chars(q.chosen.data(), q.chosen.data() + q.chosen.size(), chosen);
    if (chosen < services.size()) {
        return text_of(q, services[chosen]);
    }
    a.text = "serv.list";
    for (std::size_t i = 0; i < services.size(); ++i) {
        filler{q, a.rows.emplace_back()}.named("matter", services[i].title);
        a.choices.push_back(std::to_string(i));
    }
    return a;
}

} // namespace uthan::menus
