#include "sms/inbound.hpp"

#include "sms/command.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace uthan::sms {
namespace {

using std::chrono::minutes;

constexpr instant morning_of_texts{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} +
                                   std::chrono::hours{4}};

const texts::keyword_table& words_for_inbound() {
    static const texts::keyword_table table = [] {
        std::vector<texts::problem> problems;
        return texts::keyword_table::load(UTHAN_SOURCE_DIR "/config/keywords.toml", problems);
    }();
    return table;
}

waiting_part stored_part(std::uint64_t id, std::string text, instant at = morning_of_texts) {
    waiting_part one;
    one.id = id;
    one.part.channel = "gp";
    one.part.from = "8801800000001";
    one.part.user_data = std::move(text);
    one.part.at = at;
    return one;
}

waiting_part numbered_part(std::uint64_t id, std::string text, std::uint8_t number,
                           std::uint8_t total, std::uint16_t reference = 7) {
    auto one = stored_part(id, std::move(text));
    one.part.part = texts::part_of_message{reference, false, total, number};
    return one;
}

TEST(InboundParts, OfOneTextAreJoinedInTheirOrder) {
    const std::vector<waiting_part> parts{numbered_part(1, "cd", 2, 2), stored_part(2, "BAL"),
                                          numbered_part(3, "ab", 1, 2),
                                          numbered_part(4, "x", 1, 2, 8)};
    const auto read = assemble(parts, morning_of_texts, true);
    ASSERT_EQ(read.texts.size(), 2U);
    EXPECT_EQ(read.texts[0].text, "abcd");
    EXPECT_EQ(read.texts[0].parts, (std::vector<std::uint64_t>{1, 3}));
    EXPECT_EQ(read.texts[1].text, "BAL");
    EXPECT_TRUE(read.is_waiting) << "for the other half of the text with reference 8";
}

TEST(InboundParts, AreTakenAsTheyAreWhenTheOthersDoNotCome) {
    const std::vector<waiting_part> parts{numbered_part(1, "ab", 1, 2)};
    EXPECT_TRUE(
        assemble(parts, morning_of_texts + parts_wait_max - minutes{1}, true).texts.empty());
    const auto late = assemble(parts, morning_of_texts + parts_wait_max, true);
    ASSERT_EQ(late.texts.size(), 1U);
    EXPECT_EQ(late.texts[0].text, "ab" + std::string{texts::gap_mark});
    EXPECT_FALSE(late.is_waiting);
    EXPECT_EQ(assemble(parts, morning_of_texts, false).texts.size(), 1U)
        << "where more wait than are read, nothing stops the rest";
}

TEST(InboundParts, ThatAreRepeatedDoNotCompleteAText) {
    const std::vector<waiting_part> parts{numbered_part(1, "ab", 1, 2),
                                          numbered_part(2, "ab", 1, 2)};
    EXPECT_TRUE(assemble(parts, morning_of_texts, true).texts.empty());
}

TEST(InboundParts, OfApplicationsAndBinaryOnesAreNoTextOfAPerson) {
    auto port = stored_part(1, std::string("\x06\x05\x04\x0B\x84\x23\xF0xx", 9));
    port.part.has_header = true;
    auto binary = stored_part(2, "BAL");
    binary.part.coding = texts::user_data_coding::binary;
    const std::vector<waiting_part> parts{port, binary};
    const auto read = assemble(parts, morning_of_texts, true);
    ASSERT_EQ(read.texts.size(), 2U);
    EXPECT_FALSE(read.texts[0].is_of_person);
    EXPECT_FALSE(read.texts[1].is_of_person);
}

