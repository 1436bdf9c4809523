#include "tests/integration/gateway_process.hpp"
#include "tests/unit/gateway/scripted_smsc.hpp"
#include "texts/join.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

// Dialogues of the real binary, on two shards, at a USSD gateway that the test plays.
namespace uthan::test {
namespace {

using gateway::testing::scripted_smsc;
using gateway::testing::smsc_peer;
using testing::HasSubstr;
using testing::Not;
namespace smpp = adapters::smpp;
using smpp::command;

constexpr const char* channels = R"(
[[channels]]
name = "gw"
adapter = "smpp"
organisation = "kmss"
service_codes = ["*384*2#"]
ussd_rendering = "{rendering}"
host = "127.0.0.1"
port = {port}
system_id = "uthan"
password = "untold"
push_budget_seconds = 20
{more}
)";

constexpr const char* first_phone = "8801810000001";
constexpr const char* second_phone = "8801810000002";

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

/// A turn as the USSD gateway writes it.
struct sent_turn {
    std::string text;
    std::uint8_t op = 18;
    std::uint16_t session = 0x0010;
    std::string from = first_phone;
};

sent_turn dial(std::uint16_t session = 0x0010, const std::string& from = first_phone) {
    return {"*384*2#", 1, session, from};
}

/// A screen as the subscriber's phone has it.
struct shown_screen {
    std::string text;
    std::string to;
    std::uint32_t sequence = 0;
    std::uint8_t op = 0;
    std::uint16_t session = 0;
    std::uint8_t data_coding = 0;
};

shown_screen screen_of(const gateway::testing::received_pdu& pdu) {
    const auto& s = pdu.submit();
    const auto coding =
        s.data_coding == 8 ? texts::user_data_coding::ucs2 : texts::user_data_coding::gsm7;
    return {texts::text_of(texts::parse_user_data(s.short_message, false, coding)),
            std::string{s.destination.address},
            pdu.sequence(),
            s.parameters.u8(smpp::tag::ussd_service_op).value_or(0),
            s.parameters.u16(smpp::tag::its_session_info).value_or(0),
            s.data_coding};
}

/// A served KMSS. What every test ends with: nothing private is in the log.
class UssdOverSmpp : public testing::Test {
protected:
    explicit UssdOverSmpp(const std::string& rendering = "bn-Latn",
                          const std::string& more = "[channels.ussd]")
        : at(120, "",
             fmt::format(fmt::runtime(channels), fmt::arg("port", smsc.port()),
                         fmt::arg("rendering", rendering), fmt::arg("more", more))) {
        serve_on_two_shards();
        at.generate("2026-11-20");
        const auto imported = at.import();
        EXPECT_EQ(imported.exit_code, 0) << imported.output;
        gateway = std::make_unique<gateway_process>(at);
        connect();
    }
    void TearDown() override {
        EXPECT_EQ(gateway->metric("uthan_unhandled_exceptions_total"), 0);
        auto log = at.log();
        const auto ports = log.find("event=ready"); // any digits may stand there
        log.erase(ports, log.find('\n', ports) - ports);
        for (const char* secret : {"8810000001", "8810000002", "untold", "4821", "1111"}) {
            EXPECT_THAT(log, Not(HasSubstr(secret)));
        }
    }

