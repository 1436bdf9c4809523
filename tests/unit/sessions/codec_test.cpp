#include "sessions/state.hpp"
#include "sessions/store.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace uthan::sessions {
namespace {

std::string random_text(std::mt19937& random, std::size_t length_max) {
    std::string text(random() % (length_max + 1), '\0');
    for (auto& c : text) {
        c = static_cast<char>(random());
    }
    return text;
}

template <std::size_t N>
void randomise(std::mt19937& random, std::array<std::uint8_t, N>& bytes) {
    for (auto& b : bytes) {
        b = static_cast<std::uint8_t>(random());
    }
}

state random_state(std::mt19937& random) {
    state s;
    s.version = 1 + random();
    randomise(random, s.session);
    s.started_at = instant{std::chrono::milliseconds{random()}};
    s.last_at = instant{std::chrono::milliseconds{std::int64_t{1'800'000'000'000} + random()}};
    s.step = static_cast<std::uint32_t>(random());
    s.seen_length = random() % 1024;
    randomise(random, s.seen);
    s.last_screen = random_text(random, 480);
    s.last_final = random() % 2 != 0;
    s.at = static_cast<phase>(random() % 13);
    s.member_code = random_text(random, 20);
    s.shared_phone = random() % 2 != 0;
    s.guarded = random() % 2 != 0;
    s.whose_page = static_cast<std::uint8_t>(random());
    s.language = static_cast<members::written_language>(random() % 2);
    s.pin_proved = random() % 2 != 0;
    s.enrolling = random() % 2 != 0;
    s.replacing = random() % 2 != 0;
    if (random() % 2 != 0) {
        s.new_pin.emplace();
        randomise(random, s.new_pin->salt);
        randomise(random, s.new_pin->digest);
    }
    for (auto n = random() % (stack_depth_max + 1); n > 0; --n) {
        s.stack.push_back({random_text(random, 20), random_text(random, 20),
                           static_cast<std::uint8_t>(random())});
    }
    s.member_code += "1";
    if (s.stack.empty()) {
        s.stack.push_back({"main", "", 0});
    }
    if (s.at == phase::new_pin_again && !s.new_pin) {
        s.new_pin.emplace();
    }
    return s;
}

TEST(StateCodec, DecodeOfEncodeIsTheState) {
    std::mt19937 random{1};
    for (int i = 0; i < 5000; ++i) {
        const auto s = random_state(random);
        const auto bytes = encode(s);
        ASSERT_LE(bytes.size(), state_bytes_max);
        const auto back = decode(bytes, s.version);
        ASSERT_TRUE(back.has_value());
        ASSERT_EQ(*back, s);
    }
}

TEST(StateCodec, AScreenTakesAnOctetForEachBanglaLetter) {
    state s;
    const auto without = encode(s).size();
    s.last_screen = "কিস্তি";
    EXPECT_EQ(encode(s).size(), without + 6);
    s.last_screen += " 1\n";
    EXPECT_EQ(encode(s).size(), without + 9);
}

TEST(StateCodec, AnyScreenComesBack) {
    // The first and last letters of the block and of its two leads, their neighbours, what is cut
    // off in the middle, and the octets that mean something in the encoding.
    const std::vector<std::string> pieces{"\xE0\xA6\x80",
                                          "\xE0\xA6\xBF",
                                          "\xE0\xA7\x80",
                                          "\xE0\xA7\xBF",
                                          "\xE0\xA5\xA4",
                                          "\xE0\xA8\x80",
                                          "\xE0\xA6",
                                          "\xE0",
                                          "\x1B",
                                          "1 ",
                                          "\n",
                                          "é",
                                          "😀",
                                          "\xFF",
                                          std::string(1, '\0')};
    std::mt19937 random{3};
    for (int i = 0; i < 5000; ++i) {
        state s;
        for (auto n = random() % 40; n > 0; --n) {
            s.last_screen += pieces[random() % pieces.size()];
        }
        const auto back = decode(encode(s), s.version);
        ASSERT_TRUE(back.has_value());
        ASSERT_EQ(back->last_screen, s.last_screen);
    }
}

TEST(StateCodec, AnyOtherBytesAreCorruptOrAnotherState) {
    // Goal: truncation is always found; a flipped byte never crashes and never decodes to more than
    // the limits allow.
    std::mt19937 random{2};
    for (int i = 0; i < 500; ++i) {
        auto bytes = encode(random_state(random));
        ASSERT_FALSE(decode(bytes + "x", 1).has_value());
        for (int cut = 0; cut < 20; ++cut) {
            ASSERT_FALSE(decode(bytes.substr(0, random() % bytes.size()), 1).has_value());
        }
        for (int flip = 0; flip < 50; ++flip) {
            auto flipped = bytes;
            flipped[random() % flipped.size()] ^= static_cast<char>(1 + random() % 255);
            if (const auto decoded = decode(flipped, 1)) {
                ASSERT_LE(decoded->stack.size(), stack_depth_max);
                ASSERT_LE(decoded->at, phase::link_proof);
            }
        }
    }
    EXPECT_FALSE(decode("", 1).has_value());
    EXPECT_EQ(decode(std::string(64, '\xff'), 1).error(), errc::corrupt);
}

TEST(StateCodec, AStateThatTheEngineCannotHaveMadeIsCorrupt) {
    state s;
    s.member_code = "K1";
    s.stack.push_back({"main", "", 0});
    s.at = phase::new_pin_again;
    EXPECT_FALSE(decode(encode(s), 1).has_value()) << "no new PIN to compare with";
    s.at = phase::menu;
    EXPECT_TRUE(decode(encode(s), 1).has_value());
    s.member_code.clear();
    EXPECT_FALSE(decode(encode(s), 1).has_value()) << "nobody's menu";
    s.member_code = "K1";
    s.stack.clear();
    for (const auto at : {phase::menu, phase::ask_pin, phase::resume}) {
        s.at = at;
        EXPECT_FALSE(decode(encode(s), 1).has_value()) << "no screen to go to";
    }
}

TEST(StateCodec, HoldsNoTypedInput) {
    // The state of a dialogue that is between the two typings of a new PIN has only a digest of it.
    state s;
    s.at = phase::new_pin_again;
    s.new_pin.emplace();
    EXPECT_EQ(encode(s).find("4821"), std::string::npos);
}

} // namespace
} // namespace uthan::sessions
