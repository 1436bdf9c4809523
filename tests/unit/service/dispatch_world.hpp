#pragma once

#include "access/record.hpp"
#include "core/clock.hpp"
#include "members/ledger.hpp"
#include "service/dispatcher.hpp"
#include "sms/life.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// A dispatcher with several channels, a queue in memory and a clock that a test moves.
namespace uthan::service::dispatch_test {

using namespace std::chrono_literals;

/// Tuesday 2026-11-24, noon in Dhaka.
inline constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} +
                              std::chrono::hours{6}};

class moved_clock final : public clock {
public:
    instant now() const override { return noon + since; }
    sms::pacer::time_point steady() const { return sms::pacer::time_point{since + 1h}; }
    std::chrono::milliseconds since{0};
};

/// The queue's port over sms/life alone.
class memory_outbox final : public sms::outbox {
public:
    std::map<std::uint64_t, sms::message_record> messages;
    std::map<std::string, sms::served_by> served; ///< by number
    std::uint64_t facts_version = 0;
    bool refuses = false;
    std::function<void()> before_claims; ///< perhaps empty
    std::vector<sms::heard_subscriber> heard;

    task<result<std::vector<sms::accept_outcome>>> accept(std::vector<sms::new_message> all,
                                                          instant now) override {
        std::vector<sms::accept_outcome> outcomes;
        for (auto& one : all) {
            sms::message_record made;
            made.id = messages.size() + 1;
            made.organisation = one.organisation;
            made.of = one.of;
            made.member_code = one.member_code;
            made.to = one.to;
            made.text = one.text;
            made.accepted_at = now;
            made.due_at = one.due_at;
            made.valid_until = one.valid_until;
            made.history.push_back({now, sms::message_state::accepted, sms::reason::none, 0});
            outcomes.push_back({sms::accept_kind::created, made.id});
            messages.emplace(made.id, std::move(made));
        }
        co_return outcomes;
    }
    task<result<std::vector<sms::due_message>>> due(std::string, sms::message_class of,
                                                    sms::due_place after, instant now,
                                                    std::size_t limit) override {
        std::vector<sms::due_message> found;
        for (const auto& [id, one] : messages) {
            const bool is_behind = std::pair{one.due_at, id} > std::pair{after.due_at, after.id};
            if (one.of == of && one.state == sms::message_state::accepted && one.due_at <= now &&
                is_behind) {
                const auto known = served.find(one.to.reveal());
                found.push_back({one,
                                 {facts_version, 0},
                                 known == served.end() ? sms::served_by{} : known->second});
            }
        }
        std::ranges::sort(found, {}, [](const sms::due_message& one) {
            return std::pair{one.message.due_at, one.message.id};
        });
        found.resize(std::min(found.size(), limit));
        co_return found;
    }
    task<result<sms::sent_counts>> sent_before(sms::message_record message, calendar_day) override {
        co_return sent_of(message);
    }
    task<result<std::optional<instant>>> next_due(std::string) override {
        co_return std::optional<instant>{};
    }
    task<result<std::vector<sms::claim_outcome>>> claim_all(std::vector<sms::claim> claims,
                                                            instant now) override {
        if (refuses) {
            co_return errc::store_unavailable;
        }
        if (const auto hook = before_claims) {
            hook();
        }
        std::vector<sms::claim_outcome> outcomes;
        for (const auto& by : claims) {
            outcomes.push_back({claim_one(by, now), 0});
        }
        co_return outcomes;
    }
    task<error_code> record(std::vector<sms::report> reports, instant now) override {
        if (refuses) {
            co_return make_error_code(errc::store_unavailable);
        }
        for (const auto& one : reports) {
            const auto id = std::visit([](const auto& of) { return of.id; }, one);
            sms::apply(messages.at(id), one, now);
        }
        co_return error_code{};
    }
    task<result<std::vector<sms::receipt_outcome>>> receive(std::vector<sms::receipt>,
                                                            instant) override {
        co_return std::vector<sms::receipt_outcome>{};
    }
    task<error_code> take_in(std::vector<sms::inbound_part>) override { co_return error_code{}; }
    task<error_code> learn(std::vector<sms::heard_subscriber> whom, instant) override {
        heard = std::move(whom);
        co_return error_code{};
    }
    task<result<std::uint64_t>> expire(instant) override { co_return std::uint64_t{0}; }
    task<result<sms::message_record>> find(std::string, std::uint64_t id) override {
        co_return messages.at(id);
    }
    task<result<bool>> cancel(std::string, std::uint64_t id, instant now) override {
        co_return sms::cancel(messages.at(id), now);
    }
    task<result<std::uint64_t>> settle_restart(instant) override { co_return std::uint64_t{0}; }
    task<result<bool>> tidy(instant, instant) override { co_return false; }
    task<result<std::vector<sms::spending>>> spent(std::string, calendar_day) override {
        co_return std::vector<sms::spending>{};
    }
    task<result<sms::queue_depths>> depths(std::string) override { co_return sms::queue_depths{}; }

private:
    sms::sent_counts sent_of(const sms::message_record& message) const {
        const auto count = std::ranges::count_if(messages, [&message](const auto& one) {
            return one.second.of == message.of && !one.second.channel.empty() &&
                   one.second.member_code == message.member_code;
        });
        return {static_cast<std::uint32_t>(count), static_cast<std::uint32_t>(count)};
    }
    sms::claim_kind claim_one(const sms::claim& by, instant now) {
        auto& message = messages.at(by.id);
        if (by.fenced && by.read_on.facts_version != facts_version) {
            return sms::claim_kind::facts_moved;
        }
        if (message.channel.empty() && sms::is_capped(by.most, sent_of(message))) {
            return sms::claim_kind::capped;
        }
        return sms::take(message, by, now) ? sms::claim_kind::claimed : sms::claim_kind::gone;
    }
};

