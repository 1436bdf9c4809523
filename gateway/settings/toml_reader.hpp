#pragma once

#include "core/calendar.hpp"
#include "core/money.hpp"
#include "texts/toml.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace uthan::gateway {

using problem_list = std::vector<texts::problem>;

/// Reads the keys of one TOML table, once each. Whatever is wrong is appended to the problems with
/// its position and leaves the target as it was; `finish` finds the keys that nobody asked for.
class toml_reader {
public:
    /// `name`: the table as messages call it, "[public]". The table must outlive the reader.
    toml_reader(const toml::table& table, std::string file, std::string name,
                problem_list& problems);

    bool has(std::string_view key) const { return table_.contains(key); }
    /// Each returns whether it has set the target.
    bool text(std::string_view key, std::string& target);
    bool flag(std::string_view key, bool& target);
    bool number(std::string_view key, std::uint32_t& target, std::uint32_t least,
                std::uint32_t most);
    bool texts(std::string_view key, std::vector<std::string>& target);
    bool numbers(std::string_view key, std::vector<unsigned>& target, unsigned least,
                 unsigned most);
    /// Taka: an integer, or a string with at most two decimals ("1250.50").
    bool amount(std::string_view key, money& target);
    /// A TOML date or "2026-11-21".
    bool day(std::string_view key, calendar_day& target);
    /// Percent with at most two decimals (0.05 … 100) as basis points.
    bool percent(std::string_view key, std::uint32_t& basis_points);

    /// One of a closed list of words.
    template <class Value, std::size_t N>
    bool word(std::string_view key, Value& target,
              const std::pair<std::string_view, Value> (&words)[N]);

    /// A sub-table, or none (absent is no problem; another type is).
    const toml::table* table(std::string_view key);
    /// For a sub-table's own keys; `name` as above.
    toml_reader inside(const toml::table& table, std::string name) const {
        return {table, file_, std::move(name), problems_};
    }
    /// The tables of [[key]].
    std::vector<const toml::table*> tables(std::string_view key);

    /// An error about this key, or about the table when it is absent.
    void complain(std::string_view key, std::string message);
    void require(std::string_view key);
    texts::position position(std::string_view key) const;
    texts::position position() const;

    /// Unknown keys are errors. Call once, last.
    void finish();

private:
    const toml::node* find(std::string_view key);
    void wrong_type(std::string_view key, std::string_view expected);

    const toml::table& table_;
    std::string file_;
    std::string name_;
    problem_list& problems_;
    std::set<std::string, std::less<>> asked_;
};

template <class Value, std::size_t N>
bool toml_reader::word(std::string_view key, Value& target,
                       const std::pair<std::string_view, Value> (&words)[N]) {
    std::string written;
    if (!text(key, written)) {
        return false;
    }
    std::string known;
    for (const auto& [name, value] : words) {
        if (written == name) {
            target = value;
            return true;
        }
        known += known.empty() ? "" : ", ";
        known += name;
    }
    complain(key, "\"" + written + "\" is none of: " + known);
    return false;
}

} // namespace uthan::gateway
