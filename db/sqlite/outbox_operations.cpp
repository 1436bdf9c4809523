#include "db/sqlite/outbox_operations.hpp"

#include "db/sqlite/message_tables.hpp"
#include "db/sqlite/receipt_tables.hpp"
#include "sms/life.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace uthan::db::sqlite {
namespace {

using sms::message_record;

/// What a claim's fence would be asked on now.
result<sms::facts_mark> mark_of(prepared_connection& db, const message_record& message) {
    const auto generation = load_generation(db, message.organisation);
    if (!generation) {
        return generation.error();
    }
    const auto version = load_facts_version(db, message.organisation, message.member_code);
    if (!version) {
        return version.error();
    }
    return sms::facts_mark{*version, *generation};
}

result<sms::claim_outcome> claim_one(prepared_connection& db, const sms::claim& by, instant now) {
    auto message = load_message(db, by.id);
    if (!message) {
        return message.error() == errc::not_found ? result<sms::claim_outcome>{sms::claim_outcome{}}
                                                  : message.error();
    }
    if (by.fenced) {
        const auto mark = mark_of(db, *message);
        if (!mark) {
            return mark.error();
        }
        if (*mark != by.read_on) {
            return sms::claim_outcome{sms::claim_kind::facts_moved, 0};
        }
    }
    const bool begins = sms::bound_channel(*message).empty();
    const bool is_capped = by.most != sms::class_cap{};
    const bool is_counted =
        message->channel.empty() && (is_capped || sms::rules_of(message->of).is_optional);
    if (is_counted && is_capped) {
        const auto sent = load_sent(db, *message, by.day);
        if (!sent) {
            return sent.error();
        }
        if (sms::is_capped(by.most, *sent)) {
            return sms::claim_outcome{sms::claim_kind::capped, 0};
        }
    }
    const bool parts_anew = begins && (message->parts.size() > 1 || by.parts > 1);
    const bool is_copy = message->marked;
    if (!sms::take(*message, by, now)) {
        return sms::claim_outcome{};
    }
    if (is_counted) {
        if (const auto failed = count_sent(db, *message, by.day)) {
            return failed;
        }
    }
    if (is_copy && parts_anew) {
        if (const auto failed = forget_names(db, message->id)) {
            return failed;
        }
    }
    if (begins && by.parts > 1) {
        const auto reference = next_reference(db, message->to.reveal());
        if (!reference) {
            return reference.error();
        }
        message->reference = *reference;
    }
    if (const auto failed = store_life(db, *message)) {
        return failed;
    }
    return sms::claim_outcome{sms::claim_kind::claimed, message->reference};
}

std::uint64_t id_of(const sms::report& what) {
    return std::visit([](const auto& one) { return one.id; }, what);
}

/// Empty: it reaches everybody's.
std::string_view operator_of(const shared_channel_operators& all, std::string_view channel) {
    const auto found = all ? all->find(channel) : channel_operators::const_iterator{};
    return all && found != all->end() ? std::string_view{found->second} : std::string_view{};
}

/// E.164 digits; empty for a token.
std::string number_of(const address& who) {
    return who.type() == address::kind::msisdn ? who.reveal() : std::string{};
}

/// The channel's operator, if it is of one, serves this number.
error_code learn(prepared_connection& db, const shared_channel_operators& all,
                 std::string_view channel, std::string_view number, instant now) {
    const auto by = operator_of(all, channel);
    return by.empty() || number.empty() ? error_code{} : learn_operator(db, number, by, now);
}

/// The messages of one commit, with what they cost.
class lives {
public:
    lives(prepared_connection& db, instant now, shared_channel_operators operators = {})
        : db_(db), now_(now), operators_(std::move(operators)) {}

    /// Loads, changes, stores; 0 where there is no such message or nothing changed, else 1.
    template <class Change>
    result<std::size_t> change(std::uint64_t id, Change apply) {
        auto message = load_message(db_, id);
        if (message) {
            return change(std::move(*message), apply);
        }
        return message.error() == errc::not_found ? result<std::size_t>{0U}
                                                  : result<std::size_t>{message.error()};
    }

