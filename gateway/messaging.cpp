#include "gateway/messaging.hpp"

#include "db/sqlite/inbound_desk.hpp"
#include "db/sqlite/ledger_store.hpp"
#include "db/sqlite/member_registry.hpp"
#include "db/sqlite/outbox.hpp"
#include "gateway/http/server_state.hpp"
#include "service/dispatcher.hpp"
#include "service/inbound.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <deque>
#include <optional>
#include <stdexcept>
#include <thread>

namespace uthan::gateway {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds housekeeping_interval = 2s;
/// How long a message that ended is kept for questions and reports.
constexpr std::chrono::hours kept_for = std::chrono::hours{24} * 400;

/// Wakes one coroutine. What rings while it does not wait is not lost.
class doorbell {
public:
    explicit doorbell(executor on) : timer_(on) {}

    void ring() {
        rung_ = true;
        timer_.cancel();
    }
    task<void> wait(milliseconds most) {
        if (!rung_) {
            timer_.expires_after(most);
            co_await timer_.async_wait(as_result);
        }
        rung_ = false;
    }

private:
    steady_timer timer_;
    bool rung_ = false;
};

db::sqlite::connection open_reader(const db::sqlite::gateway_database& of) {
    auto reader = db::sqlite::open_reader(of.path());
    if (!reader) {
        throw std::runtime_error{of.path() + ": " + reader.error().message()};
    }
    return std::move(*reader);
}

void rethrow(std::exception_ptr failed) {
    if (failed) {
        std::rethrow_exception(failed);
    }
}

sms::dispatch_policy policy_of(const organisation_settings& from) {
    return {zone{from.zone_name}, from.messages.quiet, from.messages.limit};
}

} // namespace

/// One organisation's.
class messaging::part {
public:
    part(const messaging_parts& shared, const organisation_settings& one,
         const link_factory& make_link, const bool& stopping)
        : code_(one.code), log_(shared.log), stopping_(stopping), on_(shared.loop.get_executor()),
          outbox_(shared.database.writing(), open_reader(shared.database)),
          ledger_(shared.published.of(one.code),
                  std::make_unique<db::sqlite::payments_reader>(
                      one.code, open_reader(shared.database), shared.payments.at(one.code))),
          registry_(shared.database.writing(), open_reader(shared.database),
                    db::sqlite::pin_policies{{one.code, one.pin_policy}}),
          book_(shared.database.writing(), open_reader(shared.database)),
          shown_(shared.what.organisations.at(one.code)), recording_(on_), reading_(on_) {
        make_channels(shared, make_link);
        std::vector<service::dispatch_channel> channels;
        for (auto& one_channel : channels_) {
            channels.push_back({one_channel.terms, *one_channel.link});
        }
        dispatcher_.emplace(
            service::dispatcher_ports{code_, outbox_, ledger_, shared.time,
                                      [] { return std::chrono::steady_clock::now(); },
                                      [this] { ring(); }},
            std::move(channels), policy_of(one));
        make_inbound(shared);
        inbox_.to = &*dispatcher_;
        inbox_.of = this;
    }

    db::sqlite::outbox& outbox() noexcept { return outbox_; }

    void start() {
        for (std::size_t i = 0; i < channels_.size(); ++i) {
            channels_[i].link->start(dispatcher_->events_of(i));
            asio::co_spawn(on_, feed(i), rethrow);
        }
        asio::co_spawn(on_, record(), rethrow);
        asio::co_spawn(on_, read_texts(), rethrow);
    }

    void show(std::shared_ptr<const service::organisation> next) { shown_ = std::move(next); }

    void ring() {
        recording_.ring();
        reading_.ring();
        for (auto& one : channels_) {
            one.bell->ring();
        }
    }

    const std::string& code() const noexcept { return code_; }

    void drain() {
        dispatcher_->stop_claiming();
        for (auto& one : channels_) {
            one.link->drain();
        }
    }
    bool is_idle() const {
        return std::ranges::all_of(channels_, [](const auto& one) { return one.link->is_idle(); });
    }
    void stop_links() {
        for (auto& one : channels_) {
            one.link->stop();
        }
    }
    bool has_reports() const { return dispatcher_->has_reports(); }
    /// The store does not answer: what it has not got is settled at the next start.
    void give_up() {
        gives_up_ = true;
        ring();
    }

    /// What is shown of the queue, and of channels that an operator must look after.
    task<void> look_after() {
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
    }

