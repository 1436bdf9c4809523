#include "adapters/smpp/text.hpp"

#include "adapters/smpp/codec.hpp"
#include "tests/unit/adapters/smpp_octets.hpp"
#include "texts/normalise.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace uthan::adapters::smpp {
namespace {

using namespace std::chrono_literals;
using texts::concatenation;
using texts::user_data_coding;

const instant now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 10h};

text_terms terms(concatenation joined_by = concatenation::udh8, bool bengali_shift = false) {
    text_terms as;
    as.sender = "SHAKTI";
    as.form.joined_by = joined_by;
    as.form.bengali_shift = bengali_shift;
    return as;
}

outgoing_text text_to(std::string_view utf8, std::chrono::milliseconds valid = 1h) {
    static const address to = *numbering{}.parse("01712345678");
    return {utf8, 0x1234, to, now + valid};
}

std::string times(std::string_view what, int n) {
    std::string out;
    for (int i = 0; i < n; ++i) {
        out += what;
    }
    return out;
}

/// Each part over the wire, as a phone would get it.
std::string received(const text_submits& made, user_data_coding coding) {
    std::vector<texts::received_part> parts;
    for (std::size_t i = 0; i < made.parts(); ++i) {
        std::string frame;
        EXPECT_FALSE(append_pdu(frame, made.pdu(i), 1));
        const auto read = decode(frame);
        const auto& sent = std::get<submit_sm>(read.what);
        EXPECT_EQ(read.fault, 0U);
        EXPECT_EQ(sent, made.pdu(i));
        deliver_sm back;
        static_cast<message_fields&>(back) = sent;
        back.source = {1, 1, "8801712345678"};
        back.destination = {5, 0, "SHAKTI"};
        inbound_terms as;
        as.seven_bit = coding;
        const auto in = inbound_of(back, as, now);
        EXPECT_TRUE(in);
        auto part = texts::parse_user_data(in->user_data, in->has_header, in->coding);
        if (in->part) {
            part.part = in->part;
        }
        parts.push_back(std::move(part));
    }
    return texts::join_sms(parts);
}

TEST(SmppText, AShortMessageIsOnePlainSubmit) {
    const auto made = render_text(terms(), text_to("Tk 500 received @"), now);
    ASSERT_TRUE(made);
    ASSERT_EQ(made->parts(), 1U);
    const auto pdu = made->pdu(0);
    EXPECT_EQ(pdu.source, (party{5, 0, "SHAKTI"}));
    EXPECT_EQ(pdu.destination, (party{1, 1, "8801712345678"}));
    EXPECT_EQ(pdu.esm_class, 0);
    EXPECT_EQ(pdu.data_coding, 0);
    EXPECT_EQ(pdu.registered_delivery, 1);
    EXPECT_EQ(pdu.validity_period, "000000010000000R");
    EXPECT_EQ(pdu.short_message, std::string("Tk 500 received \0", 17));
    EXPECT_TRUE(pdu.parameters.empty());
}

TEST(SmppText, TheTermsAreTheAccounts) {
    auto as = terms();
    as.service_type = "CMT";
    as.sender_ton = 3;
    as.sender_npi = 8;
    as.number_ton = 2;
    as.number_npi = 9;
    as.seven_bit_coding = 1;
    as.ucs2_coding = 0x18;
    as.asks_receipt = false;
    as.says_validity = false;
    const auto latin = render_text(as, text_to("a"), now);
    const auto bangla = render_text(as, text_to("ক"), now);
    ASSERT_TRUE(latin && bangla);
    EXPECT_EQ(latin->pdu(0).service_type, "CMT");
    EXPECT_EQ(latin->pdu(0).source, (party{3, 8, "SHAKTI"}));
    EXPECT_EQ(latin->pdu(0).destination, (party{2, 9, "8801712345678"}));
    EXPECT_EQ(latin->pdu(0).data_coding, 1);
    EXPECT_EQ(bangla->pdu(0).data_coding, 0x18);
    EXPECT_EQ(bangla->pdu(0).short_message, octets("09 95"));
    EXPECT_EQ(latin->pdu(0).registered_delivery, 0);
    EXPECT_EQ(latin->pdu(0).validity_period, "");
}

struct joining {
    std::string_view label;
    text_terms as;
    std::string text;
    user_data_coding coding_of_zero = user_data_coding::gsm7;
    std::size_t parts = 1;
    std::uint8_t esm_class = 0;
    std::size_t parameter_octets = 0;
};

