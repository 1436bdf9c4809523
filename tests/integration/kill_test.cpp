#include "tests/integration/busy_centre.hpp"
#include "tests/integration/gateway_process.hpp"
#include "tests/unit/gateway/rude_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <poll.h>

// The real binary is killed again and again while it accepts, hands over, hears answers and
// receipts. What the message centre saw is then held against what the store says.
// UTHAN_KILLS=500 kills more often, UTHAN_KILL_SEED another story.
namespace uthan::test {
namespace {

using gateway::testing::eventually;

std::uint32_t number_from(const char* variable, std::uint32_t otherwise) {
    const char* given = std::getenv(variable);
    return given == nullptr ? otherwise
                            : static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10));
}

constexpr unsigned texts_of_a_life = 8;

class KilledGateway : public testing::Test {
protected:
    KilledGateway()
        : seed_(number_from("UTHAN_KILL_SEED", 1)), luck_(seed_), centre_(seed_),
          at_(20, "",
              fmt::format("[[channels]]\nname = \"smpp-kmss\"\nadapter = \"smpp\"\n"
                          "organisation = \"kmss\"\nhost = \"127.0.0.1\"\nport = {}\n"
                          "system_id = \"uthan\"\npassword = \"secret\"\nsender = \"KMSS\"\n"
                          "tps = 1000\n",
                          centre_.port())) {
        at_.generate("2026-11-21");
        const auto imported = at_.import();
        EXPECT_EQ(imported.exit_code, 0) << imported.output;
        const auto run =
            run_uthan({"staff", "add", "--config", at_.config(), "--organisation", "kmss",
                       "--login", "core", "--role", "machine", "--office", "HO"});
        const auto from = run.output.find("uthan_");
        key_ = run.output.substr(from, run.output.find('\n', from) - from);
    }

    unsigned below(unsigned limit) { return static_cast<unsigned>(luck_()) % limit; }

    static std::string field(const std::string& answer, std::string_view name) {
        const auto mark = fmt::format("\"{}\":\"", name);
        const auto from = answer.find(mark);
        return from == std::string::npos
                   ? ""
                   : answer.substr(from + mark.size(),
                                   answer.find('"', from + mark.size()) - from - mark.size());
    }

    /// False: no answer came. A text that is posted again keeps its id.
    bool post(const gateway_process& to, const std::string& text) {
        int status = 0;
        const auto answer = to.api("POST", "/messages", key_,
                                   fmt::format(R"({{"to":"01799000001","text":"{0}",)"
                                               R"("class":"answer","idempotency_key":"{0}"}})",
                                               text),
                                   &status);
        if (status == 0) {
            return false;
        }
        EXPECT_TRUE(status == 202 || status == 200) << answer;
        const auto id = field(answer, "id");
        const auto [known, is_new] = ids_.emplace(text, id);
        EXPECT_EQ(known->second, id) << "accepted twice";
        return true;
    }

    /// From start to kill.
    void one_life(unsigned number) {
        gateway_process gateway(at_);
        const auto pid = gateway.pid();
        std::atomic<bool> killed{false};
        const auto end_it = [pid, &killed] {
            ::kill(pid, SIGKILL);
            killed = true;
        };
        const auto moment = below(centre_moments + 1);
        if (moment < centre_moments) {
            centre_.at(static_cast<centre_moment>(moment), 1 + below(texts_of_a_life), end_it);
        }
        for (const auto& text : std::exchange(unanswered_, {})) {
            if (!post(gateway, text)) {
                unanswered_.push_back(text);
            }
        }
        const auto in_this_post = moment == centre_moments ? below(texts_of_a_life) : ~0U;
        for (unsigned i = 0; i < texts_of_a_life && !killed; ++i) {
            const auto text = fmt::format("KMSS: {}-{}", number, i);
            std::thread killer;
            if (i == in_this_post) {
                killer = std::thread{[end_it, after_ms = static_cast<int>(below(4))] {
                    ::poll(nullptr, 0, after_ms);
                    end_it();
                }};
            }
            if (!post(gateway, text)) {
                unanswered_.push_back(text);
            }
            if (killer.joinable()) {
                killer.join();
            }
        }
        // The last texts may settle before the moment comes; then it is killed at rest.
        eventually([&] { return killed || all_answered(); });
        centre_.at(centre_moment::submit_came, 0, {});
        gateway.kill();
    }

    bool all_answered() const {
        for (const auto& [text, seen] : centre_.texts()) {
            if (!seen.receipt_answered) {
                return false;
            }
        }
        return true;
    }

    std::string state_of(const gateway_process& at, const std::string& id) {
        return field(at.api("GET", "/messages/" + id, key_, ""), "state");
    }

    std::uint32_t seed_;
    std::minstd_rand luck_;
    busy_centre centre_;
    deployment at_;
    std::string key_;
    std::map<std::string, std::string> ids_; ///< by text: what was accepted
    std::vector<std::string> unanswered_;    ///< posted, and who knows
};

TEST_F(KilledGateway, LosesNothingAcceptedAndSendsNothingTwice) {
    SCOPED_TRACE(testing::Message() << "UTHAN_KILL_SEED=" << seed_);
    const auto kills = number_from("UTHAN_KILLS", 15);
    for (unsigned life = 0; life < kills && !HasFailure(); ++life) {
        one_life(life);
    }

    const gateway_process gateway(at_);
    for (const auto& text : unanswered_) {
        EXPECT_TRUE(post(gateway, text));
    }
    unsigned never_sent = 0;
    for (const auto& [text, id] : ids_) {
        SCOPED_TRACE(text);
        std::string state;
        EXPECT_TRUE(eventually([&] {
            state = state_of(gateway, id);
            return state != "accepted" && state != "submitting" &&
                   (state == "unconfirmed" || all_answered());
        })) << state;
        const auto all = centre_.texts();
        const auto seen = all.find(text);
        if (seen == all.end()) {
            EXPECT_EQ(state, "unconfirmed") << "lost";
            ++never_sent;
            continue;
        }
        EXPECT_EQ(seen->second.submits, 1U) << "sent twice";
        EXPECT_TRUE(state == "unconfirmed" || state == "delivered") << state;
    }
    for (const auto& [text, seen] : centre_.texts()) {
        EXPECT_TRUE(ids_.contains(text)) << text << " was sent and never accepted";
    }
    RecordProperty("accepted", std::to_string(ids_.size()));
    RecordProperty("claimed_and_never_sent", std::to_string(never_sent));
    EXPECT_GT(ids_.size(), kills);
}

} // namespace
} // namespace uthan::test
