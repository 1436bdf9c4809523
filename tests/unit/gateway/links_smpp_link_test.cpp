#include "gateway/links/smpp_link.hpp"

#include "scripted_smsc.hpp"
#include "smpp_link_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace uthan::gateway {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::own_certificate;
using testing::scripted_smsc;
using testing::smpp_link_world;
using testing::smsc_peer;
using testing::subscriber;
namespace smpp = adapters::smpp;
using smpp::command;
using sms::link_state;
using reports = std::vector<sms::report>;

smpp_link_settings to(const scripted_smsc& smsc) {
    return smpp_link_world::settings(smsc.port());
}

/// The first connection, bound.
smsc_peer bound(scripted_smsc& smsc, smpp_link_world& world) {
    auto peer = smsc.accept();
    EXPECT_EQ(peer.bind(), command::bind_transceiver);
    EXPECT_TRUE(world.becomes(link_state::up));
    return peer;
}

smpp::deliver_sm from_subscriber(std::string_view text) {
    smpp::deliver_sm made;
    made.source = {1, 1, subscriber};
    made.destination = {3, 0, "16213"};
    made.short_message = text;
    return made;
}

smpp::deliver_sm receipt_of(std::string_view text) {
    auto made = from_subscriber(text);
    made.esm_class = 0x04;
    return made;
}

/// Of three parts.
const std::string long_text(400, 'x');

TEST(SmppLink, BindsSubmitsAndTellsTheAnswer) {
    scripted_smsc smsc;
    smpp_link_world world{to(smsc)};
    EXPECT_EQ(world.ask<link_state>([&] { return world.link->state(); }), link_state::down);
    EXPECT_EQ(world.free_slots(), 0U);
    auto peer = bound(smsc, world);
    EXPECT_TRUE(world.becomes([&] { return world.heard.changes > 0; }));
    EXPECT_EQ(world.free_slots(), 10U);
    world.submit(41, "Dear member");
    EXPECT_EQ(world.free_slots(), 9U);
    EXPECT_EQ(world.in_flight(), 1U);
    const auto got = peer.expect(command::submit_sm);
    EXPECT_EQ(got->submit().source, (smpp::party{5, 0, "SHAKTI"}));
    EXPECT_EQ(got->submit().destination, (smpp::party{1, 1, subscriber}));
    EXPECT_EQ(got->submit().short_message, "Dear member");
    EXPECT_EQ(got->submit().validity_period, "000000010000000R");
    EXPECT_NE(world.metrics.oldest_submit_at_ms.value(), 0);
    peer.accept(got->sequence(), "00Ab");
    EXPECT_EQ(world.reports(1), reports{(sms::part_submitted{41, 0, "00Ab", "gp-main", 7})});
    EXPECT_EQ(world.free_slots(), 10U);
    EXPECT_EQ(world.in_flight(), 0U);
    EXPECT_EQ(world.metrics.bound.value(), 1);
    EXPECT_EQ(world.metrics.in_flight.value(), 0);
    EXPECT_EQ(world.metrics.oldest_submit_at_ms.value(), 0);
    EXPECT_EQ(world.metrics.submitted.value(), 1U);
    EXPECT_EQ(world.metrics.answered[0].value(), 1U);
}

TEST(SmppLink, WithoutReceiptsItNamesNoAccount) {
    scripted_smsc smsc;
    auto as = to(smsc);
    as.text.asks_receipt = false;
    smpp_link_world world{as};
    auto peer = bound(smsc, world);
    world.submit(1, "x");
    const auto got = peer.expect(command::submit_sm);
    EXPECT_EQ(got->submit().registered_delivery, 0);
    peer.accept(got->sequence(), "7");
    EXPECT_EQ(world.reports(1), reports{(sms::part_submitted{1, 0, "7", "", 7})});
}

