#include "service/inbound.hpp"

#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/inbound_desk.hpp"
#include "db/sqlite/outbox.hpp"
#include "tests/support/dialogue_world.hpp"
#include "tests/unit/db/gateway/fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace uthan::service {
namespace {

using db::sqlite::gateway_test::finish;
using testing::HasSubstr;
using testing::Not;
using testing_world::member_with_loan;

constexpr instant text_noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} +
                            std::chrono::hours{6}};

class stopped_clock final : public clock {
public:
    instant now() const override { return at; }
    instant at = text_noon;
};

std::shared_ptr<const organisation> kmss_with_keywords() {
    std::vector<texts::problem> problems;
    auto words = std::make_shared<const texts::keyword_table>(
        texts::keyword_table::load(UTHAN_SOURCE_DIR "/config/keywords.toml", problems));
    return std::make_shared<const organisation>(
        organisation{.code = "kmss",
                     .rules = testing_world::kmss_rules(),
                     .policy = testing_world::policy_with_pin(),
                     .local = zone{"Asia/Dhaka"},
                     .menu = testing_world::shipped_menu(),
                     .texts = testing_world::shipped_texts(),
                     .shortcuts = testing_world::shipped_shortcuts(),
                     .signature = {"কেএমএসএস", "KMSS", {}},
                     .service_code = "*384*2#",
                     .languages = {members::written_language::bn, members::written_language::en},
                     .keywords = std::move(words)});
}

/// The use case over the real queue; members and records in memory.
class Inbound : public ::testing::Test {
protected:
    Inbound() {
        ledger_.add(member_with_loan("000123", "8801812345678"));
        registry_.records["000123"].sms = access::sms_choice::with_amounts;
        registry_.records["000123"].language = members::written_language::en;
        start_again();
    }

    /// As after a crash: nothing is left but the database.
    void start_again() {
        inbound_.reset();
        book_.reset();
        box_.reset();
        database_.reset();
        database_ = db::sqlite::gateway_database::open(path_).value();
        box_.emplace(database_->writing(), db::sqlite::open_reader(path_).value());
        book_.emplace(database_->writing(), db::sqlite::open_reader(path_).value());
        inbound_.emplace(inbound_ports{ledger_, registry_, *book_, time_, short_key{}, [] {}},
                         std::vector<std::string>{"smpp"});
    }

    void arrives(const std::string& text, const std::string& from = "8801812345678") {
        sms::inbound_part one;
        one.channel = "smpp";
        one.external_id = std::to_string(++arrived_);
        one.from = from;
        one.user_data = text;
        one.at = time_.at;
        auto kept = inbound_->without_pins(*of_, {one});
        ASSERT_FALSE(finish(loop_, box_->take_in(std::move(kept))));
    }
    std::chrono::milliseconds work() { return finish(loop_, inbound_->work(of_)); }

    /// Texts of all replies, in order.
    std::vector<std::string> replies() {
        const auto waiting =
            finish(loop_, box_->due("kmss", sms::message_class::answer, {}, time_.at, 1000));
        std::vector<std::string> all;
        for (const auto& one : waiting.value()) {
            all.push_back(one.message.text);
        }
        return all;
    }
    /// What is said to this text, in a new hour.
    std::string said_to(const std::string& text, const std::string& from = "8801812345678") {
        time_.at += std::chrono::hours{25};
        const auto before = replies().size();
        arrives(text, from);
        work();
        const auto after = replies();
        return after.size() > before ? after.back() : std::string{};
    }
    std::int64_t scalar(const char* sql) { return db::sqlite::gateway_test::scalar(path_, sql); }

    db::sqlite::gateway_test::temporary_directory directory_;
    std::string path_ = directory_.file("gateway.db");
    asio::io_context loop_{1};
    stopped_clock time_;
    testing_world::memory_ledger ledger_;
    testing_world::memory_registry registry_;
    std::shared_ptr<const organisation> of_ = kmss_with_keywords();
    unsigned arrived_ = 0;
    std::unique_ptr<db::sqlite::gateway_database> database_;
    std::optional<db::sqlite::outbox> box_;
    std::optional<db::sqlite::inbound_desk> book_;
    std::optional<inbound> inbound_;
};