TEST(InboundPin, IsTakenOutBeforeAnythingIsStored) {
    for (const std::string text : {"7391", "BAL 7391", "my pin is 7391 please", "7 3 9 1"}) {
        const auto kept = without_pin(words_for_inbound(), stored_part(1, text).part);
        EXPECT_EQ(kept.user_data.find('7'), std::string::npos) << text;
        const auto read =
            texts::text_of(texts::parse_user_data(kept.user_data, kept.has_header, kept.coding));
        EXPECT_EQ(read_command(words_for_inbound(), read).kind, command_kind::pin) << text;
    }
    // ৭৩৯১
    auto bangla = stored_part(1, std::string("\x09\xED\x09\xE9\x09\xEF\x09\xE7", 8)).part;
    bangla.coding = texts::user_data_coding::ucs2;
    EXPECT_NE(without_pin(words_for_inbound(), bangla).user_data, bangla.user_data);
    for (const std::string text : {"BAL", "ELIG 20000", "MEET 12345", "koto 5000 taka"}) {
        EXPECT_EQ(without_pin(words_for_inbound(), stored_part(1, text).part).user_data, text);
    }
}

TEST(InboundPin, InOnePartOfATextLeavesThePartItsPlace) {
    auto header = stored_part(1, std::string("\x05\x00\x03\x07\x02\x01", 6) + "bal 7391").part;
    header.has_header = true;
    const auto kept = without_pin(words_for_inbound(), header);
    ASSERT_TRUE(kept.part);
    EXPECT_EQ(kept.part->reference, 7);
    EXPECT_EQ(kept.part->total, 2);
    EXPECT_FALSE(kept.has_header);
    std::vector<waiting_part> parts{{1, kept}, numbered_part(2, " and more", 2, 2)};
    const auto read = assemble(parts, morning_of_texts, true);
    ASSERT_EQ(read.texts.size(), 1U);
    EXPECT_EQ(read_command(words_for_inbound(), read.texts[0].text).kind, command_kind::pin);
}

std::vector<past_text> past(std::size_t count, answered_as as, minutes ago) {
    return std::vector<past_text>(count, {morning_of_texts - ago, as});
}

TEST(InboundGate, EndsALoopOfTwoPrograms) {
    const auto gate = [](answered_as wanted, const std::vector<past_text>& before) {
        return gated(wanted, before, morning_of_texts);
    };
    using enum answered_as;
    EXPECT_EQ(gate(answered, {}), answered);
    EXPECT_EQ(gate(answered, past(replies_per_hour_max - 1, answered, minutes{10})), answered);
    EXPECT_EQ(gate(answered, past(replies_per_hour_max, answered, minutes{10})), silent);
    EXPECT_EQ(gate(answered, past(replies_per_hour_max, answered, minutes{61})), answered);
    EXPECT_EQ(gate(answered, past(60, silent, minutes{10})), answered);
    EXPECT_EQ(gate(helped, {}), helped);
    EXPECT_EQ(gate(helped, past(1, helped, minutes{59})), silent);
    EXPECT_EQ(gate(helped, past(1, helped, minutes{60})), helped);
    EXPECT_EQ(gate(stranger, {}), stranger);
    EXPECT_EQ(gate(stranger, past(1, stranger, minutes{23 * 60})), silent);
    EXPECT_EQ(gate(stranger, past(1, stranger, minutes{24 * 60})), stranger);
}

TEST(InboundGate, KnowsAnswersOfProgramsAndItsOwnWords) {
    EXPECT_TRUE(is_automatic("AUTO REPLY: I am driving", "কেএমএসএস", "KMSS"));
    EXPECT_TRUE(is_automatic("Out of Office until Sunday", "কেএমএসএস", "KMSS"));
    EXPECT_TRUE(is_automatic("এটি একটি স্বয়ংক্রিয় বার্তা", "কেএমএসএস", "KMSS"));
    EXPECT_TRUE(is_automatic("See this with your PIN: dial *384*2# -KMSS", "কেএমএসএস", "KMSS"));
    EXPECT_FALSE(is_automatic("KMSS kisti", "কেএমএসএস", "KMSS"));
    EXPECT_FALSE(is_automatic("BAL", "", ""));
}

} // namespace
} // namespace uthan::sms
