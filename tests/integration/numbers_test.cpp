#include "tests/integration/gateway_process.hpp"

#include "core/digest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <openssl/evp.h>

#include <array>
#include <chrono>
#include <fstream>
#include <poll.h>
#include <sstream>

// Whose the number is, through the real binary and two imports: the attack of an officer who writes
// his own number into the core system, and three women on one phone.
namespace uthan::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* hers = "+8801810000001";
constexpr const char* officers = "+8801699999912";

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in{path};
    std::stringstream content;
    content << in.rdbuf();
    return content.str();
}

std::string sha256_of(const std::string& bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

void replace(std::string& in, const std::string& what, const std::string& by) {
    const auto at = in.find(what);
    ASSERT_NE(at, std::string::npos) << what;
    in.replace(at, what.size(), by);
}

/// A delivery in which a member's number is another, with a manifest that agrees.
void change_number(const deployment& at, const std::string& from, const std::string& to) {
    const std::filesystem::path directory{at.delivery()};
    auto rows = read_file(directory / "members.csv");
    auto manifest = read_file(directory / "manifest.json");
    const auto before = sha256_of(rows);
    replace(rows, "," + from + ",", "," + to + ",");
    replace(manifest, before, sha256_of(rows));
    std::ofstream{directory / "members.csv"} << rows;
    std::ofstream{directory / "manifest.json"} << manifest;
}

/// A phone of Africa's Talking: each press is a callback with the whole history.
class caller {
public:
    caller(const gateway_process& at, std::string number) : at_(at), number_(std::move(number)) {}

    std::string dial() {
        session_ = number_.substr(1) + "-" + std::to_string(++dialled_);
        history_.clear();
        return at_.turn(session_, number_, history_);
    }
    std::string press(const std::string& key) {
        history_ += history_.empty() ? key : "*" + key;
        return at_.turn(session_, number_, history_);
    }

private:
    const gateway_process& at_;
    std::string number_;
    std::string session_;
    std::string history_;
    int dialled_ = 0;
};

void wait_for_generation(const gateway_process& at, double number) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (at.metric("uthan_ledger_generation") != number) {
        ASSERT_LT(std::chrono::steady_clock::now(), give_up);
        poll(nullptr, 0, 10);
    }
}

std::string numbers(const deployment& at, std::vector<std::string> what) {
    std::vector<std::string> arguments{"numbers"};
    arguments.insert(arguments.end(), what.begin(), what.end());
    arguments.insert(arguments.end(), {"--config", at.config(), "--organisation", "kmss"});
    return run_uthan(arguments).output;
}

TEST(NumbersOnTheGateway, OfAnOfficerWhoWritesHisOwnIntoTheCoreSystemOpenNothing) {
    deployment at(120, "");
    at.generate("2026-11-20");
    ASSERT_EQ(at.import().exit_code, 0);
    gateway_process gateway(at);
    caller she{gateway, hers};
    caller thief{gateway, officers};
    she.dial();
    for (const char* key : {"4821", "4821", "0", "1"}) {
        she.press(key);
    }
    EXPECT_THAT(thief.dial(), HasSubstr("কোনো হিসাব নেই"));

    change_number(at, "8801810000001", "8801699999912");
    const auto imported = at.import();
    ASSERT_EQ(imported.exit_code, 0) << imported.output;
    EXPECT_THAT(imported.output, HasSubstr("1 members have another number than before"));
    wait_for_generation(gateway, 2);

    EXPECT_THAT(thief.dial(), HasSubstr("1 কিস্তি"));
    EXPECT_THAT(thief.press("1"), HasSubstr("পিন দিন"));
    EXPECT_THAT(thief.press("1397"), HasSubstr("মেলেনি"));
    // He resets her PIN and has the slip's digits: on his phone they are good for nothing.
    const auto slip = run_uthan({"pin", "reset", "--config", at.config(), "--organisation", "kmss",
                                 "--member", "001000001"})
                          .output.substr(0, 4);
    EXPECT_THAT(thief.dial(), HasSubstr("এই ফোনে হিসাব দেখতে"));
    EXPECT_THAT(thief.press(slip), Not(HasSubstr("টাকা")));

    EXPECT_THAT(numbers(at, {"list"}),
                AllOf(HasSubstr("change waiting member=001000001 from=88018****01 proved=pin "
                                "to=88016****12"),
                      HasSubstr("told=no office=001 officer=S001001"),
                      Not(HasSubstr("8801810000001")), Not(HasSubstr("8801699999912"))));
    EXPECT_THAT(she.dial(), HasSubstr("শেষে 12\n1 আমি বদলাইনি"));
    EXPECT_THAT(she.press("1"), HasSubstr("থামানো"));
    EXPECT_THAT(thief.dial(), HasSubstr("দেখা যাবে না"));
    EXPECT_THAT(numbers(at, {"list"}), HasSubstr("change blocked member=001000001"));
    // Her own phone takes the slip and goes on.
    EXPECT_THAT(she.dial(), HasSubstr("শাখার স্লিপ"));
    she.press(slip);
    she.press("4821");
    EXPECT_THAT(she.press("4821"), HasSubstr("টাকা"));

    EXPECT_THAT(numbers(at, {"refuse", "--member", "001000001", "--by", "auditor"}),
                HasSubstr("refused"));
    EXPECT_THAT(thief.dial(), HasSubstr("দেখা যাবে না"));
    EXPECT_THAT(numbers(at, {"confirm", "--member", "001000002", "--by", "auditor"}),
                HasSubstr("no change"));
    EXPECT_EQ(gateway.terminate(), 0);
    for (const char* secret :
         {"8801810000001", "8801699999912", "4821", "1397", "Nasima", "নাসিমা"}) {
        EXPECT_THAT(at.log(), Not(HasSubstr(secret)));
    }
    EXPECT_THAT(at.log(), Not(HasSubstr(slip)));
}

TEST(NumbersOnTheGateway, OfThreeWomenOnOnePhoneShowEachHerOwn) {
    deployment at(120, "");
    at.generate("2026-11-20");
    ASSERT_EQ(at.import().exit_code, 0);
    gateway_process gateway(at);
    caller phone{gateway, "+8801810000003"};
    const std::array<std::string, 3> pins{"4821", "5930", "6047"};
    std::array<std::string, 3> figures;
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_THAT(phone.dial(), HasSubstr("কার হিসাব?"));
        const auto key = std::to_string(i + 1);
        phone.press(key);
        phone.press(pins[i]);
        EXPECT_THAT(phone.press(pins[i]), HasSubstr("টাকা"));
        phone.dial();
        phone.press(key);
        phone.press("3");
        figures[i] = phone.press(pins[i]);
        EXPECT_THAT(figures[i], HasSubstr("টাকা"));
    }
    for (std::size_t i = 0; i < 3; ++i) {
        const auto others = pins[(i + 1) % 3];
        phone.dial();
        phone.press(std::to_string(i + 1));
        phone.press("3");
        EXPECT_THAT(phone.press(others), Not(HasSubstr("টাকা")));
    }
    EXPECT_EQ(gateway.terminate(), 0);
    const auto log = at.log();
    for (const char* secret : {"8801810000003", "4821", "5930", "6047", "Dipali", "দীপালী",
                               "Mahmuda", "মাহমুদা", "Anjali", "অঞ্জলি"}) {
        EXPECT_THAT(log, Not(HasSubstr(secret)));
    }
}

} // namespace
} // namespace uthan::test