TEST_F(Inbound, IsAnsweredAsTheScreensAnswer) {
    EXPECT_THAT(said_to("BAL"), HasSubstr("5,400"));
    EXPECT_THAT(said_to("kisti"), HasSubstr("245"));
    EXPECT_THAT(said_to("1"), HasSubstr("245"));
    EXPECT_THAT(said_to("miting"), HasSubstr("Karim's yard"));
    EXPECT_THAT(said_to("hisab"), HasSubstr("17/11"));
    EXPECT_THAT(said_to("loan"), HasSubstr("10,000"));
    EXPECT_THAT(said_to("koto rin"), Not(HasSubstr("1 Other")));
    EXPECT_THAT(said_to("call"), HasSubstr("Salma"));
    EXPECT_THAT(said_to("balanse"), HasSubstr("5,400")) << "one mistake";
    for (const auto& one : replies()) {
        EXPECT_THAT(one, HasSubstr("-KMSS"));
    }
}

TEST_F(Inbound, ASharedOrUnprovedPhoneIsToldNoFigures) {
    registry_.records["000123"].sms = access::sms_choice::without_amounts;
    EXPECT_EQ(said_to("BAL"), "See this with your PIN: dial *384*2# -KMSS");
    registry_.records["000123"].sms = access::sms_choice::with_amounts;
    registry_.records["000123"].binding =
        access::number_binding{.number = "8801812345678", .of_staff = true};
    EXPECT_THAT(said_to("BAL"), HasSubstr("dial *384*2#"));
    registry_.records["000123"].binding.reset();
    EXPECT_THAT(said_to("BAL"), HasSubstr("5,400"));
    ledger_.add(member_with_loan("000124", "8801812345678"));
    registry_.records["000124"].sms = access::sms_choice::with_amounts;
    EXPECT_THAT(said_to("BAL"), HasSubstr("dial *384*2#"));
    EXPECT_THAT(said_to("BAL 000123"), HasSubstr("dial *384*2#"));
    EXPECT_THAT(said_to("meet"), HasSubstr("Karim's yard")) << "one for both";
    auto other = member_with_loan("000125", "8801812345678");
    other.who.group_code = "K01-002";
    ledger_.add(std::move(other));
    EXPECT_THAT(said_to("meet"), HasSubstr("passbook number"));
    EXPECT_THAT(said_to("meet 000125"), HasSubstr("করিমের উঠান"));
}

TEST_F(Inbound, StopIsOfAllMembersOfAPhoneAndStartOfOne) {
    EXPECT_THAT(said_to("stop"), HasSubstr("START"));
    EXPECT_EQ(registry_.records["000123"].sms, access::sms_choice::none);
    EXPECT_THAT(said_to("BAL"), HasSubstr("dial *384*2#"));
    EXPECT_THAT(said_to("start"), HasSubstr("without amounts"));
    EXPECT_EQ(registry_.records["000123"].sms, access::sms_choice::without_amounts);
    ledger_.add(member_with_loan("000124", "8801812345678"));
    said_to("বন্ধ করুন");
    EXPECT_EQ(registry_.records["000123"].sms, access::sms_choice::without_amounts)
        << "the words were in GSM-7 octets, which is no Bangla";
    said_to("STOP SMS");
    EXPECT_EQ(registry_.records["000123"].sms, access::sms_choice::none);
    EXPECT_EQ(registry_.records["000124"].sms, access::sms_choice::none);
    EXPECT_THAT(said_to("start"), HasSubstr("dial *384*2#"));
    EXPECT_EQ(registry_.records["000124"].sms, access::sms_choice::none);
}

TEST_F(Inbound, ChoosesHerLanguage) {
    EXPECT_THAT(said_to("LANG BN"), HasSubstr("বাংলা"));
    EXPECT_EQ(registry_.records["000123"].language, members::written_language::bn);
    EXPECT_THAT(said_to("BAL"), HasSubstr("৫,৪০০"));
    EXPECT_THAT(said_to("english"), HasSubstr("English from now on"));
}

