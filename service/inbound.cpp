#include "service/inbound.hpp"

#include "access/staff.hpp"
#include "service/identity.hpp"
#include "sms/life.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace uthan::service {

/// One text on its way.
struct inbound::asking {
    std::shared_ptr<const organisation> of;
    sms::inbound_text text;
    sms::command what;
    address from;
    instant now{};
    std::vector<known_member> who = {};
};

namespace {

/// Unique for ever: ids of rows that are gone may be given again.
std::string key_of_text(const sms::inbound_text& text) {
    return fmt::format("inbound:{}:{}:{}", text.channel, text.parts.front(),
                       text.at.time_since_epoch().count());
}

sms::new_message message_of(const std::string& organisation, const sms::inbound_text& text,
                            const address& to, const short_key& key, std::string words,
                            instant now) {
    auto name = key_of_text(text);
    const auto body = short_digest(key, "inbound reply", {name});
    const auto valid_for = sms::rules_of(sms::message_class::answer).validity;
    return {.organisation = organisation,
            .idempotency_key = std::move(name),
            .body = body,
            .of = sms::message_class::answer,
            .member_code = {},
            .office_code = {},
            .to = to,
            .text = std::move(words),
            .due_at = now,
            .valid_until = now + valid_for};
}

} // namespace

std::vector<sms::inbound_part> inbound::without_pins(const organisation& of,
                                                     std::vector<sms::inbound_part> parts) const {
    if (of.keywords) {
        for (auto& one : parts) {
            one = sms::without_pin(*of.keywords, std::move(one));
        }
    }
    return parts;
}

task<error_code> inbound::find_members(asking* by) {
    auto found = co_await find_candidates(ports_.ledger, ports_.registry, by->of->code, by->from);
    if (!found) {
        co_return found.error();
    }
    for (const auto& one : *found) {
        auto facts = co_await ports_.ledger.facts(one.code);
        if (!facts && facts.error() == errc::not_found) {
            continue; // of a generation that was published meanwhile
        }
        if (!facts) {
            co_return facts.error();
        }
        access::member_ref ref{by->of->code, one.code};
        auto record = co_await ports_.registry.find(std::move(ref));
        if (!record) {
            co_return record.error();
        }
        const auto view = access::view_of(*record, by->from, by->now);
        if (view.stands != access::standing::closed) {
            by->who.push_back({std::move(*facts), std::move(*record), view.stands});
        }
    }
    co_return error_code{};
}

task<error_code> inbound::change_records(asking* by) {
    const auto name = key_of_text(by->text);
    const auto session = short_digest(ports_.key, "inbound text", {name});
    for (std::size_t i = 0; i < by->who.size(); ++i) {
        auto change = change_by(by->what, by->who, i);
        if (!change) {
            continue;
        }
        access::effect_key key{by->text.channel, session, static_cast<std::uint32_t>(i), 0};
        access::member_ref ref{by->of->code, by->who[i].facts->who.code};
        const auto done = co_await ports_.registry.apply(std::move(key), std::move(ref),
                                                         std::move(*change), by->now);
        if (!done) {
            co_return done.error();
        }
    }
    co_return error_code{};
}

task<result<inbound_reply>> inbound::answer(asking* by) {
    const auto asked = answer_of(*by->of, by->what);
    const auto meant = meant_of(by->who, by->what, asked);
    const auto wall = by->of->local.at(by->now);
    reply_ground ground;
    ground.today = wall.day;
    ground.now = wall.since_midnight;
    std::shared_ptr<const members::member_activity> activity;
    std::shared_ptr<const members::household> household;
    std::vector<members::meeting_change> meeting_changes;
    ground.meeting_changes = &meeting_changes;
    if (meant && may_be_told(by->who, *meant, asked)) {
        const auto facts = by->who[*meant].facts;
        if (menus::needs_activity(asked)) {
            auto read = co_await ports_.ledger.activity(facts->who.code);
            if (!read) {
                co_return read.error();
            }
            activity = std::move(*read);
            ground.activity = activity.get();
        }
        if (menus::needs_household(asked) &&
            members::shares_limit(*facts, by->of->rules, ground.today)) {
            auto read = co_await ports_.ledger.household_of(facts->who.code);
            if (!read) {
                co_return read.error();
            }
            household = std::move(*read);
            ground.household = household.get();
        }
        auto* desk = ports_.registry.desk();
        if (menus::needs_meeting_changes(asked) && desk != nullptr &&
            !facts->who.group_code.empty()) {
            auto read =
                co_await desk->meeting_changes(by->of->code, facts->who.group_code, ground.today);
            if (!read) {
                co_return read.error();
            }
            meeting_changes = std::move(*read);
        }
    }
    co_return reply_to(*by->of, by->what, by->who, meant, ground);
}

task<error_code> inbound::deal_with(std::shared_ptr<const organisation> of,
                                    sms::inbound_text text) {
    const auto from = numbering{}.parse(text.from);
    const auto now = ports_.time.now();
    inbound_settlement done{text.parts, of->code, text.from, sms::answered_as::silent, now};
    const bool is_asked = from.has_value() && text.is_of_person && of->keywords &&
                          !sms::is_automatic(text.text, of->signature.bn, of->signature.en);
    if (!is_asked) {
        counters_.texts[0].add();
        co_return co_await ports_.book.settle(std::move(done));
    }
    auto by = std::make_unique<asking>(asking{of, std::move(text), {}, *from, now});
    by->what = sms::read_command(*of->keywords, by->text.text);
    if (const auto failed = co_await find_members(by.get())) {
        co_return failed;
    }
    if (const auto failed = co_await change_records(by.get())) {
        co_return failed;
    }
    auto reply = co_await answer(by.get());
    if (!reply) {
        co_return reply.error();
    }
    const auto before =
        ports_.book.history(of->code, by->text.from, now - sms::past_texts_kept_for);
    if (!before) {
        co_return before.error();
    }
    const bool is_late = now - by->text.at > sms::inbound_answered_within;
    if (!is_late && !reply->text.empty()) {
        done.as = sms::gated(reply->as, *before, now);
    }
    const auto as = done.as;
    if (as != sms::answered_as::silent) {
        done.reply =
            message_of(of->code, by->text, by->from, ports_.key, std::move(reply->text), now);
    }
    if (const auto failed = co_await ports_.book.settle(std::move(done))) {
        co_return failed;
    }
    counters_.texts[static_cast<std::size_t>(as)].add();
    counters_.pins.add(by->what.kind == sms::command_kind::pin ? 1 : 0);
    if (as != sms::answered_as::silent) {
        ports_.wake();
    }
    co_return error_code{};
}

task<std::chrono::milliseconds> inbound::work(std::shared_ptr<const organisation> of) {
    auto wait = inbound_idle_max;
    for (const auto& channel : channels_) {
        const auto waiting = ports_.book.waiting(channel, inbound_batch_max);
        if (!waiting) {
            counters_.store_errors.add();
            wait = std::min(wait, inbound_idle);
            continue;
        }
        const bool is_all = waiting->size() < inbound_batch_max;
        auto assembled = sms::assemble(*waiting, ports_.time.now(), is_all);
        bool has_failed = false;
        for (auto& one : assembled.texts) {
            if (co_await deal_with(of, std::move(one))) {
                counters_.store_errors.add();
                has_failed = true;
            }
        }
        if (has_failed || assembled.is_waiting) {
            wait = std::min(wait, inbound_idle);
        } else if (!is_all) {
            wait = {};
        }
    }
    co_return wait;
}

} // namespace uthan::service
