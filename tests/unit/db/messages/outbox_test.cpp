#include "db/sqlite/outbox.hpp"

#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/member_registry.hpp"
#include "db/sqlite/message_tables.hpp"
#include "db/sqlite/outbox_operations.hpp"
#include "tests/unit/db/gateway/fixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace uthan::db::sqlite {
namespace {

using namespace uthan::sms;
using gateway_test::finish;

constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} +
                       std::chrono::hours{12}};

new_message text_of(unsigned n, message_class of = message_class::reminder) {
    new_message one{.organisation = "kmss",
                    .idempotency_key = fmt::format("key-{}", n),
                    .body = {static_cast<std::uint8_t>(n)},
                    .of = of,
                    .member_code = fmt::format("{:06}", n),
                    .office_code = "B1",
                    .to = numbering{}.parse(fmt::format("018{:08}", n)).value(),
                    .text = "কিস্তি ২৪৫ টাকা",
                    .fence = {},
                    .due_at = noon,
                    .valid_until = noon + std::chrono::hours{24}};
    return one;
}

/// Lets the writer's file grow by so many pages more: a full disk, as SQLite sees one.
struct leave_room {
    using value_type = std::int64_t;
    std::int64_t pages = 0;
    result<value_type> run(prepared_connection& db) const {
        const auto now = db.db().scalar("PRAGMA page_count").value();
        return db.db().scalar(fmt::format("PRAGMA max_page_count={}", now + pages).c_str());
    }
};

claim claim_of(std::uint64_t id, std::uint8_t parts = 1) {
    claim c;
    c.id = id;
    c.channel = "gp";
    c.parts = parts;
    c.segments = parts;
    c.price_per_segment = money{30};
    return c;
}

receipt receipt_for(std::vector<std::string> candidates, std::string number,
                    receipt_state state = receipt_state::delivered) {
    return {"gp", std::move(candidates), std::move(number), state, 0, noon};
}

/// The gateway's database in a directory of its own, with an outbox over it.
class Outbox : public ::testing::Test {
protected:
    Outbox() { open(); }

    void open() {
        box_.reset();
        database_.reset();
        database_ = gateway_database::open(path_).value();
        box_.emplace(database_->writing(), open_reader(path_).value());
    }

    template <class T>
    T run(task<result<T>> work) {
        auto done = finish(loop_, std::move(work));
        EXPECT_TRUE(done) << done.error().message();
        return std::move(done).value();
    }
    void run(task<error_code> work) { EXPECT_FALSE(finish(loop_, std::move(work))); }

    std::uint64_t accept(new_message one) {
        return run(box_->accept({std::move(one)}, noon)).front().id;
    }
    claim_kind take(std::uint64_t id, std::uint8_t parts = 1) {
        return run(box_->claim_all({claim_of(id, parts)}, noon)).front().kind;
    }
    void report_one(sms::report one) { run(box_->record({std::move(one)}, noon)); }
    receipt_outcome receive(receipt one) {
        return run(box_->receive({std::move(one)}, noon)).front();
    }
    message_record find(std::uint64_t id) { return run(box_->find("kmss", id)); }
    message_state state(std::uint64_t id) { return find(id).state; }

    gateway_test::temporary_directory directory_;
    std::string path_ = directory_.file("gateway.db");
    asio::io_context loop_{1};
    std::unique_ptr<gateway_database> database_;
    std::optional<outbox> box_;
};

TEST_F(Outbox, WhatWasAcceptedIsThereAfterwards) {
    const auto id = accept(text_of(1));
    open();
    const auto there = find(id);
    EXPECT_EQ(there.text, "কিস্তি ২৪৫ টাকা");
    EXPECT_EQ(there.to.reveal(), "8801800000001");
    EXPECT_EQ(there.state, message_state::accepted);
    EXPECT_EQ(there.valid_until, noon + std::chrono::hours{24});
    ASSERT_EQ(there.history.size(), 1U);
    EXPECT_EQ(there.history[0].at, noon);
    EXPECT_EQ(finish(loop_, box_->find("mss", id)).error(), errc::not_found)
        << "of another organisation";
}