/// What every member chose, and nothing else.
class choices final : public access::registry {
public:
    std::map<std::string, access::sms_choice> of;

    task<result<access::member_record>> find(access::member_ref who) override {
        access::member_record record;
        const auto chosen = of.find(who.member_code);
        record.sms = chosen == of.end() ? access::sms_choice::with_amounts : chosen->second;
        record.sms_chosen_at = noon;
        co_return record;
    }
    task<result<std::vector<members::request>>> requests(access::member_ref) override {
        co_return std::vector<members::request>{};
    }
    task<result<access::outcome>> apply(access::effect_key, access::member_ref, access::change,
                                        instant) override {
        co_return errc::store_unavailable;
    }
    task<result<std::optional<access::outcome>>> recorded(access::effect_key) override {
        co_return std::optional<access::outcome>{};
    }
};

/// Members without facts worth a word.
class plain_books final : public members::ledger {
public:
    std::uint32_t generation() const noexcept override { return 0; }
    task<result<std::vector<members::candidate>>> members_of(address) override {
        co_return std::vector<members::candidate>{};
    }
    task<result<std::shared_ptr<const members::member_facts>>> facts(std::string) override {
        co_return std::make_shared<const members::member_facts>();
    }
    task<result<std::shared_ptr<const members::member_activity>>> activity(std::string) override {
        co_return errc::not_found;
    }
    task<result<std::shared_ptr<const members::household>>> household_of(std::string) override {
        co_return errc::not_found;
    }
    task<result<std::shared_ptr<const members::ladder_source>>> ladder(std::string) override {
        co_return errc::not_found;
    }
};

/// A channel's link that does what a test says.
class played_link final : public sms::link {
public:
    sms::link_state is = sms::link_state::up;
    std::size_t window = 1000;
    std::deque<sms::outgoing_part> under_way;
    std::vector<sms::outgoing_part> took;
    sms::link_events* to = nullptr;

