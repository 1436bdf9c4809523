#pragma once

#include "members/exchange/demo_data.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::members::exchange {

/// A directory of its own, removed at the end.
class demo_directory {
public:
    demo_directory() {
        std::string name = (std::filesystem::temp_directory_path() / "uthan-demo-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error("no temporary directory");
        }
        path_ = name;
    }
    ~demo_directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    demo_directory(const demo_directory&) = delete;
    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

inline std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

using demo_row = std::map<std::string, std::string, std::less<>>;

/// The rows by column name. For files without quoted fields.
inline std::vector<demo_row> rows_of(const std::filesystem::path& file) {
    std::ifstream in{file};
    std::string line;
    const auto split = [](const std::string& text) {
        std::vector<std::string> fields;
        std::size_t from = 0;
        for (std::size_t at = text.find(','); at != std::string::npos; at = text.find(',', from)) {
            fields.push_back(text.substr(from, at - from));
            from = at + 1;
        }
        fields.push_back(text.substr(from));
        return fields;
    };
    std::getline(in, line);
    const std::vector<std::string> names = split(line);
    std::vector<demo_row> rows;
    while (std::getline(in, line)) {
        const std::vector<std::string> fields = split(line);
        EXPECT_EQ(fields.size(), names.size()) << file << ": " << line;
        demo_row& row = rows.emplace_back();
        for (std::size_t i = 0; i < names.size() && i < fields.size(); ++i) {
            row[names[i]] = fields[i];
        }
    }
    return rows;
}

/// 2026-11-21, a Saturday.
inline demo_request request_for(std::string organisation, std::uint32_t members,
                                const std::filesystem::path& out) {
    return {std::move(organisation), members, 1, *parse_day("2026-11-21"), out};
}

} // namespace uthan::members::exchange