    void collect(metric_sink& into) const;
    void add_stopped(std::vector<std::string>& to) const {
        for (const auto& one : channels_) {
            if (one.health.value() == static_cast<std::int64_t>(sms::health::stopped)) {
                to.push_back(one.terms.name);
            }
        }
    }

private:
    struct channel {
        sms::channel_terms terms;
        std::unique_ptr<text_link> link;
        std::unique_ptr<doorbell> bell;
        gauge health{}; ///< sms::health
    };
    /// The dispatcher is made after the links that need it. A PIN goes no further than this.
    struct late_inbox final : sms::inbox {
        task<result<std::vector<sms::receipt_outcome>>> receive(std::vector<sms::receipt> receipts,
                                                                instant now) override {
            return to->receive(std::move(receipts), now);
        }
        task<error_code> take_in(std::vector<sms::inbound_part> parts) override {
            auto kept = of->inbound_->without_pins(*of->shown_, std::move(parts));
            const auto failed = co_await to->take_in(std::move(kept));
            of->reading_.ring();
            co_return failed;
        }
        sms::inbox* to = nullptr;
        part* of = nullptr;
    };

    void make_inbound(const messaging_parts& shared) {
        std::vector<std::string> names;
        for (const auto& one : channels_) {
            names.push_back(one.terms.name);
        }
        inbound_.emplace(service::inbound_ports{ledger_, registry_, book_, shared.time,
                                                short_key_of(shared.key), [this] { ring(); }},
                         std::move(names));
    }

    void make_channels(const messaging_parts& shared, const link_factory& make_link) {
        for (const auto& one : shared.from.channels) {
            if (one.organisation != code_ || !one.texts) {
                continue;
            }
            auto& made = channels_.emplace_back();
            made.terms = *one.texts;
            made.link = make_link(one, inbox_);
            made.bell = std::make_unique<doorbell>(on_);
        }
    }

    task<void> feed(std::size_t index) {
        while (!stopping_) {
            const auto wait = co_await dispatcher_->feed(index);
            if (wait == 0ms) {
                co_await asio::post(on_, asio::use_awaitable_t<executor>{});
                continue;
            }
            co_await channels_[index].bell->wait(wait);
        }
    }

    task<void> record() {
        while (!gives_up_) {
            if (!dispatcher_->has_reports()) {
                co_await recording_.wait(1s);
            } else if (!co_await dispatcher_->record()) {
                steady_timer pause{on_, 100ms};
                co_await pause.async_wait(as_result);
            }
        }
    }

    task<void> read_texts() {
        while (!stopping_) {
            const auto wait = co_await inbound_->work(shown_);
            if (wait > 0ms && !stopping_) {
                co_await reading_.wait(wait);
            }
        }
    }

    void look_after(channel& one, sms::health now) {
        const auto before = static_cast<sms::health>(one.health.value());
        one.health.set(static_cast<std::int64_t>(now));
        if (now == sms::health::stopped && before != now) {
            log_.error("event=channel_stopped channel={} organisation={}", one.terms.name, code_);
        } else if (before == sms::health::stopped && before != now) {
            log_.info("event=channel_resumed channel={} organisation={}", one.terms.name, code_);
        }
    }

    std::string code_;
    spdlog::logger& log_;
    const bool& stopping_;
    executor on_;
    db::sqlite::outbox outbox_;
    db::sqlite::ledger_store ledger_;
    db::sqlite::member_registry registry_;
    db::sqlite::inbound_desk book_;
    std::shared_ptr<const service::organisation> shown_;
    late_inbox inbox_;
    std::deque<channel> channels_;
    doorbell recording_;
    doorbell reading_;
    std::optional<service::inbound> inbound_;
    std::optional<service::dispatcher> dispatcher_; ///< after the links that it uses
    std::array<gauge, sms::message_classes> depths_;
    gauge submitting_;
    bool gives_up_ = false;
};

namespace {

/// By sms::answered_as.
constexpr std::array<std::string_view, sms::answered_kinds> inbound_outcomes{"silent", "answered",
                                                                             "helped", "stranger"};

} // namespace

void messaging::part::collect(metric_sink& into) const {
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
          "Messages that ended without a hand-over: expired, without a route, no longer true.",
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
    for (const auto& one : channels_) {
        into.gauge("uthan_channel_health", "0 up, 1 degraded, 2 down, 3 stopped.",
                   {{"channel", one.terms.name}}, static_cast<double>(one.health.value()));
        one.link->collect(into);
    }
}

