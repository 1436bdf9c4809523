#pragma once

#include "db/sqlite/prepared_connection.hpp"
#include "members/overlay.hpp"
#include "service/payment_book.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

// The payments that core systems posted between deliveries, inside whatever transaction the caller
// has. Errors of every function: store_unavailable.
namespace uthan::db::sqlite {

/// A part of the sixth migration. Kinds and channels as in members/facts.hpp, amounts in poisha,
/// days since 1970-01-01.
inline constexpr const char* payments_schema = R"sql(
CREATE TABLE payments (
    organisation    TEXT    NOT NULL,
    txn_id          TEXT    NOT NULL,
    member_code     TEXT    NOT NULL,
    office_code     TEXT    NOT NULL,
    account_no      TEXT    NOT NULL,
    kind            INTEGER NOT NULL,
    amount          INTEGER NOT NULL CHECK (amount > 0),
    txn_on          INTEGER NOT NULL,
    balance_after   INTEGER,
    receipt_no      TEXT    NOT NULL,
    channel         INTEGER NOT NULL,
    reverses_txn_id TEXT    NOT NULL,
    takes_back      INTEGER,          -- a reversal's: the kind of what it reverses
    posted_at       TEXT    NOT NULL,
    posted_in       INTEGER NOT NULL, -- the generation that was published then
    accepted_at     INTEGER NOT NULL,
    key_id          TEXT    NOT NULL,
    body            BLOB    NOT NULL,
    message         INTEGER NOT NULL DEFAULT 0, -- its receipt's id; 0: none
    retired_in      INTEGER,          -- the generation that contains it
    PRIMARY KEY (organisation, txn_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX payments_of_member ON payments (organisation, member_code, retired_in);
CREATE INDEX payments_waiting ON payments (organisation, txn_id) WHERE retired_in IS NULL;
CREATE UNIQUE INDEX payments_reversed ON payments (organisation, reverses_txn_id)
    WHERE reverses_txn_id <> '';
CREATE INDEX payments_retired ON payments (accepted_at) WHERE retired_in IS NOT NULL;
)sql";

/// How long a payment is remembered after it was accepted, once a generation contains it: what is
/// posted again until then is known.
inline constexpr std::chrono::days payments_kept_for{120};

/// Hers that wait for a delivery, or that only later generations than this one contain.
result<std::vector<members::payment>> load_payments(prepared_connection& db,
                                                    std::string_view organisation,
                                                    std::string_view member_code,
                                                    std::uint32_t generation);

/// Whether any member's wait.
result<bool> any_payments(prepared_connection& db, std::string_view organisation);

result<std::optional<members::transaction>>
load_posted(prepared_connection& db, std::string_view organisation, std::string_view txn_id);

/// What is known of it before anything is written; `posted`: nothing stands against it, and
/// `posting.what` is completed with the published generation and what a reversal takes back.
result<service::posting_outcome> check_posting(prepared_connection& db,
                                               service::payment_posting& posting);

/// Keeps a posting that was checked in the same transaction, and removes a bounded number of rows
/// that are too old to matter.
error_code insert_payment(prepared_connection& db, const service::payment_posting& posting,
                          std::uint64_t message);

/// Marks what the published generation contains, in short transactions beside a running server:
/// `generation_path` is its file. How many rows were marked. Errors besides: those of opening the
/// file.
result<std::size_t> retire_contained(connection& gateway, std::string_view organisation,
                                     const std::string& generation_path, std::uint32_t number);

/// For the undo, in the caller's transaction: what later generations than `number` contained waits
/// again.
error_code revive_retired(connection& gateway, std::string_view organisation, std::uint32_t number);

} // namespace uthan::db::sqlite