TEST_F(Outbox, AKeyIsOneMessage) {
    const auto first = run(box_->accept({text_of(1)}, noon)).front();
    auto other = text_of(1);
    other.body = {99};
    auto elsewhere = text_of(1);
    elsewhere.organisation = "mss";
    const auto again = run(box_->accept({text_of(1), other, elsewhere}, noon));
    EXPECT_EQ(first.kind, accept_kind::created);
    EXPECT_EQ(again[0].kind, accept_kind::same);
    EXPECT_EQ(again[0].id, first.id);
    EXPECT_EQ(again[1].kind, accept_kind::conflict);
    EXPECT_EQ(again[2].kind, accept_kind::created);
}

TEST_F(Outbox, DueMessagesComeInTheirOrder) {
    std::vector<std::uint64_t> ids;
    for (unsigned i = 0; i < 10; ++i) {
        auto one = text_of(i);
        one.due_at = noon - std::chrono::seconds{i % 3};
        ids.push_back(accept(one));
    }
    auto later = text_of(11);
    later.due_at = noon + std::chrono::hours{1};
    accept(later);
    accept(text_of(12, message_class::receipt));
    std::vector<std::uint64_t> seen;
    due_place after;
    for (;;) {
        const auto page = run(box_->due("kmss", message_class::reminder, after, noon, 3));
        if (page.empty()) {
            break;
        }
        for (const auto& one : page) {
            EXPECT_LE(after.due_at, one.message.due_at);
            seen.push_back(one.message.id);
        }
        after = {page.back().message.due_at, page.back().message.id};
    }
    EXPECT_EQ(seen.size(), 10U);
    EXPECT_EQ(std::set(seen.begin(), seen.end()), std::set(ids.begin(), ids.end()));
    EXPECT_EQ(run(box_->next_due("kmss")), noon - std::chrono::seconds{2});
    EXPECT_FALSE(run(box_->next_due("mss")));
}

TEST_F(Outbox, AClaimIsTakenOnce) {
    const auto id = accept(text_of(1));
    EXPECT_EQ(take(id), claim_kind::claimed);
    EXPECT_EQ(take(id), claim_kind::gone);
    EXPECT_EQ(take(id + 1), claim_kind::gone);
    EXPECT_TRUE(run(box_->due("kmss", message_class::reminder, {}, noon, 10)).empty());
    EXPECT_FALSE(run(box_->cancel("kmss", id, noon)));
    const auto waiting = accept(text_of(2));
    EXPECT_FALSE(run(box_->cancel("mss", waiting, noon)));
    EXPECT_TRUE(run(box_->cancel("kmss", waiting, noon)));
    EXPECT_EQ(take(waiting), claim_kind::gone);
}

TEST_F(Outbox, AFencedClaimFailsWhenTheFactsHaveMoved) {
    auto fenced = text_of(1);
    fenced.fence = {fence_kind::instalment_open, "L1", std::chrono::floor<std::chrono::days>(noon),
                    money::taka(245)};
    const auto id = accept(fenced);
    const auto due = run(box_->due("kmss", message_class::reminder, {}, noon, 1)).front();
    EXPECT_EQ(due.message.fence, fenced.fence);
    {
        prepared_connection beside{open_beside(path_).value()};
        ASSERT_FALSE(bump_facts_version(beside, "kmss", "000001"));
    }
    auto by = claim_of(id);
    by.fenced = true;
    by.read_on = due.read_on;
    EXPECT_EQ(run(box_->claim_all({by}, noon)).front().kind, claim_kind::facts_moved);
    by.read_on = run(box_->due("kmss", message_class::reminder, {}, noon, 1)).front().read_on;
    EXPECT_EQ(by.read_on.facts_version, 1U);
    gateway_test::execute(path_, "INSERT INTO generations (organisation, number, file, digest, "
                                 "as_of, offices, members, rows, built_at, state) VALUES "
                                 "('kmss', 3, 'f', 'd', 0, 1, 1, 1, 0, 'current')");
    EXPECT_EQ(run(box_->claim_all({by}, noon)).front().kind, claim_kind::facts_moved);
    by.read_on = run(box_->due("kmss", message_class::reminder, {}, noon, 1)).front().read_on;
    EXPECT_EQ(by.read_on.generation, 3U);
    EXPECT_EQ(run(box_->claim_all({by}, noon)).front().kind, claim_kind::claimed);
}

