#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/outbox.hpp"
#include "sms/life.hpp"
#include "tests/unit/db/gateway/fixture.hpp"

#include <boost/asio/detached.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// Goal: whatever was accepted survives kill -9, and nothing reaches the peer twice unmarked.
// Method: a child accepts, claims, hands over, gets answers and receipts, several at once, and
// tells what the peer saw through a pipe, at the moment in which the peer sees it. It is killed
// after a random number of such words, again and again over one database. A checker that knows
// nothing of the queue compares the peer's words with what the store says. UTHAN_CRASH_ROUNDS makes
// it longer.
namespace uthan::db::sqlite {
namespace {

using namespace uthan::sms;

constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} +
                       std::chrono::hours{12}};
constexpr unsigned workers = 8;
constexpr unsigned words_max = 300;

unsigned rounds() {
    const char* given = std::getenv("UTHAN_CRASH_ROUNDS");
    return given == nullptr ? 40U : static_cast<unsigned>(std::strtoul(given, nullptr, 10));
}

enum class event : std::uint8_t {
    accepted,  ///< the sender was told so
    seen,      ///< the peer got it
    refused,   ///< the peer said no for now, and the gateway knows
    delivered, ///< the peer was told that its receipt is kept
};
struct word {
    event what = event::accepted;
    bool marked = false;
    std::uint64_t id = 0;
};

void say(int pipe, word one) {
    if (::write(pipe, &one, sizeof one) != sizeof one) {
        ::_exit(1);
    }
}

template <class T>
T must(result<T> done) {
    if (!done) {
        ::_exit(4);
    }
    return std::move(done).value();
}

/// One worker of the child.
struct worker {
    outbox& box;
    int pipe;
    std::mt19937 random;
    std::string name;
    unsigned count = 0;

    new_message fresh() {
        ++count;
        return {.organisation = "kmss",
                .idempotency_key = fmt::format("{}-{}", name, count),
                .body = {},
                .of = random() % 2 == 0 ? message_class::receipt : message_class::reminder,
                .member_code = {},
                .office_code = {},
                .to = numbering{}.parse(fmt::format("018{:08}", random() % 100'000'000)).value(),
                .text = "Tk 245",
                .fence = {},
                .due_at = noon,
                .valid_until = noon + std::chrono::hours{24}};
    }

    task<void> accept_some() {
        std::vector<new_message> some;
        for (unsigned i = 0; i < 3; ++i) {
            some.push_back(fresh());
        }
        for (const auto& one : must(co_await box.accept(std::move(some), noon))) {
            say(pipe, {event::accepted, false, one.id});
        }
    }

    task<void> hand_over(message_class of) {
        const auto due = must(co_await box.due("kmss", of, {}, noon, 4));
        std::vector<claim> claims;
        for (const auto& one : due) {
            claim by;
            by.id = one.message.id;
            by.channel = "peer";
            claims.push_back(std::move(by));
        }
        const auto taken = must(co_await box.claim_all(std::move(claims), noon));
        for (std::size_t i = 0; i < taken.size(); ++i) {
            if (taken[i].kind == claim_kind::claimed) {
                co_await hand_over(due[i].message);
            }
        }
    }

    task<void> hand_over(message_record message) {
        say(pipe, {event::seen, message.marked, message.id});
        const auto chance = random() % 10;
        if (chance < 2) {
            co_return; // No answer before the end.
        }
        std::vector<report> reports;
        if (chance < 4) {
            say(pipe, {event::refused, message.marked, message.id});
            reports.emplace_back(part_refused{message.id, 0, refusal_kind::throttled, 88});
        } else {
            const auto called = fmt::format("{}{}", message.id, message.marked ? "m" : "");
            reports.emplace_back(part_submitted{message.id, 0, called, "peer"});
        }
        if (co_await box.record(std::move(reports), noon)) {
            ::_exit(4);
        }
        if (chance >= 7) {
            std::vector<receipt> receipts{{"peer",
                                           {fmt::format("{}", message.id)},
                                           message.to.reveal(),
                                           receipt_state::delivered,
                                           0,
                                           noon}};
            const auto kept = must(co_await box.receive(std::move(receipts), noon));
            if (kept.front() == receipt_outcome::applied) {
                say(pipe, {event::delivered, message.marked, message.id});
            }
        }
    }
};

