#include "core/random.hpp"
#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/generation_register.hpp"
#include "db/sqlite/ledger_store.hpp"
#include "db/sqlite/message_tables.hpp"
#include "db/sqlite/payment_desk.hpp"
#include "tests/unit/db/gateway/fixture.hpp"
#include "tests/unit/db/ledger/delivery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Payments that were posted between deliveries, over real files: posted once, seen with her facts,
// and done with when a delivery holds them.
namespace uthan::db::sqlite::testing {
namespace {

using gateway_test::finish;
using members::exchange::import_outcome;
using service::posting_kind;

constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} +
                       std::chrono::hours{12}};

calendar_day day(const char* iso) {
    return *parse_day(iso);
}

/// M1 has the loan L1 and the account S1.
delivery with_accounts(const char* as_of = "2026-11-21", const char* balance = "500") {
    auto files = delivery::small();
    files.as_of = as_of;
    files.files["savings_accounts.csv"] =
        "account_no,member_code,product,balance,status\nSAV1,M1,general," + std::string{balance} +
        ",active\n";
    return files;
}

struct paying_world : import_world {
    paying_world() : presence(std::make_shared<payments_presence>()) {
        EXPECT_EQ(import(with_accounts()).outcome, import_outcome::published);
        database = gateway_database::open(gateway).value();
        published = *published_generations::open(gateway, ledger.string(), {"kmss"});
        auto payments =
            std::make_unique<payments_reader>("kmss", open_reader(gateway).value(), presence);
        store = std::make_unique<ledger_store>(published->of("kmss"), std::move(payments));
        desk = std::make_unique<payment_desk>(database->writing(), open_reader(gateway).value(),
                                              [this](std::string_view) { presence->posted(); });
    }

    static service::payment_posting posting(const char* txn_id, members::transaction_kind kind,
                                            std::int64_t taka, const char* on = "2026-11-22") {
        service::payment_posting made;
        made.organisation = "kmss";
        made.member_code = "M1";
        made.office_code = "B1";
        made.what.what.txn_id = txn_id;
        made.what.what.account_no = "SAV1";
        made.what.what.kind = kind;
        made.what.what.amount = money::taka(taka);
        made.what.what.txn_on = day(on);
        made.body.fill(static_cast<std::uint8_t>(taka));
        made.at = noon;
        return made;
    }
    posting_kind post(service::payment_posting what) {
        return finish(loop, desk->post(std::move(what))).value().kind;
    }
    posting_kind deposit(const char* txn_id, std::int64_t taka, const char* on = "2026-11-22") {
        return post(posting(txn_id, members::transaction_kind::savings_deposit, taka, on));
    }
    service::payment_posting reversal(const char* txn_id, const char* of, std::int64_t taka) {
        auto made = posting(txn_id, members::transaction_kind::reversal, taka);
        made.what.what.reverses_txn_id = of;
        return made;
    }
    money balance() {
        EXPECT_FALSE(published->refresh());
        return (*finish(loop, store->facts("M1")))->savings.at(0).balance;
    }
    std::int64_t waiting() const {
        return gateway_test::scalar(gateway,
                                    "SELECT count(*) FROM payments WHERE retired_in IS NULL");
    }
    void look() {
        prepared_connection db{open_reader(gateway).value()};
        const auto before = presence->before_look();
        presence->looked(before, any_payments(db, "kmss").value());
    }

    std::shared_ptr<payments_presence> presence;
    asio::io_context loop{1};
    std::unique_ptr<gateway_database> database;
    std::unique_ptr<published_generations> published;
    std::unique_ptr<ledger_store> store;
    std::unique_ptr<payment_desk> desk;
};

TEST(Payments, APostedDepositIsInHerFactsAndItsActivity) {
    paying_world world;
    EXPECT_EQ(world.balance(), money::taka(500));
    EXPECT_EQ(world.deposit("T1", 50), posting_kind::posted);
    EXPECT_EQ(world.balance(), money::taka(550));
    const auto activity = finish(world.loop, world.store->activity("M1")).value();
    ASSERT_FALSE(activity->recent.empty());
    EXPECT_EQ(activity->recent.front().txn_id, "T1");
    EXPECT_EQ(world.desk->find("kmss", "T1").value()->amount, money::taka(50));
    EXPECT_FALSE(world.desk->find("kmss", "T9").value());
}

