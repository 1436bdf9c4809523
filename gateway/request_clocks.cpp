#include "gateway/request_clocks.hpp"

#include "db/sqlite/ledger_store.hpp"
#include "db/sqlite/overdue_queue.hpp"
#include "gateway/open_reader.hpp"
#include "service/request_clock.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <optional>

namespace uthan::gateway {

/// One organisation's; used on the clocks' thread.
class request_clocks::part {
public:
    part(const request_clock_parts& shared, std::string code, db::sqlite::connection reader)
        : code_(std::move(code)), ledger_(shared.published.of(code_)),
          queue_(shared.database.writing(), std::move(reader)),
          clock_(ledger_, queue_, shared.time) {}

    const std::string& code() const noexcept { return code_; }
    const service::request_clock_counters& counters() const noexcept { return clock_.counters(); }

    /// Runs the loop until the clock's batch is stored.
    result<service::clock_run> run(asio::io_context& loop, const service::organisation& of) {
        std::optional<result<service::clock_run>> outcome;
        auto keep = [&outcome](std::exception_ptr failed, result<service::clock_run> ended) {
            if (failed) {
                std::rethrow_exception(failed);
            }
            outcome = ended;
        };
        asio::co_spawn(loop.get_executor(), clock_.run(of), keep);
        loop.restart();
        loop.run();
        return outcome.value_or(make_error_code(errc::store_unavailable));
    }

private:
    std::string code_;
    db::sqlite::ledger_store ledger_;
    db::sqlite::overdue_queue queue_;
    service::request_clock clock_;
};

request_clocks::request_clocks(const request_clock_parts& parts, const content& what)
    : every_(parts.every), log_(parts.log), loop_(parts.loop), what_(what) {
    for (const auto& one : parts.from.organisations) {
        parts_.push_back(std::make_unique<part>(parts, one.code, open_reader(parts.database)));
    }
    thread_ = std::thread{[this] { serve(); }};
}

request_clocks::~request_clocks() {
    {
        const std::scoped_lock lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void request_clocks::show(const content& what) {
    const std::scoped_lock lock{mutex_};
    what_ = what;
}

void request_clocks::collect(metric_sink& into) const {
    for (const auto& one : parts_) {
        const metric_labels labels{{"organisation", one->code()}};
        into.counter("uthan_requests_escalated_total",
                     "Requests that moved up by themselves: nobody answered in time.", labels,
                     one->counters().escalated.value());
        into.gauge("uthan_requests_overdue", "Open requests whose deadline has passed.", labels,
                   static_cast<double>(one->counters().overdue.value()));
    }
}

bool request_clocks::stops() {
    const std::scoped_lock lock{mutex_};
    return stopping_;
}

void request_clocks::serve() {
    for (;;) {
        const bool more = run_all();
        std::unique_lock lock{mutex_};
        const auto pause = more ? std::chrono::milliseconds{0} : every_;
        if (changed_.wait_for(lock, pause, [this] { return stopping_; })) {
            return;
        }
    }
}

bool request_clocks::run_all() {
    bool more = false;
    for (const auto& one : parts_) {
        if (stops()) {
            return false;
        }
        std::shared_ptr<const service::organisation> of;
        {
            const std::scoped_lock lock{mutex_};
            const auto known = what_.organisations.find(one->code());
            of = known == what_.organisations.end() ? nullptr : known->second;
        }
        if (of == nullptr) {
            continue;
        }
        try {
            const auto ran = one->run(loop_, *of);
            if (!ran) {
                log_.warn("event=request_clock_failed organisation={} reason=\"{}\"", one->code(),
                          ran.error().message());
            }
            more = more || (ran && *ran == service::clock_run::more);
        } catch (const std::exception& problem) {
            log_.error("event=request_clock_failed organisation={} reason=\"{}\"", one->code(),
                       problem.what());
        }
    }
    return more;
}

} // namespace uthan::gateway