task<void> keep_working(worker& one) {
    for (;;) {
        co_await one.accept_some();
        co_await one.hand_over(message_class::receipt);
        co_await one.hand_over(message_class::reminder);
    }
}

task<void> work(outbox& box, std::vector<worker>& all) {
    must(co_await box.settle_restart(noon));
    for (auto& one : all) {
        asio::co_spawn(co_await asio::this_coro::executor, keep_working(one), asio::detached);
    }
}

[[noreturn]] void be_the_child(const std::string& path, unsigned round, int pipe) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    auto database = gateway_database::open(path, {.checkpoint_pages = 50});
    if (!database) {
        ::_exit(2);
    }
    outbox box{(*database)->writing(), open_reader(path).value()};
    std::vector<worker> all;
    for (unsigned i = 0; i < workers; ++i) {
        all.push_back(
            {box, pipe, std::mt19937{round * workers + i}, fmt::format("{}-{}", round, i)});
    }
    asio::io_context loop{1};
    asio::co_spawn(loop.get_executor(), work(box, all), asio::detached);
    loop.run();
    ::_exit(3);
}

/// What one message's peer and sender saw, over all rounds.
struct seen_message {
    bool accepted = false;
    bool delivered = false;
    int unmarked = 0; ///< less those that the peer refused
    int marked = 0;
};

void run_and_kill(const std::string& path, unsigned round, unsigned after,
                  std::map<std::uint64_t, seen_message>& seen) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        be_the_child(path, round, ends[1]);
    }
    ::close(ends[1]);
    unsigned words = 0;
    word one;
    while (::read(ends[0], &one, sizeof one) == sizeof one) {
        auto& message = seen[one.id];
        message.accepted |= one.what == event::accepted;
        message.delivered |= one.what == event::delivered;
        const int step = one.what == event::seen ? 1 : one.what == event::refused ? -1 : 0;
        (one.marked ? message.marked : message.unmarked) += step;
        if (++words == after) {
            ::kill(child, SIGKILL);
        }
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
}

void check(const message_record& there, const seen_message& seen) {
    EXPECT_LE(seen.unmarked, 1) << "sent twice unmarked";
    EXPECT_LE(seen.marked, 1) << "repeated more than once";
    if (seen.marked > 0) {
        EXPECT_TRUE(there.marked);
    }
    if (seen.delivered) {
        EXPECT_EQ(there.state, message_state::delivered) << "a receipt was lost";
    }
    if (seen.unmarked == 1 && !there.marked) {
        EXPECT_NE(there.state, message_state::accepted) << "would be sent again unmarked";
    }
    EXPECT_NE(there.state, message_state::submitting);
}

TEST(MessageCrash, NothingAcceptedIsLostAndNothingIsSentTwiceUnmarked) {
    const gateway_test::temporary_directory directory;
    const auto path = directory.file("gateway.db");
    std::mt19937 random{4};
    std::map<std::uint64_t, seen_message> seen;
    for (unsigned round = 0; round < rounds(); ++round) {
        run_and_kill(path, round, 1 + static_cast<unsigned>(random() % words_max), seen);
        ASSERT_FALSE(HasFatalFailure());
    }
    asio::io_context loop{1};
    const auto database = gateway_database::open(path).value();
    outbox box{database->writing(), open_reader(path).value()};
    ASSERT_TRUE(gateway_test::finish(loop, box.settle_restart(noon)));
    std::size_t accepted = 0;
    std::size_t handed = 0;
    for (const auto& [id, message] : seen) {
        SCOPED_TRACE(id);
        const auto there = gateway_test::finish(loop, box.find("kmss", id));
        ASSERT_TRUE(there) << "accepted and lost";
        check(*there, message);
        accepted += message.accepted ? 1 : 0;
        handed += message.unmarked + message.marked > 0 ? 1 : 0;
    }
    EXPECT_GT(handed, rounds()) << "the test must have seen something";
    RecordProperty("accepted", static_cast<int>(accepted));
    RecordProperty("handed_over", static_cast<int>(handed));
    EXPECT_EQ(gateway_test::scalar(path, "SELECT count(*) FROM pragma_integrity_check "
                                         "WHERE integrity_check = 'ok'"),
              1);
}

} // namespace
} // namespace uthan::db::sqlite
