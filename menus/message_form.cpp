#include "menus/message_form.hpp"

#include "core/assert.hpp"

#include <algorithm>

namespace uthan::menus {
namespace {

/// "1 …", as a text's own line.
bool is_key_line(const std::string& line) {
    return line.size() > 2 && line[0] >= '0' && line[0] <= '9' && line[1] == ' ';
}

bool offers_key(const texts::text_template::line& line) {
    return !line.is_row && !line.segments.empty() && !line.segments.front().is_placeholder &&
           is_key_line(line.segments.front().text + " ");
}

/// The keys are at a text's end.
std::size_t offered(const texts::text_template& text) {
    const auto& lines = text.lines();
    const auto first = std::find_if_not(lines.rbegin(), lines.rend(), offers_key);
    return static_cast<std::size_t>(first - lines.rbegin());
}

void add_lines(std::string& to, const answer& said, std::string_view id, const question& about) {
    const auto* text = about.texts.find(id, about.in);
    UTHAN_ASSERT(text != nullptr);
    auto lines = text->render(said.shared, said.rows, about.in);
    lines.resize(lines.size() - std::min(offered(*text), lines.size()));
    for (const auto& line : lines) {
        to += to.empty() ? "" : "\n";
        to += line;
    }
}

} // namespace

std::string message_form(answer_name name, const question& about) {
    const auto said = make_answer(name, about);
    std::string out;
    if (said.choices.empty() || !about.chosen.empty()) {
        if (!said.lead.empty()) {
            add_lines(out, said, said.lead, about);
        }
        add_lines(out, said, said.text, about);
        return out;
    }
    const auto told = std::min(said.choices.size(), choices_told);
    for (std::size_t i = 0; i < told; ++i) {
        auto one = about;
        one.chosen = said.choices[i];
        add_lines(out, make_answer(name, one), make_answer(name, one).text, one);
    }
    return out;
}

} // namespace uthan::menus
