#include "adapters/smpp/codec.hpp"
#include "adapters/smpp/status.hpp"
#include "tests/unit/adapters/smpp_octets.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <vector>

namespace uthan::adapters::smpp {
namespace {

template <class Pdu>
std::string written(const Pdu& what, std::uint32_t sequence, std::uint32_t status = 0) {
    std::string out;
    EXPECT_FALSE(append_pdu(out, what, sequence, status));
    return out;
}

// Octets written by hand from the layouts of SMPP 3.4, chapter 4.

TEST(SmppCodec, ABindIsWrittenFieldByField) {
    bind_transceiver bind;
    bind.system_id = "uthan";
    bind.password = "secret";
    bind.system_type = "VMA";
    bind.addresses = {1, 1, "8801"};
    EXPECT_EQ(written(bind, 1), octets("00 00 00 29 00 00 00 09 00 00 00 00 00 00 00 01"
                                       "'uthan' 00 'secret' 00 'VMA' 00 34 01 01 '8801' 00"));
}

TEST(SmppCodec, ASubmitIsWrittenFieldByField) {
    std::string parameters;
    append_parameter(parameters, tag::user_message_reference, std::uint16_t{0x0102});
    submit_sm m;
    m.service_type = "CMT";
    m.source = {5, 0, "BRAC"};
    m.destination = {1, 1, "8801712345678"};
    m.esm_class = 0x40;
    m.protocol_id = 0x01;
    m.priority_flag = 0x02;
    m.validity_period = "000000010000000R";
    m.registered_delivery = 1;
    m.replace_if_present_flag = 0x03;
    m.data_coding = 8;
    m.sm_default_msg_id = 0x04;
    const auto text = octets("09 95");
    m.short_message = text;
    m.parameters = parameters_view{parameters};
    EXPECT_EQ(written(m, 0x7FFFFFFF),
              octets("00 00 00 4D 00 00 00 04 00 00 00 00 7F FF FF FF"
                     "'CMT' 00 05 00 'BRAC' 00 01 01 '8801712345678' 00 40 01 02"
                     "00 '000000010000000R' 00 01 03 08 04 02 09 95 02 04 00 02 01 02"));
}

TEST(SmppCodec, EveryOtherBodyIsWrittenFieldByField) {
    query_sm query{"id7", {1, 1, "88"}};
    EXPECT_EQ(written(query, 2), frame_of("00 00 00 03 00 00 00 00 00 00 00 02"
                                          "'id7' 00 01 01 '88' 00"));
    query_sm_resp state{"id7", "261127013000000+", 2, 9};
    EXPECT_EQ(written(state, 2), frame_of("80 00 00 03 00 00 00 00 00 00 00 02"
                                          "'id7' 00 '261127013000000+' 00 02 09"));
    cancel_sm cancel{"CMT", "id7", {5, 0, "A"}, {1, 1, "88"}};
    EXPECT_EQ(written(cancel, 3), frame_of("00 00 00 08 00 00 00 00 00 00 00 03"
                                           "'CMT' 00 'id7' 00 05 00 'A' 00 01 01 '88' 00"));
    replace_sm replace{"id7", {5, 0, "A"}, "", "", 1, 2, "hi"};
    EXPECT_EQ(written(replace, 4), frame_of("00 00 00 07 00 00 00 00 00 00 00 04"
                                            "'id7' 00 05 00 'A' 00 00 00 01 02 02 'hi'"));
    data_sm data{"", {1, 1, "88"}, {3, 0, "16247"}, 4, 1, 8, {}};
    EXPECT_EQ(written(data, 5), frame_of("00 00 01 03 00 00 00 00 00 00 00 05"
                                         "00 01 01 '88' 00 03 00 '16247' 00 04 01 08"));
    alert_notification alert{{1, 1, "88"}, {3, 0, "16247"}, {}};
    EXPECT_EQ(written(alert, 6), frame_of("00 00 01 02 00 00 00 00 00 00 00 06"
                                          "01 01 '88' 00 03 00 '16247' 00"));
    outbind out{"smsc", "pw"};
    EXPECT_EQ(written(out, 7), frame_of("00 00 00 0B 00 00 00 00 00 00 00 07 'smsc' 00 'pw' 00"));
    submit_multi many;
    many.source = {5, 0, "A"};
    many.destinations = {{{1, 1, "88"}, ""}, {{}, "list"}};
    many.short_message = "hi";
    EXPECT_EQ(written(many, 8), frame_of("00 00 00 21 00 00 00 00 00 00 00 08"
                                         "00 05 00 'A' 00 02 01 01 01 '88' 00 02 'list' 00"
                                         "00 00 00 00 00 00 00 00 00 02 'hi'"));
    submit_multi_resp some{"id7", {{{1, 1, "88"}, 0x0B}}, {}};
    EXPECT_EQ(written(some, 8), frame_of("80 00 00 21 00 00 00 00 00 00 00 08"
                                         "'id7' 00 01 01 01 '88' 00 00 00 00 0B"));
    EXPECT_EQ(written(enquire_link{}, 9), frame_of("00 00 00 15 00 00 00 00 00 00 00 09"));
    EXPECT_EQ(written(generic_nack{}, 9, 3), frame_of("80 00 00 00 00 00 00 03 00 00 00 09"));
}

TEST(SmppCodec, AnAnswerOfADeliveryEndsWithItsNul) {
    EXPECT_EQ(written(deliver_sm_resp{}, 9), octets("00 00 00 11 80 00 00 05 00 00 00 00"
                                                    "00 00 00 09 00"));
}

TEST(SmppCodec, ARefusalIsAHeaderAlone) {
    EXPECT_EQ(written(submit_sm_resp{}, 9, status::throttled),
              octets("00 00 00 10 80 00 00 04 00 00 00 58 00 00 00 09"));
    bind_transmitter_resp named;
    named.system_id = "smsc";
    EXPECT_EQ(written(named, 1, 5),
              octets("00 00 00 15 80 00 00 02 00 00 00 05 00 00 00 01 'smsc' 00"));
}

TEST(SmppCodec, ADeliveryIsReadFieldByField) {
    const auto frame = frame_of("00 00 00 05 00 00 00 00 80 00 00 05"
                                "'CMT' 00 01 01 '8801712345678' 00 03 00 '16247' 00 04 00 00"
                                "00 00 00 00 03 00 02 'OK'"
                                "04 27 00 01 02 00 1E 00 03 '1A' 00");
    const auto read = decode(frame);
    ASSERT_EQ(read.fault, 0U);
    EXPECT_EQ(read.head, (header{static_cast<std::uint32_t>(frame.size()), command::deliver_sm, 0,
                                 0x80000005}));
    const auto& m = std::get<deliver_sm>(read.what);
    EXPECT_EQ(m.service_type, "CMT");
    EXPECT_EQ(m.source, (party{1, 1, "8801712345678"}));
    EXPECT_EQ(m.destination, (party{3, 0, "16247"}));
    EXPECT_EQ(m.esm_class, 4);
    EXPECT_EQ(m.data_coding, 3);
    EXPECT_EQ(m.short_message, "OK");
    EXPECT_EQ(m.parameters.u8(tag::message_state), 2);
    EXPECT_EQ(m.parameters.text(tag::receipted_message_id, 65), "1A");
}

TEST(SmppCodec, ViewsPointIntoTheFrame) {
    const auto frame = frame_of("80 00 00 04 00 00 00 00 00 00 00 05 'id7' 00");
    const auto read = decode(frame);
    EXPECT_EQ(std::get<submit_sm_resp>(read.what).message_id.data(), frame.data() + 16);
}

TEST(SmppCodec, AResponseWithoutABodyIsAResponse) {
    for (const auto* const id :
         {"80 00 00 00", "80 00 00 01", "80 00 00 02", "80 00 00 03", "80 00 00 04", "80 00 00 05",
          "80 00 00 06", "80 00 00 07", "80 00 00 08", "80 00 00 09", "80 00 00 15", "80 00 00 21",
          "80 00 01 03"}) {
        const auto read = decode(frame_of(std::string{id} + "00 00 04 01 00 00 00 05"));
        EXPECT_EQ(read.fault, 0U) << id;
        EXPECT_NE(read.what.index(), 0U) << id;
        EXPECT_EQ(read.head.status, 0x401U) << id;
    }
}

TEST(SmppCodec, AnswersOfDeliveriesMayNameAMessage) {
    const auto frame = frame_of("80 00 00 05 00 00 00 00 00 00 00 05 'id7' 00");
    const auto read = decode(frame);
    EXPECT_EQ(std::get<deliver_sm_resp>(read.what).message_id, "id7");
}

TEST(SmppCodec, AnUnknownCommandSaysSo) {
    for (const auto* const id : {"00 00 00 0A", "01 00 00 01", "81 00 00 01", "FF FF FF FF"}) {
        const auto read = decode(frame_of(std::string{id} + "00 00 00 00 00 00 00 05 'any'"));
        EXPECT_EQ(read.fault, status::invalid_command) << id;
        EXPECT_EQ(read.what.index(), 0U);
        EXPECT_EQ(read.head.sequence, 5U);
    }
}

TEST(SmppCodec, AMalformedBodyIsAFaultAndNeverMore) {
    const std::string deliver = "00 00 00 05 00 00 00 00 00 00 00 05";
    const std::string up_to_length = deliver + "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00";
    const std::string multi = "00 00 00 21 00 00 00 00 00 00 00 05 00 00 00 00";
    const std::vector<std::pair<std::string, std::uint32_t>> cases{
        {deliver, 0x02},
        {deliver + "'CMTCMT' 00", 0x02},                         // service_type of 6
        {deliver + "'CMT'", 0x02},                               // no NUL at all
        {deliver + "00 01 01 '8801712345678'", 0x02},            // no NUL at the end
        {deliver + "00 01 01 '012345678901234567890' 00", 0x02}, // 21 digits
        {deliver + "00 01", 0x02},                               // ends within an address
        {up_to_length, 0x02},                                    // no sm_length
        {up_to_length + "03 'ab'", 0x01},                        // sm_length beyond the body
        {up_to_length + "FE 'ab'", 0x01},                        // likewise
        {up_to_length + "FF" + "'" + std::string(255, 'x') + "'", 0x01}, // sm_length 255
        {up_to_length + "00 04", 0xC0},                                  // 1 octet left over
        {up_to_length + "00 04 24", 0xC0},                               // 2
        {up_to_length + "00 04 24 00", 0xC0},                            // 3
        {up_to_length + "00 04 24 00 05 'abcd'", 0xC0},                  // TLV beyond the end
        {up_to_length + "00 04 24 FF FF 'abcd'", 0xC0},                  // likewise
        {up_to_length + "00 04 27 00 01 02 04", 0xC0},                   // left over behind a TLV
        {multi, 0x02},                                                   // no number_of_dests
        {multi + "00", 0x33},                                            // no destinations
        {multi + "FF 01 01 01 '88' 00", 0x33},                           // 255 of them
        {multi + "FE 01 01 01 '88' 00", 0x33},                           // more than the body holds
        {multi + "02 01 01 01 '88' 00", 0x02},               // one more than the body holds
        {multi + "01 03 01 01 '88' 00", 0x40},               // a flag of 3
        {"80 00 00 04 00 00 00 00 00 00 00 05 'id7'", 0x02}, // message_id without a NUL
        {"80 00 00 04 00 00 00 00 00 00 00 05 '" + std::string(65, 'x') + "' 00", 0x02},
        {"80 00 00 21 00 00 00 00 00 00 00 05 'id7' 00 02 01 01 '88' 00 00 00 00 0B", 0x02},
        {"80 00 00 21 00 00 00 00 00 00 00 05 'id7' 00 01 01 01 '88' 00 00 00 00", 0x02},
        {"00 00 00 09 00 00 00 00 00 00 00 05 '0123456789ABCDEF' 00", 0x02},
    };
    for (const auto& [text, fault] : cases) {
        EXPECT_EQ(decode(frame_of(text)).fault, fault) << text;
    }
}

TEST(SmppCodec, AFrameThatIsNoneIsAFault) {
    EXPECT_EQ(decode("").fault, status::invalid_command_length);
    EXPECT_EQ(decode("short").fault, status::invalid_command_length);
    EXPECT_EQ(decode(octets("00 00 00 11 00 00 00 15 00 00 00 00 00 00 00 01")).fault,
              status::invalid_command_length);
}

TEST(SmppCodec, WhatFollowsABareHeaderIsPassedOver) {
    EXPECT_EQ(decode(frame_of("00 00 00 15 00 00 00 00 00 00 00 01 FF FF")).fault, 0U);
    EXPECT_EQ(decode(frame_of("80 00 00 00 00 00 00 03 00 00 00 01 FF FF")).fault, 0U);
}

TEST(SmppCodec, WhatCannotBeWrittenLeavesNoTrace) {
    std::string out = "before";
    submit_sm m;
    const std::string long_text(255, 'x');
    m.short_message = long_text;
    EXPECT_EQ(append_pdu(out, m, 1), errc::too_large);
    m.short_message = {};
    m.service_type = "123456";
    EXPECT_EQ(append_pdu(out, m, 1), errc::too_large);
    m.service_type = {};
    m.source.address = std::string_view{"8\0", 2};
    EXPECT_EQ(append_pdu(out, m, 1), errc::malformed);
    m.source.address = {};
    m.parameters = parameters_view{"\x04\x24\x00"};
    EXPECT_EQ(append_pdu(out, m, 1), errc::malformed);
    EXPECT_EQ(append_pdu(out, submit_multi{}, 1), errc::malformed);
    submit_multi many;
    many.destinations.resize(255);
    EXPECT_EQ(append_pdu(out, many, 1), errc::too_large);
    EXPECT_EQ(append_pdu(out, body{}, 1), errc::malformed);
    EXPECT_EQ(out, "before");
}

TEST(SmppCodec, TheLongestFieldsFit) {
    submit_sm m;
    const std::string text(254, '\0');
    m.service_type = "12345";
    m.source.address = "01234567890123456789";
    m.validity_period = "261127013000000+";
    m.short_message = text;
    std::string parameters;
    const std::string payload(65535, 'p');
    append_parameter(parameters, tag::message_payload, std::string_view{payload});
    m.parameters = parameters_view{parameters};
    const auto frame = written(m, 1);
    const auto read = decode(frame);
    ASSERT_EQ(read.fault, 0U);
    EXPECT_EQ(std::get<submit_sm>(read.what), m);
    EXPECT_EQ(std::get<submit_sm>(read.what).parameters.value(tag::message_payload), payload);
}

// Parameters.

TEST(SmppParameters, AreFoundInAnyOrderBesideUnknownOnes) {
    const auto raw = octets("14 00 00 03 'xyz' 05 01 00 01 12 13 83 00 02 12 35 00 17 00 04"
                            "00 01 51 80");
    const parameters_view p{raw};
    EXPECT_TRUE(parameters_view::whole(raw));
    EXPECT_EQ(p.u8(tag::ussd_service_op), 0x12);
    EXPECT_EQ(p.u16(tag::its_session_info), 0x1235);
    EXPECT_EQ(p.u32(tag::qos_time_to_live), 86400U);
    EXPECT_EQ(p.u8(tag::its_reply_type), std::nullopt);
    EXPECT_EQ(p.value(static_cast<tag>(0x1400)), "xyz");
    EXPECT_EQ(p.ignored(), 0U);
}

TEST(SmppParameters, OfAWrongLengthAreAsIfTheyWereNotThere) {
    const auto raw = octets("04 27 00 02 00 02 05 01 00 00 02 04 00 01 05 04 27 00 01 03");
    const parameters_view p{raw};
    EXPECT_EQ(p.u8(tag::message_state), 3);
    EXPECT_EQ(p.u8(tag::ussd_service_op), std::nullopt);
    EXPECT_EQ(p.u16(tag::user_message_reference), std::nullopt);
    EXPECT_EQ(p.ignored(), 3U);
}

TEST(SmppParameters, OfTwoTheFirstCountsExceptCallbackNumbers) {
    const auto raw = octets("04 27 00 01 02 04 27 00 01 05 03 81 00 04 'abcd' 03 81 00 04 'efgh'");
    const parameters_view p{raw};
    EXPECT_EQ(p.u8(tag::message_state), 2);
    EXPECT_EQ(p.ignored(), 1U);
}

TEST(SmppParameters, ATextMayLackItsNul) {
    const auto bare = octets("00 1E 00 02 '1A'");
    const auto ended = octets("00 1E 00 04 '1A' 00 'x'");
    EXPECT_EQ(parameters_view{bare}.text(tag::receipted_message_id, 65), "1A");
    EXPECT_EQ(parameters_view{ended}.text(tag::receipted_message_id, 65), "1A");
    EXPECT_EQ(parameters_view{ended}.text(tag::receipted_message_id, 3), std::nullopt);
}

// Random values.

class random_pdus {
public:
    explicit random_pdus(std::uint32_t seed) : random_(seed) {}

    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(random_() % bound);
    }
    std::uint8_t octet() { return static_cast<std::uint8_t>(below(256)); }

