#include "tests/integration/gateway_process.hpp"
#include "tests/unit/gateway/scripted_smsc.hpp"
#include "texts/join.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

// Text messages of the real binary at a message centre that the test plays. All are answers: they
// go at any hour.
namespace uthan::test {
namespace {

using gateway::testing::scripted_smsc;
using gateway::testing::smsc_peer;
using testing::HasSubstr;
namespace smpp = adapters::smpp;

std::string channel_at(std::uint16_t port) {
    return fmt::format("[[channels]]\nname = \"smpp-kmss\"\nadapter = \"smpp\"\n"
                       "organisation = \"kmss\"\nhost = \"127.0.0.1\"\nport = {}\n"
                       "system_id = \"uthan\"\npassword = \"secret\"\nsender = \"KMSS\"\n"
                       "tps = 1000\nno_money_statuses = [1025]\n",
                       port);
}

class TextsOfTheGateway : public testing::Test {
protected:
    TextsOfTheGateway() : at_(20, "", channel_at(smsc_.port())) {
        at_.generate("2026-11-21");
        const auto imported = at_.import();
        EXPECT_EQ(imported.exit_code, 0) << imported.output;
        const auto run =
            run_uthan({"staff", "add", "--config", at_.config(), "--organisation", "kmss",
                       "--login", "core", "--role", "machine", "--office", "HO"});
        const auto from = run.output.find("uthan_");
        key_ = run.output.substr(from, run.output.find('\n', from) - from);
    }

    /// Its id.
    std::string post(const gateway_process& to, const std::string& key, const std::string& text) {
        int status = 0;
        const auto answer =
            to.api("POST", "/messages", key_,
                   fmt::format(R"({{"to":"01799000001","text":"{}","class":"answer",)"
                               R"("idempotency_key":"{}"}})",
                               text, key),
                   &status);
        EXPECT_EQ(status, 202) << answer;
        const auto from = answer.find("{\"id\":\"") + 7;
        return answer.substr(from, answer.find('"', from) - from);
    }
    /// Asks until the answer says so; what it says.
    std::string seen(const gateway_process& at, const std::string& id, const std::string& state) {
        std::string answer;
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (std::chrono::steady_clock::now() < until) {
            answer = at.api("GET", "/messages/" + id, key_, "");
            if (answer.find("\"state\":\"" + state + "\"") != std::string::npos) {
                break;
            }
        }
        return answer;
    }

    /// Whether /readyz comes to name the channel.
    static bool is_named_stopped(const gateway_process& gateway) {
        return eventually_says([&] { return gateway.admin("/readyz"); }, "channel smpp-kmss");
    }
    template <class Read>
    static bool eventually_says(Read read, const std::string& what) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (read().find(what) == std::string::npos) {
            if (std::chrono::steady_clock::now() > until) {
                return false;
            }
        }
        return true;
    }

