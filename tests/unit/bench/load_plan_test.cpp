#include "bench/load_plan.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>

namespace uthan::bench {
namespace {

constexpr std::string_view session = "0123456789abcdef0123456789abcdef";
constexpr std::string_view phone = "8801810000042";

std::string body_of(std::string_view request) {
    return std::string{request.substr(request.find("\r\n\r\n") + 4)};
}

TEST(RequestPlan, EveryStepCarriesTheWholeHistory) {
    request_plan plan{"/channels/at-kmss/ussd", "*384*2#", {"1", "0", "7294"}};
    ASSERT_EQ(plan.steps(), 4U);
    const std::string common = "sessionId=ATUid_" + std::string{session} +
                               "&phoneNumber=%2B8801810000042&networkCode=47001"
                               "&serviceCode=%2A384%2A2%23&text=";
    EXPECT_EQ(body_of(plan.request(0, session, phone)), common);
    EXPECT_EQ(body_of(plan.request(1, session, phone)), common + "1");
    EXPECT_EQ(body_of(plan.request(2, session, phone)), common + "1%2A0");
    EXPECT_EQ(body_of(plan.request(3, session, phone)), common + "1%2A0%2A7294");
}

TEST(RequestPlan, SaysTheLengthOfItsBody) {
    request_plan plan{"/x", "*1#", {"1"}};
    for (std::size_t step = 0; step < plan.steps(); ++step) {
        const std::string request{plan.request(step, session, phone)};
        const auto said = "Content-Length: " + std::to_string(body_of(request).size()) + "\r\n";
        EXPECT_NE(request.find(said), std::string::npos);
        EXPECT_TRUE(request.starts_with("POST /x HTTP/1.1\r\n"));
    }
}

/// A file of its own, removed with the test.
class numbers_file {
public:
    explicit numbers_file(const std::string& text)
        : path_(std::filesystem::temp_directory_path() /
                ("uthan-numbers-" + std::to_string(::getpid()))) {
        std::ofstream{path_} << text;
    }
    ~numbers_file() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    numbers_file(const numbers_file&) = delete;
    numbers_file& operator=(const numbers_file&) = delete;
    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

TEST(PhoneBook, MeetsEveryNumberOnceBeforeItMeetsOneAgain) {
    for (const int count : {1, 2, 3, 64, 97, 1000}) {
        std::string text;
        for (int i = 0; i < count; ++i) {
            text += std::to_string(8'801'810'000'000 + i) + "\n";
        }
        const numbers_file file{text};
        phone_book phones{file.path(), 7};
        std::set<std::string> seen;
        for (int i = 0; i < count; ++i) {
            seen.emplace(phones.next());
        }
        EXPECT_EQ(seen.size(), static_cast<std::size_t>(count));
        EXPECT_TRUE(seen.contains(std::string{phones.next()}));
    }
}

TEST(PhoneBook, StartsWhereItIsTold) {
    std::string text;
    for (int i = 0; i < 100; ++i) {
        text += std::to_string(8'801'810'000'000 + i) + "\n";
    }
    const numbers_file file{text};
    phone_book from_start{file.path(), 0};
    phone_book later{file.path(), 3};
    for (int i = 0; i < 3; ++i) {
        from_start.next();
    }
    EXPECT_EQ(from_start.next(), later.next());
}

TEST(PhoneBook, RefusesWhatIsNoFileOfNumbers) {
    EXPECT_THROW((phone_book{"/nonexistent/numbers", 0}), std::runtime_error);
    const numbers_file empty{""};
    EXPECT_THROW((phone_book{empty.path(), 0}), std::runtime_error);
    const numbers_file short_line{"880181000000\n"};
    EXPECT_THROW((phone_book{short_line.path(), 0}), std::runtime_error);
    const numbers_file letters{"88018100000a0\n"};
    EXPECT_THROW((phone_book{letters.path(), 0}), std::runtime_error);
}

} // namespace
} // namespace uthan::bench