TEST(SmppLink, ARefusalIsOfItsClass) {
    scripted_smsc smsc;
    auto as = to(smsc);
    as.classes = smpp::status_classes{{{0x0401, smpp::status_class::permanent}}};
    smpp_link_world world{as};
    auto peer = bound(smsc, world);
    using enum sms::refusal_kind;
    const std::vector<std::pair<std::uint32_t, sms::refusal_kind>> cases{
        {0x58, throttled}, {0x14, throttled},   {0x08, temporary},
        {0x0B, permanent}, {0x0401, permanent}, {0x0402, unknown}};
    reports wanted;
    for (const auto& [status, kind] : cases) {
        const auto id = wanted.size() + 1;
        world.submit(id, "x");
        const auto got = peer.expect(command::submit_sm);
        peer.send(smpp::submit_sm_resp{}, got->sequence(), status);
        wanted.push_back(sms::part_refused{id, 0, kind, status, 7, status == 0x0B});
        EXPECT_EQ(world.reports(wanted.size()), wanted);
    }
    EXPECT_EQ(world.ask<int>([&] { return world.heard.throttles; }), 2);
    EXPECT_EQ(world.free_slots(), 10U);
}

TEST(SmppLink, WhatCannotBeSentIsRefusedForGood) {
    scripted_smsc smsc;
    smpp_link_world world{to(smsc)};
    auto peer = bound(smsc, world);
    world.submit(1, "\xFF");
    world.submit(2, "x", 1, address::opaque("bdapps", "token"));
    world.submit(3, "x", 2); // of which there is one part only
    const auto got = peer.expect(command::submit_sm);
    peer.accept(got->sequence(), "a");
    using enum sms::refusal_kind;
    EXPECT_EQ(world.reports(4), (reports{sms::part_refused{1, 0, permanent, 0, 7},
                                         sms::part_refused{2, 0, permanent, 0, 7},
                                         sms::part_refused{3, 1, permanent, 0, 7},
                                         sms::part_submitted{3, 0, "a", "gp-main", 7}}));
}

TEST(SmppLink, WhatIsSubmittedWhileItIsDownComesBack) {
    scripted_smsc smsc;
    smpp_link_world world{to(smsc)};
    world.submit(1, long_text, 3);
    EXPECT_EQ(world.reports(3), (reports{sms::part_returned{1, 0, world.rested()},
                                         sms::part_returned{1, 1, world.rested()},
                                         sms::part_returned{1, 2, world.rested()}}));
}

TEST(SmppLink, NoAnswerIsToldAndALateOneToo) {
    scripted_smsc smsc;
    auto as = to(smsc);
    as.session.response_timeout = 30ms;
    smpp_link_world world{as};
    auto peer = bound(smsc, world);
    world.submit(1, "x");
    world.submit(2, "y");
    const auto first = peer.expect(command::submit_sm);
    const auto second = peer.expect(command::submit_sm);
    const reports silent{sms::part_unconfirmed{1, 0, sms::reason::no_answer},
                         sms::part_unconfirmed{2, 0, sms::reason::no_answer}};
    EXPECT_EQ(world.reports(2), silent);
    EXPECT_EQ(world.in_flight(), 0U);
    EXPECT_EQ(world.free_slots(), 10U);
    peer.accept(first->sequence(), "late");
    peer.send(smpp::submit_sm_resp{}, second->sequence(), 0x0B);
    peer.accept(first->sequence(), "twice");
    auto wanted = silent;
    wanted.push_back(sms::part_submitted{1, 0, "late", "gp-main", 7});
    wanted.push_back(sms::part_refused{2, 0, sms::refusal_kind::permanent, 0x0B, 7, true});
    EXPECT_EQ(world.reports(4), wanted);
    EXPECT_EQ(world.in_flight(), 0U);
    EXPECT_EQ(world.metrics.timed_out.value(), 2U);
    EXPECT_EQ(world.metrics.late.value(), 2U);
}

