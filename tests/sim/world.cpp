#include "tests/sim/world.hpp"

#include "db/sqlite/gateway_database.hpp"
#include "sms/life.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>

namespace uthan::sim {
namespace {

using namespace std::chrono_literals;

constexpr calendar_day due_on{std::chrono::year{2026} / 11 / 25};
constexpr milliseconds trouble_lasts = 50min;

const char* const texts_of_messages[] = {
    "KMSS: Tk 500 received.",
    "KMSS: a longer text that needs a second part, because it says when the next meeting is, where "
    "it is held, who brings the register, and what has changed since the last one in the village.",
    "KMSS: \u0986\u09aa\u09a8\u09be\u09b0 \u0995\u09bf\u09b8\u09cd\u09a4\u09bf "
    "\u09f3\u09eb\u09eb\u09e6 \u0986\u0997\u09be\u09ae\u09c0\u0995\u09be\u09b2\u0964"};

} // namespace

task<result<std::vector<members::candidate>>> open_books::members_of(address) {
    co_return std::vector<members::candidate>{};
}

bool open_books::owes_in(const std::string& member_code, std::uint32_t generation) const {
    const auto found = delivered_.find(member_code);
    const bool is_delivered = found != delivered_.end() && found->second <= generation;
    return !paid_.contains(member_code) && !is_delivered;
}

task<result<std::shared_ptr<const members::member_facts>>>
open_books::facts(std::string member_code) {
    members::member_facts facts;
    facts.generation = opened_;
    members::loan loan;
    loan.loan_no = "L1";
    members::instalment row;
    row.due_on = due_on;
    row.total_due = money::taka(500);
    row.paid = owes_in(member_code, opened_) ? money{} : money::taka(500);
    loan.schedule.push_back(row);
    facts.loans.push_back(loan);
    co_return std::make_shared<const members::member_facts>(std::move(facts));
}

task<result<std::shared_ptr<const members::member_activity>>> open_books::activity(std::string) {
    co_return errc::not_found;
}

task<result<std::shared_ptr<const members::household>>> open_books::household_of(std::string) {
    co_return errc::not_found;
}

task<result<std::shared_ptr<const members::ladder_source>>> open_books::ladder(std::string) {
    co_return errc::not_found;
}

struct world::process::late_inbox final : sms::inbox {
    task<result<std::vector<sms::receipt_outcome>>> receive(std::vector<sms::receipt> receipts,
                                                            instant now) override {
        return to->receive(std::move(receipts), now);
    }
    task<error_code> take_in(std::vector<sms::inbound_part> parts) override {
        return to->take_in(std::move(parts));
    }
    sms::inbox* to = nullptr;
};

world::process::process(world& of) : loop(1), box(std::make_unique<late_inbox>()) {
    std::vector<service::dispatch_channel> channels;
    for (auto& centre : of.centres_) {
        sms::channel_terms terms;
        terms.name = centre.name();
        terms.tps = 100;
        terms.form.joined_by = of.plan_.joined_by;
        adapters::smpp::text_terms text;
        text.sender = "KMSS";
        text.form = terms.form;
        links.push_back(
            std::make_unique<line>(of.time_, of.luck_, centre, *box, loop, text, of.plan_.window));
        channels.push_back({terms, *links.back()});
    }
    auto* const all = &of;
    dispatch = std::make_unique<service::dispatcher>(
        service::dispatcher_ports{"kmss", *of.disk_, of.books_, of.time_,
                                  [all] { return all->time_.steady(); },
                                  [all] { all->woken_ = true; }},
        std::move(channels), sms::dispatch_policy{of.local_, {}, {}});
    box->to = dispatch.get();
}

world::world(world_plan plan)
    : plan_(plan), trouble_(plan.trouble), time_(plan.begins), luck_(plan.seed),
      local_("Asia/Dhaka") {
    for (std::size_t i = 0; i < plan_.channels; ++i) {
        centres_.emplace_back(fmt::format("peer{}", i), time_, luck_, trouble_);
    }
    auto name = (std::filesystem::temp_directory_path() / "uthan-sim-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error{"no directory for the simulated world"};
    }
    directory_ = name;
    disk_ = std::make_unique<storage>(
        (directory_ / "gateway.db").string(), time_, luck_, trouble_,
        storage::hooks{[this](const std::vector<sms::claim>& claims) {
                           // She pays, or a delivery comes, while her reminder is on its way.
                           if (plan_.deliveries > 0 && luck_.happens(100)) {
                               deliver();
                           }
                           for (const auto& one : claims) {
                               const auto& code = accepted_.at(numbers_.at(one.id)).member_code;
                               if (!code.empty() && luck_.happens(100) && disk_->bump(code)) {
                                   books_.pay(code);
                               }
                           }
                       },
                       [this](const sms::claim& one) { claimed(one); }});
    boot();
}

world::~world() {
    process_.reset();
    disk_.reset();
    std::filesystem::remove_all(directory_);
}

void world::claimed(const sms::claim& one) {
    const auto& number = numbers_.at(one.id);
    const auto& message = accepted_.at(number);
    if (!message.member_code.empty() && !books_.owes(message.member_code)) {
        wrong_claims_.push_back(fmt::format("message {}: she has paid", one.id));
    }
    const auto hour = local_.at(time_.now()).since_midnight;
    const bool at_any_hour =
        message.of == sms::message_class::security || message.of == sms::message_class::answer;
    const auto peace = message.of == sms::message_class::receipt ? 21h : 20h;
    const bool is_first = disk_->at_the_end(one.id).history.size() <= 3;
    if (!at_any_hour && is_first && (hour < 8h || hour >= peace)) {
        wrong_claims_.push_back(fmt::format("message {}: at night", one.id));
    }
}

template <class T>
T world::await(task<T> what) {
    std::optional<T> value;
    auto keep = [&value](std::exception_ptr failed, T done) {
        if (failed) {
            std::rethrow_exception(failed);
        }
        value.emplace(std::move(done));
    };
    asio::co_spawn(process_->loop.get_executor(), std::move(what), keep);
    process_->loop.restart();
    process_->loop.run();
    return std::move(value).value();
}

void world::boot() {
    for (;;) {
        process_ = std::make_unique<process>(*this);
        try {
            if (await(disk_->settle_restart(time_.now()))) {
                break;
            }
            time_.advance_to(time_.since() + 1s);
        } catch (const crashed&) {
            ++crashes_;
        }
    }
    for (std::size_t i = 0; i < process_->links.size(); ++i) {
        process_->links[i]->start(process_->dispatch->events_of(i));
    }
    woken_ = true;
}

void world::crash() {
    ++crashes_;
    process_.reset();
    time_.advance_to(time_.since() + luck_.between(100, 5000));
    boot();
}

void world::accept_again(sms::new_message message, std::string member_code) {
    const auto number = std::string{message.to.reveal()};
    const auto of = message.of;
    const auto done = await(disk_->accept({message}, time_.now()));
    if (!done) {
        // The sender tries again with the same key.
        time_.after(luck_.between(100, 3000),
                    [this, message, member_code] { accept_again(message, member_code); });
        return;
    }
    const auto id = done->front().id;
    accepted_[number] = {id, of, std::move(member_code), false};
    numbers_[id] = number;
    woken_ = true;
}

void world::send_one() {
    ++sent_;
    sms::new_message made{.organisation = "kmss",
                          .idempotency_key = fmt::format("k{}", sent_),
                          .body = {},
                          .of = static_cast<sms::message_class>(luck_.below(sms::message_classes)),
                          .member_code = {},
                          .office_code = {},
                          .to = numbering{}.parse(fmt::format("017{:08}", sent_)).value(),
                          .text = texts_of_messages[luck_.below(3)],
                          .fence = {},
                          .due_at = time_.now(),
                          .valid_until = time_.now() + plan_.validity};
    if (made.of == sms::message_class::reminder) {
        made.member_code = fmt::format("m{}", sent_);
        made.fence = {sms::fence_kind::instalment_open, "L1", due_on, money::taka(500)};
    }
    auto code = made.member_code;
    if (!code.empty() && luck_.happens(300)) {
        // She pays at some time of the world.
        const auto most = static_cast<std::uint32_t>(plan_.lasts.count() / 2);
        time_.after(luck_.between(0, most), [this, code] { pay(code); });
    }
    accept_again(std::move(made), std::move(code));
}

void world::pay(const std::string& member_code) {
    if (disk_->bump(member_code)) {
        books_.pay(member_code);
    } else {
        time_.after(luck_.between(100, 5000), [this, member_code] { pay(member_code); });
    }
}

void world::deliver() {
    const auto next = books_.published() + 1;
    if (!disk_->publish(next)) {
        time_.after(luck_.between(100, 5000), [this] { deliver(); });
        return;
    }
    // Half of the members have paid at their offices.
    for (const auto& [number, message] : accepted_) {
        if (!message.member_code.empty() && luck_.happens(500)) {
            books_.deliver(message.member_code, next);
        }
    }
    books_.publish(next);
    time_.after(luck_.between(1, 3000), [this] { books_.open(); });
}

std::vector<outage> world::outages_of(unsigned times, std::uint32_t most_seconds) {
    std::vector<outage> all;
    for (unsigned i = 0; i < times; ++i) {
        const auto from = luck_.between(0, 40 * 60 * 1000);
        all.push_back({from, from + luck_.between(1000, most_seconds * 1000)});
    }
    return all;
}

void world::plan_troubles() {
    disk_->plan({outages_of(plan_.partitions, 180), outages_of(plan_.locks, 60)});
    for (auto& centre : centres_) {
        for (const auto& one : outages_of(plan_.channel_outages, 600)) {
            time_.after(one.from, [&centre, one] { centre.leave(one.until); });
        }
    }
    for (unsigned i = 0; i < plan_.deliveries; ++i) {
        time_.after(luck_.between(0, 45 * 60 * 1000), [this] { deliver(); });
    }
    for (unsigned i = 0; i < plan_.clock_steps; ++i) {
        const auto by = luck_.between(0, 20 * 60 * 1000) - milliseconds{10 * 60 * 1000};
        time_.after(luck_.between(0, 45 * 60 * 1000), [this, by] { time_.set_clock(by); });
    }
}

std::size_t world::taken() const noexcept {
    std::size_t sum = 0;
    for (const auto& one : centres_) {
        sum += one.taken().size();
    }
    return sum;
}

void world::cancel_one() {
    if (accepted_.empty()) {
        return;
    }
    auto one = accepted_.begin();
    std::advance(one, luck_.below(static_cast<std::uint32_t>(accepted_.size())));
    const auto done = await(disk_->cancel("kmss", one->second.id, time_.now()));
    one->second.cancelled = one->second.cancelled || (done && *done);
}

void world::work() {
    // What was posted to the process: receipts that are being stored.
    process_->loop.restart();
    process_->loop.run();
    if (has_something_to_record() && !luck_.happens(200) && !await(process_->dispatch->record())) {
        record_at_ = time_.since() + 100ms;
    }
    if (woken_ || time_.since() >= next_feed_) {
        woken_ = false;
        feed_all();
    }
}

bool world::has_something_to_record() const {
    return process_->dispatch->has_reports() && time_.since() >= record_at_;
}

void world::feed_all() {
    milliseconds wait = service::dispatch_idle;
    for (std::size_t i = 0; i < process_->links.size(); ++i) {
        wait = std::min(wait, await(process_->dispatch->feed(i)));
    }
    const bool rests = trouble_.crash == 0 && sent_ == plan_.messages;
    next_feed_ = time_.since() + (rests ? std::max<milliseconds>(wait, 60s) : wait);
    woken_ = woken_ || wait == 0ms;
}

void world::settle_down() {
    trouble_ = {};
}

void world::run() {
    for (std::size_t i = 0; i < plan_.messages; ++i) {
        time_.after(luck_.between(0, 45 * 60 * 1000), [this] { send_one(); });
    }
    for (unsigned i = 0; i < 10; ++i) {
        time_.after(luck_.between(0, 45 * 60 * 1000), [this] { cancel_one(); });
    }
    plan_troubles();
    time_.after(trouble_lasts, [this] { settle_down(); });
    milliseconds tidied{0};
    while (time_.since() < plan_.lasts) {
        try {
            while (time_.run_one()) {
                process_->loop.restart();
                process_->loop.run();
            }
            work();
            if (time_.since() - tidied > 5min) {
                tidied = time_.since();
                await(disk_->tidy(time_.now(), plan_.begins - 24h));
                await(disk_->expire(time_.now()));
            }
            if (woken_ || has_something_to_record()) {
                time_.advance_to(time_.since() + 5ms);
                continue;
            }
            auto next = std::min(time_.next().value_or(next_feed_), next_feed_);
            if (process_->dispatch->has_reports()) {
                next = std::min(next, record_at_);
            }
            time_.advance_to(next);
        } catch (const crashed&) {
            crash();
        }
    }
}

} // namespace uthan::sim
