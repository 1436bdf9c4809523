#include "tests/integration/gateway_process.hpp"
#include "tests/support/redis_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <memory>
#include <poll.h>
#include <sstream>
#include <thread>
#include <unistd.h>

namespace uthan::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* first_phone = "+8801810000001";
constexpr unsigned members = 120;

bool eventually(const std::function<bool()>& holds) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > give_up) {
            return false;
        }
        poll(nullptr, 0, 10);
    }
    return true;
}

/// A copy of the shipped menus and texts that a test may edit.
class editable_content {
public:
    editable_content() {
        std::string pattern = (fs::temp_directory_path() / "uthan-content-XXXXXX").string();
        EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
        root_ = pattern;
        for (const char* part : {"menus", "texts"}) {
            fs::copy(fs::path(UTHAN_SOURCE_DIR) / "config" / part, root_ / part,
                     fs::copy_options::recursive);
        }
    }
    ~editable_content() { fs::remove_all(root_); }
    editable_content(const editable_content&) = delete;
    editable_content& operator=(const editable_content&) = delete;

    std::string table() const {
        return "[content]\nmenus = \"" + (root_ / "menus").string() + "\"\ntexts = \"" +
               (root_ / "texts").string() + "\"\n";
    }
    /// The main menu's first line becomes "1 <word>".
    void write(const std::string& word) { replace("1 কিস্তি", "1 " + word); }
    void break_it() { replace("1 কিস্তি", "1 {nobody}"); }

private:
    /// In the shipped text; whole or not at all, as an editor saves it.
    void replace(const std::string& from, const std::string& to) {
        std::ifstream in{fs::path(UTHAN_SOURCE_DIR) / "config/texts/bn.toml"};
        std::stringstream read;
        read << in.rdbuf();
        auto text = read.str();
        const auto at = text.find(from);
        ASSERT_NE(at, std::string::npos);
        text.replace(at, from.size(), to);
        const auto part = root_ / "texts/bn.toml.part";
        std::ofstream{part} << text;
        fs::rename(part, root_ / "texts/bn.toml");
    }
    fs::path root_;
};

class ReloadTest : public testing::Test {
protected:
    ReloadTest() {
        at.generate("2026-11-20");
        const auto imported = at.import();
        EXPECT_EQ(imported.exit_code, 0) << imported.output;
        content.write("V0");
        gateway = std::make_unique<gateway_process>(at);
        for (const char* history : {"", "4821", "4821*4821", "4821*4821*0", "4821*4821*0*1"}) {
            gateway->turn("enrol", first_phone, history);
        }
    }
    double reloads(const std::string& outcome) const {
        return gateway->metric("uthan_content_reloads_total{outcome=\"" + outcome + "\"}");
    }
    /// Returns when it was loaded.
    void reload() {
        const auto before = reloads("done");
        gateway->hang_up();
        ASSERT_TRUE(eventually([&] { return reloads("done") == before + 1; })) << at.log();
    }
    std::string dial() { return gateway->turn("s" + std::to_string(++sessions), first_phone, ""); }

    editable_content content;
    redis_server redis;
    deployment at{members, redis.url(), content.table()};
    std::unique_ptr<gateway_process> gateway;
    unsigned sessions = 0;
};

/// Dialogues one after the other; each must end on the text on which it began.
void keep_dialling(const gateway_process& gateway, unsigned thread, const std::atomic<bool>& stop,
                   std::atomic<unsigned>& hops, std::atomic<unsigned>& failed) {
    const auto phone = "+88018100000" + std::to_string(10 + thread);
    const auto name = "load" + std::to_string(thread) + "-";
    for (unsigned i = 0; !stop; ++i) {
        const auto session = name + std::to_string(i);
        const auto first = gateway.turn(session, phone, "");
        std::string last;
        std::string history;
        for (const char* key : {"12", "345", "x"}) { // Refused as a PIN; the question stays.
            history += history.empty() ? key : std::string{"*"} + key;
            last = gateway.turn(session, phone, history);
            hops.fetch_add(1);
            failed.fetch_add(last.starts_with("CON ") ? 0 : 1);
        }
        hops.fetch_add(1);
        failed.fetch_add(first.starts_with("CON ") || first.starts_with("END ") ? 0 : 1);
    }
}

