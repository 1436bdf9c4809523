#include "adapters/smpp/session.hpp"
#include "adapters/smpp/status.hpp"
#include "tests/unit/adapters/smpp_octets.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace uthan::adapters::smpp {
namespace {

using namespace std::chrono_literals;

/// One connection with a peer that the test plays.
class line {
public:
    explicit line(session_options as = options()) : it(std::move(as)) {}

    static session_options options() {
        session_options made;
        made.system_id = "uthan";
        made.password = "secret";
        made.window = 3;
        return made;
    }

    static line bound_line(session_options as = options()) {
        line made{std::move(as)};
        made.keep(made.it.on_connected(made.now));
        made.sent();
        made.receive(bind_transceiver_resp{}, 1);
        made.seen.clear();
        return made;
    }

    /// The headers of what the session wrote since the last time, without their lengths.
    std::vector<header> sent() {
        std::string out;
        it.take_output(out);
        frame_splitter cut;
        cut.append(out);
        std::vector<header> heads;
        for (auto step = cut.next(); step.what == frame_splitter::found::frame; step = cut.next()) {
            heads.push_back(decode(step.frame).head);
            heads.back().length = 0;
        }
        return heads;
    }

    template <class Pdu>
    void receive(const Pdu& what, std::uint32_t sequence, std::uint32_t status = 0) {
        std::string frame;
        EXPECT_FALSE(append_pdu(frame, what, sequence, status));
        keep(it.on_bytes(frame, now));
    }
    void receive_octets(std::string_view raw) { keep(it.on_bytes(raw, now)); }
    void accept(std::uint32_t sequence, std::string_view id = "id") {
        submit_sm_resp answer;
        answer.message_id = id;
        receive(answer, sequence);
    }
    void wait(std::chrono::milliseconds by) {
        now += by;
        keep(it.on_timer(now));
    }
    submit_outcome submit(std::uint64_t token) { return it.submit(submit_sm{}, token, now); }
    void drain() { keep(it.drain(now)); }
    void hang_up() { keep(it.on_closed(now)); }

    /// The events as words; texts of events are copied, since their views do not last.
    std::vector<std::string> seen;