TEST(SmppLink, ALostLinkTellsEachPartOnceAndIsMadeAgain) {
    scripted_smsc smsc;
    auto as = to(smsc);
    as.session.window = 1;
    smpp_link_world world{as};
    {
        auto peer = bound(smsc, world);
        world.submit(1, long_text, 3);
        EXPECT_EQ(world.free_slots(), 0U);
        EXPECT_EQ(world.in_flight(), 3U);
        const auto got = peer.expect(command::submit_sm);
        std::string half;
        EXPECT_FALSE(smpp::append_pdu(half, smpp::submit_sm_resp{}, got->sequence()));
        peer.send_octets(half.substr(0, 10));
    }
    const reports wanted{sms::part_unconfirmed{1, 0, sms::reason::link_lost},
                         sms::part_returned{1, 1, world.rested()},
                         sms::part_returned{1, 2, world.rested()}};
    EXPECT_EQ(world.reports(3), wanted);
    EXPECT_EQ(world.in_flight(), 0U);
    auto again = bound(smsc, world);
    EXPECT_EQ(world.free_slots(), 1U);
    world.submit(2, "x");
    again.accept(again.expect(command::submit_sm)->sequence(), "b");
    EXPECT_EQ(world.reports(4).back(), sms::report{(sms::part_submitted{2, 0, "b", "gp-main", 7})});
    EXPECT_EQ(world.reports(4).size(), 4U);
    EXPECT_GE(world.metrics.reconnects.value(), 1U);
    EXPECT_THAT(world.log(),
                HasSubstr("event=smpp_closed channel=gp connection=1 why=peer_closed"));
}

TEST(SmppLink, PartsOfAMessageStayTogetherAndInOrder) {
    // Goal: four slots on two connections, a message of three parts: one connection, its window.
    scripted_smsc smsc;
    auto as = to(smsc);
    as.connections = 2;
    as.session.window = 2;
    smpp_link_world world{as};
    auto one = smsc.accept();
    one.bind();
    auto two = smsc.accept();
    two.bind();
    EXPECT_TRUE(world.becomes([&] { return world.link->free_slots() == 4; }));
    world.submit(1, long_text, 3);
    EXPECT_EQ(world.free_slots(), 2U);
    world.submit(2, "other");
    EXPECT_EQ(world.free_slots(), 1U);
    // Which of the two was bound first is the system's choice.
    auto first = one.expect(command::submit_sm);
    auto& whole = first->submit().esm_class == 0x40 ? one : two;
    auto& other = first->submit().esm_class == 0x40 ? two : one;
    auto part = &whole == &one ? std::move(first) : whole.expect(command::submit_sm);
    for (int number = 1; number <= 3; ++number) {
        EXPECT_EQ(part->submit().short_message.substr(0, 6),
                  (std::string{5, 0, 3, 7, 3, static_cast<char>(number)}));
        whole.accept(part->sequence(), "p" + std::to_string(number));
        part = number < 3 ? whole.expect(command::submit_sm) : nullptr;
    }
    auto single = &other == &one ? std::move(first) : other.expect(command::submit_sm);
    EXPECT_EQ(single->submit().short_message, "other");
    other.accept(single->sequence(), "o");
    EXPECT_EQ(world.reports(4).size(), 4U);
    EXPECT_EQ(world.free_slots(), 4U);
}

TEST(SmppLink, ALaterPartFollowsTheOthersOnTheirConnection) {
    // Goal: the dispatcher's free slots may be fewer than a message has parts.
    scripted_smsc smsc;
    auto as = to(smsc);
    as.connections = 2;
    smpp_link_world world{as};
    auto one = smsc.accept();
    one.bind();
    auto two = smsc.accept();
    two.bind();
    EXPECT_TRUE(world.becomes([&] { return world.link->free_slots() == 20; }));
    world.run([&] {
        for (std::uint8_t i = 0; i < 3; ++i) {
            world.link->submit(
                {{1, i, 3, sms::message_class::answer, *address::e164("+8801712345678"), long_text,
                  7, world.time.now() + 1h}});
        }
    });
    EXPECT_TRUE(world.becomes([&] { return world.metrics.submitted.value() == 3; }));
    smsc_peer* holder = nullptr;
    world.run([&] { world.link->drain(); });
    for (auto* peer : {&one, &two}) {
        const auto got = peer->next();
        ASSERT_NE(got, nullptr);
        holder = got->id() == command::submit_sm ? peer : holder;
    }
    ASSERT_NE(holder, nullptr);
    holder->expect(command::submit_sm);
    holder->expect(command::submit_sm);
}