    void connect() {
        peer = std::make_unique<smsc_peer>(smsc.accept());
        EXPECT_EQ(peer->bind(), command::bind_transceiver);
        EXPECT_TRUE(eventually([&] { return gateway->metric("uthan_smpp_bound") == 1; }));
    }
    static std::string octets_of(const sent_turn& what, std::uint32_t number) {
        std::string parameters;
        smpp::append_parameter(parameters, smpp::tag::ussd_service_op, what.op);
        smpp::append_parameter(parameters, smpp::tag::its_session_info, what.session);
        smpp::deliver_sm pdu;
        pdu.service_type = "USSD";
        pdu.source = {1, 1, what.from};
        pdu.destination = {3, 0, "384"};
        pdu.short_message = what.text;
        pdu.parameters = smpp::parameters_view{parameters};
        std::string frame;
        EXPECT_FALSE(smpp::append_pdu(frame, pdu, number));
        return frame;
    }
    void send(const sent_turn& what, std::uint32_t number) {
        peer->send_octets(octets_of(what, number));
    }
    /// Sends the turn and takes its answer.
    void deliver(const sent_turn& what) {
        send(what, ++sequence);
        const auto answer = peer->expect(command::deliver_sm_resp);
        EXPECT_EQ(answer->sequence(), sequence);
        EXPECT_EQ(answer->status(), 0U);
    }
    shown_screen shown() { return screen_of(*peer->expect(command::submit_sm)); }
    shown_screen accepted() {
        auto screen = shown();
        peer->accept(screen.sequence, "id");
        return screen;
    }
    shown_screen turn(const sent_turn& what) {
        deliver(what);
        return accepted();
    }
    /// A member's first dialogue up to the main menu.
    std::string enrol(const std::string& phone = first_phone, std::uint16_t session = 0x0002) {
        turn(dial(session, phone));
        std::string last;
        for (const char* text : {"4821", "4821", "0", "1"}) {
            last = turn({text, 18, session, phone}).text;
        }
        return last;
    }
    double pushes(const std::string& outcome) const {
        return gateway->metric(
            fmt::format("uthan_ussd_pushes_total{{channel=\"gw\",outcome=\"{}\"}}", outcome));
    }
    double hops(const std::string& outcome) const {
        return gateway->metric(
            fmt::format("uthan_ussd_hops_total{{channel=\"gw\",outcome=\"{}\"}}", outcome));
    }