TEST(Payments, ATxnIdIsPostedOnce) {
    paying_world world;
    EXPECT_EQ(world.deposit("T1", 50), posting_kind::posted);
    EXPECT_EQ(world.deposit("T1", 50), posting_kind::same);
    EXPECT_EQ(world.deposit("T1", 60), posting_kind::conflict);
    EXPECT_EQ(world.balance(), money::taka(550));
}

TEST(Payments, EachOneMovesTheVersionOfHerFacts) {
    // Goal: a message whose truth was asked before a payment is asked again before it goes out.
    paying_world world;
    prepared_connection db{open_reader(world.gateway).value()};
    EXPECT_EQ(world.deposit("T1", 50), posting_kind::posted);
    EXPECT_EQ(load_facts_version(db, "kmss", "M1").value(), 1U);
    EXPECT_EQ(world.deposit("T1", 50), posting_kind::same);
    EXPECT_EQ(load_facts_version(db, "kmss", "M1").value(), 1U);
    EXPECT_EQ(load_facts_version(db, "kmss", "M2").value(), 0U);
}

TEST(Payments, TheReceiptIsAcceptedInTheSameCommit) {
    paying_world world;
    auto posting = paying_world::posting("T1", members::transaction_kind::savings_deposit, 50);
    posting.receipt = sms::new_message{.organisation = "kmss",
                                       .idempotency_key = "receipt:T1",
                                       .body = posting.body,
                                       .of = sms::message_class::receipt,
                                       .member_code = "M1",
                                       .office_code = "B1",
                                       .to = *numbering{}.parse("01712345678"),
                                       .text = "50",
                                       .due_at = noon,
                                       .valid_until = noon + std::chrono::hours{24}};
    const auto first = finish(world.loop, world.desk->post(posting)).value();
    EXPECT_EQ(first.kind, posting_kind::posted);
    EXPECT_NE(first.message, 0U);
    const auto again = finish(world.loop, world.desk->post(posting)).value();
    EXPECT_EQ(again.kind, posting_kind::same);
    EXPECT_EQ(again.message, first.message);
    EXPECT_EQ(gateway_test::scalar(world.gateway, "SELECT count(*) FROM messages"), 1);
}

TEST(Payments, WithoutAnyNothingIsRead) {
    paying_world world;
    EXPECT_TRUE(world.presence->any()); // not looked yet
    world.look();
    EXPECT_FALSE(world.presence->any());
    EXPECT_EQ(world.deposit("T1", 50), posting_kind::posted);
    EXPECT_TRUE(world.presence->any());
    world.look();
    EXPECT_TRUE(world.presence->any());
    // A look that began before the commit and ended after it does not hide it.
    const auto before = world.presence->before_look();
    EXPECT_EQ(world.deposit("T2", 50), posting_kind::posted);
    world.presence->looked(before, false);
    EXPECT_TRUE(world.presence->any());
}

TEST(Payments, AReversalUndoesWhatWasPosted) {
    paying_world world;
    EXPECT_EQ(world.deposit("T1", 50), posting_kind::posted);
    EXPECT_EQ(world.post(world.reversal("R0", "nothing", 50)), posting_kind::unknown_reversed);
    EXPECT_EQ(world.post(world.reversal("R0", "T1", 40)), posting_kind::differs_from_reversed);
    EXPECT_EQ(world.post(world.reversal("R1", "T1", 50)), posting_kind::posted);
    EXPECT_EQ(world.balance(), money::taka(500));
    EXPECT_EQ(world.post(world.reversal("R1", "T1", 50)), posting_kind::same);
    EXPECT_EQ(world.post(world.reversal("R2", "T1", 50)), posting_kind::reversed_already);
    EXPECT_EQ(world.post(world.reversal("R3", "R1", 50)), posting_kind::unknown_reversed);
}