TEST(SmppLink, AWrongBindIsMadeAnewAndKeepsTheMessage) {
    scripted_smsc smsc;
    smpp_link_world world{to(smsc)};
    auto peer = bound(smsc, world);
    world.submit(1, "x");
    const auto got = peer.expect(command::submit_sm);
    peer.send(smpp::submit_sm_resp{}, got->sequence(), smpp::status::invalid_bind_state);
    EXPECT_EQ(world.reports(1), reports{(sms::part_returned{1, 0, world.rested()})});
    const auto end = peer.expect(command::unbind);
    peer.send(smpp::unbind_resp{}, end->sequence());
    EXPECT_TRUE(peer.is_closed());
    auto again = bound(smsc, world);
    EXPECT_EQ(world.free_slots(), 10U);
}

TEST(SmppLink, RefusedCredentialsStopIt) {
    scripted_smsc smsc;
    smpp_link_world world{to(smsc)};
    auto peer = smsc.accept();
    peer.bind(smpp::status::invalid_password);
    EXPECT_TRUE(world.becomes(link_state::stopped));
    EXPECT_TRUE(peer.is_closed());
    EXPECT_TRUE(world.becomes([&] { return world.metrics.reconnects.value() == 1; }));
    EXPECT_FALSE(smsc.has_caller());
    EXPECT_EQ(world.metrics.refused_binds.value(), 1U);
    EXPECT_THAT(world.log(), HasSubstr("[error] event=smpp_credentials_refused channel=gp "
                                       "status=ESME_RINVPASWD"));
}

TEST(SmppLink, ABindThatIsNotAnsweredIsTriedAgain) {
    scripted_smsc smsc;
    auto as = to(smsc);
    as.session.bind_timeout = 20ms;
    smpp_link_world world{as};
    auto silent = smsc.accept();
    EXPECT_EQ(silent.next()->id(), command::bind_transceiver);
    EXPECT_TRUE(silent.is_closed());
    EXPECT_THAT(world.log(), HasSubstr("why=bind_timeout"));
}

TEST(SmppLink, AnUnreachableHostIsTriedAgain) {
    scripted_smsc smsc;
    const auto as = to(smsc);
    smsc.close();
    smpp_link_world world{as};
    EXPECT_TRUE(world.becomes([&] { return world.metrics.reconnects.value() >= 2; }));
    EXPECT_EQ(world.metrics.connects.value(), 0U);
    EXPECT_THAT(world.log(), HasSubstr("event=smpp_unreachable channel=gp connection=1"));
}

