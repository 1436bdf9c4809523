#include "adapters/smpp/receipt.hpp"
#include "adapters/smpp/reconnect.hpp"
#include "adapters/smpp/status.hpp"
#include "tests/unit/adapters/smpp_octets.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace uthan::adapters::smpp {
namespace {

using namespace std::chrono_literals;

std::optional<receipt> read(std::string_view text, std::uint8_t esm_class = 4,
                            std::string_view parameters = "",
                            receipt_marks by = receipt_marks::standard) {
    const auto raw = octets(parameters);
    deliver_sm m;
    m.esm_class = esm_class;
    m.short_message = text;
    m.parameters = parameters_view{raw};
    return read_receipt(m, by);
}

bool has(const receipt& r, std::string_view candidate) {
    return std::ranges::find(r.candidates, candidate) != r.candidates.end();
}

TEST(SmppReceipt, TheTextOfTheStandardIsRead) {
    const auto r = read("id:0123456789 sub:001 dlvrd:001 submit date:2611270130 "
                        "done date:2611270131 stat:DELIVRD err:000 Text:Dear id:7 stat:EXPIRED");
    ASSERT_TRUE(r);
    EXPECT_EQ(r->candidates.front(), "0123456789");
    EXPECT_EQ(r->state, receipt_state::delivered);
    EXPECT_EQ(r->error, "000");
    EXPECT_EQ(r->done_date, "2611270131");
}

TEST(SmppReceipt, KeysMayComeInAnyOrderAndCaseAndBeMissing) {
    const auto r = read("STAT:undeliv ERR:21b Done Date:261127013159 ID: 9f0c-AA  text:");
    ASSERT_TRUE(r);
    EXPECT_EQ(r->candidates, (std::vector<std::string>{"9f0c-AA", "9f0c-aa", "9F0C-AA"}));
    EXPECT_EQ(r->state, receipt_state::undeliverable);
    EXPECT_EQ(r->error, "21b");
    EXPECT_EQ(r->done_date, "261127013159");
    EXPECT_EQ(read("id:5 stat:DELIVRD done date:yesterday")->done_date, "");
    EXPECT_EQ(read("void:6 id:5")->candidates.front(), "5");
}

TEST(SmppReceipt, StatesAreKnownInTheFormsOfTheirPeers) {
    const std::vector<std::pair<const char*, receipt_state>> states{
        {"DELIVRD", receipt_state::delivered},
        {"DELIVERED", receipt_state::delivered},
        {"EXPIRED", receipt_state::expired},
        {"DELETED", receipt_state::deleted},
        {"UNDELIV", receipt_state::undeliverable},
        {"FAILED", receipt_state::undeliverable},
        {"ACCEPTD", receipt_state::accepted},
        {"ACKED", receipt_state::accepted},
        {"BUFFRED", receipt_state::accepted},
        {"ENROUTE", receipt_state::enroute},
        {"REJECTD", receipt_state::rejected},
        {"UNKNOWN", receipt_state::unknown},
        {"???", receipt_state::unknown}};
    for (const auto& [word, state] : states) {
        EXPECT_EQ(read(std::string{"id:1 stat:"} + word)->state, state) << word;
    }
}

TEST(SmppReceipt, IsRecognisedByItsTypeOrItsParametersOrItsText) {
    EXPECT_TRUE(read("", 0x04));
    EXPECT_TRUE(read("", 0x20));
    EXPECT_TRUE(read("", 0x44)); // with a header's bit
    EXPECT_FALSE(read("id:1 stat:DELIVRD", 0x00));
    EXPECT_FALSE(read("", 0x08));
    EXPECT_FALSE(read("", 0x00, "04 27 00 01 02"));
    const auto bare = read("", 0x00, "04 27 00 01 02 00 1E 00 02 '1A'");
    ASSERT_TRUE(bare);
    EXPECT_EQ(bare->state, receipt_state::delivered);
    EXPECT_EQ(bare->candidates.front(), "1A");
    EXPECT_TRUE(read("id:1 stat:DELIVRD", 0x00, "", receipt_marks::also_by_text));
    EXPECT_FALSE(read("my id:1", 0x00, "", receipt_marks::also_by_text));
}

TEST(SmppReceipt, TheParametersCountBeforeTheTextUnlessTheyKnowNothing) {
    const auto r = read("id:4096 stat:EXPIRED", 4,
                        "00 1E 00 09 '00001000' 00 04 27 00 01 02 02 04 00 02 00 07"
                        "04 23 00 03 03 00 15");
    ASSERT_TRUE(r);
    EXPECT_EQ(r->candidates[0], "00001000");
    EXPECT_EQ(r->candidates[1], "4096");
    EXPECT_EQ(r->state, receipt_state::delivered);
    EXPECT_EQ(r->user_message_reference, 7);
    EXPECT_EQ(r->error, "21");
    EXPECT_EQ(read("stat:EXPIRED", 4, "04 27 00 01 07")->state, receipt_state::expired);
}

TEST(SmppReceipt, AnIdIsAlsoMeantInTheOtherBase) {
    const auto decimal = read("id:0000004096 stat:DELIVRD");
    for (const auto* const one : {"0000004096", "4096", "1000", "00001000"}) {
        EXPECT_TRUE(has(*decimal, one)) << one;
    }
    const auto hexadecimal = read("id:0000ABCD stat:DELIVRD");
    for (const auto* const one : {"0000ABCD", "0000abcd", "ABCD", "43981", "0000043981"}) {
        EXPECT_TRUE(has(*hexadecimal, one)) << one;
    }
    const auto widest = read("id:18446744073709551615 stat:DELIVRD");
    EXPECT_TRUE(has(*widest, "FFFFFFFFFFFFFFFF"));
    const auto wider = read("id:18446744073709551616 stat:DELIVRD");
    EXPECT_EQ(wider->candidates, std::vector<std::string>{"18446744073709551616"});
}

TEST(SmppReceipt, CandidatesAreBoundedAndDifferent) {
    const auto r =
        read("id:" + std::string(300, '1') + " stat:DELIVRD", 4, "00 1E 00 0A '000000aBcD'");
    EXPECT_LE(r->candidates.size(), receipt_candidates_max);
    EXPECT_EQ(r->candidates[1].size(), 64U);
    auto sorted = r->candidates;
    std::ranges::sort(sorted);
    EXPECT_EQ(std::ranges::adjacent_find(sorted), sorted.end());
}

TEST(SmppReceipt, ATextInUtf16IsReadToo) {
    std::string wide;
    for (const char c : std::string_view{"id:77 stat:DELIVRD"}) {
        wide += '\0';
        wide += c;
    }
    const auto r = read(wide);
    EXPECT_EQ(r->candidates.front(), "77");
    EXPECT_EQ(r->state, receipt_state::delivered);
}

/// Always the greatest, and what bounds were asked for.
class greatest final : public random_source {
public:
    void fill(std::span<std::byte> out) override { std::ranges::fill(out, std::byte{0xFF}); }
    std::uint32_t below(std::uint32_t bound) override { return bound - 1; }
};

TEST(SmppReconnect, WaitsTwiceAsLongEachTimeUntilABindHasHeld) {
    greatest random;
    reconnect_backoff it;
    time_point now{1h};
    for (const auto most : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
        EXPECT_EQ(it.wait_after(std::nullopt, now, random), most);
    }
    it.on_bound(now);
    EXPECT_EQ(it.wait_after(std::nullopt, now + 59s, random), 60s);
    it.on_bound(now);
    EXPECT_EQ(it.wait_after(std::nullopt, now + 60s, random), 1s);
    EXPECT_EQ(it.wait_after(std::nullopt, now + 70s, random), 2s);
}

TEST(SmppReconnect, ARefusedBindHasALeastWait) {
    greatest random;
    const auto first = [&](std::uint32_t status) {
        return reconnect_backoff{}.wait_after(status, time_point{}, random);
    };
    EXPECT_EQ(first(status::already_bound), 16s);
    EXPECT_EQ(first(status::bind_failed), 61s);
    EXPECT_EQ(first(status::invalid_password), 301s);
    EXPECT_EQ(first(status::invalid_system_id), 301s);
    EXPECT_EQ(first(0x08), 1s);
    EXPECT_EQ(kind_of_refusal(status::invalid_password), refusal_kind::stop);
    EXPECT_EQ(kind_of_refusal(status::already_bound), refusal_kind::old_bind);
}

} // namespace
} // namespace uthan::adapters::smpp