TEST_F(Outbox, AChoiceOnThePhoneMovesTheFactsOfAClaim) {
    const auto id = accept(text_of(1));
    auto by = claim_of(id);
    by.fenced = true;
    by.read_on = run(box_->due("kmss", message_class::reminder, {}, noon, 1)).front().read_on;
    member_registry registry{database_->writing(), open_reader(path_).value(), {}};
    const access::effect_key key{"at", {}, 1, 0};
    const access::member_ref who{"kmss", "000001"};
    run(registry.apply(key, who, access::choose_sms{access::sms_choice::none}, noon));
    EXPECT_EQ(run(box_->claim_all({by}, noon)).front().kind, claim_kind::facts_moved);
    by.read_on = run(box_->due("kmss", message_class::reminder, {}, noon, 1)).front().read_on;
    EXPECT_EQ(run(box_->claim_all({by}, noon)).front().kind, claim_kind::claimed);
}

TEST_F(Outbox, ReceiptsFindTheirPartWhateverTheirSpelling) {
    const auto id = accept(text_of(1));
    ASSERT_EQ(take(id), claim_kind::claimed);
    report_one(part_submitted{id, 0, "00AB", "gp"});
    EXPECT_EQ(receive(receipt_for({"ab"}, "8801800000009")), receipt_outcome::parked)
        << "another number";
    auto elsewhere = receipt_for({"ab"}, "8801800000001");
    elsewhere.account = "robi";
    EXPECT_EQ(receive(elsewhere), receipt_outcome::parked);
    EXPECT_EQ(state(id), message_state::submitted);
    EXPECT_EQ(receive(receipt_for({"171", "ab"}, "8801800000001")), receipt_outcome::applied);
    EXPECT_EQ(state(id), message_state::delivered);
    EXPECT_EQ(receive(receipt_for({"AB"}, "")), receipt_outcome::repeated);
}

TEST_F(Outbox, AReceiptThatMayBeOfTwoMessagesIsOfNone) {
    auto twin = text_of(2);
    twin.to = text_of(1).to;
    const auto a = accept(text_of(1));
    const auto b = accept(twin);
    ASSERT_EQ(take(a), claim_kind::claimed);
    ASSERT_EQ(take(b), claim_kind::claimed);
    report_one(part_submitted{a, 0, "10", "gp"});
    report_one(part_submitted{b, 0, "16", "gp"});
    EXPECT_EQ(receive(receipt_for({"10", "16"}, "8801800000001")), receipt_outcome::parked);
    EXPECT_EQ(state(a), message_state::submitted);
    EXPECT_EQ(state(b), message_state::submitted);
}

TEST_F(Outbox, AReceiptBeforeTheAnswerCounts) {
    const auto id = accept(text_of(1));
    ASSERT_EQ(take(id), claim_kind::claimed);
    EXPECT_EQ(receive(receipt_for({"1000", "3e8"}, "8801800000001")), receipt_outcome::parked);
    open();
    report_one(part_submitted{id, 0, "3E8", "gp"});
    EXPECT_EQ(state(id), message_state::delivered);
    EXPECT_EQ(gateway_test::scalar(path_, "SELECT count(*) FROM parked_receipts"), 0);
    EXPECT_EQ(gateway_test::scalar(path_, "SELECT count(*) FROM parked_names"), 0);
}

TEST_F(Outbox, EachPartHasItsName) {
    const auto id = accept(text_of(1));
    ASSERT_EQ(take(id, 2), claim_kind::claimed);
    report_one(part_submitted{id, 0, "a", "gp"});
    report_one(part_submitted{id, 1, "b", "gp"});
    EXPECT_EQ(receive(receipt_for({"a"}, "")), receipt_outcome::applied);
    EXPECT_EQ(state(id), message_state::submitted);
    EXPECT_EQ(receive(receipt_for({"b"}, "")), receipt_outcome::applied);
    EXPECT_EQ(state(id), message_state::delivered);
}

TEST_F(Outbox, ConcatenationsToOneNumberHaveTheirOwnReferences) {
    auto twin = text_of(2);
    twin.to = text_of(1).to;
    const auto a = accept(text_of(1));
    const auto b = accept(twin);
    const auto first = run(box_->claim_all({claim_of(a, 3)}, noon)).front();
    open();
    const auto second = run(box_->claim_all({claim_of(b, 3)}, noon)).front();
    EXPECT_NE(first.reference & 0xFF, second.reference & 0xFF);
    // A part that is tried again keeps its message's.
    report_one(part_submitted{a, 0, "a", "gp"});
    report_one(part_submitted{a, 1, "b", "gp"});
    report_one(part_refused{a, 2, refusal_kind::throttled, 88});
    EXPECT_EQ(run(box_->claim_all({claim_of(a, 3)}, noon)).front().reference, first.reference);
}