TEST_F(ReloadTest, UnderLoadNoHopFailsAndLiveDialoguesEndOnTheirOwnText) {
    std::atomic<bool> stop{false};
    std::atomic<unsigned> hops{0};
    std::atomic<unsigned> failed{0};
    std::vector<std::thread> load;
    for (unsigned i = 0; i < 4; ++i) {
        load.emplace_back([&, i] { keep_dialling(*gateway, i, stop, hops, failed); });
    }
    for (int version = 1; version <= 3; ++version) {
        const auto old_word = "1 V" + std::to_string(version - 1);
        const auto new_word = "1 V" + std::to_string(version);
        ASSERT_TRUE(eventually([&] { return dial().find(old_word) != std::string::npos; }));
        const auto live = "s" + std::to_string(sessions);
        const auto hops_before = hops.load();
        content.write("V" + std::to_string(version));
        reload();
        EXPECT_THAT(gateway->turn(live, first_phone, "4"), StartsWith("CON "));
        EXPECT_THAT(gateway->turn(live, first_phone, "4*0"), HasSubstr(old_word));
        ASSERT_TRUE(eventually([&] {
            return gateway->turn("n" + std::to_string(++sessions), first_phone, "")
                       .find(new_word) != std::string::npos;
        }));
        EXPECT_GT(hops.load(), hops_before) << "load while it was reloaded";
    }
    stop = true;
    for (auto& thread : load) {
        thread.join();
    }
    EXPECT_EQ(failed.load(), 0u) << "of " << hops.load() << " hops";
    EXPECT_EQ(gateway->metric("uthan_unhandled_exceptions_total"), 0);
    EXPECT_EQ(gateway->metric("uthan_ussd_apologies_total"), 0);
    EXPECT_LT(gateway->metric("uthan_content_age_seconds"), 60);
}

TEST_F(ReloadTest, ABrokenFileIsRefusedWithItsPlaceAndNothingChanges) {
    EXPECT_THAT(dial(), HasSubstr("1 V0"));
    content.break_it();
    gateway->hang_up();
    ASSERT_TRUE(eventually([&] { return reloads("refused") == 1; }));
    EXPECT_THAT(at.log(), testing::ContainsRegex("event=reload_problem at=\".*texts/bn.toml:[0-9]+:"
                                                 "[0-9]+: .*nobody"));
    EXPECT_THAT(at.log(), HasSubstr("event=reload_refused"));
    EXPECT_EQ(gateway->metric("uthan_content_reload_failing"), 1);
    EXPECT_THAT(dial(), HasSubstr("1 V0"));
    content.write("V9");
    reload();
    EXPECT_EQ(gateway->metric("uthan_content_reload_failing"), 0);
    ASSERT_TRUE(eventually([&] { return dial().find("1 V9") != std::string::npos; }));
}

TEST_F(ReloadTest, ADialledTailLeadsToAScreen) {
    EXPECT_THAT(gateway->turn("t1", first_phone, "13"), HasSubstr("পিন"));
    EXPECT_THAT(gateway->turn("t1", first_phone, "13*4821"), HasSubstr("পর্যন্ত"));
    EXPECT_THAT(gateway->turn("t1", first_phone, "13*4821*0"), HasSubstr("1 V0"));
    const std::string body = "sessionId=t2&phoneNumber=%2B8801810000001&networkCode=9"
                             "&serviceCode=%2A384%2A2%2A18%23&text=";
    EXPECT_THAT(gateway->post("/channels/at-kmss/ussd", body), StartsWith("CON "));
    EXPECT_THAT(gateway->post("/channels/at-kmss/ussd", body + "0"), HasSubstr("1 V0"));
    EXPECT_GE(gateway->metric("uthan_ussd_screens_shown_total{organisation=\"kmss\","
                              "screen=\"branch\"}"),
              1);
}

} // namespace
} // namespace uthan::test