TEST_F(Inbound, APinIsWarnedOfAndStoredNowhere) {
    EXPECT_THAT(said_to("BAL 7391"), HasSubstr("Never write your PIN"));
    time_.at += std::chrono::hours{25};
    arrives("7391");
    EXPECT_EQ(scalar("SELECT count(*) FROM inbound_parts WHERE instr(user_data, '7391') > 0"), 0);
    work();
    EXPECT_EQ(scalar("SELECT count(*) FROM messages WHERE instr(text, '7391') > 0"), 0);
    EXPECT_EQ(inbound_->counters().pins.value(), 2U);
}

TEST_F(Inbound, AStrangerIsAnsweredOnceADay) {
    arrives("BAL", "8801799999999");
    arrives("DUE", "8801799999999");
    arrives("STOP", "8801799999999");
    work();
    ASSERT_EQ(replies().size(), 1U);
    EXPECT_THAT(replies().front(), HasSubstr("-কেএমএসএস"));
    EXPECT_EQ(scalar("SELECT count(*) FROM inbound_parts WHERE taken_at IS NULL"), 0);
}

TEST_F(Inbound, ALoopEnds) {
    for (int i = 0; i < 40; ++i) {
        arrives(i % 2 == 0 ? "BAL" : "xyzzy " + std::to_string(i));
        work();
    }
    EXPECT_EQ(replies().size(), sms::replies_per_hour_max);
    arrives("See this with your PIN: dial *384*2# -KMSS");
    time_.at += std::chrono::hours{2};
    work();
    EXPECT_EQ(replies().size(), sms::replies_per_hour_max) << "our own words";
}

TEST_F(Inbound, IsAnsweredOnceWhateverEndsInBetween) {
    arrives("BAL");
    arrives("stop");
    registry_.broken = true;
    EXPECT_EQ(work(), inbound_idle);
    EXPECT_TRUE(replies().empty());
    EXPECT_GT(inbound_->counters().store_errors.value(), 0U);
    registry_.broken = false;
    start_again();
    work();
    EXPECT_EQ(replies().size(), 2U);
    start_again();
    EXPECT_EQ(work(), inbound_idle_max);
    EXPECT_EQ(replies().size(), 2U);
    EXPECT_EQ(scalar("SELECT count(*) FROM inbound_parts WHERE length(user_data) > 0"), 0)
        << "words that were dealt with are forgotten";
}

TEST_F(Inbound, ATextThatWasSettledTwiceIsAnsweredOnce) {
    arrives("BAL");
    const auto waiting = book_->waiting("smpp", 10).value();
    ASSERT_EQ(waiting.size(), 1U);
    for (int i = 0; i < 2; ++i) {
        inbound_settlement twice{
            {waiting[0].id}, "kmss", "8801812345678", sms::answered_as::answered, time_.at};
        twice.reply = sms::new_message{.organisation = "kmss",
                                       .idempotency_key = "k" + std::to_string(i),
                                       .member_code = {},
                                       .office_code = {},
                                       .to = numbering{}.parse("8801812345678").value(),
                                       .text = "x",
                                       .due_at = time_.at,
                                       .valid_until = time_.at + std::chrono::hours{1}};
        ASSERT_FALSE(finish(loop_, book_->settle(std::move(twice))));
    }
    EXPECT_EQ(replies().size(), 1U);
    EXPECT_EQ(scalar("SELECT count(*) FROM inbound_answers"), 1);
}

TEST_F(Inbound, OldTextsAreObeyedAndNotAnswered) {
    arrives("STOP");
    arrives("BAL");
    time_.at += sms::inbound_answered_within + std::chrono::minutes{1};
    work();
    EXPECT_EQ(registry_.records["000123"].sms, access::sms_choice::none);
    EXPECT_TRUE(replies().empty());
}

} // namespace
} // namespace uthan::service