TEST_F(Outbox, ARestartLeavesNothingHandedOver) {
    const auto reminder = accept(text_of(1));
    const auto proof = accept(text_of(2, message_class::receipt));
    const auto waiting = accept(text_of(3));
    ASSERT_EQ(take(reminder), claim_kind::claimed);
    ASSERT_EQ(take(proof), claim_kind::claimed);
    open();
    EXPECT_EQ(run(box_->settle_restart(noon)), 2U);
    EXPECT_EQ(state(reminder), message_state::unconfirmed);
    EXPECT_EQ(find(reminder).history.back().why, reason::restarted);
    EXPECT_EQ(state(proof), message_state::accepted);
    EXPECT_TRUE(find(proof).marked);
    EXPECT_EQ(state(waiting), message_state::accepted);
    EXPECT_EQ(run(box_->settle_restart(noon)), 0U);
    // The provider had taken it: its receipt needs no answer to a name that came late.
    report_one(part_submitted{reminder, 0, "77", "gp"});
    EXPECT_EQ(receive(receipt_for({"77"}, "")), receipt_outcome::applied);
    EXPECT_EQ(state(reminder), message_state::delivered);
}

TEST_F(Outbox, TextsFromSubscribersAreKeptOnce) {
    inbound_part one{"gp", "m1", "8801800000001", "16321", "STOP", false, {}, {}, noon};
    run(box_->take_in({one}));
    open();
    run(box_->take_in({one}));
    EXPECT_EQ(gateway_test::scalar(path_, "SELECT count(*) FROM inbound_parts"), 1);
}

TEST_F(Outbox, TheSameWordsAnotherDayAreAnotherText) {
    inbound_part one{"gp", "m1", "8801800000001", "16321", "BAL", false, {}, {}, noon};
    run(box_->take_in({one}));
    one.at += std::chrono::hours{23};
    run(box_->take_in({one}));
    EXPECT_EQ(gateway_test::scalar(path_, "SELECT at FROM inbound_parts"),
              noon.time_since_epoch().count());
    one.at += std::chrono::hours{2};
    run(box_->take_in({one}));
    EXPECT_EQ(gateway_test::scalar(path_, "SELECT at FROM inbound_parts"),
              one.at.time_since_epoch().count());
    run(box_->tidy(one.at + std::chrono::hours{24 * 31}, noon));
    EXPECT_EQ(gateway_test::scalar(path_, "SELECT count(*) FROM inbound_parts"), 0);
}

TEST_F(Outbox, WhatItCostsIsAddedUp) {
    const auto a = accept(text_of(1));
    const auto b = accept(text_of(2, message_class::receipt));
    ASSERT_EQ(take(a, 2), claim_kind::claimed);
    ASSERT_EQ(take(b), claim_kind::claimed);
    run(box_->record({part_submitted{a, 0, "a", "gp"}, part_submitted{a, 1, "b", "gp"},
                      part_refused{b, 0, refusal_kind::permanent, 11}},
                     noon));
    const calendar_day november{std::chrono::year{2026} / 11 / 1};
    const auto spent = run(box_->spent("kmss", november));
    ASSERT_EQ(spent.size(), 1U);
    EXPECT_EQ(spent[0].of, message_class::reminder);
    EXPECT_EQ(spent[0].office_code, "B1");
    EXPECT_EQ(spent[0].segments, 2U);
    EXPECT_EQ(spent[0].price, money{60});
    EXPECT_TRUE(run(box_->spent("kmss", november - std::chrono::days{31})).empty());
}

