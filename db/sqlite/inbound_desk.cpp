#include "db/sqlite/inbound_desk.hpp"

#include "db/sqlite/message_tables.hpp"
#include "db/sqlite/times.hpp"

namespace uthan::db::sqlite {
namespace {

constexpr std::string_view select_waiting_parts = R"(
SELECT id, external_id, sender, receiver, user_data, has_header, coding, reference, total, number,
    at
FROM inbound_parts WHERE channel = ?1 AND taken_at IS NULL ORDER BY id LIMIT ?2)";

constexpr std::string_view select_past_texts = R"(
SELECT at, answered_as FROM inbound_answers
WHERE organisation = ?1 AND sender = ?2 AND at > ?3 ORDER BY at DESC LIMIT ?4)";

/// Rows that one settlement brings and takes: a few more go than come.
constexpr std::int64_t forgotten_with_each = 4;

/// Of the columns of select_waiting_parts.
result<sms::waiting_part> waiting_at(const statement& row, const std::string& channel) {
    const auto coding = row.integer(6);
    if (coding < 0 || coding > static_cast<std::int64_t>(texts::user_data_coding::binary)) {
        return errc::corrupt;
    }
    sms::waiting_part read;
    read.id = static_cast<std::uint64_t>(row.integer(0));
    read.part.channel = channel;
    read.part.external_id = row.text(1);
    read.part.from = row.text(2);
    read.part.to = row.text(3);
    read.part.user_data = row.blob(4);
    read.part.has_header = row.integer(5) != 0;
    read.part.coding = static_cast<texts::user_data_coding>(coding);
    if (!row.is_null(7)) {
        read.part.part = texts::part_of_message{static_cast<std::uint16_t>(row.integer(7)), false,
                                                static_cast<std::uint8_t>(row.integer(8)),
                                                static_cast<std::uint8_t>(row.integer(9))};
    }
    read.part.at = moment_at(row, 10);
    return read;
}

struct settle_inbound {
    using value_type = std::size_t; ///< parts that were taken up

    service::inbound_settlement what;

    result<value_type> run(prepared_connection& db) const {
        const auto taken = take_parts(db);
        if (!taken || *taken == 0) {
            return taken;
        }
        if (const auto failed = note(db)) {
            return failed;
        }
        if (what.reply) {
            const auto accepted = accept_message(db, *what.reply, what.at);
            if (!accepted) {
                return accepted.error();
            }
        }
        return taken;
    }

private:
    result<value_type> take_parts(prepared_connection& db) const {
        const auto take = db.prepared("UPDATE inbound_parts SET taken_at = ?2, user_data = x'' "
                                      "WHERE id = ?1 AND taken_at IS NULL");
        if (!take) {
            return take.error();
        }
        std::size_t taken = 0;
        for (const auto id : what.parts) {
            (*take)->bind(1, static_cast<std::int64_t>(id));
            (*take)->bind(2, stored(what.at));
            if (const auto failed = (*take)->run()) {
                return failed;
            }
            taken += static_cast<std::size_t>(db.db().changes());
        }
        return taken;
    }

    error_code note(prepared_connection& db) const {
        const auto insert =
            db.prepared("INSERT INTO inbound_answers (organisation, sender, at, answered_as) "
                        "VALUES (?1, ?2, ?3, ?4)");
        const auto forget = db.prepared(
            "DELETE FROM inbound_answers WHERE id IN (SELECT id FROM (SELECT id, at FROM "
            "inbound_answers ORDER BY id LIMIT ?2) WHERE at < ?1)");
        if (!insert || !forget) {
            return errc::store_unavailable;
        }
        (*forget)->bind(1, stored(what.at - sms::past_texts_kept_for));
        (*forget)->bind(2, forgotten_with_each);
        if (const auto failed = (*forget)->run()) {
            return failed;
        }
        auto& row = **insert;
        row.bind_view(1, what.organisation);
        row.bind_view(2, what.from);
        row.bind(3, stored(what.at));
        row.bind(4, static_cast<std::int64_t>(what.as));
        return row.run();
    }
};

} // namespace

result<std::vector<sms::waiting_part>> inbound_desk::waiting(const std::string& channel,
                                                             std::size_t limit) {
    const auto select = reader_.prepared(select_waiting_parts);
    if (!select) {
        return select.error();
    }
    auto& row = **select;
    row.bind_view(1, channel);
    row.bind(2, static_cast<std::int64_t>(limit));
    std::vector<sms::waiting_part> found;
    const auto failed = each_row(row, [&](const statement& part) -> error_code {
        auto read = waiting_at(part, channel);
        if (!read) {
            return read.error();
        }
        found.push_back(std::move(*read));
        return {};
    });
    if (failed) {
        return failed;
    }
    return found;
}

result<std::vector<sms::past_text>> inbound_desk::history(const std::string& organisation,
                                                          const std::string& from, instant since) {
    const auto select = reader_.prepared(select_past_texts);
    if (!select) {
        return select.error();
    }
    auto& row = **select;
    row.bind_view(1, organisation);
    row.bind_view(2, from);
    row.bind(3, stored(since));
    row.bind(4, static_cast<std::int64_t>(service::past_texts_max));
    std::vector<sms::past_text> found;
    const auto failed = each_row(row, [&](const statement& past) -> error_code {
        const auto as = past.integer(1);
        if (as < 0 || as >= static_cast<std::int64_t>(sms::answered_kinds)) {
            return errc::corrupt;
        }
        found.push_back({moment_at(past, 0), static_cast<sms::answered_as>(as)});
        return {};
    });
    if (failed) {
        return failed;
    }
    return found;
}

task<error_code> inbound_desk::settle(service::inbound_settlement what) {
    settle_inbound work{std::move(what)};
    const auto done = co_await writer_.perform(std::move(work));
    co_return done ? error_code{} : done.error();
}

} // namespace uthan::db::sqlite
