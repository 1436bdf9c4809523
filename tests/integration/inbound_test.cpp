#include "tests/integration/gateway_process.hpp"
#include "tests/unit/gateway/scripted_smsc.hpp"
#include "texts/join.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

// What members write to the real binary, at a message centre that the test plays.
namespace uthan::test {
namespace {

using gateway::testing::scripted_smsc;
using gateway::testing::smsc_peer;
using testing::HasSubstr;
namespace smpp = adapters::smpp;

constexpr std::string_view stranger = "8801799000001";

std::string two_way_channel_at(std::uint16_t port) {
    return fmt::format("[[channels]]\nname = \"smpp-kmss\"\nadapter = \"smpp\"\n"
                       "organisation = \"kmss\"\nhost = \"127.0.0.1\"\nport = {}\n"
                       "system_id = \"uthan\"\npassword = \"secret\"\nsender = \"16321\"\n"
                       "two_way = true\ntps = 1000\n",
                       port);
}

class TextsOfMembers : public testing::Test {
protected:
    TextsOfMembers() : at_(20, "", two_way_channel_at(smsc_.port())) {
        at_.generate("2026-11-21");
        const auto imported = at_.import();
        EXPECT_EQ(imported.exit_code, 0) << imported.output;
    }

    /// The centre delivers this text and has it acknowledged.
    static void deliver(smsc_peer& peer, std::string_view from, std::string_view text,
                        std::uint32_t sequence) {
        smpp::deliver_sm one;
        one.source = {1, 1, from};
        one.destination = {3, 0, "16321"};
        one.short_message = text;
        peer.send(one, sequence);
    }

    scripted_smsc smsc_;
    deployment at_;
};

std::string text_of_submit(const smpp::submit_sm& part) {
    const auto coding =
        part.data_coding == 8 ? texts::user_data_coding::ucs2 : texts::user_data_coding::gsm7;
    const std::vector<texts::received_part> parts{
        texts::parse_user_data(part.short_message, (part.esm_class & 0x40) != 0, coding)};
    return texts::join_sms(parts);
}

/// Until this metric of the gateway is `value`.
bool becomes(const gateway_process& gateway, const std::string& metric, double value) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (std::chrono::steady_clock::now() < until) {
        if (gateway.metric(metric) == value) {
            return true;
        }
    }
    return false;
}

struct phone_owner {
    std::string code;
    std::string phone;
};

/// The first active member whose number stands once in the delivery.
phone_owner alone_on_her_phone(const deployment& at) {
    const std::regex row{"^kmss,([^,]+),.*(8801810[0-9]{6}).*,active,"};
    std::map<std::string, std::vector<std::string>> codes;
    std::ifstream in(at.delivery() + "/members.csv");
    for (std::string line; std::getline(in, line);) {
        std::smatch found;
        if (std::regex_search(line, found, row)) {
            codes[found[2]].push_back(found[1]);
        }
    }
    for (const auto& [phone, owners] : codes) {
        if (owners.size() == 1) {
            return {owners.front(), phone};
        }
    }
    return {};
}

/// The next submits, each accepted, up to the one that says this.
void expect_reply(smsc_peer& peer, std::string_view words, std::string_view id) {
    for (std::string said; said.find(words) == std::string::npos;) {
        const auto got = peer.next();
        ASSERT_TRUE(got) << "nothing more came; the last was " << said;
        if (got->id() == smpp::command::submit_sm) {
            said = text_of_submit(got->submit());
            peer.accept(got->sequence(), std::string{id} + "-" + std::to_string(got->sequence()));
        }
    }
}

/// The status of the answer.
int post_broadcast(const gateway_process& to, const std::string& key, const std::string& member,
                   const std::string& name) {
    int status = 0;
    to.api("POST", "/messages", key,
           fmt::format(R"({{"member":"{}","text":"KMSS: x","class":"broadcast",)"
                       R"("idempotency_key":"{}"}})",
                       member, name),
           &status);
    return status;
}

TEST_F(TextsOfMembers, AreAnsweredOnceAlsoWhenTheyAreRepeated) {
    const gateway_process gateway(at_);
    auto peer = smsc_.accept();
    peer.bind();
    deliver(peer, stranger, "BAL", 1);
    EXPECT_EQ(peer.expect(smpp::command::deliver_sm_resp)->status(), 0U);
    const auto reply = peer.expect(smpp::command::submit_sm);
    EXPECT_EQ(reply->submit().destination.address, stranger);
    EXPECT_THAT(text_of_submit(reply->submit()), HasSubstr("-কেএমএসএস"));
    peer.accept(reply->sequence(), "1");

    deliver(peer, stranger, "BAL", 2);
    EXPECT_EQ(peer.expect(smpp::command::deliver_sm_resp)->status(), 0U);
    // A member's text behind it is answered next: nothing was said to the repeated one.
    deliver(peer, "8801810000001", "help", 3);
    EXPECT_EQ(peer.expect(smpp::command::deliver_sm_resp)->status(), 0U);
    const auto next = peer.expect(smpp::command::submit_sm);
    EXPECT_EQ(next->submit().destination.address, "8801810000001");
    peer.accept(next->sequence(), "2");
    EXPECT_TRUE(becomes(
        gateway, "uthan_inbound_texts_total{organisation=\"kmss\",answered=\"stranger\"", 1));
}

TEST_F(TextsOfMembers, AreAnsweredAfterAKillInBetween) {
    {
        gateway_process gateway(at_);
        auto peer = smsc_.accept();
        peer.bind();
        deliver(peer, stranger, "7391", 1);
        EXPECT_EQ(peer.expect(smpp::command::deliver_sm_resp)->status(), 0U);
        gateway.kill();
    }
    const gateway_process again(at_);
    auto peer = smsc_.accept();
    peer.bind();
    deliver(peer, "8801810000001", "help", 9);
    std::vector<std::string> to;
    // The stranger's may have gone out before the kill: then it is not sent again.
    for (bool is_member = false; !is_member;) {
        const auto got = peer.next();
        ASSERT_TRUE(got) << "nothing more came";
        if (got->id() != smpp::command::submit_sm) {
            continue;
        }
        to.emplace_back(got->submit().destination.address);
        is_member = to.back() == "8801810000001";
        peer.accept(got->sequence(), std::to_string(to.size()));
    }
    EXPECT_LE(to.size(), 2U);
    EXPECT_EQ(at_.log().find("7391"), std::string::npos);
}

TEST_F(TextsOfMembers, StopEndsWhatIsNotNeeded) {
    const auto run = run_uthan({"staff", "add", "--config", at_.config(), "--organisation", "kmss",
                                "--login", "core", "--role", "machine", "--office", "HO"});
    const auto from = run.output.find("uthan_");
    const auto key = run.output.substr(from, run.output.find('\n', from) - from);
    const gateway_process gateway(at_);
    auto peer = smsc_.accept();
    peer.bind();
    const auto who = alone_on_her_phone(at_);
    ASSERT_FALSE(who.phone.empty());
    deliver(peer, who.phone, "START", 1);
    expect_reply(peer, "টাকার কথা", "1");
    EXPECT_EQ(post_broadcast(gateway, key, who.code, "before"), 202);
    deliver(peer, who.phone, "STOP", 2);
    expect_reply(peer, "START", "2");
    EXPECT_EQ(post_broadcast(gateway, key, who.code, "after"), 422);
}

} // namespace
} // namespace uthan::test