    std::string_view text(std::size_t length_max) {
        auto& made = kept_.emplace_back(below(static_cast<std::uint32_t>(length_max + 1)), ' ');
        for (auto& c : made) {
            c = static_cast<char>(1 + below(255));
        }
        return made;
    }
    std::string_view binary(std::size_t length_max) {
        auto& made = kept_.emplace_back(below(static_cast<std::uint32_t>(length_max + 1)), ' ');
        for (auto& c : made) {
            c = static_cast<char>(octet());
        }
        return made;
    }
    party address(std::size_t length_max) { return {octet(), octet(), text(length_max)}; }
    parameters_view parameters() {
        std::string made;
        for (auto n = below(4); n > 0; --n) {
            append_parameter(made, static_cast<tag>(below(0x10000)), binary(300));
        }
        return parameters_view{kept_.emplace_back(std::move(made))};
    }

    template <class Message>
    void fill_tail(Message& m) {
        m.esm_class = octet();
        m.protocol_id = octet();
        m.priority_flag = octet();
        m.schedule_delivery_time = text(16);
        m.validity_period = text(16);
        m.registered_delivery = octet();
        m.replace_if_present_flag = octet();
        m.data_coding = octet();
        m.sm_default_msg_id = octet();
        m.short_message = binary(254);
        m.parameters = parameters();
    }
    void fill(message_fields& m) {
        m.service_type = text(5);
        m.source = address(20);
        m.destination = address(20);
        fill_tail(m);
    }
    void fill(bind_fields& b) { b = {text(15), text(8), text(12), octet(), address(40)}; }
    void fill(bind_resp_fields& b) { b = {text(15), parameters()}; }
    void fill(message_resp_fields& r) { r = {text(64), parameters()}; }
    void fill(outbind& o) { o = {text(15), text(8)}; }
    void fill(data_sm& d) {
        d = {text(5), address(64), address(64), octet(), octet(), octet(), parameters()};
    }
    void fill(query_sm& q) { q = {text(64), address(20)}; }
    void fill(query_sm_resp& q) { q = {text(64), text(16), octet(), octet()}; }
    void fill(cancel_sm& c) { c = {text(5), text(64), address(20), address(20)}; }
    void fill(replace_sm& r) {
        r = {text(64), address(20), text(16), text(16), octet(), octet(), binary(254)};
    }
    void fill(alert_notification& a) { a = {address(64), address(64), parameters()}; }
    void fill(submit_multi& m) {
        m.service_type = text(5);
        m.source = address(20);
        for (auto n = 1 + below(254); n > 0; --n) {
            auto& one = m.destinations.emplace_back();
            one.list = text(20);
            if (one.list.empty() || below(2) == 0) {
                one = {address(20), ""};
            }
        }
        fill_tail(m);
    }
    void fill(submit_multi_resp& r) {
        r.message_id = text(64);
        for (auto n = below(256); n > 0; --n) {
            r.failed.push_back({address(20), below(0xFFFFFFFF)});
        }
        r.parameters = parameters();
    }
    template <class Pdu>
    requires std::is_empty_v<Pdu>
    void fill(Pdu& /*nothing*/) {}