TEST(SmppLink, AReceiptIsAnsweredOnceItIsStored) {
    scripted_smsc smsc;
    smpp_link_world world{to(smsc)};
    world.run([&] { world.box.holds = true; });
    auto peer = bound(smsc, world);
    peer.send(receipt_of("id:00AB stat:DELIVRD err:000"), 11);
    EXPECT_TRUE(world.becomes([&] { return world.box.calls == 1; }));
    peer.send(receipt_of("id:00AC stat:UNDELIV err:012"), 12);
    peer.send(receipt_of("id:00AD stat:ENROUTE err:000"), 13);
    // The link lives while its store works.
    peer.send(smpp::enquire_link{}, 14);
    EXPECT_EQ(peer.expect(command::enquire_link_resp)->sequence(), 14U);
    EXPECT_EQ(world.ask<int>([&] { return world.box.calls; }), 1);
    world.run([&] { world.box.release(); });
    for (std::uint32_t sequence = 11; sequence <= 13; ++sequence) {
        const auto answer = peer.expect(command::deliver_sm_resp);
        EXPECT_EQ(answer->sequence(), sequence);
        EXPECT_EQ(answer->status(), 0U);
    }
    world.run([&] {
        EXPECT_EQ(world.box.calls, 2) << "what waited is one commit";
        ASSERT_EQ(world.box.receipts.size(), 3U);
        EXPECT_EQ(world.box.receipts[0].account, "gp-main");
        EXPECT_EQ(world.box.receipts[0].number, subscriber);
        EXPECT_EQ(world.box.receipts[0].candidates.front(), "00AB");
        EXPECT_EQ(world.box.receipts[1].state, sms::receipt_state::failed);
        EXPECT_EQ(world.box.receipts[1].error, 12U);
    });
    EXPECT_EQ(world.metrics.receipts.value(), 3U);
}

TEST(SmppLink, WhatCannotBeStoredIsToComeAgain) {
    scripted_smsc smsc;
    smpp_link_world world{to(smsc)};
    world.run([&] { world.box.fails = true; });
    auto peer = bound(smsc, world);
    peer.send(receipt_of("id:1 stat:DELIVRD"), 1);
    EXPECT_EQ(peer.expect(command::deliver_sm_resp)->status(), smpp::status::receiver_temporary);
    peer.send(from_subscriber("BAL"), 2);
    EXPECT_EQ(peer.expect(command::deliver_sm_resp)->status(), smpp::status::receiver_temporary);
    world.run([&] { world.box.fails = false; });
    peer.send(from_subscriber("BAL"), 3);
    EXPECT_EQ(peer.expect(command::deliver_sm_resp)->status(), 0U);
    EXPECT_EQ(world.metrics.refused_store.value(), 2U);
    EXPECT_EQ(world.metrics.inbound.value(), 1U);
    EXPECT_THAT(world.log(), HasSubstr("event=smpp_store_refused channel=gp deliveries=1"));
}

TEST(SmppLink, TextsAreTakenInAsTheirParts) {
    scripted_smsc smsc;
    smpp_link_world world{to(smsc)};
    auto peer = bound(smsc, world);
    auto part = from_subscriber(std::string_view{"\x05\x00\x03\x07\x02\x01Hel", 9});
    part.esm_class = 0x40;
    peer.send(part, 1);
    part.short_message = std::string_view{"\x05\x00\x03\x07\x02\x02lo", 8};
    peer.send(part, 2);
    auto foreign = from_subscriber("Recharge now");
    foreign.source = {5, 0, "GP INFO"};
    peer.send(foreign, 3);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(peer.expect(command::deliver_sm_resp)->status(), 0U);
    }
    EXPECT_TRUE(world.becomes([&] { return world.box.texts.size() == 2; }));
    world.run([&] {
        const auto& texts = world.box.texts;
        EXPECT_EQ(texts[0].channel, "gp");
        EXPECT_EQ(texts[0].from, subscriber);
        EXPECT_EQ(texts[0].to, "16213");
        EXPECT_TRUE(texts[0].has_header);
        EXPECT_EQ(texts[0].at, world.time.now());
        EXPECT_NE(texts[0].external_id, texts[1].external_id);
    });
    EXPECT_EQ(world.metrics.foreign.value(), 1U);
}

