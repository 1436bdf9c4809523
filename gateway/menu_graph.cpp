#include "gateway/menu_graph.hpp"

#include <fmt/format.h>

namespace uthan::gateway {
namespace {

std::string node(const std::string& organisation, std::string_view screen) {
    return fmt::format("\"{}/{}\"", organisation, screen);
}

std::string label_of(const menus::screen& screen) {
    if (screen.answer != menus::answer_name::none) {
        return fmt::format("{}\\n[{}]", screen.id, menus::to_string(screen.answer));
    }
    return screen.text.empty() ? screen.id : fmt::format("{}\\n{}", screen.id, screen.text);
}

void append_screen(const std::string& organisation, const menus::screen& screen, std::string& out) {
    const std::string from = node(organisation, screen.id);
    const bool fact = screen.answer != menus::answer_name::none;
    out += fmt::format("    {} [label=\"{}\"{}];\n", from, label_of(screen),
                       fact ? ", shape=box" : "");
    for (const menus::option& option : screen.options) {
        out += fmt::format("    {} -> {} [label=\"{}\"];\n", from,
                           node(organisation, option.target), option.key);
    }
    if (!screen.next.empty()) {
        out += fmt::format("    {} -> {} [label=\"{}\"];\n", from, node(organisation, screen.next),
                           screen.asks ? "typed" : "then");
    }
    if (!screen.beside.empty()) {
        out += fmt::format("    {} -> {} [label=\"beside\"];\n", from,
                           node(organisation, screen.beside));
    }
}

} // namespace

std::string menu_graph(const content& what) {
    std::string out = "digraph menus {\n  rankdir=LR;\n";
    for (const auto& [code, organisation] : what.organisations) {
        out += fmt::format("  subgraph \"cluster_{}\" {{\n    label=\"{}\";\n", code, code);
        for (const auto& [id, screen] : organisation->menu.screens()) {
            append_screen(code, screen, out);
        }
        out += "  }\n";
    }
    return out + "}\n";
}

} // namespace uthan::gateway
