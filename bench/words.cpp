// keyword_match: what reading one of members' text messages costs – normalised, tokens, keyword
// with one mistake, arguments – against one lookup of the first word in a hash table. Prints one
// JSON object; with --matrix how well words with one mistake are read.
//
//   bench_words [--keywords FILE] [--messages N] [--rounds N] [--matrix]

#include "bench/monotonic.hpp"
#include "bench/typos.hpp"
#include "sms/command.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace uthan::bench {
namespace {

struct options {
    std::string keywords = "config/keywords.toml";
    std::size_t messages = 20'000;
    unsigned rounds = 5;
    bool matrix = false;
};

texts::keyword_table load_table(const std::string& file) {
    std::vector<texts::problem> problems;
    auto table = texts::keyword_table::load(file, problems);
    if (!problems.empty()) {
        throw std::runtime_error{problems.front().to_string()};
    }
    return table;
}

/// As they come: half of them right, a third with a mistake, the rest sentences and amounts.
std::vector<std::string> messages_like_members(const texts::keyword_table& table,
                                               std::size_t count) {
    constexpr std::string_view others[] = {
        "koto rin 20 hazar", "আমার সঞ্চয় কত টাকা আছে ভাই?", "কত ৫০০০০ টাকা",
        "Assalamu alaikum, ami ki kal office e asbo?", "kisti koto taka dite hobe bolen please"};
    const auto typos = make_typos(table, 1, count);
    std::vector<std::string> made;
    for (std::size_t i = 0; i < count; ++i) {
        const auto kind = i % 6;
        if (kind < 3) {
            made.push_back(table.words()[i % table.words().size()].word);
        } else {
            made.push_back(kind < 5 ? typos[i].written : std::string{others[i % 5]});
        }
    }
    return made;
}

using exact_words = std::unordered_map<std::string, texts::keyword>;

std::size_t look_up(const exact_words& words, const std::vector<std::string>& messages) {
    std::size_t found = 0;
    for (const auto& one : messages) {
        found += words.contains(one.substr(0, one.find(' '))) ? 1 : 0;
    }
    return found;
}

std::size_t read_all(const texts::keyword_table& table, const std::vector<std::string>& messages) {
    std::size_t understood = 0;
    for (const auto& one : messages) {
        understood += sms::read_command(table, one).kind != sms::command_kind::unknown ? 1 : 0;
    }
    return understood;
}

double middle(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void print_matrix(const texts::keyword_table& table) {
    const auto typos = make_typos(table, 1, 100'000);
    const auto others = make_other_typos(table, 1, 20'000);
    for (const bool alone : {true, false}) {
        const auto read = measure(table, typos, alone);
        const auto everyday = measure(table, others, alone);
        std::uint64_t taken = 0;
        for (std::size_t i = 0; i < confusion::words; ++i) {
            taken += everyday.wrong(static_cast<texts::keyword>(i));
        }
        fmt::print(
            "{} words with one mistake, {}\n{}precision {:.4f}, recall {:.4f}, wrong stop {}\n"
            "everyday words with one mistake that were read as a keyword: {} of {}, wrong "
            "stop {}\n\n",
            typos.size(), alone ? "each a whole message" : "each the first word of more",
            read.to_string(), read.precision(), read.recall(), read.wrong(texts::keyword::stop),
            taken, others.size(), everyday.wrong(texts::keyword::stop));
    }
}

void run(const options& as) {
    const auto table = load_table(as.keywords);
    if (as.matrix) {
        print_matrix(table);
        return;
    }
    const auto messages = messages_like_members(table, as.messages);
    exact_words words;
    for (const auto& one : table.words()) {
        words.emplace(one.word, one.is);
    }
    std::vector<double> ours;
    std::vector<double> plain;
    std::size_t understood = 0;
    std::size_t found = 0;
    for (unsigned round = 0; round < as.rounds; ++round) {
        const auto start = now_ns();
        understood = read_all(table, messages);
        const auto between = now_ns();
        found = look_up(words, messages);
        const auto end = now_ns();
        const auto count = static_cast<double>(messages.size()) * 1e3;
        ours.push_back(static_cast<double>(between - start) / count);
        plain.push_back(static_cast<double>(end - between) / count);
    }
    const double us = middle(ours);
    const double lookup = middle(plain);
    fmt::print("{{\"us\":{:.4f},\"lookup_us\":{:.4f},\"ratio\":{:.2f},\"understood\":{},"
               "\"looked_up\":{},\"messages\":{}}}\n",
               us, lookup, us / lookup, understood, found, messages.size());
}

} // namespace
} // namespace uthan::bench

int main(int argc, char** argv) {
    uthan::bench::options as;
    CLI::App app{"reading of members' text messages"};
    app.add_option("--keywords", as.keywords);
    app.add_option("--messages", as.messages);
    app.add_option("--rounds", as.rounds);
    app.add_flag("--matrix", as.matrix);
    CLI11_PARSE(app, argc, argv);
    try {
        uthan::bench::run(as);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "bench_words: {}\n", problem.what());
        return 1;
    }
    return 0;
}