struct messaging::inside {
    inside(const messaging_parts& parts, const link_factory& make_link)
        : loop(parts.loop), log(parts.log), time(parts.time), work(loop.get_executor()),
          stop_bell(loop.get_executor()) {
        for (const auto& one : parts.from.organisations) {
            organisations.push_back(std::make_unique<part>(parts, one, make_link, stopping));
        }
    }

    /// All of the thread's life.
    task<void> live() {
        co_await settle();
        for (const auto& one : organisations) {
            one->start();
        }
        while (!stop_asked.load()) {
            co_await tidy();
            for (const auto& one : organisations) {
                co_await one->look_after();
            }
            co_await stop_bell.wait(housekeeping_interval);
        }
        co_await drain();
        work.reset();
    }

    /// Before the first claim, however long the database is busy.
    task<void> settle() {
        while (!stop_asked.load() && !organisations.empty()) {
            const auto settled =
                co_await organisations.front()->outbox().settle_restart(time.now());
            if (settled) {
                log.info("event=messages_settled unconfirmed={}", *settled);
                co_return;
            }
            log.warn("event=messages_not_settled reason=\"{}\"", settled.error().message());
            co_await stop_bell.wait(1s);
        }
    }

    task<void> tidy() {
        for (;;) {
            const auto now = time.now();
            const auto more = co_await organisations.front()->outbox().tidy(now, now - kept_for);
            if (!more || !*more || stop_asked.load()) {
                co_return;
            }
        }
    }

    task<void> drain() {
        stopping = true;
        for (const auto& one : organisations) {
            one->drain();
            one->ring();
        }
        const auto until = std::chrono::steady_clock::now() + drain_limit;
        co_await wait_for(&inside::all_idle, until);
        for (const auto& one : organisations) {
            one->stop_links();
        }
        co_await wait_for(&inside::all_recorded, until + 2s);
        for (const auto& one : organisations) {
            one->give_up();
        }
    }

    task<void> wait_for(bool (inside::*holds)() const, steady_time until) {
        while (!(this->*holds)() && std::chrono::steady_clock::now() < until) {
            co_await stop_bell.wait(20ms);
        }
    }

    bool all_idle() const {
        return std::ranges::all_of(organisations, [](const auto& one) { return one->is_idle(); });
    }
    bool all_recorded() const {
        return std::ranges::none_of(organisations,
                                    [](const auto& one) { return one->has_reports(); });
    }

    void run() {
        for (;;) {
            try {
                loop.run();
                return;
            } catch (const std::exception& problem) {
                log.error("event=unhandled_exception part=messaging reason=\"{}\"", problem.what());
            }
        }
    }

    asio::io_context& loop;
    spdlog::logger& log;
    const clock& time;
    asio::executor_work_guard<executor> work;
    doorbell stop_bell;
    bool stopping = false;               ///< messaging thread
    std::atomic<bool> stop_asked{false}; ///< any thread
    std::atomic<bool> woken{false};      ///< any thread: a wake is on its way
    std::vector<std::unique_ptr<part>> organisations;
    std::thread thread;
};

messaging::messaging(const messaging_parts& parts, const link_factory& make_link)
    : inside_(std::make_unique<inside>(parts, make_link)) {
    asio::co_spawn(inside_->loop.get_executor(), inside_->live(), rethrow);
    inside_->thread = std::thread{[in = inside_.get()] { in->run(); }};
}

messaging::~messaging() {
    inside_->stop_asked.store(true);
    asio::post(inside_->loop, [in = inside_.get()] { in->stop_bell.ring(); });
    inside_->thread.join();
}

void messaging::wake() {
    auto* in = inside_.get();
    if (in->woken.exchange(true)) {
        return;
    }
    asio::post(in->loop, [in] {
        in->woken.store(false);
        for (const auto& one : in->organisations) {
            one->ring();
        }
    });
}

void messaging::show(const content& what) {
    asio::post(inside_->loop, [in = inside_.get(), organisations = what.organisations] {
        for (const auto& one : in->organisations) {
            one->show(organisations.at(one->code()));
        }
    });
}

std::vector<std::string> messaging::stopped_channels() const {
    std::vector<std::string> names;
    for (const auto& one : inside_->organisations) {
        one->add_stopped(names);
    }
    return names;
}

void messaging::collect(metric_sink& into) const {
    for (const auto& one : inside_->organisations) {
        one->collect(into);
    }
}

} // namespace uthan::gateway