    scripted_smsc smsc;
    deployment at;
    std::unique_ptr<gateway_process> gateway;
    std::unique_ptr<smsc_peer> peer;
    std::uint32_t sequence = 100;

private:
    void serve_on_two_shards() const {
        std::stringstream text;
        text << std::ifstream{at.config()}.rdbuf();
        auto whole = text.str();
        whole.replace(whole.find("[public]"), 8, "[public]\nshards = 2");
        std::ofstream{at.config()} << whole;
    }
};

TEST_F(UssdOverSmpp, AWholeDialogueFromTheFirstDialToTheLastScreen) {
    const auto menu = enrol();
    EXPECT_THAT(menu, HasSubstr("1 Kisti"));
    auto screen = turn(dial());
    EXPECT_EQ(screen.text, menu);
    EXPECT_EQ(screen.to, first_phone);
    EXPECT_EQ(screen.op, 2);
    EXPECT_EQ(screen.session, 0x0010);
    EXPECT_EQ(screen.data_coding, 0);
    turn({"1"});
    EXPECT_THAT(turn({"4821"}).text, HasSubstr("20/11"));
    EXPECT_EQ(turn({"0"}).text, menu);
    screen = turn({"0"});
    EXPECT_EQ(screen.op, 17);
    EXPECT_EQ(screen.session, 0x0011);
    EXPECT_TRUE(eventually([&] { return pushes("ok") == 10; }));
    EXPECT_EQ(gateway->metric("uthan_smpp_turns_total{channel=\"gw\"}"), 10);
    EXPECT_TRUE(
        eventually([&] { return gateway->metric("uthan_channel_health{channel=\"gw\"}") == 0; }));
}

TEST_F(UssdOverSmpp, WhatIsDialledBehindTheCodeLeadsToItsScreen) {
    const auto menu = enrol();
    auto dialled = dial();
    dialled.text = "*384*2*18#"; // her branch, which needs no PIN
    const auto screen = turn(dialled);
    EXPECT_EQ(screen.op, 2);
    EXPECT_THAT(screen.text, Not(HasSubstr("1 Kisti")));
    EXPECT_EQ(turn({"0"}).text, menu);
    // The account is ours, whatever its operator calls the code.
    dialled = dial(0x0020);
    dialled.text = "*999#";
    EXPECT_EQ(turn(dialled).text, menu);
}

TEST_F(UssdOverSmpp, ADialogueThatThePeerEndsIsOver) {
    const auto menu = enrol();
    turn(dial());
    deliver({"1"});
    EXPECT_EQ(shown().session, 0x0010); // Never answered.
    deliver({"", 0x81});
    deliver(dial(0x0020));
    const auto next = accepted();
    EXPECT_EQ(next.session, 0x0020);
    EXPECT_EQ(gateway->metric("uthan_ussd_events_total{channel=\"gw\"}"), 1);
    EXPECT_EQ(pushes("unanswered"), 1);
    // The end bit says the same, and a kind of event that nobody knows says nothing.
    deliver({"", 18, 0x0021});
    deliver({"", 0x55, 0x0020});
    EXPECT_TRUE(eventually(
        [&] { return gateway->metric("uthan_ussd_events_total{channel=\"gw\"}") == 3; }));
}

TEST_F(UssdOverSmpp, ANewDialEndsTheDialogueBefore) {
    enrol();
    turn(dial());
    deliver({"1"});
    EXPECT_EQ(shown().session, 0x0010); // Never answered.
    deliver(dial(0x0020));
    EXPECT_EQ(accepted().session, 0x0020);
}

TEST_F(UssdOverSmpp, TwoDialoguesAtOnce) {
    enrol(first_phone, 0x0002);
    send(dial(0x0010, first_phone), 501);
    send(dial(0x0020, second_phone), 502);
    // Neither screen waits for the other one's answer.
    std::vector<shown_screen> screens;
    unsigned answers = 0;
    while (answers < 2 || screens.size() < 2) {
        const auto pdu = peer->next();
        ASSERT_NE(pdu, nullptr);
        if (pdu->id() == command::submit_sm) {
            screens.push_back(screen_of(*pdu));
        } else {
            ++answers;
        }
    }
    const auto& one = screens[0];
    const auto& other = screens[1];
    EXPECT_NE(one.to, other.to);
    EXPECT_EQ(one.session, one.to == first_phone ? 0x0010 : 0x0020);
    EXPECT_EQ(other.session, other.to == first_phone ? 0x0010 : 0x0020);
    EXPECT_NE(one.text, other.text);
    peer->accept(other.sequence, "b");
    peer->accept(one.sequence, "a");
    EXPECT_EQ(turn({"1", 18, 0x0010, first_phone}).to, first_phone);
    EXPECT_EQ(turn({"4821", 18, 0x0020, second_phone}).to, second_phone);
}

TEST_F(UssdOverSmpp, ARepeatedDeliveryIsOneTry) {
    enrol();
    turn(dial());
    turn({"1"});
    deliver({"1111"});
    const auto first = shown();
    send({"1111"}, sequence); // the same PDU
    EXPECT_EQ(peer->expect(command::deliver_sm_resp)->status(), 0U);
    deliver({"1111"}); // with a sequence of its own
    EXPECT_TRUE(eventually([&] {
        return gateway->metric("uthan_ussd_callbacks_coalesced_total{channel=\"gw\"}") == 2;
    }));
    peer->accept(first.sequence, "a");
    ASSERT_TRUE(eventually([&] { return pushes("ok") == 8; }));
    EXPECT_THAT(first.text, HasSubstr("2"));
    const auto second = turn({"1112"});
    EXPECT_NE(second.text, first.text);
    EXPECT_THAT(second.text, HasSubstr("1"));
}

TEST_F(UssdOverSmpp, ADeliveryRepeatedOverTheNextConnectionGetsTheSameScreen) {
    enrol();
    turn(dial());
    turn({"1"});
    deliver({"1111"});
    const auto lost = shown();
    peer->close();
    connect();
    ASSERT_TRUE(eventually([&] { return pushes("unanswered") == 1; }));
    EXPECT_EQ(turn({"1111"}).text, lost.text);
    EXPECT_EQ(hops("repeated"), 1);
    // It was one try of three.
    EXPECT_NE(turn({"1112"}).text, lost.text);
    EXPECT_THAT(turn({"4821"}).text, HasSubstr("20/11"));
}

TEST_F(UssdOverSmpp, TheSameKeyPressedAgainIsAnotherTurn) {
    enrol();
    turn(dial());
    turn({"1"});
    deliver({"1111"});
    const auto first = shown();
    // The answer and her next key in one segment.
    std::string both;
    ASSERT_FALSE(smpp::append_pdu(both, smpp::submit_sm_resp{}, first.sequence));
    both += octets_of({"1111"}, ++sequence);
    peer->send_octets(both);
    EXPECT_EQ(peer->expect(command::deliver_sm_resp)->status(), 0U);
    EXPECT_NE(accepted().text, first.text) << "one try less";
}

TEST_F(UssdOverSmpp, ADroppedLinkEndsNoDialogue) {
    enrol();
    turn(dial());
    turn({"1"});
    peer->close();
    connect();
    EXPECT_THAT(turn({"4821"}).text, HasSubstr("20/11"));
}

TEST_F(UssdOverSmpp, AKeyMayOvertakeTheAnswerToItsScreen) {
    enrol();
    turn(dial());
    deliver({"1"});
    const auto asks = shown();
    deliver({"4821"});
    EXPECT_THAT(accepted().text, HasSubstr("20/11"));
    peer->accept(asks.sequence, "late");
    EXPECT_TRUE(eventually([&] { return pushes("ok") == 8; }));
}

TEST_F(UssdOverSmpp, ARefusedScreenIsNotSentAgain) {
    enrol();
    deliver(dial());
    peer->send(smpp::submit_sm_resp{}, shown().sequence, 0x45);
    EXPECT_TRUE(eventually([&] { return pushes("user") == 1; }));
    deliver(dial(0x0020));
    peer->send(smpp::submit_sm_resp{}, shown().sequence, 0x15);
    EXPECT_TRUE(eventually([&] { return pushes("config") == 1; }));
    EXPECT_THAT(at.log(), HasSubstr("event=push_refused channel=gw code=ESME_RINVSERTYP"));
    EXPECT_EQ(turn(dial(0x0030)).session, 0x0030);
}

TEST_F(UssdOverSmpp, WhatCannotBeReadIsRefusedAndTheLinkGoesOn) {
    const auto refused = [&](const std::string& parameters, std::string_view from,
                             std::string_view text, std::uint8_t coding) {
        smpp::deliver_sm pdu;
        pdu.source = {1, 1, from};
        pdu.destination = {3, 0, "384"};
        pdu.short_message = text;
        pdu.data_coding = coding;
        pdu.parameters = smpp::parameters_view{parameters};
        peer->send(pdu, ++sequence);
        return peer->expect(command::deliver_sm_resp)->status();
    };
    std::string input;
    smpp::append_parameter(input, smpp::tag::ussd_service_op, std::uint8_t{18});
    auto whole = input;
    smpp::append_parameter(whole, smpp::tag::its_session_info, std::uint16_t{0x10});
    EXPECT_EQ(refused(input, first_phone, "1", 0), 0x65U) << "no session";
    EXPECT_EQ(refused("", first_phone, "1", 0), 0x65U) << "nothing at all";
    EXPECT_EQ(refused(whole, "KMSS", "1", 0), 0x65U) << "no number";
    EXPECT_EQ(refused(whole, first_phone, "1", 4), 0x65U) << "no text";
    // Parameters that do not fill the PDU.
    smpp::deliver_sm pdu;
    pdu.source = {1, 1, first_phone};
    std::string frame;
    ASSERT_FALSE(smpp::append_pdu(frame, pdu, ++sequence));
    frame += std::string{"\x05\x01\x00\x09\x01", 5};
    frame[3] = static_cast<char>(frame.size());
    peer->send_octets(frame);
    EXPECT_EQ(peer->expect(command::deliver_sm_resp)->status(), 0xC0U);

    EXPECT_EQ(turn(dial()).session, 0x0010);
    EXPECT_TRUE(eventually([&] { return hops("refused") == 4; }));
    EXPECT_EQ(gateway->metric("uthan_smpp_refused_turns_total{channel=\"gw\"}"), 4);
    EXPECT_EQ(gateway->metric("uthan_smpp_inbound_total{channel=\"gw\"}"), 0);
}

TEST_F(UssdOverSmpp, AnOrderlyEndWaitsForTheScreenUnderWay) {
    deliver(dial());
    const auto screen = shown();
    ASSERT_EQ(::kill(gateway->pid(), SIGTERM), 0);
    peer->accept(screen.sequence, "a");
    const auto unbind = peer->expect(command::unbind);
    peer->send(smpp::unbind_resp{}, unbind->sequence());
    EXPECT_EQ(gateway->terminate(), 0);
    gateway = std::make_unique<gateway_process>(at);
}

class UssdOverSmppInBangla : public UssdOverSmpp {
protected:
    UssdOverSmppInBangla() : UssdOverSmpp("bn") {}
};

TEST_F(UssdOverSmppInBangla, ScreensAreUcs2AndBanglaDigitsAreKeys) {
    const auto menu = enrol();
    EXPECT_THAT(menu, HasSubstr("1 কিস্তি"));
    auto screen = turn(dial());
    EXPECT_EQ(screen.text, menu);
    EXPECT_EQ(screen.data_coding, 8);
    std::string parameters;
    smpp::append_parameter(parameters, smpp::tag::ussd_service_op, std::uint8_t{18});
    smpp::append_parameter(parameters, smpp::tag::its_session_info, std::uint16_t{0x10});
    smpp::deliver_sm pdu;
    pdu.source = {1, 1, first_phone};
    pdu.data_coding = 8;
    pdu.short_message = "\x09\xE7"; // the Bangla digit one
    pdu.parameters = smpp::parameters_view{parameters};
    peer->send(pdu, ++sequence);
    peer->expect(command::deliver_sm_resp);
    accepted();
    EXPECT_THAT(turn({"4821"}).text, HasSubstr("২০/১১"));
}

class UssdBesideTexts : public UssdOverSmpp {
protected:
    UssdBesideTexts()
        : UssdOverSmpp("bn-Latn", "sender = \"KMSS\"\n[channels.ussd]\nscreen_pdu = \"data_sm\"\n"
                                  "acknowledge = \"after_screen\"") {}
};

TEST_F(UssdBesideTexts, TheScreenIsADataSmBeforeTheAnswerAndATextIsNoTurn) {
    send(dial(), 7);
    const auto screen = peer->expect(command::data_sm);
    const auto& data = std::get<smpp::data_sm>(screen->read.what);
    EXPECT_EQ(data.destination.address, first_phone);
    EXPECT_TRUE(data.parameters.value(smpp::tag::message_payload));
    const auto answer = peer->expect(command::deliver_sm_resp);
    EXPECT_EQ(answer->sequence(), 7U);
    EXPECT_EQ(answer->status(), 0U);
    peer->send(smpp::data_sm_resp{}, screen->sequence());
    EXPECT_TRUE(eventually([&] { return pushes("ok") == 1; }));

    smpp::deliver_sm text;
    text.source = {1, 1, first_phone};
    text.destination = {5, 0, "KMSS"};
    text.short_message = "STOP";
    peer->send(text, 8);
    EXPECT_EQ(peer->expect(command::deliver_sm_resp)->sequence(), 8U);
    EXPECT_EQ(gateway->metric("uthan_smpp_inbound_total{channel=\"gw\"}"), 1);
    EXPECT_EQ(gateway->metric("uthan_smpp_turns_total{channel=\"gw\"}"), 1);
    // What has no screen is answered all the same.
    send({"", 0x81}, 9);
    EXPECT_EQ(peer->expect(command::deliver_sm_resp)->sequence(), 9U);
}

} // namespace
} // namespace uthan::test
