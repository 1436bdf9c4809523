#include "gateway/messaging_part.hpp"

#include "gateway/open_reader.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>

namespace uthan::gateway {
namespace {

using namespace std::chrono_literals;

sms::health health_of(sms::link_state state) noexcept {
    switch (state) {
    case sms::link_state::up:
        return sms::health::up;
    case sms::link_state::down:
        return sms::health::down;
    case sms::link_state::stopped:
        break;
    }
    return sms::health::stopped;
}

sms::dispatch_policy policy_of(const settings& all, const organisation_settings& from) {
    return {zone{from.zone_name}, from.messages.quiet, from.messages.limit, from.messages.most,
            all.operator_prefixes};
}

db::sqlite::shared_channel_operators operators_of(const settings& all) {
    db::sqlite::channel_operators operators;
    for (const auto& one : all.channels) {
        if (!one.network_operator.empty()) {
            operators.emplace(one.name, one.network_operator);
        }
    }
    return std::make_shared<const db::sqlite::channel_operators>(std::move(operators));
}

const channel_settings* find_channel(const settings& all, std::string_view name) {
    const auto found = std::ranges::find(all.channels, name, &channel_settings::name);
    return found == all.channels.end() ? nullptr : &*found;
}

} // namespace

messaging_part::messaging_part(const messaging_parts& shared, const organisation_settings& one,
                               const link_factory& make_link, const bool& stopping)
    : code_(one.code), log_(shared.log), stopping_(stopping), on_(shared.loop.get_executor()),
      outbox_(shared.database.writing(), open_reader(shared.database), operators_of(shared.from)),
      ledger_(shared.published.of(one.code),
              std::make_unique<db::sqlite::payments_reader>(one.code, open_reader(shared.database),
                                                            shared.payments.at(one.code))),
      registry_(shared.database.writing(), open_reader(shared.database),
                db::sqlite::pin_policies{{one.code, one.pin_policy}}),
      book_(shared.database.writing(), open_reader(shared.database)),
      shown_(shared.what.organisations.at(one.code)), recording_(on_), reading_(on_) {
    make_channels(shared, make_link);
    std::vector<service::dispatch_channel> channels;
    for (auto& one_channel : channels_) {
        channels.push_back({one_channel.terms, *one_channel.link});
    }
    dispatcher_.emplace(service::dispatcher_ports{code_, outbox_, ledger_, shared.time,
                                                  [] { return std::chrono::steady_clock::now(); },
                                                  [this] { ring(); }, &registry_},
                        std::move(channels), policy_of(shared.from, one));
    make_inbound(shared);
    inbox_.to = &*dispatcher_;
    inbox_.of = this;
}

void messaging_part::start() {
    for (std::size_t i = 0; i < channels_.size(); ++i) {
        channels_[i].link->start(dispatcher_->events_of(i));
        asio::co_spawn(on_, feed(i), rethrow);
    }
    for (auto& one : dialogue_links_) {
        one.link->start(no_texts_);
    }
    asio::co_spawn(on_, record(), rethrow);
    asio::co_spawn(on_, read_texts(), rethrow);
}

void messaging_part::show(const settings& next) {
    const auto* const rules = next.find_organisation(code_);
    if (rules != nullptr) {
        dispatcher_->show(policy_of(next, *rules));
    }
    outbox_.show(operators_of(next));
    for (auto& one : channels_) {
        const auto* const found = find_channel(next, one.terms.name);
        if (found == nullptr || !found->texts) {
            continue;
        }
        one.terms = *found->texts;
        if (const auto* as = std::get_if<smpp_link_settings>(&found->link)) {
            one.link->set_window(as->session.window);
        }
    }
    std::vector<sms::channel_terms> terms;
    for (const auto& one : channels_) {
        terms.push_back(one.terms);
    }
    dispatcher_->show(terms);
}

task<void> messaging_part::look_after() {
    const auto read = co_await outbox_.depths(code_);
    if (read) {
        for (std::size_t of = 0; of < depths_.size(); ++of) {
            depths_[of].set(static_cast<std::int64_t>(read->waiting[of]));
        }
        submitting_.set(static_cast<std::int64_t>(read->submitting));
    }
    for (std::size_t i = 0; i < channels_.size(); ++i) {
        look_after(channels_[i], dispatcher_->health_of(i));
    }
    for (auto& one : dialogue_links_) {
        look_after(one, health_of(one.link->state()));
    }
}

void messaging_part::add_stopped(std::vector<std::string>& to) const {
    for (const auto* const list : {&channels_, &dialogue_links_}) {
        for (const auto& one : *list) {
            if (one.health.value() == static_cast<std::int64_t>(sms::health::stopped)) {
                to.push_back(one.terms.name);
            }
        }
    }
}

void messaging_part::make_inbound(const messaging_parts& shared) {
    std::vector<std::string> names;
    for (const auto& one : channels_) {
        names.push_back(one.terms.name);
    }
    inbound_.emplace(service::inbound_ports{ledger_, registry_, book_, shared.time,
                                            short_key_of(shared.key), [this] { ring(); }},
                     std::move(names));
}

void messaging_part::make_channels(const messaging_parts& shared, const link_factory& make_link) {
    for (const auto& one : shared.from.channels) {
        if (one.organisation != code_ || !std::holds_alternative<smpp_link_settings>(one.link)) {
            continue;
        }
        auto& made = one.texts ? channels_.emplace_back() : dialogue_links_.emplace_back();
        if (one.texts) {
            made.terms = *one.texts;
        }
        made.terms.name = one.name;
        made.link = make_link(one, inbox_);
        made.bell = std::make_unique<doorbell>(on_);
    }
}

std::vector<text_link*> messaging_part::links() const {
    std::vector<text_link*> all;
    for (const auto* const list : {&channels_, &dialogue_links_}) {
        for (const auto& one : *list) {
            all.push_back(one.link.get());
        }
    }
    return all;
}

task<void> messaging_part::feed(std::size_t index) {
    while (!stopping_) {
        const auto wait = co_await dispatcher_->feed(index);
        if (wait == 0ms) {
            co_await asio::post(on_, asio::use_awaitable_t<executor>{});
            continue;
        }
        co_await channels_[index].bell->wait(wait);
    }
}

task<void> messaging_part::record() {
    while (!gives_up_) {
        if (!dispatcher_->has_reports()) {
            co_await recording_.wait(1s);
        } else if (!co_await dispatcher_->record()) {
            steady_timer pause{on_, 100ms};
            co_await pause.async_wait(as_result);
        }
    }
}

task<void> messaging_part::read_texts() {
    while (!stopping_) {
        const auto wait = co_await inbound_->work(shown_);
        if (wait > 0ms && !stopping_) {
            co_await reading_.wait(wait);
        }
    }
}

void messaging_part::look_after(channel& one, sms::health now) {
    const auto before = static_cast<sms::health>(one.health.value());
    one.health.set(static_cast<std::int64_t>(now));
    if (now == sms::health::stopped && before != now) {
        log_.error("event=channel_stopped channel={} organisation={}", one.terms.name, code_);
    } else if (before == sms::health::stopped && before != now) {
        log_.info("event=channel_resumed channel={} organisation={}", one.terms.name, code_);
    }
}

namespace {

/// By sms::answered_as.
constexpr std::array<std::string_view, sms::answered_kinds> inbound_outcomes{"silent", "answered",
                                                                             "helped", "stranger"};

} // namespace

void messaging_part::collect(metric_sink& into) const {
    const auto& counts = dispatcher_->counters();
    const auto total = [&](std::string_view name, std::string_view help, const counter& value) {
        into.counter(name, help, {{"organisation", code_}}, value.value());
    };
    for (std::size_t of = 0; of < depths_.size(); ++of) {
        const metric_labels labels{{"organisation", code_},
                                   {"class", std::string{sms::message_class_names[of]}}};
        into.gauge("uthan_messages_waiting", "Accepted messages that are not handed over.", labels,
                   static_cast<double>(depths_[of].value()));
        into.counter("uthan_messages_claimed_total", "Messages taken for hand-over.", labels,
                     counts.claimed[of].value());
    }
    into.gauge("uthan_messages_submitting", "Messages that are being handed over.",
               {{"organisation", code_}}, static_cast<double>(submitting_.value()));
    into.gauge("uthan_message_reports_unrecorded", "What channels said, not yet in the database.",
               {{"organisation", code_}}, static_cast<double>(counts.unrecorded.value()));
    const auto outcome = [&](std::string_view name, const counter& value) {
        into.counter("uthan_message_parts_total",
                     "Parts of messages that were claimed, by what became of the hand-over.",
                     {{"organisation", code_}, {"outcome", std::string{name}}}, value.value());
    };
    outcome("submitted", counts.submitted);
    outcome("throttled", counts.throttled);
    outcome("refused", counts.refused);
    outcome("unconfirmed", counts.unconfirmed);
    outcome("returned", counts.returned);
    total("uthan_messages_held_total", "Times that a message was put off: hour, route or money.",
          counts.held);
    total("uthan_messages_ended_unsent_total",
          "Messages that ended without a hand-over: expired, without a route, no longer true, "
          "opted out, capped.",
          counts.ended_unsent);
    total("uthan_message_fence_repeats_total",
          "Claims refused because her facts had changed since the fence saw them.",
          counts.facts_moved);
    total("uthan_message_store_errors_total", "Calls of the dispatcher that the database refused.",
          counts.store_errors);
    const auto& read = inbound_->counters();
    for (std::size_t as = 0; as < read.texts.size(); ++as) {
        into.counter("uthan_inbound_texts_total",
                     "Texts from subscribers that were dealt with, by what was done.",
                     {{"organisation", code_}, {"answered", std::string{inbound_outcomes[as]}}},
                     read.texts[as].value());
    }
    total("uthan_inbound_pins_total",
          "Texts from subscribers that may hold a PIN; it was not kept.", read.pins);
    total("uthan_inbound_errors_total",
          "Times that a text from a subscriber could not be dealt with and waits.",
          read.store_errors);
    for (const auto* const list : {&channels_, &dialogue_links_}) {
        for (const auto& one : *list) {
            into.gauge("uthan_channel_health", "0 up, 1 degraded, 2 down, 3 stopped.",
                       {{"channel", one.terms.name}}, static_cast<double>(one.health.value()));
            one.link->collect(into);
        }
    }
}

} // namespace uthan::gateway