TEST(SmppLink, APairSendsOnOneAndReceivesOnTheOther) {
    scripted_smsc smsc;
    auto as = to(smsc);
    as.binds = smpp_binds::pair;
    smpp_link_world world{as};
    auto one = smsc.accept();
    auto two = smsc.accept();
    const auto bound_as = one.bind();
    EXPECT_NE(two.bind(), bound_as);
    auto& sending = bound_as == command::bind_transmitter ? one : two;
    auto& receiving = bound_as == command::bind_transmitter ? two : one;
    EXPECT_TRUE(world.becomes([&] { return world.metrics.bound.value() == 2; }));
    EXPECT_EQ(world.free_slots(), 10U);
    world.submit(1, "x");
    sending.accept(sending.expect(command::submit_sm)->sequence(), "a");
    EXPECT_EQ(world.reports(1).size(), 1U);
    receiving.send(receipt_of("id:a stat:DELIVRD"), 5);
    EXPECT_EQ(receiving.expect(command::deliver_sm_resp)->sequence(), 5U);
    sending.close();
    EXPECT_TRUE(world.becomes(link_state::down));
    EXPECT_EQ(world.free_slots(), 0U);
    auto again = smsc.accept();
    EXPECT_EQ(again.bind(), command::bind_transmitter);
    EXPECT_TRUE(world.becomes(link_state::up));
}

TEST(SmppLink, DrainWaitsForAnswersAndUnbinds) {
    scripted_smsc smsc;
    auto as = to(smsc);
    as.session.window = 1;
    smpp_link_world world{as};
    auto peer = bound(smsc, world);
    world.submit(1, long_text, 2);
    const auto got = peer.expect(command::submit_sm);
    world.run([&] { world.link->drain(); });
    EXPECT_EQ(world.reports(1), reports{(sms::part_returned{1, 1, world.rested()})});
    EXPECT_EQ(world.free_slots(), 0U);
    EXPECT_FALSE(world.ask<bool>([&] { return world.link->is_idle(); }));
    peer.accept(got->sequence(), "a");
    EXPECT_EQ(world.reports(2).back(), sms::report{(sms::part_submitted{1, 0, "a", "gp-main", 7})});
    const auto end = peer.expect(command::unbind);
    peer.send(smpp::unbind_resp{}, end->sequence());
    EXPECT_TRUE(peer.is_closed());
    EXPECT_TRUE(world.becomes([&] { return world.link->is_idle(); }));
    EXPECT_FALSE(smsc.has_caller());
}

TEST(SmppLink, DrainEndsAPauseBetweenTries) {
    scripted_smsc smsc;
    smpp_link_world world{to(smsc)};
    smsc.accept().bind(smpp::status::invalid_system_id);
    EXPECT_TRUE(world.becomes(link_state::stopped));
    world.run([&] { world.link->drain(); });
    EXPECT_TRUE(world.becomes([&] { return world.link->is_idle(); }));
}

TEST(SmppLink, StopTellsEverythingBeforeItReturns) {
    scripted_smsc smsc;
    auto as = to(smsc);
    as.session.window = 1;
    smpp_link_world world{as};
    auto peer = bound(smsc, world);
    world.submit(1, long_text, 2);
    peer.expect(command::submit_sm);
    world.run([&] {
        world.link->stop();
        EXPECT_EQ(world.heard.reports, (reports{sms::part_unconfirmed{1, 0, sms::reason::link_lost},
                                                sms::part_returned{1, 1, world.rested()}}));
    });
    EXPECT_TRUE(peer.is_closed());
    EXPECT_TRUE(world.becomes([&] { return world.link->is_idle(); }));
}

TEST(SmppLink, AStoreThatWorksAtTheEndIsWaitedFor) {
    scripted_smsc smsc;
    smpp_link_world world{to(smsc)};
    world.run([&] { world.box.holds = true; });
    auto peer = bound(smsc, world);
    peer.send(from_subscriber("BAL"), 1);
    EXPECT_TRUE(world.becomes([&] { return world.box.calls == 1; }));
    world.run([&] { world.link->drain(); });
    EXPECT_FALSE(world.ask<bool>([&] { return world.link->is_idle(); }));
    world.run([&] { world.box.release(); });
    EXPECT_EQ(peer.expect(command::deliver_sm_resp)->status(), 0U);
    peer.send(smpp::unbind_resp{}, peer.expect(command::unbind)->sequence());
    EXPECT_TRUE(world.becomes([&] { return world.link->is_idle(); }));
}