TEST_F(Outbox, OldMessagesGoTheNewestStays) {
    for (unsigned i = 1; i <= 4; ++i) {
        const auto id = accept(text_of(i));
        if (i == 2) {
            continue; // Still waiting.
        }
        ASSERT_EQ(take(id), claim_kind::claimed);
        report_one(part_submitted{id, 0, fmt::format("n{}", i), "gp"});
    }
    EXPECT_FALSE(run(box_->tidy(noon, noon)));
    EXPECT_EQ(gateway_test::scalar(path_, "SELECT count(*) FROM messages"), 4);
    EXPECT_FALSE(run(box_->tidy(noon, noon + std::chrono::days{1})));
    EXPECT_EQ(gateway_test::scalar(path_, "SELECT count(*) FROM messages"), 2);
    EXPECT_EQ(gateway_test::scalar(path_, "SELECT count(*) FROM message_names"), 1);
    EXPECT_EQ(accept(text_of(5)), 5U);
}

TEST_F(Outbox, DepthsAreCounted) {
    accept(text_of(1));
    accept(text_of(2));
    ASSERT_EQ(take(accept(text_of(3, message_class::answer))), claim_kind::claimed);
    const auto depths = run(box_->depths("kmss"));
    EXPECT_EQ(depths.waiting[static_cast<std::size_t>(message_class::reminder)], 2U);
    EXPECT_EQ(depths.waiting[static_cast<std::size_t>(message_class::answer)], 0U);
    EXPECT_EQ(depths.submitting, 1U);
}

