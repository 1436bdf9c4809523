#include "gateway/messaging.hpp"

#include "db/sqlite/message_tables.hpp"
#include "gateway/messaging_part.hpp"
#include "gateway/open_reader.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace uthan::gateway {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds housekeeping_interval = 2s;
/// How long a message that ended is kept for questions and reports.
constexpr std::chrono::hours kept_for = std::chrono::hours{24} * 400;

} // namespace

struct messaging::inside {
    inside(const messaging_parts& parts, const link_factory& make_link)
        : loop(parts.loop), log(parts.log), time(parts.time), work(loop.get_executor()),
          stop_bell(loop.get_executor()), totals(open_reader(parts.database)) {
        for (const auto& one : parts.from.organisations) {
            organisations.push_back(
                std::make_unique<messaging_part>(parts, one, make_link, stopping));
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
            co_await expire();
            for (const auto& one : organisations) {
                co_await one->learn(time.now());
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

    /// Whatever channels are up.
    task<void> expire() {
        for (;;) {
            const auto ended = co_await organisations.front()->outbox().expire(time.now());
            if (!ended || *ended == 0 || stop_asked.load()) {
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

    void collect_totals(metric_sink& into);

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
    std::vector<std::unique_ptr<messaging_part>> organisations;
    std::mutex collecting;
    db::sqlite::prepared_connection totals; ///< under `collecting`
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

void messaging::heard(const std::string& organisation, const std::string& channel,
                      const address& who) {
    asio::post(inside_->loop, [in = inside_.get(), organisation,
                               one = sms::heard_subscriber{channel, who}]() mutable {
        for (const auto& its : in->organisations) {
            if (its->code() == organisation) {
                its->hear(std::move(one));
                return;
            }
        }
    });
}

void messaging::show(std::shared_ptr<const settings> next) {
    asio::post(inside_->loop, [in = inside_.get(), next = std::move(next)] {
        for (const auto& one : in->organisations) {
            one->show(*next);
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

void messaging::inside::collect_totals(metric_sink& into) {
    const std::scoped_lock lock{collecting};
    const auto read = db::sqlite::load_totals(totals);
    if (!read) {
        return;
    }
    std::map<std::string, std::array<std::uint64_t, sms::message_state_names.size()>> sums;
    for (const auto& one : organisations) {
        sums[one->code()] = {};
    }
    for (const auto& one : *read) {
        sums[one.organisation][static_cast<std::size_t>(one.state)] = one.messages;
    }
    for (const auto& [organisation, by_state] : sums) {
        for (std::size_t state = 0; state < by_state.size(); ++state) {
            into.counter("uthan_messages_total", "Messages by the states that they came into.",
                         {{"state", std::string{sms::message_state_names[state]}},
                          {"organisation", organisation}},
                         by_state[state]);
        }
    }
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
    inside_->collect_totals(into);
}

} // namespace uthan::gateway
