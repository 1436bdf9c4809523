#include "gateway/settings/toml_reader.hpp"

#include <algorithm>
#include <cmath>
#include <exception>

namespace uthan::gateway {
namespace {

texts::position position_of(const toml::node& node, const std::string& file) {
    const auto& begin = node.source().begin;
    return {file, static_cast<std::size_t>(begin.line), static_cast<std::size_t>(begin.column)};
}

} // namespace

toml_reader::toml_reader(const toml::table& table, std::string file, std::string name,
                         problem_list& problems)
    : table_(table), file_(std::move(file)), name_(std::move(name)), problems_(problems) {}

const toml::node* toml_reader::find(std::string_view key) {
    asked_.emplace(key);
    return table_.get(key);
}

texts::position toml_reader::position() const {
    return position_of(table_, file_);
}

texts::position toml_reader::position(std::string_view key) const {
    const toml::node* node = table_.get(key);
    return node == nullptr ? position() : position_of(*node, file_);
}

void toml_reader::complain(std::string_view key, std::string message) {
    problems_.push_back({position(key), name_ + " " + std::string(key) + ": " + message});
}

void toml_reader::wrong_type(std::string_view key, std::string_view expected) {
    complain(key, "must be " + std::string(expected));
}

void toml_reader::require(std::string_view key) {
    if (!has(key)) {
        problems_.push_back({position(), name_ + " needs " + std::string(key)});
    }
}

bool toml_reader::text(std::string_view key, std::string& target) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return false;
    }
    const auto value = node->value_exact<std::string>();
    if (!value) {
        wrong_type(key, "a string");
        return false;
    }
    target = *value;
    return true;
}

bool toml_reader::flag(std::string_view key, bool& target) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return false;
    }
    const auto value = node->value_exact<bool>();
    if (!value) {
        wrong_type(key, "true or false");
        return false;
    }
    target = *value;
    return true;
}

bool toml_reader::number(std::string_view key, std::uint32_t& target, std::uint32_t least,
                         std::uint32_t most) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return false;
    }
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < least || *value > most) {
        wrong_type(key,
                   "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
        return false;
    }
    target = static_cast<std::uint32_t>(*value);
    return true;
}

bool toml_reader::texts(std::string_view key, std::vector<std::string>& target) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return false;
    }
    const toml::array* array = node->as_array();
    if (array == nullptr) {
        wrong_type(key, "a list of strings");
        return false;
    }
    std::vector<std::string> read;
    for (const toml::node& element : *array) {
        const auto value = element.value_exact<std::string>();
        if (!value) {
            wrong_type(key, "a list of strings");
            return false;
        }
        read.push_back(*value);
    }
    target = std::move(read);
    return true;
}

bool toml_reader::numbers(std::string_view key, std::vector<unsigned>& target, unsigned least,
                          unsigned most) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return false;
    }
    const std::string expected =
        "a list of whole numbers from " + std::to_string(least) + " to " + std::to_string(most);
    const toml::array* array = node->as_array();
    if (array == nullptr) {
        wrong_type(key, expected);
        return false;
    }
    std::vector<unsigned> read;
    for (const toml::node& element : *array) {
        const auto value = element.value_exact<std::int64_t>();
        if (!value || *value < least || *value > most) {
            wrong_type(key, expected);
            return false;
        }
        read.push_back(static_cast<unsigned>(*value));
    }
    target = std::move(read);
    return true;
}

bool toml_reader::amount(std::string_view key, money& target) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return false;
    }
    std::optional<money> value;
    if (const auto whole = node->value_exact<std::int64_t>()) {
        value = parse_money(std::to_string(*whole));
    } else if (const auto written = node->value_exact<std::string>()) {
        value = parse_money(*written);
    }
    if (!value || value->poisha < 0) {
        wrong_type(key, "an amount in taka: 5000 or \"1250.50\"");
        return false;
    }
    target = *value;
    return true;
}

bool toml_reader::day(std::string_view key, calendar_day& target) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return false;
    }
    std::optional<calendar_day> value;
    if (const auto date = node->value_exact<toml::date>()) {
        const std::chrono::year_month_day ymd{std::chrono::year{date->year},
                                              std::chrono::month{date->month},
                                              std::chrono::day{date->day}};
        value = ymd.ok() ? std::optional<calendar_day>(ymd) : std::nullopt;
    } else if (const auto written = node->value_exact<std::string>()) {
        value = parse_day(*written);
    }
    if (!value) {
        wrong_type(key, "a date: 2026-11-21");
        return false;
    }
    target = *value;
    return true;
}

bool toml_reader::percent(std::string_view key, std::uint32_t& basis_points) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return false;
    }
    const auto value = node->value<double>();
    const double scaled = value ? *value * 100 : -1;
    if (scaled < 0 || scaled > 10'000 || std::abs(scaled - std::round(scaled)) > 1e-6) {
        wrong_type(key, "a percentage from 0 to 100 with at most two decimals");
        return false;
    }
    basis_points = static_cast<std::uint32_t>(std::llround(scaled));
    return true;
}

const toml::table* toml_reader::table(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return nullptr;
    }
    if (!node->is_table()) {
        wrong_type(key, "a table");
        return nullptr;
    }
    return node->as_table();
}

std::vector<const toml::table*> toml_reader::tables(std::string_view key) {
    std::vector<const toml::table*> found;
    const toml::node* node = find(key);
    if (node == nullptr) {
        return found;
    }
    const toml::array* array = node->as_array();
    if (array == nullptr) {
        wrong_type(key, "written as [[" + std::string(key) + "]]");
        return found;
    }
    for (const toml::node& element : *array) {
        if (!element.is_table()) {
            wrong_type(key, "written as [[" + std::string(key) + "]]");
            return found;
        }
        found.push_back(element.as_table());
    }
    return found;
}

void toml_reader::finish() {
    for (const auto& [key, node] : table_) {
        if (!asked_.contains(key.str())) {
            const auto& begin = key.source().begin;
            problems_.push_back({{file_, static_cast<std::size_t>(begin.line),
                                  static_cast<std::size_t>(begin.column)},
                                 name_ + ": unknown key \"" + std::string(key.str()) + "\""});
        }
    }
}

} // namespace uthan::gateway
