#include "adapters/smpp/codec.hpp"
#include "adapters/smpp/ussd.hpp"
#include "tests/unit/adapters/smpp_octets.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace uthan::adapters::smpp {
namespace {

const numbering plan;
const channel_context on{"smpp", "*213#", plan};

struct incoming {
    std::string text;
    std::string parameters;
    std::uint8_t data_coding = 0;
    std::string code = "213";
    std::string from = "8801712345678";
};

parsed<ussd_received> read(const incoming& what, const ussd_description& as = {}) {
    const auto raw = octets(what.parameters);
    deliver_sm m;
    m.source = {1, 1, what.from};
    m.destination = {3, 0, what.code};
    m.data_coding = what.data_coding;
    m.short_message = what.text;
    m.parameters = parameters_view{raw};
    return read_ussd(m, as, on, "1-7");
}

ussd_turn turn_of(const parsed<ussd_received>& what) {
    return std::get<ussd_turn>(std::get<ussd_received>(what).event);
}
end_notice end_of(const parsed<ussd_received>& what) {
    return std::get<ussd_ended>(std::get<ussd_received>(what).event).how;
}

const std::string begin_1234 = "05 01 00 01 01 13 83 00 02 12 34";
const std::string input_1234 = "05 01 00 01 12 13 83 00 02 12 34";

TEST(SmppUssd, ADialledCodeBegins) {
    const auto turn = turn_of(read({"*213*2#", begin_1234}));
    EXPECT_TRUE(turn.turn.begins);
    EXPECT_EQ(turn.turn.dialled, "*213*2#");
    EXPECT_EQ(turn.turn.session_id, "i1234");
    EXPECT_EQ(turn.turn.request_id, "1-7");
    EXPECT_EQ(turn.turn.subscriber.reveal(), "8801712345678");
    EXPECT_EQ(turn.turn.style, sessions::turn_style::input);
}

TEST(SmppUssd, TheCodeMayStandInTheDestination) {
    ussd_description as;
    as.code = ussd_code_place::destination;
    EXPECT_EQ(turn_of(read({"", begin_1234}, as)).turn.dialled, "*213#");
    EXPECT_EQ(turn_of(read({"x", begin_1234, 0, "*213*3#"}, as)).turn.dialled, "*213*3#");
}

TEST(SmppUssd, AnInputGoesOnWithAsciiDigits) {
    const auto plain = turn_of(read({"12\r", input_1234}));
    EXPECT_FALSE(plain.turn.begins);
    EXPECT_EQ(plain.turn.input, "12");
    for (const auto coding : std::initializer_list<std::uint8_t>{0x08, 0x18, 0x48}) {
        EXPECT_EQ(turn_of(read({octets("09 E7 09 EF"), input_1234, coding})).turn.input, "19");
    }
    EXPECT_TRUE(std::holds_alternative<rejection>(read({"12", input_1234, 4})));
}

TEST(SmppUssd, AnEndIsToldByItsOperationOrItsBit) {
    EXPECT_EQ(end_of(read({"", "05 01 00 01 81 13 83 00 02 12 34"})), end_notice::told);
    EXPECT_EQ(end_of(read({"", "05 01 00 01 12 13 83 00 02 12 35"})), end_notice::told);
    EXPECT_EQ(end_of(read({"", "05 01 00 01 55"})), end_notice::unknown);
    ussd_description as;
    as.end_bit = false;
    EXPECT_EQ(turn_of(read({"1", "05 01 00 01 12 13 83 00 02 12 35"}, as)).turn.session_id,
              "i1234");
}

TEST(SmppUssd, DialoguesAreToldApartAsTheOperatorDoes) {
    ussd_description as;
    EXPECT_TRUE(std::holds_alternative<rejection>(read({"1", "05 01 00 01 12"}, as)));
    as.key = ussd_session_key::user_message_reference;
    EXPECT_EQ(turn_of(read({"1", "05 01 00 01 12 02 04 00 02 00 2A"}, as)).turn.session_id,
              "r002A");
    EXPECT_TRUE(std::holds_alternative<rejection>(read({"1", input_1234}, as)));
    as.key = ussd_session_key::subscriber;
    EXPECT_EQ(turn_of(read({"1", "05 01 00 01 12"}, as)).turn.session_id, "one");
}

TEST(SmppUssd, ASessionNumberMayBeTheFirstOctetAlone) {
    ussd_description as;
    as.key = ussd_session_key::session_number;
    const std::string first = "05 01 00 01 01 13 83 00 02 12 02";
    const std::string second = "05 01 00 01 12 13 83 00 02 12 04";
    EXPECT_EQ(turn_of(read({"*213#", first}, as)).turn.session_id, "n12");
    EXPECT_EQ(turn_of(read({"1", second}, as)).turn.session_id, "n12");
    EXPECT_EQ(std::get<rejection>(read({"1", "05 01 00 01 12"}, as)).reason,
              "its_session_info is missing");
}

TEST(SmppUssd, TheCodeMayStandInBothPlaces) {
    ussd_description as;
    as.code = ussd_code_place::both;
    EXPECT_EQ(turn_of(read({"*213*7#", begin_1234}, as)).turn.dialled, "*213*7#");
    EXPECT_EQ(turn_of(read({"", begin_1234}, as)).turn.dialled, "*213#");
}

TEST(SmppUssd, AmongTextsATurnIsKnownByItsOperationOrItsServiceType) {
    deliver_sm m;
    EXPECT_FALSE(is_ussd(m, {}));
    m.service_type = "USSD";
    EXPECT_TRUE(is_ussd(m, {}));
    ussd_description as;
    as.service_type = "";
    EXPECT_FALSE(is_ussd(m, as));
    m.service_type = "";
    EXPECT_FALSE(is_ussd(m, as));
    const auto raw = octets("05 01 00 01 12");
    m.parameters = parameters_view{raw};
    EXPECT_TRUE(is_ussd(m, as));
}

/// The published ways of USSD gateways, each from its first turn to its last screen.
TEST(SmppUssd, EveryWayThatIsKnownGoesThereAndBack) {
    struct way {
        std::string_view label;
        ussd_description as;
        incoming begins;
        incoming answers;
        incoming ends;
        std::string session;
        std::string screen; ///< its parameters
        std::string last;
    };
    ussd_description reference;
    reference.key = ussd_session_key::user_message_reference;
    reference.code = ussd_code_place::both;
    reference.final_op = 0x17;
    reference.end_bit = false;
    ussd_description with_both = reference;
    with_both.key = ussd_session_key::its_session_info;
    with_both.code = ussd_code_place::short_message;
    with_both.end_bit = true;
    ussd_description bit;
    bit.code = ussd_code_place::destination;
    bit.final_op = 2;
    ussd_description plain;
    plain.key = ussd_session_key::subscriber;
    plain.end_bit = false;
    const way ways[] = {
        {"the specification's",
         {},
         {"*213#", "05 01 00 01 01 13 83 00 02 00 10"},
         {"1", "05 01 00 01 12 13 83 00 02 00 10"},
         {"", "05 01 00 01 81 13 83 00 02 00 11"},
         "i0010",
         "05 01 00 01 02 13 83 00 02 00 10",
         "05 01 00 01 11 13 83 00 02 00 11"},
        {"a reference and a hexadecimal 17",
         reference,
         {"*213#", "05 01 00 01 01 02 04 00 02 00 07", 15},
         {"1", "05 01 00 01 12 02 04 00 02 00 07", 15},
         {"", "05 01 00 01 81 02 04 00 02 00 07"},
         "r0007",
         "05 01 00 01 02 02 04 00 02 00 07",
         "05 01 00 01 17 02 04 00 02 00 07"},
        {"a hexadecimal 17 and the end bit",
         with_both,
         {"*213#", "05 01 00 01 01 13 83 00 02 00 08"},
         {"1", "05 01 00 01 02 13 83 00 02 00 08"},
         {"", "05 01 00 01 12 13 83 00 02 00 09"},
         "i0008",
         "05 01 00 01 02 13 83 00 02 00 08",
         "05 01 00 01 17 13 83 00 02 00 09"},
        {"the end bit alone",
         bit,
         {"", "05 01 00 01 01 13 83 00 02 12 34"},
         {"1", "05 01 00 01 12 13 83 00 02 12 34"},
         {"", "05 01 00 01 12 13 83 00 02 12 35"},
         "i1234",
         "05 01 00 01 02 13 83 00 02 12 34",
         "05 01 00 01 02 13 83 00 02 12 35"},
        {"no session at all",
         plain,
         {"*213#", "05 01 00 01 01"},
         {"1", "05 01 00 01 12"},
         {"", "05 01 00 01 81"},
         "one",
         "05 01 00 01 02",
         "05 01 00 01 11"},
        {"neither session nor operation",
         plain,
         {"*213#", ""},
         {"1", ""},
         {"", "05 01 00 01 81"},
         "one",
         "05 01 00 01 02",
         "05 01 00 01 11"},
    };
    for (const way& w : ways) {
        SCOPED_TRACE(w.label);
        const auto begun = read(w.begins, w.as);
        EXPECT_TRUE(turn_of(begun).turn.begins);
        EXPECT_EQ(turn_of(begun).turn.dialled, "*213#");
        EXPECT_EQ(turn_of(begun).turn.session_id, w.session);
        const auto answered = read(w.answers, w.as);
        EXPECT_FALSE(turn_of(answered).turn.begins);
        EXPECT_EQ(turn_of(answered).turn.input, "1");
        EXPECT_EQ(turn_of(answered).turn.session_id, w.session);
        EXPECT_EQ(end_of(read(w.ends, w.as)), end_notice::told);
        const auto& back = std::get<ussd_received>(answered).back;
        EXPECT_EQ(render_ussd(back, w.as, "x", false)->pdu().parameters.octets(), octets(w.screen));
        EXPECT_EQ(render_ussd(back, w.as, "x", true)->pdu().parameters.octets(), octets(w.last));
    }
}

TEST(SmppUssd, WithoutAnOperationTheTextSaysWhatItIs) {
    ussd_description as;
    as.key = ussd_session_key::subscriber;
    EXPECT_TRUE(turn_of(read({"*213#", ""}, as)).turn.begins);
    EXPECT_FALSE(turn_of(read({"1", ""}, as)).turn.begins);
}

TEST(SmppUssd, ANumberThatIsNoneIsRefusedWithoutItsValue) {
    const auto read_bad = read({"1", input_1234, 0, "213", "brac"});
    EXPECT_EQ(std::get<rejection>(read_bad).reason, "source_addr is not a number");
}

std::string written(const ussd_screen& screen) {
    std::string out;
    EXPECT_FALSE(append_pdu(out, screen.pdu(), 9));
    return out;
}

TEST(SmppUssd, AScreenGoesBackTheWayTheTurnCame) {
    const auto back = std::get<ussd_received>(read({"*213#", begin_1234})).back;
    const auto screen = render_ussd(back, {}, "1 @", false);
    ASSERT_TRUE(screen);
    EXPECT_EQ(written(*screen),
              frame_of("00 00 00 04 00 00 00 00 00 00 00 09 'USSD' 00 03 00 '213' 00 01 01"
                       "'8801712345678' 00 00 00 00 00 00 00 00 00 00 03 '1 ' 00"
                       "05 01 00 01 02 13 83 00 02 12 34"));
}

TEST(SmppUssd, TheLastScreenEndsAsTheOperatorWants) {
    const auto back = std::get<ussd_received>(read({"*213#", begin_1234})).back;
    ussd_description as;
    as.its_reply_type = 5;
    const auto parameters = [&](bool final) {
        return std::string{render_ussd(back, as, "x", final)->pdu().parameters.octets()};
    };
    EXPECT_EQ(parameters(true), octets("05 01 00 01 11 13 83 00 02 12 35"));
    EXPECT_EQ(parameters(false), octets("05 01 00 01 02 13 83 00 02 12 34 13 80 00 01 05"));
    as.final_op = 2;
    EXPECT_EQ(parameters(true), octets("05 01 00 01 02 13 83 00 02 12 35"));
    as.end_bit = false;
    EXPECT_EQ(parameters(true), octets("05 01 00 01 02 13 83 00 02 12 34"));
}

TEST(SmppUssd, BanglaIsUtf16InTheOperatorsCoding) {
    ussd_description as;
    as.ucs2_coding = 0x48;
    const auto screen = render_ussd({}, as, "\xE0\xA6\x95", false);
    EXPECT_EQ(screen->pdu().data_coding, 0x48);
    EXPECT_EQ(screen->pdu().short_message, octets("09 95"));
}

TEST(SmppUssd, ALongScreenIsAPayload) {
    const std::string text(255, 'x');
    const auto screen = render_ussd({}, {}, text, false);
    const auto pdu = screen->pdu();
    EXPECT_EQ(pdu.short_message, "");
    EXPECT_EQ(pdu.parameters.value(tag::message_payload), text);
    EXPECT_EQ(render_ussd({}, {}, std::string(254, 'x'), false)->pdu().short_message.size(), 254U);
    EXPECT_EQ(render_ussd({}, {}, std::string(1025, 'x'), false).error(), errc::too_large);
    EXPECT_EQ(render_ussd({}, {}, "\xFF", false).error(), errc::invalid_utf8);
}

/// Texts of random letters, within what a phone shows, of both alphabets.
TEST(SmppUssd, AScreenIsReadLetterByLetter) {
    constexpr std::array<std::string_view, 12> letters{"a",      "9",      "\n",     "@",
                                                       "{",      "\u20AC", "\u0995", "\u09CD",
                                                       "\u09B7", "\u09EB", "\u09F3", "\U0001F600"};
    std::mt19937 random{7};
    unsigned in_seven_bit = 0;
    for (int i = 0; i < 500; ++i) {
        const bool is_latin = random() % 2 == 0;
        std::string text;
        for (auto left = random() % 80; left > 0; --left) {
            text += letters[random() % (is_latin ? 6 : letters.size())];
        }
        const auto screen = render_ussd({}, {}, text, false);
        ASSERT_TRUE(screen);
        const auto pdu = screen->pdu();
        const auto octets = pdu.short_message.empty()
                                ? pdu.parameters.value(tag::message_payload).value_or("")
                                : pdu.short_message;
        const auto coding =
            pdu.data_coding == 8 ? texts::user_data_coding::ucs2 : texts::user_data_coding::gsm7;
        EXPECT_EQ(texts::text_of(texts::parse_user_data(octets, false, coding)), text);
        in_seven_bit += pdu.data_coding == 0 ? 1 : 0;
    }
    EXPECT_GT(in_seven_bit, 100U);
    EXPECT_LT(in_seven_bit, 400U);
}

TEST(SmppUssd, ADataSmHasItsTextAsPayload) {
    ussd_description as;
    as.screen_pdu = ussd_screen_pdu::data_sm;
    const auto back = std::get<ussd_received>(read({"*213#", begin_1234})).back;
    const auto screen = render_ussd(back, as, "x", false);
    ASSERT_TRUE(screen->is_data());
    std::string out;
    EXPECT_FALSE(append_pdu(out, screen->data(), 9));
    EXPECT_EQ(out, frame_of("00 00 01 03 00 00 00 00 00 00 00 09 'USSD' 00 03 00 '213' 00 01 01"
                            "'8801712345678' 00 00 00 00"
                            "05 01 00 01 02 13 83 00 02 12 34 04 24 00 01 'x'"));
    EXPECT_FALSE(render_ussd(back, {}, "x", false)->is_data());
}

TEST(SmppUssd, AnAnswerSaysWhatBecameOfTheScreen) {
    const status_classes by{{{0x0401, status_class::permanent}, {0x0402, status_class::throttle}}};
    using enum push_class;
    const std::pair<std::uint32_t, push_class> rows[] = {
        {0x00, ok},        {0x08, transient}, {0x14, transient},   {0x58, transient},
        {0x64, transient}, {0x04, config},    {0x0A, config},      {0x15, config},
        {0xC1, config},    {0x45, user},      {0x0B, user},        {0x65, user},
        {0x01, client},    {0x0401, client},  {0x0402, transient}, {0xFF, unknown},
        {0x0403, unknown}};
    for (const auto& [status, what] : rows) {
        EXPECT_EQ(read_screen_answer(status, by).what, what) << status;
    }
    EXPECT_EQ(read_screen_answer(0x45, by).code, "ESME_RSUBMITFAIL");
    EXPECT_EQ(read_screen_answer(0x0403, by).code, "0x00000403");
}

} // namespace
} // namespace uthan::adapters::smpp