    scripted_smsc smsc_;
    deployment at_;
    std::string key_;
};

texts::received_part read_part(const smpp::submit_sm& part) {
    const auto coding =
        part.data_coding == 8 ? texts::user_data_coding::ucs2 : texts::user_data_coding::gsm7;
    return texts::parse_user_data(part.short_message, (part.esm_class & 0x40) != 0, coding);
}

/// The next submit's text, when it is a message of one part; the centre names it `id`.
std::string take(smsc_peer& peer, std::string_view id) {
    const auto got = peer.expect(smpp::command::submit_sm);
    const std::vector<texts::received_part> parts{read_part(got->submit())};
    peer.accept(got->sequence(), id);
    return texts::join_sms(parts);
}

TEST_F(TextsOfTheGateway, ABanglaTextArrivesLetterByLetterAndItsReceiptsSettleIt) {
    const std::string text =
        "KMSS: আপনার কিস্তি ৳৫৫০ আগামীকাল। সাথে থাকুন: ক্ষুদ্র ঋণ, "
        "র‍্যাব সড়ক শাখা, জ্যৈষ্ঠ মাস।";
    const gateway_process gateway(at_);
    auto peer = smsc_.accept();
    EXPECT_EQ(peer.bind(), smpp::command::bind_transceiver);
    const auto id = post(gateway, "k1", text);

    std::vector<texts::received_part> parts;
    for (const char* name : {"00A1", "00a2"}) {
        const auto got = peer.expect(smpp::command::submit_sm);
        EXPECT_EQ(got->submit().source.address, "KMSS");
        EXPECT_EQ(got->submit().destination.address, "8801799000001");
        EXPECT_EQ(got->submit().registered_delivery, 1);
        parts.push_back(read_part(got->submit()));
        peer.accept(got->sequence(), name);
    }
    EXPECT_EQ(texts::join_sms(parts), text);
    EXPECT_THAT(seen(gateway, id, "submitted"), HasSubstr("\"segments\":2"));

    std::uint32_t sequence = 1;
    for (const char* name : {"A1", "A2"}) {
        const auto says = fmt::format("id:{} sub:001 dlvrd:001 submit date:2611270000 "
                                      "done date:2611270000 stat:DELIVRD err:000 text:",
                                      name);
        smpp::deliver_sm receipt;
        receipt.source = {1, 1, "8801799000001"};
        receipt.destination = {5, 0, "KMSS"};
        receipt.esm_class = 0x04;
        receipt.short_message = says;
        peer.send(receipt, sequence++);
        EXPECT_EQ(peer.expect(smpp::command::deliver_sm_resp)->status(), 0U);
    }
    EXPECT_THAT(seen(gateway, id, "delivered"), HasSubstr("receipt_delivered"));
}

TEST_F(TextsOfTheGateway, KilledBetweenHandOverAndAnswerItIsNotSentAgain) {
    std::string lost;
    {
        gateway_process gateway(at_);
        auto peer = smsc_.accept();
        peer.bind();
        lost = post(gateway, "k1", "KMSS: first");
        peer.expect(smpp::command::submit_sm);
        gateway.kill();
    }
    const gateway_process again(at_);
    auto peer = smsc_.accept();
    peer.bind();
    const auto next = post(again, "k2", "KMSS: second");
    EXPECT_EQ(take(peer, "7"), "KMSS: second");
    EXPECT_THAT(seen(again, next, "submitted"), HasSubstr("submitted"));
    EXPECT_THAT(seen(again, lost, "unconfirmed"), HasSubstr("\"reason\":\"restarted\""));
}

TEST_F(TextsOfTheGateway, AcceptedWithoutALinkItGoesOutAfterAKill) {
    std::string id;
    {
        gateway_process gateway(at_);
        const auto unanswered = smsc_.accept();
        id = post(gateway, "k1", "KMSS: patient");
        gateway.kill();
    }
    const gateway_process again(at_);
    auto peer = smsc_.accept();
    peer.bind();
    EXPECT_EQ(take(peer, "1"), "KMSS: patient");
    EXPECT_THAT(seen(again, id, "submitted"), HasSubstr("submitted"));
}

TEST_F(TextsOfTheGateway, ARefusalEndsItAndAThrottleDoesNot) {
    const gateway_process gateway(at_);
    auto peer = smsc_.accept();
    peer.bind();
    const auto never = post(gateway, "k1", "KMSS: never");
    auto got = peer.expect(smpp::command::submit_sm);
    peer.send(smpp::submit_sm_resp{}, got->sequence(), 0x0B);
    EXPECT_THAT(seen(gateway, never, "failed"), HasSubstr("permanent_refusal"));

    const auto later = post(gateway, "k2", "KMSS: later");
    got = peer.expect(smpp::command::submit_sm);
    peer.send(smpp::submit_sm_resp{}, got->sequence(), 0x58);
    EXPECT_EQ(take(peer, "9"), "KMSS: later");
    EXPECT_THAT(seen(gateway, later, "submitted"), HasSubstr("throttled"));
    EXPECT_EQ(gateway.metric("uthan_messages_total{state=\"accepted\""), 2);
    EXPECT_EQ(gateway.metric("uthan_messages_total{state=\"submitted\""), 1);
    EXPECT_EQ(gateway.metric("uthan_messages_total{state=\"failed\""), 1);
    EXPECT_EQ(gateway.metric("uthan_messages_total{state=\"delivered\""), 0);
}

TEST_F(TextsOfTheGateway, AnOrderlyEndWaitsForTheAnswer) {
    gateway_process gateway(at_);
    auto peer = smsc_.accept();
    peer.bind();
    const auto id = post(gateway, "k1", "KMSS: last");
    const auto got = peer.expect(smpp::command::submit_sm);
    ASSERT_EQ(::kill(gateway.pid(), SIGTERM), 0);
    peer.accept(got->sequence(), "77");
    const auto unbind = peer.expect(smpp::command::unbind);
    peer.send(smpp::unbind_resp{}, unbind->sequence());
    EXPECT_EQ(gateway.terminate(), 0);

    const gateway_process again(at_);
    EXPECT_THAT(seen(again, id, "submitted"), HasSubstr("submitted"));
}

TEST_F(TextsOfTheGateway, RefusedCredentialsAreSaidToTheOperator) {
    const gateway_process gateway(at_);
    auto peer = smsc_.accept();
    peer.bind(0x0E);
    EXPECT_TRUE(is_named_stopped(gateway));
    EXPECT_THAT(at_.log(), HasSubstr("event=channel_stopped channel=smpp-kmss"));
    EXPECT_THAT(at_.log(), testing::Not(HasSubstr("secret")));
}

TEST_F(TextsOfTheGateway, AnEmptyAccountStopsTheChannelAndLosesNothing) {
    const gateway_process gateway(at_);
    auto peer = smsc_.accept();
    peer.bind();
    const auto id = post(gateway, "k1", "KMSS: unpaid");
    const auto got = peer.expect(smpp::command::submit_sm);
    peer.send(smpp::submit_sm_resp{}, got->sequence(), 0x401);
    EXPECT_TRUE(is_named_stopped(gateway));
    EXPECT_THAT(at_.log(), HasSubstr("event=smpp_no_money channel=smpp-kmss"));
    EXPECT_THAT(at_.log(), HasSubstr("event=channel_stopped channel=smpp-kmss"));
    EXPECT_THAT(seen(gateway, id, "accepted"), HasSubstr("waits_for_route"));
}

TEST_F(TextsOfTheGateway, AHangUpTakesOverContractsAndNamesWhatNeedsAStart) {
    const gateway_process gateway(at_);
    auto peer = smsc_.accept();
    peer.bind();
    post(gateway, "k1", "KMSS: under way");
    const auto under_way = peer.expect(smpp::command::submit_sm);
    std::string config;
    {
        std::ifstream in{at_.config()};
        config.assign(std::istreambuf_iterator<char>{in}, {});
    }
    for (const auto& [from, to] : {std::pair{"tps = 1000\n", "tps = 900\nwindow = 1\n"},
                                   std::pair{"sender = \"KMSS\"", "sender = \"OTHER\""}}) {
        const auto at = config.find(from);
        ASSERT_NE(at, std::string::npos);
        config.replace(at, std::string_view{from}.size(), to);
    }
    std::ofstream{at_.config()} << config;
    gateway.hang_up();
    ASSERT_TRUE(eventually_says([this] { return at_.log(); }, "event=reloaded"));
    EXPECT_THAT(at_.log(), HasSubstr("event=reload_needs_restart table=\"channels smpp-kmss\" "
                                     "keys=\"sender\""));
    // The window is one now: the second waits for the answer to the first.
    post(gateway, "k2", "KMSS: second");
    post(gateway, "k3", "KMSS: third");
    peer.accept(under_way->sequence(), "1");
    const auto second = peer.expect(smpp::command::submit_sm);
    EXPECT_EQ(second->submit().source.address, "KMSS");
    const std::vector<texts::received_part> parts{read_part(second->submit())};
    EXPECT_EQ(texts::join_sms(parts), "KMSS: second");
    peer.accept(second->sequence(), "2");
    EXPECT_EQ(take(peer, "3"), "KMSS: third");
}

} // namespace
} // namespace uthan::test