    /// The same of a message that was loaded in this commit.
    template <class Change>
    result<std::size_t> change(message_record message, Change apply) {
        const auto taken = message.taken;
        const auto price = message.price;
        const auto before = message.state;
        if (!apply(message)) {
            return 0U;
        }
        const bool arrived = before != message.state &&
                             message.state == sms::message_state::delivered && !message.marked;
        if (arrived) {
            const auto failed =
                learn(db_, operators_, message.channel, number_of(message.to), now_);
            if (failed) {
                return failed;
            }
        }
        spent_.note(message, message.taken - taken, message.price - price, now_);
        if (const auto failed = store_life(db_, message)) {
            return failed;
        }
        return 1U;
    }

    /// The channel of its last claim says that it knows no such subscriber.
    error_code deny(const message_record& message) const {
        const auto by = operator_of(operators_, message.channel);
        const auto number = number_of(message.to);
        return by.empty() || number.empty() ? error_code{} : deny_operator(db_, number, by, now_);
    }

    error_code finish() const { return spent_.store(db_); }

private:
    prepared_connection& db_;
    instant now_;
    shared_channel_operators operators_;
    spending_notes spent_;
};

/// What a channel's name for a part brings: it is kept, and receipts that came before it count.
error_code settle_name(prepared_connection& db, lives& all, const sms::part_submitted& r,
                       std::string_view number, bool any_parked, instant now) {
    const auto failed = store_name(db, r.account, r.external_id, {r.id, r.part});
    if (failed || !any_parked) {
        return failed;
    }
    const auto early = take_parked(db, r.account, r.external_id, number);
    if (!early) {
        return early.error();
    }
    for (const auto& one : *early) {
        const auto changed = all.change(r.id, [&](message_record& message) {
            return sms::apply_receipt(message, r.part, one.state, one.error, now);
        });
        if (!changed) {
            return changed.error();
        }
    }
    return {};
}

result<std::size_t> record_one(prepared_connection& db, lives& all, const sms::report& one,
                               bool any_parked, instant now) {
    const auto* submitted = std::get_if<sms::part_submitted>(&one);
    const auto* refused = std::get_if<sms::part_refused>(&one);
    std::optional<std::string> number;
    error_code unlearnt;
    const auto changed = all.change(id_of(one), [&](message_record& message) {
        if (refused != nullptr && refused->is_foreign) {
            unlearnt = all.deny(message);
        }
        if (submitted == nullptr || !sms::is_of_earlier_copy(message, submitted->reference)) {
            number = message.to.reveal();
        }
        return sms::apply(message, one, now);
    });
    if (unlearnt) {
        return unlearnt;
    }
    if (!changed || !number || submitted == nullptr || submitted->account.empty() ||
        submitted->external_id.empty()) {
        return changed;
    }
    const auto failed = settle_name(db, all, *submitted, *number, any_parked, now);
    return failed ? result<std::size_t>{failed} : changed;
}

/// The one part that the receipt is of, with its message.
struct received_part {
    message_record message;
    std::uint8_t part = 0;
};

/// None where it may be of several, or is of none.
result<std::optional<received_part>> part_of(prepared_connection& db, const sms::receipt& one) {
    const auto named = load_named(db, one);
    if (!named) {
        return named.error();
    }
    std::optional<received_part> fits;
    for (const auto& candidate : *named) {
        auto message = load_message(db, candidate.message);
        if (!message && message.error() != errc::not_found) {
            return message.error();
        }
        if (!message || (!one.number.empty() && message->to.reveal() != one.number)) {
            continue;
        }
        if (fits) {
            return std::optional<received_part>{};
        }
        fits = received_part{std::move(*message), candidate.part};
    }
    return fits;
}

result<sms::receipt_outcome> receive_one(prepared_connection& db, lives& all,
                                         const sms::receipt& one, instant now) {
    auto of = part_of(db, one);
    if (!of) {
        return of.error();
    }
    if (!*of) {
        const auto failed = park(db, one, now);
        return failed ? result<sms::receipt_outcome>{failed} : sms::receipt_outcome::parked;
    }
    const auto part = (*of)->part;
    const auto changed = all.change(std::move((*of)->message), [&](message_record& message) {
        return sms::apply_receipt(message, part, one.state, one.error, now);
    });
    if (!changed) {
        return changed.error();
    }
    return *changed != 0 ? sms::receipt_outcome::applied : sms::receipt_outcome::repeated;
}

} // namespace