TEST_F(Outbox, OnAFullDiskNothingIsHalfAcceptedAndItGoesOnAfterwards) {
    std::vector<std::uint64_t> ids;
    for (unsigned i = 0; i < 40; ++i) {
        ids.push_back(accept(text_of(i)));
    }
    run(database_->writing().perform(leave_room{0}));
    std::vector<new_message> many;
    for (unsigned i = 100; i < 200; ++i) {
        many.push_back(text_of(i));
        many.back().text = std::string(2000, 'a');
    }
    const auto refused = finish(loop_, box_->accept(many, noon));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), errc::store_unavailable);
    EXPECT_EQ(run(box_->depths("kmss")).waiting[4], 40U) << "all of them or none";
    // A drain goes on as far as there is room; what is not claimed waits.
    std::vector<claim> claims;
    for (const auto id : ids) {
        claims.push_back(claim_of(id));
        claims.back().channel = std::string(3000, 'c'); // It needs room.
    }
    const auto unclaimed = finish(loop_, box_->claim_all(claims, noon));
    ASSERT_FALSE(unclaimed);
    EXPECT_EQ(unclaimed.error(), errc::store_unavailable);
    EXPECT_EQ(state(ids.front()), message_state::accepted);
    // Room again, without a restart.
    run(database_->writing().perform(leave_room{100'000}));
    EXPECT_EQ(take(ids.front()), claim_kind::claimed);
    const auto accepted = run(box_->accept(many, noon));
    EXPECT_TRUE(std::ranges::all_of(accepted, [](const auto& one) {
        return one.kind == accept_kind::created;
    })) << "the refused ones left no trace";
}

TEST_F(Outbox, WhatWaitsTooLongExpiresInBoundedSteps) {
    std::vector<new_message> many;
    for (unsigned i = 0; i < step_rows_max + 1; ++i) {
        many.push_back(text_of(i));
    }
    auto later = text_of(9000);
    later.valid_until = noon + std::chrono::hours{48};
    many.push_back(later);
    const auto ids = run(box_->accept(many, noon));
    ASSERT_EQ(take(ids[0].id), claim_kind::claimed);
    const auto over = noon + std::chrono::hours{24};
    EXPECT_EQ(run(box_->expire(over - std::chrono::milliseconds{1})), 0U);
    EXPECT_EQ(run(box_->expire(over)), step_rows_max);
    EXPECT_EQ(run(box_->expire(over)), 0U);
    EXPECT_EQ(state(ids[0].id), message_state::submitting) << "it is handed over";
    EXPECT_EQ(state(ids[1].id), message_state::expired);
    EXPECT_EQ(find(ids[1].id).history.back().why, reason::validity_over);
    EXPECT_EQ(state(ids.back().id), message_state::accepted);
}

TEST_F(Outbox, ACapHoldsAlsoAmongTheClaimsOfOneCommit) {
    std::vector<claim> claims;
    for (unsigned i = 0; i < 4; ++i) {
        auto one = text_of(i);
        one.member_code = i == 3 ? "other" : "hers";
        auto by = claim_of(accept(one));
        by.day = std::chrono::floor<std::chrono::days>(noon);
        by.most = {.per_day = 2};
        claims.push_back(by);
    }
    const auto outcomes = run(box_->claim_all(claims, noon));
    EXPECT_EQ(outcomes[0].kind, claim_kind::claimed);
    EXPECT_EQ(outcomes[1].kind, claim_kind::claimed);
    EXPECT_EQ(outcomes[2].kind, claim_kind::capped);
    EXPECT_EQ(outcomes[3].kind, claim_kind::claimed);
    const auto third = find(claims[2].id);
    EXPECT_EQ(third.state, message_state::accepted);
    EXPECT_EQ(run(box_->sent_before(third, claims[2].day)), (sent_counts{2, 2}));
    EXPECT_EQ(run(box_->sent_before(third, claims[2].day + std::chrono::days{6})),
              (sent_counts{0, 2}));
    EXPECT_EQ(run(box_->sent_before(third, claims[2].day + std::chrono::days{7})),
              (sent_counts{0, 0}));
    // What comes back and is claimed again is counted once.
    report_one(part_returned{claims[0].id, 0, noon});
    EXPECT_EQ(run(box_->claim_all({claims[0]}, noon)).front().kind, claim_kind::claimed);
    EXPECT_EQ(run(box_->sent_before(third, claims[2].day)), (sent_counts{2, 2}));
}

TEST_F(Outbox, WhoServesANumberIsLearnt) {
    box_->show(std::make_shared<const channel_operators>(
        channel_operators{{"gp", "grameenphone"}, {"robi", "robi"}}));
    const auto served = [this](unsigned n, instant now = noon) {
        prepared_connection rows{open_reader(path_).value()};
        return load_operator(rows, fmt::format("88018{:08}", n), now).value();
    };
    // By a delivery.
    const auto id = accept(text_of(1));
    ASSERT_EQ(take(id), claim_kind::claimed);
    report_one(part_submitted{id, 0, "a1", "gp"});
    EXPECT_EQ(served(1), served_by{});
    ASSERT_EQ(receive(receipt_for({"a1"}, "8801800000001")), receipt_outcome::applied);
    EXPECT_EQ(served(1), (served_by{"grameenphone", false}));
    const auto again = accept(text_of(101));
    EXPECT_EQ(run(box_->due("kmss", message_class::reminder, {}, noon, 9)).front().served,
              served_by{});
    // By a refusal.
    ASSERT_EQ(take(again), claim_kind::claimed);
    report_one(part_refused{again, 0, refusal_kind::permanent, 11, 0, true});
    EXPECT_EQ(served(101), (served_by{"grameenphone", true}));
    // By a text and by a dial.
    inbound_part text{.channel = "robi",
                      .external_id = "x",
                      .from = "8801800000101",
                      .to = "16222",
                      .user_data = "BAL",
                      .at = noon};
    run(box_->take_in({text}));
    EXPECT_EQ(served(101), (served_by{"robi", false}));
    const auto number = [](unsigned n) {
        return numbering{}.parse(fmt::format("018{:08}", n)).value();
    };
    run(box_->learn({{"robi", number(1)}, {"nobody's", number(2)}}, noon));
    EXPECT_EQ(served(1), (served_by{"robi", false})) << "the newest";
    EXPECT_EQ(served(2), served_by{});
    accept(text_of(1002));
    run(box_->learn({{"gp", number(1002)}}, noon));
    EXPECT_EQ(run(box_->due("kmss", message_class::reminder, {}, noon, 9)).front().served,
              (served_by{"grameenphone", false}));
    EXPECT_EQ(served(1, noon + operator_known_for), served_by{}) << "it is too long ago";
}

TEST_F(Outbox, KnownNumbersAreBounded) {
    prepared_connection rows{open_beside(path_).value()};
    for (int i = 0; i < 10; ++i) {
        const auto at = noon + std::chrono::minutes{i};
        ASSERT_FALSE(learn_operator(rows, fmt::format("88018{:08}", i), "gp", at, 4));
        ASSERT_FALSE(learn_operator(rows, fmt::format("88018{:08}", i), "robi", at, 4));
    }
    EXPECT_EQ(rows.db().scalar("SELECT count(*) FROM number_operators").value(), 4);
    EXPECT_EQ(load_operator(rows, "8801800000005", noon).value(), served_by{});
    EXPECT_EQ(load_operator(rows, "8801800000006", noon).value(), (served_by{"robi", false}));
    ASSERT_EQ(
        drop_old_knowledge(rows, noon + operator_known_for + std::chrono::minutes{8}, 100).value(),
        2U);
    EXPECT_EQ(rows.db().scalar("SELECT rows FROM table_sizes").value(), 2);
}

TEST_F(Outbox, StatesAreCountedAsTheyAreReached) {
    const auto id = accept(text_of(1));
    accept(text_of(2));
    ASSERT_EQ(take(id), claim_kind::claimed);
    report_one(part_returned{id, 0, noon});
    ASSERT_EQ(take(id), claim_kind::claimed);
    report_one(part_submitted{id, 0, "a1", "gp"});
    prepared_connection rows{open_reader(path_).value()};
    std::map<message_state, std::uint64_t> totals;
    for (const auto& one : load_totals(rows).value()) {
        EXPECT_EQ(one.organisation, "kmss");
        totals[one.state] = one.messages;
    }
    EXPECT_EQ(totals, (std::map<message_state, std::uint64_t>{{message_state::accepted, 2},
                                                              {message_state::submitting, 2},
                                                              {message_state::submitted, 1}}));
}

TEST_F(Outbox, ALateAnswerStopsACopyThatWaits) {
    const auto id = accept(text_of(1, message_class::receipt));
    ASSERT_EQ(take(id, 2), claim_kind::claimed);
    const auto reference = find(id).reference;
    report_one(part_submitted{id, 0, "a1", "gp", reference});
    report_one(part_unconfirmed{id, 1, reason::no_answer});
    ASSERT_TRUE(find(id).marked);
    // Its receipt came before the late answer.
    EXPECT_EQ(receive(receipt_for({"a2"}, "8801800000001")), receipt_outcome::parked);
    report_one(part_submitted{id, 1, "a2", "gp", reference});
    EXPECT_EQ(state(id), message_state::submitted);
    EXPECT_EQ(take(id, 2), claim_kind::gone);
    EXPECT_EQ(receive(receipt_for({"a1"}, "8801800000001")), receipt_outcome::applied);
    EXPECT_EQ(state(id), message_state::delivered);
}

TEST_F(Outbox, ACopyThatGoesHasNamesOfItsOwn) {
    const auto id = accept(text_of(1, message_class::receipt));
    ASSERT_EQ(take(id, 2), claim_kind::claimed);
    const auto first = find(id).reference;
    report_one(part_submitted{id, 0, "a1", "gp", first});
    report_one(part_unconfirmed{id, 1, reason::no_answer});
    ASSERT_EQ(take(id, 2), claim_kind::claimed);
    EXPECT_NE(find(id).reference, first);
    EXPECT_EQ(receive(receipt_for({"a1"}, "8801800000001")), receipt_outcome::parked)
        << "of the first copy's part";
}

// Goal: the queue's length costs nothing. Method: SQLite's own plan of each statement that runs
// while messages wait: no scan of the table, no sorting.
TEST_F(Outbox, TheQueueIsReadThroughItsIndexes) {
    auto db = connection::open(path_, open_mode::read_only).value();
    const std::string_view statements[] = {
        "SELECT id FROM messages WHERE organisation = 'a' AND class = 1 AND state = 0 AND due_at "
        "<= 5 AND (due_at, id) > (1, 2) ORDER BY due_at, id LIMIT 9",
        "SELECT min(due_at) FROM messages WHERE organisation = 'a' AND class = 1 AND state = 0",
        "SELECT id FROM messages WHERE state = 1 AND id > 4 ORDER BY id LIMIT 9",
        "SELECT message FROM message_names WHERE account = 'a' AND external_id = 'b'",
        "SELECT id FROM messages WHERE organisation = 'a' AND key = 'b'",
    };
    for (const auto sql : statements) {
        SCOPED_TRACE(sql);
        auto plan = db.prepare("EXPLAIN QUERY PLAN " + std::string{sql}).value();
        std::string steps;
        while (plan.step().value()) {
            steps += std::string{plan.text(3)} + "\n";
        }
        EXPECT_NE(steps.find("SEARCH"), std::string::npos) << steps;
        EXPECT_EQ(steps.find("SCAN"), std::string::npos) << steps;
        EXPECT_EQ(steps.find("TEMP B-TREE"), std::string::npos) << steps;
    }
}

} // namespace
} // namespace uthan::db::sqlite
