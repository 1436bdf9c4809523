#include "gateway/links/smpp_dialogues.hpp"

#include "scripted_smsc.hpp"
#include "smpp_link_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Screens of dialogues that go out over an account.
namespace uthan::gateway {
namespace {

using namespace std::chrono_literals;
using testing::scripted_smsc;
using testing::smpp_link_world;
using testing::smsc_peer;
using testing::subscriber;
namespace smpp = adapters::smpp;
using smpp::command;
using fate = smpp_screen_fate;

smpp::ussd_return to_subscriber() {
    smpp::ussd_return made;
    made.number = subscriber;
    made.code = "384";
    made.number_ton = 1;
    made.number_npi = 1;
    made.session_info = 0x1234;
    return made;
}

smpp_screen screen_for(std::uint64_t id, std::uint32_t connection, const std::string& text,
                       const smpp::ussd_return& back = to_subscriber()) {
    smpp_screen made;
    made.id = id;
    made.connection = connection;
    made.what = *smpp::render_ussd(back, {}, text, false);
    made.deadline = std::chrono::steady_clock::now() + 60s;
    return made;
}

smsc_peer bound_peer(scripted_smsc& smsc) {
    auto peer = smsc.accept();
    peer.bind();
    return peer;
}

void show(smpp_link_world& world, smpp_screen what) {
    world.run([&] { world.link->submit_screen(std::move(what)); });
}

void expect_fate(const smpp_screen_told& told, std::uint64_t id, smpp_screen_fate how,
                 std::uint32_t status = 0) {
    EXPECT_EQ(told.id, id);
    EXPECT_EQ(told.fate, how);
    EXPECT_EQ(told.status, status);
}

TEST(SmppScreens, TheAnswerIsTheScreensFate) {
    scripted_smsc smsc;
    smpp_link_world world{smpp_link_world::settings(smsc.port())};
    auto peer = bound_peer(smsc);
    ASSERT_TRUE(world.becomes(sms::link_state::up));
    show(world, screen_for(7, 1, "1 Due"));
    const auto first = peer.expect(command::submit_sm);
    EXPECT_EQ(first->submit().short_message, "1 Due");
    EXPECT_EQ(first->submit().destination.address, subscriber);
    EXPECT_EQ(world.free_slots(), 9U);
    peer.accept(first->sequence(), "x");
    expect_fate(world.told(1)[0], 7, fate::answered);
    show(world, screen_for(8, 1, "2"));
    peer.send(smpp::submit_sm_resp{}, peer.expect(command::submit_sm)->sequence(), 0x45);
    expect_fate(world.told(2)[1], 8, fate::answered, 0x45);
    EXPECT_TRUE(world.heard.reports.empty()) << "no part was sent";
    EXPECT_EQ(world.metrics.submitted.value(), 2U);
    EXPECT_EQ(world.metrics.answered[0].value(), 1U);
    EXPECT_EQ(world.metrics.answered[5].value(), 1U);
}

TEST(SmppScreens, AScreenGoesBeforeThePartsThatWait) {
    scripted_smsc smsc;
    auto as = smpp_link_world::settings(smsc.port());
    as.session.window = 1;
    smpp_link_world world{as};
    auto peer = bound_peer(smsc);
    ASSERT_TRUE(world.becomes(sms::link_state::up));
    world.submit(1, std::string(400, 'x'), 3);
    const auto part = peer.expect(command::submit_sm);
    show(world, screen_for(7, 1, "screen"));
    EXPECT_EQ(world.free_slots(), 0U);
    peer.accept(part->sequence(), "a");
    const auto screen = peer.expect(command::submit_sm);
    EXPECT_EQ(screen->submit().short_message, "screen");
    peer.accept(screen->sequence(), "b");
    for (int i = 0; i < 2; ++i) {
        peer.accept(peer.expect(command::submit_sm)->sequence(), "c");
    }
    EXPECT_EQ(world.reports(3).size(), 3U);
    expect_fate(world.told(1)[0], 7, fate::answered);
}

TEST(SmppScreens, WhatIsLateWhenThereIsRoomIsNotSent) {
    scripted_smsc smsc;
    auto as = smpp_link_world::settings(smsc.port());
    as.session.window = 1;
    smpp_link_world world{as};
    auto peer = bound_peer(smsc);
    ASSERT_TRUE(world.becomes(sms::link_state::up));
    show(world, screen_for(1, 1, "first"));
    auto late = screen_for(2, 1, "late");
    late.deadline = std::chrono::steady_clock::now();
    show(world, std::move(late));
    show(world, screen_for(3, 1, "third"));
    peer.accept(peer.expect(command::submit_sm)->sequence(), "a");
    EXPECT_EQ(peer.expect(command::submit_sm)->submit().short_message, "third");
    const auto told = world.told(2);
    expect_fate(told[0], 1, fate::answered);
    expect_fate(told[1], 2, fate::late);
}

TEST(SmppScreens, EachIsToldOnceWhenTheLinkIsLost) {
    scripted_smsc smsc;
    auto as = smpp_link_world::settings(smsc.port());
    as.session.window = 1;
    smpp_link_world world{as};
    {
        auto peer = bound_peer(smsc);
        ASSERT_TRUE(world.becomes(sms::link_state::up));
        show(world, screen_for(1, 1, "out"));
        show(world, screen_for(2, 1, "waits"));
        peer.expect(command::submit_sm);
    }
    const auto told = world.told(2);
    expect_fate(told[0], 1, fate::unanswered);
    expect_fate(told[1], 2, fate::unsent);
    smsc.close();
    show(world, screen_for(3, 1, "no connection"));
    expect_fate(world.told(3)[2], 3, fate::unsent);
    EXPECT_EQ(world.fates.size(), 3U);
}

TEST(SmppScreens, NoAnswerInTimeIsToldAndALateOneIsNot) {
    scripted_smsc smsc;
    auto as = smpp_link_world::settings(smsc.port());
    as.session.response_timeout = 30ms;
    smpp_link_world world{as};
    auto peer = bound_peer(smsc);
    ASSERT_TRUE(world.becomes(sms::link_state::up));
    show(world, screen_for(1, 1, "x"));
    const auto got = peer.expect(command::submit_sm);
    expect_fate(world.told(1)[0], 1, fate::unanswered);
    peer.accept(got->sequence(), "late");
    show(world, screen_for(2, 1, "y"));
    peer.accept(peer.expect(command::submit_sm)->sequence(), "b");
    expect_fate(world.told(2)[1], 2, fate::answered);
}

TEST(SmppScreens, WhatItsFieldsCannotHoldIsToldAtOnce) {
    scripted_smsc smsc;
    smpp_link_world world{smpp_link_world::settings(smsc.port())};
    auto peer = bound_peer(smsc);
    ASSERT_TRUE(world.becomes(sms::link_state::up));
    auto back = to_subscriber();
    back.code = std::string(30, '1');
    show(world, screen_for(1, 1, "x", back));
    expect_fate(world.told(1)[0], 1, fate::unencodable);
}

TEST(SmppScreens, ADeliveryIsAnsweredBehindItsScreen) {
    scripted_smsc smsc;
    smpp_link_world world{
        smpp_link_world::settings(smsc.port()),
        [](std::uint32_t, std::uint32_t, const smpp::deliver_sm&) { return true; }};
    auto peer = bound_peer(smsc);
    ASSERT_TRUE(world.becomes(sms::link_state::up));
    peer.send(smpp::deliver_sm{}, 70);
    peer.send(smpp::enquire_link{}, 71);
    peer.expect(command::enquire_link_resp); // The delivery was read.
    auto screen = screen_for(1, 1, "x");
    screen.answers = 70;
    show(world, std::move(screen));
    peer.expect(command::submit_sm);
    const auto answer = peer.expect(command::deliver_sm_resp);
    EXPECT_EQ(answer->sequence(), 70U);
    EXPECT_EQ(answer->status(), 0U);
}

TEST(SmppScreens, AReceiversScreenGoesOverItsTransmitter) {
    scripted_smsc smsc;
    auto as = smpp_link_world::settings(smsc.port());
    as.binds = smpp_binds::pair;
    std::uint32_t came_over = 0;
    smpp_link_world world{
        as, [&](std::uint32_t connection, std::uint32_t sequence, const smpp::deliver_sm&) {
            came_over = connection;
            static_cast<void>(sequence);
            return true;
        }};
    auto one = smsc.accept();
    const auto mode = one.bind();
    auto other = smsc.accept();
    other.bind();
    auto& sends = mode == command::bind_transmitter ? one : other;
    auto& brings = mode == command::bind_transmitter ? other : one;
    ASSERT_TRUE(world.becomes(sms::link_state::up));
    brings.send(smpp::deliver_sm{}, 70);
    ASSERT_TRUE(world.becomes([&] { return came_over != 0; }));
    auto screen = screen_for(1, came_over, "x");
    screen.answers = 70;
    show(world, std::move(screen));
    sends.accept(sends.expect(command::submit_sm)->sequence(), "a");
    EXPECT_EQ(brings.expect(command::deliver_sm_resp)->sequence(), 70U);
    expect_fate(world.told(1)[0], 1, fate::answered);
}

smpp::deliver_sm dialled_code() {
    smpp::deliver_sm made;
    made.source = {1, 1, subscriber};
    made.destination = {3, 0, "384"};
    made.short_message = "*384#";
    return made;
}

TEST(SmppExchange, ATurnThatNobodyCanTakeIsRefusedForNow) {
    scripted_smsc smsc;
    auto as = smpp_link_world::settings(smsc.port());
    as.carries_texts = false;
    as.ussd.emplace().key = smpp::ussd_session_key::subscriber;
    secure_random random;
    smpp_exchange exchange{as, {"*384#"}, 2, 3, random};
    // Shards that never run: what they are given waits.
    asio::io_context shard{1};
    smpp_dialogues dialogues{shard.get_executor(), 0, exchange, {}, nullptr, nullptr};
    smpp_dialogues others{shard.get_executor(), 1, exchange, {}, nullptr, nullptr};
    {
        smpp_link_world world{exchange};
        auto peer = bound_peer(smsc);
        std::uint32_t sequence = 0;
        const auto answered = [&] {
            peer.send(dialled_code(), ++sequence);
            return peer.expect(command::deliver_sm_resp)->status();
        };
        EXPECT_EQ(answered(), 0x64U) << "no shard is there yet";
        dialogues.open();
        others.open();
        for (int i = 0; i < 3; ++i) {
            EXPECT_EQ(answered(), 0U);
        }
        EXPECT_EQ(answered(), 0x14U) << "too many wait";
        dialogues.close();
        others.close();
        EXPECT_EQ(answered(), 0x64U) << "the process is ending";
        EXPECT_EQ(world.metrics.turns.value(), 3U);
        EXPECT_EQ(world.metrics.refused_turns.value(), 3U);
    }
}

} // namespace
} // namespace uthan::gateway
