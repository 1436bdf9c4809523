#pragma once

#include "tests/integration/fault_proxy.hpp"
#include "tests/integration/gateway_process.hpp"
#include "tests/support/redis_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <poll.h>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

// What the tests with faults share.
namespace uthan::test {

constexpr const char* member_phone = "+8801810000001";
constexpr const char* main_menu = "1 কিস্তি";
constexpr const char* not_now = "এখন দেখানো যাচ্ছে না";

/// Waits for something to become true, at most half a minute.
inline bool eventually(const std::function<bool()>& holds) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > give_up) {
            return false;
        }
        poll(nullptr, 0, 10);
    }
    return true;
}

/// Puts lines into a table of the configuration's file that is there already.
inline void configure(const deployment& at, const std::string& table, const std::string& lines) {
    std::stringstream text;
    text << std::ifstream{at.config()}.rdbuf();
    auto content = text.str();
    const auto header = "[" + table + "]\n";
    const auto found = content.find(header);
    ASSERT_NE(found, std::string::npos);
    content.insert(found + header.size(), lines);
    std::ofstream{at.config()} << content;
}

/// A dialogue on Africa's Talking: the history grows with every key.
class history_dialogue {
public:
    history_dialogue(std::string session, std::string phone = member_phone)
        : session_(std::move(session)), phone_(std::move(phone)) {}

    /// "" dials.
    std::string press(const gateway_process& on, const std::string& key) {
        if (!key.empty()) {
            history_ += history_.empty() ? key : "*" + key;
        }
        return again(on);
    }
    std::string press_all(const gateway_process& on, const std::vector<std::string>& keys) {
        std::string last;
        for (const auto& key : keys) {
            last = press(on, key);
        }
        return last;
    }
    /// The same request once more.
    std::string again(const gateway_process& on) const {
        return on.turn(session_, phone_, history_);
    }

private:
    std::string session_;
    std::string phone_;
    std::string history_;
};

/// What a member presses on her first call, up to the main menu.
inline std::vector<std::string> first_keys() {
    return {"", "4821", "4821", "0", "1"};
}

/// Numbers of one active member each, without the first one's, from the files of the delivery.
inline std::vector<std::string> phones_of_one(const deployment& at) {
    std::ifstream members{at.delivery() + "/members.csv"};
    std::map<std::string, int> holders;
    for (std::string line; std::getline(members, line);) {
        std::smatch number;
        if (std::regex_search(line, number, std::regex{"\\b8801[0-9]{9}\\b"})) {
            const bool usual = line.find(",self,") != std::string::npos &&
                               line.find(",active,") != std::string::npos;
            holders[number.str()] += usual ? 1 : 2;
        }
    }
    std::vector<std::string> found;
    for (const auto& [number, count] : holders) {
        if (count == 1 && "+" + number != member_phone) {
            found.push_back("+" + number);
        }
    }
    return found;
}

/// `uthan requests list` of KMSS.
inline std::string requests_of(const deployment& at) {
    return run_uthan({"requests", "list", "--config", at.config(), "--organisation", "kmss"})
        .output;
}

/// Nothing private is in the log, and no code was surprised.
inline void expect_clean(const deployment& at) {
    const auto log = at.log();
    EXPECT_THAT(log, testing::Not(testing::HasSubstr("88100000")));
    EXPECT_THAT(log, testing::Not(testing::HasSubstr("4821")));
    EXPECT_THAT(log, testing::Not(testing::HasSubstr("\xE0\xA6"))) << "a Bangla text in the log";
    EXPECT_THAT(log, testing::Not(testing::HasSubstr("unhandled_exception")));
}

} // namespace uthan::test