    template <std::size_t Index = 1>
    body any(std::size_t which) {
        if constexpr (Index < std::variant_size_v<body>) {
            if (which != Index) {
                return any<Index + 1>(which);
            }
            std::variant_alternative_t<Index, body> made;
            fill(made);
            return made;
        } else {
            return {};
        }
    }

private:
    std::mt19937 random_;
    std::deque<std::string> kept_;
};

TEST(SmppCodec, WhateverIsWrittenIsReadAsItWas) {
    for (std::uint32_t seed = 0; seed < 4000; ++seed) {
        random_pdus random{seed};
        const auto what = random.any(1 + seed % (std::variant_size_v<body> - 1));
        const auto status = random.below(3) == 0 ? random.below(0x500) : 0;
        std::string frame = "x";
        ASSERT_FALSE(append_pdu(frame, what, seed, status)) << seed;
        const auto read = decode(std::string_view{frame}.substr(1));
        ASSERT_EQ(read.fault, 0U) << seed;
        ASSERT_EQ(read.what, what) << seed;
        ASSERT_EQ(read.head.sequence, seed);
        ASSERT_EQ(read.head.status, status);
    }
}

TEST(SmppCodec, AFrameThatIsCutAnywhereIsReadWithinItsEnd) {
    for (std::uint32_t seed = 0; seed < 300; ++seed) {
        random_pdus random{seed};
        std::string whole;
        ASSERT_FALSE(append_pdu(whole, random.any(1 + seed % (std::variant_size_v<body> - 1)), 1));
        for (std::size_t length = 16; length < whole.size(); length += 1 + random.below(7)) {
            // A heap block of exactly this size, so that ASan sees a read behind it.
            std::vector<char> cut(whole.begin(),
                                  whole.begin() + static_cast<std::ptrdiff_t>(length));
            cut[0] = 0;
            cut[1] = static_cast<char>(length >> 16);
            cut[2] = static_cast<char>(length >> 8 & 0xFF);
            cut[3] = static_cast<char>(length & 0xFF);
            cut.back() = length > header_octets ? static_cast<char>(random.octet()) : cut.back();
            const auto read = decode({cut.data(), cut.size()});
            EXPECT_EQ(read.head.length, length);
        }
    }
}

// Frames.

using found = frame_splitter::found;

TEST(SmppFrames, AStreamIsCutWhereverItsPiecesEnd) {
    std::string stream;
    std::vector<std::string> frames;
    for (std::uint32_t seed = 0; seed < 60; ++seed) {
        random_pdus random{seed};
        std::string frame;
        ASSERT_FALSE(
            append_pdu(frame, random.any(1 + seed % (std::variant_size_v<body> - 1)), seed));
        frames.push_back(frame);
        stream += frame;
    }
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        random_pdus random{seed};
        frame_splitter splitter;
        std::vector<std::string> cut;
        for (std::size_t at = 0; at < stream.size();) {
            const auto piece = std::string_view{stream}.substr(at, 1 + random.below(seed * 50 + 3));
            at += piece.size();
            splitter.append(piece);
            for (auto step = splitter.next(); step.what != found::need_more;
                 step = splitter.next()) {
                ASSERT_EQ(step.what, found::frame);
                cut.emplace_back(step.frame);
            }
        }
        ASSERT_EQ(cut, frames);
    }
}

