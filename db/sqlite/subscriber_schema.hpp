#pragma once

// Migration 7 of the gateway database: what is known of subscribers for their messages, and how
// many messages there have been. Moments are milliseconds since 1970 UTC, days are since
// 1970-01-01.
namespace uthan::db::sqlite {

inline constexpr const char* subscribers_schema = R"(
-- Which operator serves a number; denied: that it is not this one.
CREATE TABLE number_operators (
    number     TEXT    NOT NULL PRIMARY KEY,
    operator   TEXT    NOT NULL,
    denied     INTEGER NOT NULL,
    learned_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX number_operators_by_age ON number_operators (learned_at);

-- How many rows a bounded table has; counting them each time would cost too much.
CREATE TABLE table_sizes (
    name TEXT    NOT NULL PRIMARY KEY,
    rows INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO table_sizes VALUES ('number_operators', 0);
CREATE TRIGGER number_operators_more AFTER INSERT ON number_operators BEGIN
    UPDATE table_sizes SET rows = rows + 1 WHERE name = 'number_operators';
END;
CREATE TRIGGER number_operators_less AFTER DELETE ON number_operators BEGIN
    UPDATE table_sizes SET rows = rows - 1 WHERE name = 'number_operators';
END;

-- For caps: messages by the day of their first claim, in the organisation's zone. `who`: a member's
-- code, or a number or token of nobody's behind a '+' or its channel and a ':'.
CREATE TABLE message_counts (
    organisation TEXT    NOT NULL,
    who          TEXT    NOT NULL,
    class        INTEGER NOT NULL,
    day          INTEGER NOT NULL,
    sent         INTEGER NOT NULL,
    PRIMARY KEY (organisation, who, class, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_counts_by_day ON message_counts (day);

CREATE INDEX messages_waiting_until ON messages (valid_until) WHERE state = 0;

-- How many messages came into each state. Back to `accepted` (state 0) is no coming.
CREATE TABLE message_totals (
    organisation TEXT    NOT NULL,
    state        INTEGER NOT NULL,
    messages     INTEGER NOT NULL,
    PRIMARY KEY (organisation, state)
) STRICT, WITHOUT ROWID;
INSERT INTO message_totals SELECT organisation, 0, count(*) FROM messages GROUP BY organisation;
INSERT INTO message_totals SELECT organisation, state, count(*) FROM messages WHERE state > 0
    GROUP BY organisation, state;
CREATE TRIGGER messages_accepted AFTER INSERT ON messages BEGIN
    INSERT INTO message_totals VALUES (NEW.organisation, NEW.state, 1)
        ON CONFLICT DO UPDATE SET messages = messages + 1;
END;
CREATE TRIGGER messages_moved AFTER UPDATE OF state ON messages
    WHEN NEW.state <> OLD.state AND NEW.state <> 0 BEGIN
    INSERT INTO message_totals VALUES (NEW.organisation, NEW.state, 1)
        ON CONFLICT DO UPDATE SET messages = messages + 1;
END;
)";

} // namespace uthan::db::sqlite
