#pragma once

// Migration 5 of the gateway database: text messages. Moments are milliseconds since 1970 UTC,
// enumerations are stored by number (sms/message.hpp), money is poisha.
namespace uthan::db::sqlite {

inline constexpr const char* messages_schema = R"(
-- One row, one message; `parts` and `history` are packed (message_codec.hpp). A message waits while
-- its state is 0 and is being handed over while it is 1: both indexes hold only such.
CREATE TABLE messages (
    id           INTEGER PRIMARY KEY,
    organisation TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    body         BLOB    NOT NULL,
    class        INTEGER NOT NULL,
    member_code  TEXT    NOT NULL,
    office_code  TEXT    NOT NULL,
    to_channel   TEXT    NOT NULL, -- empty: an MSISDN; else whose token `to_value` is
    to_value     TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    fence        INTEGER NOT NULL,
    fence_loan   TEXT,
    fence_day    INTEGER,
    fence_amount INTEGER,
    accepted_at  INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    valid_until  INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    marked       INTEGER NOT NULL,
    channel      TEXT    NOT NULL,
    reference    INTEGER NOT NULL,
    segments     INTEGER NOT NULL,
    unit_price   INTEGER NOT NULL,
    taken        INTEGER NOT NULL,
    price        INTEGER NOT NULL,
    parts        BLOB    NOT NULL,
    history      BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_by_key ON messages (organisation, key);
CREATE INDEX messages_waiting ON messages (organisation, class, due_at) WHERE state = 0;
CREATE INDEX messages_submitting ON messages (state) WHERE state = 1;
CREATE INDEX messages_of_member ON messages (organisation, member_code) WHERE member_code <> '';

-- What a channel calls the parts that it took, in normal form (sms/external_id.hpp); channels of one
-- account share their names.
CREATE TABLE message_names (
    account     TEXT    NOT NULL,
    external_id TEXT    NOT NULL,
    message     INTEGER NOT NULL,
    part        INTEGER NOT NULL,
    PRIMARY KEY (account, external_id, message, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_names_of ON message_names (message);

-- Receipts that fit no part yet, and the names that each may mean.
CREATE TABLE parked_receipts (
    id        INTEGER PRIMARY KEY,
    number    TEXT    NOT NULL,
    state     INTEGER NOT NULL,
    error     INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    parked_at INTEGER NOT NULL
) STRICT;
CREATE TABLE parked_names (
    account     TEXT    NOT NULL,
    external_id TEXT    NOT NULL,
    receipt     INTEGER NOT NULL,
    PRIMARY KEY (account, external_id, receipt)
) STRICT, WITHOUT ROWID;
CREATE INDEX parked_names_of ON parked_names (receipt);

-- The last reference of a concatenated message to a number: one after the other, so that two in a
-- row are never joined on the phone.
CREATE TABLE concatenations (
    number TEXT    NOT NULL PRIMARY KEY,
    last   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Texts from subscribers as they came, until they are taken up.
CREATE TABLE inbound_parts (
    id          INTEGER PRIMARY KEY,
    channel     TEXT    NOT NULL,
    external_id TEXT    NOT NULL,
    sender      TEXT    NOT NULL,
    receiver    TEXT    NOT NULL,
    user_data   BLOB    NOT NULL,
    has_header  INTEGER NOT NULL,
    coding      INTEGER NOT NULL,
    reference   INTEGER, -- of sar_* parameters, with the next two
    total       INTEGER,
    number      INTEGER,
    at          INTEGER NOT NULL,
    UNIQUE (channel, external_id)
) STRICT;

-- How often what the gateway knows beyond the ledger has changed for a member: the truth fence's
-- half of the claim.
CREATE TABLE facts_versions (
    organisation TEXT    NOT NULL,
    member_code  TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    PRIMARY KEY (organisation, member_code)
) STRICT, WITHOUT ROWID;

-- month: days since 1970-01-01 of its first day, UTC.
CREATE TABLE message_spending (
    organisation TEXT    NOT NULL,
    month        INTEGER NOT NULL,
    class        INTEGER NOT NULL,
    office_code  TEXT    NOT NULL,
    segments     INTEGER NOT NULL,
    price        INTEGER NOT NULL,
    PRIMARY KEY (organisation, month, class, office_code)
) STRICT, WITHOUT ROWID;
)";

} // namespace uthan::db::sqlite
