#include "adapters/smpp/codec.hpp"
#include "adapters/smpp/ussd.hpp"
#include "tests/unit/adapters/smpp_octets.hpp"

#include <gtest/gtest.h>

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

} // namespace
} // namespace uthan::adapters::smpp