result<std::vector<sms::accept_outcome>> accept_messages::run(prepared_connection& db) const {
    value_type outcomes;
    outcomes.reserve(messages.size());
    for (const auto& one : messages) {
        const auto outcome = accept_message(db, one, now);
        if (!outcome) {
            return outcome.error();
        }
        outcomes.push_back(*outcome);
    }
    return outcomes;
}

result<std::vector<sms::claim_outcome>> claim_messages::run(prepared_connection& db) const {
    value_type outcomes;
    outcomes.reserve(claims.size());
    for (const auto& one : claims) {
        const auto outcome = claim_one(db, one, now);
        if (!outcome) {
            return outcome.error();
        }
        outcomes.push_back(*outcome);
    }
    return outcomes;
}

result<std::size_t> record_reports::run(prepared_connection& db) const {
    std::size_t changes = 0;
    lives all{db, now, operators};
    // Mostly none is, and nothing in here parks one.
    const auto any_parked = has_parked(db);
    if (!any_parked) {
        return any_parked.error();
    }
    for (const auto& one : reports) {
        const auto changed = record_one(db, all, one, *any_parked, now);
        if (!changed) {
            return changed.error();
        }
        changes += *changed;
    }
    if (const auto failed = all.finish()) {
        return failed;
    }
    return changes;
}

result<std::vector<sms::receipt_outcome>> receive_receipts::run(prepared_connection& db) const {
    value_type outcomes;
    outcomes.reserve(receipts.size());
    lives all{db, now, operators};
    for (const auto& one : receipts) {
        const auto outcome = receive_one(db, all, one, now);
        if (!outcome) {
            return outcome.error();
        }
        outcomes.push_back(*outcome);
    }
    return outcomes;
}

result<std::size_t> take_in_parts::run(prepared_connection& db) const {
    const auto insert =
        db.prepared("INSERT INTO inbound_parts (channel, external_id, sender, receiver, user_data, "
                    "has_header, coding, reference, total, number, at) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING");
    const auto forget = db.prepared(
        "DELETE FROM inbound_parts WHERE channel = ?1 AND external_id = ?2 AND at < ?3");
    if (!insert || !forget) {
        return errc::store_unavailable;
    }
    std::size_t added = 0;
    for (const auto& one : parts) {
        if (one.user_data.size() > sms::inbound_octets_max) {
            return errc::too_large;
        }
        (*forget)->bind_view(1, one.channel);
        (*forget)->bind_view(2, one.external_id);
        (*forget)->bind(3, (one.at - inbound_repeats_within).time_since_epoch().count());
        if (const auto failed = (*forget)->run()) {
            return failed;
        }
        auto& row = **insert;
        row.bind_view(1, one.channel);
        row.bind_view(2, one.external_id);
        row.bind_view(3, one.from);
        row.bind_view(4, one.to);
        row.bind_blob(5, one.user_data);
        row.bind(6, one.has_header ? 1 : 0);
        row.bind(7, static_cast<std::int64_t>(one.coding));
        const auto of = one.part.value_or(texts::part_of_message{});
        row.bind_optional(8, one.part ? std::optional<std::int64_t>{of.reference} : std::nullopt);
        row.bind_optional(9, one.part ? std::optional<std::int64_t>{of.total} : std::nullopt);
        row.bind_optional(10, one.part ? std::optional<std::int64_t>{of.number} : std::nullopt);
        row.bind(11, one.at.time_since_epoch().count());
        if (const auto failed = row.run()) {
            return failed;
        }
        const bool is_new = db.db().changes() != 0;
        added += is_new ? 1 : 0;
        if (is_new) {
            if (const auto failed = learn(db, operators, one.channel, one.from, one.at)) {
                return failed;
            }
        }
    }
    return added;
}