    time_point now{1h};
    session it;

private:
    void keep(events told) {
        for (const auto& one : told) {
            seen.push_back(std::visit([](const auto& e) { return word(e); }, one));
        }
    }
    static std::string word(const bound& e) { return "bound " + std::string{e.system_id}; }
    static std::string word(const bind_refused& e) { return "refused " + status_text(e.status); }
    static std::string word(const submit_answered& e) {
        return fmt::format("answered {} {} {}", e.token, e.status, e.message_id);
    }
    static std::string word(const submit_timed_out& e) {
        return fmt::format("timed out {}", e.token);
    }
    static std::string word(const late_answer& e) {
        return fmt::format("late {} {} {}", e.token, e.status, e.message_id);
    }
    static std::string word(const delivered& e) {
        return fmt::format("delivered {} {}", e.sequence, e.message.short_message);
    }
    static std::string word(const closed& e) {
        return fmt::format("closed {} [{}] [{}]", static_cast<int>(e.why),
                           fmt::join(e.in_flight, " "), fmt::join(e.unsent, " "));
    }
};

std::string ended(close_reason why, std::string_view in_flight = "", std::string_view unsent = "") {
    return fmt::format("closed {} [{}] [{}]", static_cast<int>(why), in_flight, unsent);
}

using words = std::vector<std::string>;
using heads = std::vector<header>;

header head(command id, std::uint32_t sequence, std::uint32_t status = 0) {
    return {0, id, status, sequence};
}

TEST(SmppSession, BindsAsItsModeSays) {
    const std::vector<std::pair<bind_mode, command>> modes{
        {bind_mode::transceiver, command::bind_transceiver},
        {bind_mode::transmitter, command::bind_transmitter},
        {bind_mode::receiver, command::bind_receiver}};
    for (const auto& [mode, id] : modes) {
        auto as = line::options();
        as.mode = mode;
        line peer{as};
        static_cast<void>(peer.it.on_connected(peer.now));
        EXPECT_EQ(peer.sent(), heads{head(id, 1)});
        EXPECT_EQ(peer.submit(1), submit_outcome::not_bound);
        bind_resp_fields answer;
        answer.system_id = "smsc";
        std::string frame;
        EXPECT_FALSE(append_pdu(frame, bind_transceiver_resp{answer}, 1));
        peer.receive_octets(frame);
        EXPECT_EQ(peer.seen, words{"bound smsc"});
        EXPECT_EQ(peer.it.free_slots(), mode == bind_mode::receiver ? 0U : 3U);
        EXPECT_EQ(peer.submit(1) == submit_outcome::taken, mode != bind_mode::receiver);
    }
}

TEST(SmppSession, ARefusedBindSaysWhyAndCloses) {
    line peer;
    static_cast<void>(peer.it.on_connected(peer.now));
    peer.receive(bind_transceiver_resp{}, 1, status::invalid_password);
    EXPECT_EQ(peer.seen, (words{"refused ESME_RINVPASWD", ended(close_reason::bind_refused)}));
    EXPECT_TRUE(peer.it.wants_close());
    EXPECT_EQ(peer.it.next_deadline(), std::nullopt);
    peer.hang_up();
    EXPECT_EQ(peer.seen.size(), 2U);
}

TEST(SmppSession, AGenericNackRefusesABind) {
    line peer;
    static_cast<void>(peer.it.on_connected(peer.now));
    peer.receive(generic_nack{}, 0, 0);
    EXPECT_EQ(peer.seen, (words{"refused ESME_RBINDFAIL", ended(close_reason::bind_refused)}));
}

TEST(SmppSession, ABindWithoutAnAnswerIsGivenUp) {
    line peer;
    static_cast<void>(peer.it.on_connected(peer.now));
    EXPECT_EQ(peer.it.next_deadline(), peer.now + 10s);
    peer.wait(9999ms);
    EXPECT_TRUE(peer.seen.empty());
    peer.wait(1ms);
    EXPECT_EQ(peer.seen, words{ended(close_reason::bind_timeout)});
}

TEST(SmppSession, ABindThatCannotBeWrittenIsRefusedByItself) {
    auto as = line::options();
    as.password = "longer than eight";
    session it{as};
    const auto told = it.on_connected(time_point{});
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(std::get<bind_refused>(told[0]).status, status::invalid_system_id);
    EXPECT_EQ(std::get<closed>(told[1]).why, close_reason::bind_refused);
}

TEST(SmppSession, ASubmitIsAnsweredByItsSequence) {
    auto peer = line::bound_line();
    EXPECT_EQ(peer.submit(70), submit_outcome::taken);
    EXPECT_EQ(peer.submit(71), submit_outcome::taken);
    EXPECT_EQ(peer.sent(), (heads{head(command::submit_sm, 2), head(command::submit_sm, 3)}));
    peer.accept(3, "b");
    peer.receive(submit_sm_resp{}, 2, 0x401);
    EXPECT_EQ(peer.seen, (words{"answered 71 0 b", "answered 70 1025 "}));
    EXPECT_EQ(peer.it.in_flight(), 0U);
}

TEST(SmppSession, TheWindowIsNeverExceeded) {
    auto peer = line::bound_line();
    for (std::uint64_t token = 1; token <= 3; ++token) {
        EXPECT_EQ(peer.submit(token), submit_outcome::taken);
    }
    EXPECT_EQ(peer.submit(4), submit_outcome::window_full);
    peer.accept(2);
    EXPECT_EQ(peer.submit(4), submit_outcome::taken);
    EXPECT_EQ(peer.submit(5), submit_outcome::window_full);
}

TEST(SmppSession, ASubmitThatCannotBeWrittenTakesNoSlot) {
    auto peer = line::bound_line();
    submit_sm bad;
    bad.service_type = "too long";
    EXPECT_EQ(peer.it.submit(bad, 1, peer.now), submit_outcome::unencodable);
    EXPECT_EQ(peer.it.in_flight(), 0U);
    EXPECT_TRUE(peer.sent().empty());
}

TEST(SmppSession, AnswersAndQuestionsGoBeforeSubmits) {
    auto peer = line::bound_line();
    peer.submit(1);
    peer.receive(enquire_link{}, 0xFFFFFFFF);
    peer.receive(deliver_sm{}, 0);
    EXPECT_TRUE(peer.it.answer_deliver(0, 0, peer.now));
    EXPECT_EQ(peer.sent(), (heads{head(command::enquire_link_resp, 0xFFFFFFFF),
                                  head(command::deliver_sm_resp, 0), head(command::submit_sm, 2)}));
}

TEST(SmppSession, AFullWindowHoldsUpNoAnswerAndNoQuestion) {
    auto peer = line::bound_line();
    for (std::uint64_t token = 1; token <= 3; ++token) {
        peer.submit(token);
    }
    peer.sent();
    peer.receive(enquire_link{}, 9);
    EXPECT_EQ(peer.sent(), heads{head(command::enquire_link_resp, 9)});
    peer.wait(30s);
    EXPECT_EQ(peer.sent(), heads{head(command::enquire_link, 5)});
}

TEST(SmppSession, ATimedOutSubmitFreesItsSlotOnceAndMayStillBeAnswered) {
    auto peer = line::bound_line();
    peer.submit(70);
    EXPECT_EQ(peer.it.next_deadline(), peer.now + 30s);
    peer.wait(30s);
    EXPECT_EQ(peer.seen, words{"timed out 70"});
    EXPECT_EQ(peer.it.free_slots(), 3U);
    peer.accept(2, "x");
    EXPECT_EQ(peer.seen, (words{"timed out 70", "late 70 0 x"}));
    EXPECT_EQ(peer.it.free_slots(), 3U);
    peer.accept(2, "x");
    EXPECT_EQ(peer.seen.size(), 2U);
    EXPECT_EQ(peer.it.counters().unexpected_answers, 1U);
}

TEST(SmppSession, AGenericNackAnswersTheSubmitThatItNames) {
    auto peer = line::bound_line();
    peer.submit(70);
    peer.submit(71);
    peer.receive(generic_nack{}, 2, status::invalid_command_length);
    peer.receive(generic_nack{}, 3, 0);
    peer.receive(generic_nack{}, 99, 3);
    EXPECT_EQ(peer.seen, (words{"answered 70 2 ", "answered 71 255 "}));
    EXPECT_EQ(peer.it.counters().unexpected_answers, 1U);
}

TEST(SmppSession, AnAnswerWithABrokenBodyStillSaysItsStatus) {
    auto peer = line::bound_line();
    peer.submit(70);
    peer.receive_octets(frame_of("80 00 00 04 00 00 00 00 00 00 00 02 'no end'"));
    EXPECT_EQ(peer.seen, words{"answered 70 0 "});
    EXPECT_EQ(peer.it.counters().malformed, 1U);
}

TEST(SmppSession, ASilentPeerIsAskedTwiceAndLeft) {
    auto peer = line::bound_line();
    peer.wait(29999ms);
    EXPECT_TRUE(peer.sent().empty());
    peer.wait(1ms);
    EXPECT_EQ(peer.sent(), heads{head(command::enquire_link, 2)});
    peer.wait(10s);
    EXPECT_EQ(peer.sent(), heads{head(command::enquire_link, 3)});
    EXPECT_TRUE(peer.seen.empty());
    peer.wait(10s);
    EXPECT_EQ(peer.seen, words{ended(close_reason::peer_silent)});
}

TEST(SmppSession, AnyPduProvesThatThePeerLives) {
    auto peer = line::bound_line();
    peer.submit(70);
    peer.wait(25s);
    peer.accept(2);
    peer.wait(29s);
    EXPECT_EQ(peer.sent().size(), 1U); // the submit alone
    peer.wait(1s);
    peer.wait(10s);
    EXPECT_EQ(peer.sent().size(), 2U);
    peer.receive(alert_notification{}, 5); // not what was asked for, and enough
    peer.wait(29s);
    EXPECT_TRUE(peer.sent().empty());
    EXPECT_FALSE(peer.it.wants_close());
}

TEST(SmppSession, AnEnquiryIsAnsweredInAnyState) {
    line peer;
    static_cast<void>(peer.it.on_connected(peer.now));
    peer.sent();
    peer.receive(enquire_link{}, 5);
    EXPECT_EQ(peer.sent(), heads{head(command::enquire_link_resp, 5)});
    peer.receive(bind_transceiver_resp{}, 1);
    peer.submit(1);
    peer.drain();
    peer.sent();
    peer.receive(enquire_link{}, 6);
    EXPECT_EQ(peer.sent(), heads{head(command::enquire_link_resp, 6)});
    peer.accept(2);
    peer.receive(enquire_link{}, 7);
    EXPECT_EQ(peer.sent(), (heads{head(command::unbind, 3), head(command::enquire_link_resp, 7)}));
}

TEST(SmppSession, ADeliveryIsAnsweredOnceItIsStored) {
    auto peer = line::bound_line();
    deliver_sm m;
    m.short_message = "hello";
    peer.receive(m, 0x80000007);
    EXPECT_EQ(peer.seen, words{"delivered 2147483655 hello"});
    EXPECT_TRUE(peer.sent().empty());
    EXPECT_TRUE(peer.it.answer_deliver(0x80000007, status::receiver_temporary, peer.now));
    EXPECT_EQ(peer.sent(), heads{head(command::deliver_sm_resp, 0x80000007, 0x64)});
    EXPECT_FALSE(peer.it.answer_deliver(0x80000007, 0, peer.now));
}

TEST(SmppSession, ADataSmIsADeliveryWithAnAnswerOfItsKind) {
    auto peer = line::bound_line();
    peer.receive(data_sm{}, 7);
    EXPECT_EQ(peer.seen, words{"delivered 7 "});
    EXPECT_TRUE(peer.it.answer_deliver(7, 0, peer.now));
    EXPECT_EQ(peer.sent(), heads{head(command::data_sm_resp, 7)});
}

TEST(SmppSession, AnAnswerMayStandBehindItsSubmit) {
    auto peer = line::bound_line();
    peer.receive(deliver_sm{}, 7);
    peer.receive(deliver_sm{}, 8);
    peer.submit(1);
    EXPECT_TRUE(peer.it.answer_deliver(7, 0, peer.now, answer_order::behind_submits));
    peer.submit(2);
    EXPECT_TRUE(peer.it.answer_deliver(8, 0, peer.now));
    EXPECT_EQ(peer.sent(), (heads{head(command::deliver_sm_resp, 8), head(command::submit_sm, 2),
                                  head(command::deliver_sm_resp, 7), head(command::submit_sm, 3)}));
}

TEST(SmppSession, ADataSmIsSubmittedAndAnsweredLikewise) {
    auto peer = line::bound_line();
    EXPECT_EQ(peer.it.submit(data_sm{}, 41, peer.now), submit_outcome::taken);
    EXPECT_EQ(peer.sent(), heads{head(command::data_sm, 2)});
    EXPECT_EQ(peer.it.in_flight(), 1U);
    data_sm_resp answer;
    answer.message_id = "ab";
    peer.receive(answer, 2);
    EXPECT_EQ(peer.seen, words{"answered 41 0 ab"});
    EXPECT_EQ(peer.it.in_flight(), 0U);
}

TEST(SmppSession, MoreDeliveriesThanItHoldsComeAgain) {
    auto peer = line::bound_line();
    for (std::uint32_t i = 1; i <= deliveries_max + 1; ++i) {
        peer.receive(deliver_sm{}, i);
    }
    EXPECT_EQ(peer.sent(), heads{head(command::deliver_sm_resp, deliveries_max + 1, 0x14)});
    EXPECT_EQ(peer.seen.size(), deliveries_max);
    EXPECT_EQ(peer.it.counters().refused_deliveries, 1U);
}

TEST(SmppSession, ADeliveryBeforeTheBindIsRefused) {
    line peer;
    static_cast<void>(peer.it.on_connected(peer.now));
    peer.sent();
    peer.receive(deliver_sm{}, 3);
    EXPECT_EQ(peer.sent(), heads{head(command::deliver_sm_resp, 3, 4)});
}

TEST(SmppSession, WhatItCannotReadIsRefusedAndTheStreamGoesOn) {
    auto peer = line::bound_line();
    peer.receive_octets(frame_of("01 00 00 01 00 00 00 00 00 00 00 21") +
                        frame_of("00 00 00 05 00 00 00 00 00 00 00 22 'x'") +
                        frame_of("00 00 00 03 00 00 00 00 00 00 00 23 00 00 00 00") +
                        frame_of("00 00 00 15 00 00 00 00 00 00 00 24"));
    EXPECT_EQ(
        peer.sent(),
        (heads{head(command::generic_nack, 0x21, 3), head(command::deliver_sm_resp, 0x22, 2),
               head(command::query_sm_resp, 0x23, 3), head(command::enquire_link_resp, 0x24)}));
    EXPECT_EQ(peer.it.counters().unknown_commands, 1U);
    EXPECT_EQ(peer.it.counters().malformed, 1U);
    EXPECT_FALSE(peer.it.wants_close());
}

TEST(SmppSession, AnUnknownAnswerIsNeverAnswered) {
    auto peer = line::bound_line();
    peer.receive_octets(frame_of("81 00 00 01 00 00 00 00 00 00 00 21"));
    peer.receive(unbind_resp{}, 9);
    EXPECT_TRUE(peer.sent().empty());
    EXPECT_EQ(peer.it.counters().unexpected_answers, 2U);
}

TEST(SmppSession, ALostFrameIsNackedAndClosesTheStream) {
    auto peer = line::bound_line();
    peer.submit(1);
    peer.sent();
    peer.submit(2);
    peer.receive_octets(octets("00 00 00 0F 00 00 00 05 00 00 00 00 00 00 00 09"));
    EXPECT_EQ(peer.seen, words{ended(close_reason::framing_lost, "1", "2")});
    EXPECT_EQ(peer.sent(), heads{head(command::generic_nack, 9, 2)});
    peer.receive(enquire_link{}, 5);
    EXPECT_TRUE(peer.sent().empty());
}

TEST(SmppSession, ALostLinkTellsWhatWasSentAndWhatWasNot) {
    auto peer = line::bound_line();
    peer.submit(1);
    peer.submit(2);
    peer.sent();
    peer.submit(3);
    peer.accept(2);
    peer.seen.clear();
    peer.hang_up();
    EXPECT_EQ(peer.seen, words{ended(close_reason::peer_closed, "2", "3")});
    EXPECT_EQ(peer.submit(4), submit_outcome::not_bound);
    EXPECT_TRUE(peer.sent().empty());
}

TEST(SmppSession, ADrainWaitsForAnswersThenUnbinds) {
    auto peer = line::bound_line();
    peer.submit(1);
    peer.receive(deliver_sm{}, 40);
    peer.seen.clear();
    peer.drain();
    EXPECT_EQ(peer.submit(2), submit_outcome::not_bound);
    EXPECT_EQ(peer.sent(), heads{head(command::submit_sm, 2)});
    peer.accept(2);
    EXPECT_TRUE(peer.sent().empty());
    EXPECT_TRUE(peer.it.answer_deliver(40, 0, peer.now));
    EXPECT_EQ(peer.sent(), (heads{head(command::deliver_sm_resp, 40), head(command::unbind, 3)}));
    peer.receive(deliver_sm{}, 41);
    EXPECT_EQ(peer.sent(), heads{head(command::deliver_sm_resp, 41, 0x64)});
    peer.receive(unbind_resp{}, 3);
    EXPECT_EQ(peer.seen, (words{"answered 1 0 id", ended(close_reason::drained)}));
}

TEST(SmppSession, ADrainEndsEvenWhenNobodyAnswers) {
    auto peer = line::bound_line();
    peer.submit(1);
    peer.receive(deliver_sm{}, 40);
    peer.drain();
    peer.sent();
    peer.seen.clear();
    peer.wait(30s);
    EXPECT_EQ(peer.seen, words{"timed out 1"});
    const auto last = peer.sent();
    EXPECT_EQ(last.back().id, command::unbind);
    peer.wait(5s);
    EXPECT_EQ(peer.seen.back(), ended(close_reason::drained));
}

TEST(SmppSession, ADrainBeforeTheBindClosesAtOnce) {
    line peer;
    static_cast<void>(peer.it.on_connected(peer.now));
    peer.drain();
    EXPECT_EQ(peer.seen, words{ended(close_reason::drained)});
}

TEST(SmppSession, ThePeersUnbindIsAnsweredAndWaitsForAnswers) {
    auto peer = line::bound_line();
    peer.submit(1);
    peer.submit(2);
    peer.sent();
    peer.receive(unbind{}, 77);
    EXPECT_EQ(peer.sent(), heads{head(command::unbind_resp, 77)});
    EXPECT_EQ(peer.submit(3), submit_outcome::not_bound);
    peer.accept(2);
    EXPECT_EQ(peer.seen, words{"answered 1 0 id"});
    peer.wait(5s);
    EXPECT_EQ(peer.seen.back(), ended(close_reason::peer_unbound, "2"));
    auto idle = line::bound_line();
    idle.receive(unbind{}, 78);
    EXPECT_EQ(idle.seen, words{ended(close_reason::peer_unbound)});
    EXPECT_EQ(idle.sent(), heads{head(command::unbind_resp, 78)});
}

TEST(SmppSession, APeerThatDoesNotReadIsLeft) {
    auto peer = line::bound_line();
    std::string many;
    for (int i = 0; i < 4096; ++i) {
        append_header(many, command::enquire_link, 5, 0);
    }
    for (int i = 0; i < 16; ++i) {
        peer.receive_octets(many);
    }
    EXPECT_FALSE(peer.it.wants_close());
    peer.receive(enquire_link{}, 5);
    EXPECT_EQ(peer.seen, words{ended(close_reason::peer_not_reads)});
}

TEST(SmppSession, SequencesWrapAndPassOverThoseInFlight) {
    auto as = line::options();
    as.first_sequence = sequence_max - 1;
    line peer{as};
    static_cast<void>(peer.it.on_connected(peer.now));
    EXPECT_EQ(peer.sent()[0].sequence, sequence_max - 1);
    peer.receive(bind_transceiver_resp{}, sequence_max - 1);
    peer.submit(1);
    peer.submit(2);
    EXPECT_EQ(peer.sent(),
              (heads{head(command::submit_sm, sequence_max), head(command::submit_sm, 1)}));
}

} // namespace
} // namespace uthan::adapters::smpp
