#include "db/sqlite/outbox.hpp"

#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/message_tables.hpp"
#include "tests/unit/db/gateway/fixture.hpp"

#include <fmt/format.h>

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