TEST(SmppFrames, ALengthThatCannotBeLosesTheStream) {
    std::vector<std::string> lengths{"7F FF FF FF", "FF FF FF FF", "80 00 00 09", "00 01 10 01"};
    for (const char last :
         {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'}) {
        lengths.push_back(std::string{"00 00 00 0"} + last);
    }
    for (const auto& length : lengths) {
        frame_splitter splitter;
        splitter.append(octets(length));
        EXPECT_EQ(splitter.next().what, found::lost) << length;
        EXPECT_EQ(splitter.next().sequence, 0U) << length;
        splitter.append(octets("00 00 00 04 00 00 00 00 00 00 00 07"));
        EXPECT_EQ(splitter.next().what, found::lost) << length;
        EXPECT_EQ(splitter.next().sequence, 7U) << length;
    }
}

TEST(SmppFrames, TheLimitIsTheConnections) {
    frame_splitter small{32};
    small.append(octets("00 00 00 20"));
    EXPECT_EQ(small.next().what, found::need_more);
    frame_splitter smaller{31};
    smaller.append(octets("00 00 00 20"));
    EXPECT_EQ(smaller.next().what, found::lost);
    frame_splitter usual;
    usual.append(octets("00 01 10 00"));
    EXPECT_EQ(usual.next().what, found::need_more);
}

// Statuses.

TEST(SmppStatus, IsClassedByTheTableUnlessTheConnectionKnowsBetter) {
    const status_classes table;
    EXPECT_EQ(table.of(0), status_class::ok);
    EXPECT_EQ(table.of(0x58), status_class::throttle);
    EXPECT_EQ(table.of(0x14), status_class::throttle);
    EXPECT_EQ(table.of(0x08), status_class::temporary);
    EXPECT_EQ(table.of(0x64), status_class::temporary);
    EXPECT_EQ(table.of(0x04), status_class::session);
    EXPECT_EQ(table.of(0x0B), status_class::permanent);
    EXPECT_EQ(table.of(0x104), status_class::permanent);
    EXPECT_EQ(table.of(0x113), status_class::unknown);
    EXPECT_EQ(table.of(0x401), status_class::unknown);
    EXPECT_EQ(table.of(0xFFFFFFFF), status_class::unknown);
    const status_classes own{{{0x401, status_class::throttle}, {0x0B, status_class::temporary}}};
    EXPECT_EQ(own.of(0x401), status_class::throttle);
    EXPECT_EQ(own.of(0x0B), status_class::temporary);
    EXPECT_EQ(own.of(0x58), status_class::throttle);
}

TEST(SmppStatus, HasANameOrItsNumber) {
    EXPECT_EQ(status_name(0x58), "ESME_RTHROTTLED");
    EXPECT_EQ(status_text(0x58), "ESME_RTHROTTLED");
    EXPECT_EQ(status_name(0x401), "");
    EXPECT_EQ(status_text(0x401), "0x00000401");
}

} // namespace
} // namespace uthan::adapters::smpp