    sms::link_state state() const noexcept override { return is; }
    std::size_t free_slots() const noexcept override {
        return is == sms::link_state::up ? window - std::min(window, under_way.size()) : 0;
    }
    std::size_t in_flight() const noexcept override { return under_way.size(); }
    void submit(std::vector<sms::outgoing_part> parts) override {
        for (auto& one : parts) {
            took.push_back(one);
            under_way.push_back(std::move(one));
        }
    }

    void turn(sms::link_state next) {
        is = next;
        to->changed();
    }
    void answer_all() {
        for (const auto& one : std::exchange(under_way, {})) {
            to->reported(sms::part_submitted{one.id, one.part, "x", "a", one.reference});
        }
    }
    void lose_all() {
        for (const auto& one : std::exchange(under_way, {})) {
            to->reported(sms::part_unconfirmed{one.id, one.part, sms::reason::no_answer});
        }
    }
};

class dispatch_world {
public:
    explicit dispatch_world(std::vector<sms::channel_terms> terms, sms::class_caps most = {})
        : links(terms.size()) {
        std::vector<dispatch_channel> channels;
        for (std::size_t i = 0; i < terms.size(); ++i) {
            channels.push_back({terms[i], links[i]});
        }
        auto* const time = &at;
        it.emplace(dispatcher_ports{"kmss", box, books, at, [time] { return time->steady(); },
                                    [] {}, &registry},
                   std::move(channels), sms::dispatch_policy{zone{"Asia/Dhaka"}, {}, {}, most, {}});
        for (std::size_t i = 0; i < terms.size(); ++i) {
            links[i].to = &it->events_of(i);
            links[i].to->changed();
        }
    }

    template <class T>
    T await(task<T> what) {
        std::optional<T> value;
        auto keep = [&value](std::exception_ptr failed, T done) {
            if (failed) {
                std::rethrow_exception(failed);
            }
            value.emplace(std::move(done));
        };
        asio::co_spawn(loop.get_executor(), std::move(what), keep);
        loop.restart();
        loop.run();
        return std::move(value).value();
    }

    std::uint64_t accept(sms::message_class of = sms::message_class::answer,
                         std::string member_code = {}, std::string text = "Tk 245") {
        const auto number = fmt::format("017{:08}", ++numbers);
        sms::new_message made{.organisation = "kmss",
                              .idempotency_key = number,
                              .body = {},
                              .of = of,
                              .member_code = std::move(member_code),
                              .office_code = {},
                              .to = numbering{}.parse(number).value(),
                              .text = std::move(text),
                              .fence = {},
                              .due_at = at.now(),
                              .valid_until = at.now() + 24h};
        std::vector<sms::new_message> batch;
        batch.push_back(std::move(made));
        return await(box.accept(std::move(batch), at.now())).value().front().id;
    }
    /// Every channel once; then what was reported is stored.
    void feed() {
        for (std::size_t i = 0; i < links.size(); ++i) {
            await(it->feed(i));
        }
        while (it->has_reports() && await(it->record())) {
        }
    }
    void pass(std::chrono::milliseconds time) { at.since += time; }
    /// By which channel a new answer goes; nullopt: it waits.
    std::optional<std::size_t> goes_by() {
        const auto id = accept();
        feed();
        for (std::size_t i = 0; i < links.size(); ++i) {
            if (!links[i].took.empty() && links[i].took.back().id == id) {
                links[i].answer_all();
                feed();
                return i;
            }
        }
        // It is not in the way of the next one.
        await(box.cancel("kmss", id, at.now()));
        return std::nullopt;
    }
    const sms::message_record& message(std::uint64_t id) const { return box.messages.at(id); }

    asio::io_context loop{1};
    moved_clock at;
    memory_outbox box;
    plain_books books;
    choices registry;
    std::deque<played_link> links;
    std::optional<dispatcher> it;
    unsigned numbers = 0;
};

} // namespace uthan::service::dispatch_test
