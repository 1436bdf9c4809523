#pragma once

#include "db/sqlite/prepared_connection.hpp"
#include "db/sqlite/writer.hpp"
#include "service/inbound_book.hpp"

namespace uthan::db::sqlite {

/// service::inbound_book over the gateway database. Used on one thread; it reads with its own
/// connection and writes through the shared writer, which must outlive it.
class inbound_desk final : public service::inbound_book {
public:
    inbound_desk(writer& writing, connection reader)
        : writer_(writing), reader_(std::move(reader)) {}

    result<std::vector<sms::waiting_part>> waiting(const std::string& channel,
                                                   std::size_t limit) override;
    result<std::vector<sms::past_text>> history(const std::string& organisation,
                                                const std::string& from, instant since) override;
    task<error_code> settle(service::inbound_settlement what) override;

private:
    writer& writer_;
    prepared_connection reader_;
};

/// Migration of the gateway database: what was done about texts that came in. Texts that came
/// before it were never answered, and are not now.
inline constexpr const char* inbound_schema = R"(
ALTER TABLE inbound_parts ADD COLUMN taken_at INTEGER;
UPDATE inbound_parts SET taken_at = at, user_data = x'';
CREATE INDEX inbound_waiting ON inbound_parts (channel, id) WHERE taken_at IS NULL;

-- Of each text what was done about it (sms/inbound.hpp), for a day: so that a number that answers
-- by itself is not answered for ever.
CREATE TABLE inbound_answers (
    id           INTEGER PRIMARY KEY,
    organisation TEXT    NOT NULL,
    sender       TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    answered_as  INTEGER NOT NULL
) STRICT;
CREATE INDEX inbound_answers_of ON inbound_answers (organisation, sender, at);
)";

} // namespace uthan::db::sqlite