TEST(SmppLink, GarbageEndsTheConnection) {
    scripted_smsc smsc;
    smpp_link_world world{to(smsc)};
    auto peer = bound(smsc, world);
    peer.send_octets("GET / HTTP/1.1\r\n\r\n");
    const auto answer = peer.expect(command::generic_nack);
    EXPECT_EQ(answer->status(), smpp::status::invalid_command_length);
    EXPECT_TRUE(peer.is_closed());
    EXPECT_THAT(world.log(), HasSubstr("why=framing_lost"));
    auto again = bound(smsc, world);
    std::string unknown;
    smpp::append_header(unknown, static_cast<command>(0x7777), 9, 0);
    again.send_octets(unknown);
    EXPECT_EQ(again.expect(command::generic_nack)->sequence(), 9U);
    EXPECT_TRUE(world.becomes([&] { return world.metrics.malformed.value() == 1; }));
}

TEST(SmppLink, UssdIsTheHooks) {
    scripted_smsc smsc;
    std::pair<std::uint32_t, std::uint32_t> taken;
    smpp_link_world world{to(smsc), [&taken](std::uint32_t connection, std::uint32_t sequence,
                                             const smpp::deliver_sm& message) {
                              taken = {connection, sequence};
                              return message.short_message.starts_with('*');
                          }};
    auto peer = bound(smsc, world);
    peer.send(from_subscriber("*213#"), 7);
    EXPECT_TRUE(world.becomes([&] { return taken.second == 7; }));
    EXPECT_TRUE(world.ask<bool>([&] { return world.link->answer(taken.first, 7, 0); }));
    EXPECT_FALSE(world.ask<bool>([&] { return world.link->answer(taken.first, 7, 0); }));
    EXPECT_FALSE(world.ask<bool>([&] { return world.link->answer(taken.first + 1, 7, 0); }));
    EXPECT_EQ(peer.expect(command::deliver_sm_resp)->sequence(), 7U);
    peer.send(from_subscriber("BAL"), 8);
    EXPECT_EQ(peer.expect(command::deliver_sm_resp)->sequence(), 8U);
    EXPECT_EQ(world.metrics.inbound.value(), 1U);
}

TEST(SmppLink, SpeaksTls) {
    const own_certificate certificate;
    scripted_smsc smsc{certificate};
    auto as = to(smsc);
    as.tls = true;
    as.host = "localhost";
    smpp_link_world world{as, {}, certificate.certificate()};
    auto peer = bound(smsc, world);
    EXPECT_TRUE(smsc.shook_hands);
    world.submit(1, "x");
    peer.accept(peer.expect(command::submit_sm)->sequence(), "a");
    EXPECT_EQ(world.reports(1).size(), 1U);
    peer.send(from_subscriber("BAL"), 3);
    EXPECT_EQ(peer.expect(command::deliver_sm_resp)->sequence(), 3U);
    world.run([&] { world.link->drain(); });
    peer.send(smpp::unbind_resp{}, peer.expect(command::unbind)->sequence());
    EXPECT_TRUE(world.becomes([&] { return world.link->is_idle(); }));
}

TEST(SmppLink, TrustsNoCertificateOfAnotherName) {
    const own_certificate certificate; // for localhost alone
    scripted_smsc smsc{certificate};
    auto as = to(smsc);
    as.tls = true;
    smpp_link_world world{as, {}, certificate.certificate()};
    auto peer = smsc.accept();
    EXPECT_TRUE(peer.is_closed());
    EXPECT_TRUE(world.becomes([&] { return world.metrics.reconnects.value() >= 1; }));
    EXPECT_EQ(world.metrics.connects.value(), 0U);
}

} // namespace
} // namespace uthan::gateway