TEST(SmppText, EveryWayOfJoiningGivesTheTextBack) {
    const auto bangla = times("আপনার কিস্তি ৫০০ টাকা জমা হয়েছে। ", 6);
    const auto letters = times("আপনার কিস্তি ৫০০ টাকা জমা ", 11);
    const auto latin = times("Your instalment of Tk 500 [paid] is here. ", 8);
    constexpr auto gsm7 = user_data_coding::gsm7;
    const std::vector<joining> cases{
        {"udh8 latin", terms(), latin, gsm7, 3, 0x40, 0},
        {"udh8 bangla", terms(), bangla, gsm7, 3, 0x40, 0},
        {"udh16 bangla", terms(concatenation::udh16), bangla, gsm7, 3, 0x40, 0},
        {"sar bangla", terms(concatenation::sar), bangla, gsm7, 3, 0, 16},
        {"sar latin", terms(concatenation::sar), latin, gsm7, 3, 0, 16},
        {"payload bangla", terms(concatenation::payload), bangla, gsm7, 1, 0, 4 + 2 * 198},
        {"payload short", terms(concatenation::payload), "ok", gsm7, 1, 0, 0},
        {"shifted", terms(concatenation::udh8, true), letters, gsm7, 3, 0x40, 0},
        {"shifted short", terms(concatenation::udh8, true), "কিস্তি", gsm7, 1, 0x40, 0}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.label);
        const auto made = render_text(c.as, text_to(c.text), now);
        ASSERT_TRUE(made);
        EXPECT_EQ(made->parts(), c.parts);
        for (std::size_t i = 0; i < made->parts(); ++i) {
            const auto pdu = made->pdu(i);
            EXPECT_EQ(pdu.esm_class, c.esm_class);
            EXPECT_EQ(pdu.parameters.octets().size(), c.parameter_octets);
            EXPECT_LE(pdu.short_message.size(), short_message_octets_max);
        }
        EXPECT_EQ(received(*made, c.coding_of_zero), texts::message_form(c.text));
    }
}

TEST(SmppText, PartsCarryTheMessagesReference) {
    const auto long_text = times("abcdefghi ", 17);
    const auto header = render_text(terms(), text_to(long_text), now);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->pdu(1).short_message.substr(0, 6), octets("05 00 03 34 02 02"));
    const auto sar = render_text(terms(concatenation::sar), text_to(long_text), now);
    ASSERT_TRUE(sar);
    EXPECT_EQ(sar->pdu(0).parameters.octets(),
              octets("02 0C 00 02 12 34 02 0E 00 01 02 02 0F 00 01 01"));
}

TEST(SmppText, WhatCannotBeSentIsAnError) {
    EXPECT_EQ(render_text(terms(), text_to("\xFF"), now).error(), errc::invalid_utf8);
    EXPECT_EQ(render_text(terms(), text_to(times("abcdefghij", 200)), now).error(),
              errc::too_large);
    const auto masked = address::opaque("bdapps", "token");
    EXPECT_EQ(render_text(terms(), {"x", 1, masked, now}, now).error(), errc::invalid_msisdn);
}

TEST(SmppText, RelativeTimesStayWithinWhatPeersRead) {
    const std::vector<std::pair<std::chrono::milliseconds, std::string>> cases{
        {-1h, "000000000100000R"},
        {59999ms, "000000000100000R"},
        {90500ms, "000000000130000R"},
        {26h + 3min + 4s, "000001020304000R"},
        {std::chrono::days{30}, "000030000000000R"},
        {std::chrono::days{300}, "000030000000000R"}};
    for (const auto& [left, written] : cases) {
        EXPECT_EQ(relative_time(now, now + left), written);
    }
}

TEST(SmppInbound, DataCodingSaysWhatTheOctetsAre) {
    using enum user_data_coding;
    const std::vector<std::pair<int, user_data_coding>> cases{
        {0x00, latin1}, {0x01, ascii}, {0x02, binary}, {0x03, latin1}, {0x04, binary},
        {0x05, binary}, {0x08, ucs2},  {0x0E, binary}, {0x0F, gsm7},   {0x10, gsm7},
        {0x14, binary}, {0x18, ucs2},  {0x48, ucs2},   {0x80, binary}, {0xC0, gsm7},
        {0xD0, gsm7},   {0xE0, ucs2},  {0xF0, gsm7},   {0xF3, gsm7},   {0xF4, binary}};
    for (const auto& [value, meant] : cases) {
        EXPECT_EQ(coding_of(static_cast<std::uint8_t>(value), latin1), meant) << value;
    }
}

/// A text of a subscriber's.
struct said {
    std::string text = "BAL";
    std::string parameters = {};
    std::uint8_t data_coding = 0;
    std::uint8_t esm_class = 0;
    std::string from = "8801712345678";
    std::string to = "16213";
};

result<sms::inbound_part> in(const said& what, std::string channel = "gp") {
    const auto raw = octets(what.parameters);
    deliver_sm m;
    m.source = {1, 1, what.from};
    m.destination = {3, 0, what.to};
    m.esm_class = what.esm_class;
    m.data_coding = what.data_coding;
    m.short_message = what.text;
    m.parameters = parameters_view{raw};
    inbound_terms as;
    as.channel = std::move(channel);
    return inbound_of(m, as, now);
}