result<std::size_t> learn_operators::run(prepared_connection& db) const {
    std::size_t learnt = 0;
    for (const auto& one : heard) {
        if (const auto failed = learn(db, operators, one.channel, number_of(one.who), now)) {
            return failed;
        }
        learnt += operator_of(operators, one.channel).empty() ? 0 : 1;
    }
    return learnt;
}

result<std::uint64_t> expire_waiting::run(prepared_connection& db) const {
    const auto ids = load_overdue(db, now, step_rows_max);
    if (!ids) {
        return ids.error();
    }
    value_type ended = 0;
    lives all{db, now};
    for (const auto id : *ids) {
        const auto changed =
            all.change(id, [this](message_record& message) { return sms::expire(message, now); });
        if (!changed) {
            return changed.error();
        }
        ended += *changed;
    }
    const auto failed = all.finish();
    return failed ? result<value_type>{failed} : ended;
}

result<std::size_t> cancel_message::run(prepared_connection& db) const {
    lives all{db, now};
    return all.change(id, [this](message_record& message) {
        return message.organisation == organisation && sms::cancel(message, now);
    });
}

result<settle_interrupted::value_type> settle_interrupted::run(prepared_connection& db) const {
    const auto ids = load_submitting(db, after, step_rows_max);
    if (!ids) {
        return ids.error();
    }
    value_type done;
    lives all{db, now};
    for (const auto id : *ids) {
        const auto changed = all.change(id, [&](message_record& message) {
            bool any = false;
            for (std::size_t part = 0; part < message.parts.size(); ++part) {
                any |= sms::apply(message,
                                  sms::part_unconfirmed{id, static_cast<std::uint8_t>(part),
                                                        sms::reason::restarted},
                                  now);
            }
            return any;
        });
        if (!changed) {
            return changed.error();
        }
        ++done.settled;
    }
    done.last = ids->size() == step_rows_max ? ids->back() : 0;
    if (const auto failed = all.finish()) {
        return failed;
    }
    return done;
}

result<std::size_t> tidy_messages::run(prepared_connection& db) const {
    const auto dropped = drop_parked(db, now - parked_for, step_rows_max);
    if (!dropped) {
        return dropped.error();
    }
    const auto forgotten = drop_old_knowledge(db, now, step_rows_max);
    if (!forgotten) {
        return forgotten.error();
    }
    // The oldest have the lowest ids; the newest row stays, so that no id is given twice.
    const auto names = db.prepared(
        "DELETE FROM message_names WHERE message IN (SELECT id FROM (SELECT id, accepted_at, state "
        "FROM messages WHERE id < (SELECT max(id) FROM messages) ORDER BY id LIMIT ?2) "
        "WHERE accepted_at < ?1 AND state > 1)");
    const auto rows = db.prepared(
        "DELETE FROM messages WHERE id IN (SELECT id FROM (SELECT id, accepted_at, state "
        "FROM messages WHERE id < (SELECT max(id) FROM messages) ORDER BY id LIMIT ?2) "
        "WHERE accepted_at < ?1 AND state > 1)");
    if (!names || !rows) {
        return errc::store_unavailable;
    }
    const auto inbound =
        db.prepared("DELETE FROM inbound_parts WHERE id IN (SELECT id FROM "
                    "(SELECT id, at FROM inbound_parts ORDER BY id LIMIT ?2) WHERE at < ?1)");
    if (!inbound) {
        return inbound.error();
    }
    (*inbound)->bind(1, (now - inbound_kept_for).time_since_epoch().count());
    (*inbound)->bind(2, static_cast<std::int64_t>(step_rows_max));
    if (const auto failed = (*inbound)->run()) {
        return failed;
    }
    for (auto* one : {*names, *rows}) {
        one->bind(1, keep_from.time_since_epoch().count());
        one->bind(2, static_cast<std::int64_t>(step_rows_max));
        if (const auto failed = one->run()) {
            return failed;
        }
    }
    return std::max({*dropped, *forgotten, static_cast<std::size_t>(db.db().changes())});
}

} // namespace uthan::db::sqlite