TEST(Payments, AReversalOfADeliveredPaymentTakesWhatTheCallerFound) {
    paying_world world;
    auto reversal = world.reversal("R1", "old", 50);
    reversal.what.takes_back = members::transaction_kind::savings_deposit;
    EXPECT_EQ(world.post(reversal), posting_kind::posted);
    EXPECT_EQ(world.balance(), money::taka(450));
}

TEST(Payments, TheDeliveryThatHoldsThemTakesTheirPlace) {
    paying_world world;
    EXPECT_EQ(world.deposit("T1", 50), posting_kind::posted);
    EXPECT_EQ(world.deposit("T2", 7, "2026-11-23"), posting_kind::posted);
    // By its day T1; T2 not, whose day the office has not closed.
    ASSERT_EQ(world.import(with_accounts("2026-11-22", "550")).outcome, import_outcome::published);
    EXPECT_EQ(world.waiting(), 1);
    EXPECT_EQ(world.balance(), money::taka(557));
    EXPECT_EQ(world.deposit("T1", 50), posting_kind::same);

    // By its name, whatever its day.
    auto named = with_accounts("2026-11-22", "557");
    named.files["transactions.csv"] = "txn_id,member_code,kind,amount,txn_on\n"
                                      "T2,M1,sav_deposit,7,2026-11-23\n";
    ASSERT_EQ(world.import(named).outcome, import_outcome::published);
    EXPECT_EQ(world.waiting(), 0);
    EXPECT_EQ(world.balance(), money::taka(557));
}

TEST(Payments, AReaderOfTheOldGenerationStillHasThem) {
    paying_world world;
    EXPECT_EQ(world.deposit("T1", 50), posting_kind::posted);
    EXPECT_EQ(world.balance(), money::taka(550));
    ASSERT_EQ(world.import(with_accounts("2026-11-22", "550")).outcome, import_outcome::published);
    EXPECT_EQ(world.waiting(), 0);
    // The register was not read again: the shard answers from the old file.
    EXPECT_EQ((*finish(world.loop, world.store->facts("M1")))->savings.at(0).balance,
              money::taka(550));
}

TEST(Payments, TheUndoOfADeliveryLetsThemWaitAgain) {
    paying_world world;
    EXPECT_EQ(world.deposit("T1", 50), posting_kind::posted);
    ASSERT_EQ(world.import(with_accounts("2026-11-22", "550")).outcome, import_outcome::published);
    auto gateway = connection::open(world.gateway, open_mode::read_write);
    ASSERT_FALSE(publish_again(*gateway, "kmss", 1));
    EXPECT_EQ(world.waiting(), 1);
    EXPECT_EQ(world.balance(), money::taka(550));
}

TEST(Payments, PostedAfterTheDeliveryOfItsDayCounts) {
    // The core system posts on the evening of the day whose close it has delivered.
    paying_world world;
    EXPECT_EQ(world.deposit("T1", 50, "2026-11-21"), posting_kind::posted);
    EXPECT_EQ(world.balance(), money::taka(550));
}

TEST(Payments, AreBoundedForEachMember) {
    paying_world world;
    for (std::size_t i = 0; i < members::payments_per_member_max; ++i) {
        ASSERT_EQ(world.deposit(("T" + std::to_string(i)).c_str(), 1), posting_kind::posted);
    }
    EXPECT_EQ(world.deposit("one more", 1), posting_kind::too_many);
    EXPECT_EQ(world.deposit("T0", 1), posting_kind::same);
}

TEST(Payments, OldDeliveredOnesAreForgotten) {
    paying_world world;
    EXPECT_EQ(world.deposit("T1", 50), posting_kind::posted);
    ASSERT_EQ(world.import(with_accounts("2026-11-22", "550")).outcome, import_outcome::published);
    auto late = world.posting("T2", members::transaction_kind::savings_deposit, 5, "2027-11-22");
    late.at = noon + payments_kept_for + std::chrono::days{1};
    EXPECT_EQ(world.post(late), posting_kind::posted);
    EXPECT_FALSE(world.desk->find("kmss", "T1").value());
}

} // namespace
} // namespace uthan::db::sqlite::testing