TEST(SmppInbound, ATextIsTakenWithWhereItCameFrom) {
    for (const auto* from : {"8801712345678", "+8801712345678", "01712345678"}) {
        const auto made = in({.from = from, .to = "+16213"});
        ASSERT_TRUE(made);
        EXPECT_EQ(made->channel, "gp");
        EXPECT_EQ(made->from, "8801712345678");
        EXPECT_EQ(made->to, "16213");
        EXPECT_EQ(made->user_data, "BAL");
        EXPECT_FALSE(made->has_header);
        EXPECT_EQ(made->part, std::nullopt);
        EXPECT_EQ(made->at, now);
    }
    EXPECT_EQ(in({.from = "4915112345678"})->from, "4915112345678");
    EXPECT_EQ(in({.from = "GP INFO"}).error(), errc::invalid_msisdn);
    EXPECT_EQ(in({.text = std::string(4097, 'x')}).error(), errc::too_large);
}

TEST(SmppInbound, PartsAreToldByHeaderOrParameters) {
    EXPECT_TRUE(in({.text = octets("05 00 03 07 02 01 'x'"), .esm_class = 0x40})->has_header);
    const auto sar = in({.parameters = "02 0C 00 02 12 34 02 0E 00 01 03 02 0F 00 01 02"});
    EXPECT_EQ(sar->part, (texts::part_of_message{0x1234, true, 3, 2}));
    for (const auto* wrong :
         {"02 0C 00 02 12 34 02 0E 00 01 03", "02 0C 00 02 12 34 02 0E 00 01 03 02 0F 00 01 00",
          "02 0C 00 02 12 34 02 0E 00 01 03 02 0F 00 01 04",
          "02 0C 00 02 12 34 02 0E 00 01 01 02 0F 00 01 01"}) {
        EXPECT_EQ(in({.parameters = wrong})->part, std::nullopt) << wrong;
    }
    const auto payload = in({.text = "", .parameters = "04 24 00 03 'abc'"});
    EXPECT_EQ(payload->user_data, "abc");
}

TEST(SmppInbound, OnlyTheSameTextHasTheSameId) {
    const auto id = in({})->external_id;
    EXPECT_EQ(id.size(), 32U);
    EXPECT_EQ(in({})->external_id, id);
    EXPECT_NE(in({.text = "BAM"})->external_id, id);
    EXPECT_NE(in({.data_coding = 8})->external_id, id);
    EXPECT_NE(in({.esm_class = 0x40})->external_id, id);
    EXPECT_NE(in({.from = "8801712345679"})->external_id, id);
    EXPECT_NE(in({.to = "16214"})->external_id, id);
    EXPECT_NE(in({}, "robi")->external_id, id);
    EXPECT_NE(in({.parameters = "02 0C 00 02 12 34 02 0E 00 01 03 02 0F 00 01 02"})->external_id,
              in({.parameters = "02 0C 00 02 12 34 02 0E 00 01 03 02 0F 00 01 03"})->external_id);
}

sms::receipt receipt_in(std::string text, std::string from = "8801712345678",
                        std::string to = "SHAKTI") {
    deliver_sm m;
    m.source = {1, 1, from};
    m.destination = {5, 0, to};
    m.esm_class = 4;
    m.short_message = text;
    inbound_terms as;
    as.account = "gp-main";
    const auto read = read_receipt(m);
    EXPECT_TRUE(read);
    return receipt_of(m, *read, as, now);
}

TEST(SmppInbound, AReceiptIsMadeTheOutboxs) {
    const auto made = receipt_in("id:00AB stat:DELIVRD err:012 text:");
    EXPECT_EQ(made.account, "gp-main");
    EXPECT_EQ(made.candidates.front(), "00AB");
    EXPECT_EQ(made.number, "8801712345678");
    EXPECT_EQ(made.state, sms::receipt_state::delivered);
    EXPECT_EQ(made.error, 12U);
    EXPECT_EQ(made.at, now);
}

TEST(SmppInbound, AReceiptsStatesAreFour) {
    using enum sms::receipt_state;
    const std::vector<std::pair<std::string, sms::receipt_state>> cases{
        {"DELIVRD", delivered}, {"EXPIRED", expired},  {"DELETED", failed},
        {"UNDELIV", failed},    {"REJECTD", failed},   {"ACCEPTD", underway},
        {"ENROUTE", underway},  {"UNKNOWN", underway}, {"nonsense", underway}};
    for (const auto& [written, meant] : cases) {
        EXPECT_EQ(receipt_in("id:1 stat:" + written).state, meant) << written;
    }
}

TEST(SmppInbound, AReceiptsNumberAndErrorMayBeWrittenOtherwise) {
    EXPECT_EQ(receipt_in("id:1 stat:DELIVRD", "SHAKTI", "8801712345678").number, "8801712345678");
    EXPECT_EQ(receipt_in("id:1 stat:DELIVRD", "16213", "01712345678").number, "8801712345678");
    EXPECT_EQ(receipt_in("id:1 stat:DELIVRD", "4915112345678").number, "4915112345678");
    EXPECT_EQ(receipt_in("id:1 stat:DELIVRD", "A", "B").number, "");
    EXPECT_EQ(receipt_in("id:1 stat:UNDELIV err:21b").error, 0x21BU);
    EXPECT_EQ(receipt_in("id:1 stat:UNDELIV err:none").error, 0U);
    EXPECT_EQ(receipt_in("id:1 stat:UNDELIV").error, 0U);
}

} // namespace
} // namespace uthan::adapters::smpp
