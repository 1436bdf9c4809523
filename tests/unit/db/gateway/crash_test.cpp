#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/member_registry.hpp"
#include "tests/unit/db/gateway/fixture.hpp"

#include <boost/asio/detached.hpp>

#include <csignal>
#include <map>
#include <random>
#include <set>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// Goal: what was acknowledged survives kill -9, and a repeated key never acts twice.
// Method: a child process changes members under keys of its own and reports every acknowledged
// change through a pipe; it is killed after a random number of them, thirty times over one
// database. Then everything is looked up, and repeated as a provider would.
namespace uthan::db::sqlite::gateway_test {
namespace {

constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} +
                       std::chrono::hours{12}};
constexpr unsigned rounds = 30;
constexpr unsigned dialogues_at_once = 16;
constexpr unsigned acknowledgements_max = 400;

/// Limits are not what is tested here.
pin_policies policies() {
    return {
        {"mss", {.tries_per_number_per_hour = 1'000'000, .tries_per_channel_per_hour = 1'000'000}}};
}

/// One member of one round makes two changes, parts 0 and 1 of one key.
struct change_name {
    std::uint32_t round = 0;
    std::uint32_t member = 0;
    std::uint32_t part = 0;
    auto operator<=>(const change_name&) const = default;
};

access::effect_key key_of(change_name name) {
    return {"crash",
            {static_cast<std::uint8_t>(name.round)},
            name.member,
            static_cast<std::uint8_t>(name.part)};
}

access::member_ref member_of(change_name name) {
    return {"mss", fmt::format("{}-{}", name.round, name.member)};
}

access::pin_verifier verifier_of(change_name name) {
    access::pin_verifier made;
    made.salt.fill(static_cast<std::uint8_t>(name.member));
    made.digest.fill(static_cast<std::uint8_t>(name.round + 1));
    return made;
}

access::change change_of(change_name name) {
    if (name.part == 0) {
        return access::set_pin{verifier_of(name), false};
    }
    access::begin_pin_try begun;
    begun.channel = "crash";
    return begun;
}

task<result<access::outcome>> make(member_registry& registry, change_name name) {
    return registry.apply(key_of(name), member_of(name), change_of(name), noon);
}

/// A dialogue of the child: member after member, each change reported when it is acknowledged.
task<void> keep_changing(member_registry& registry, std::uint32_t round, std::uint32_t first,
                         int report) {
    for (std::uint32_t member = first;; member += dialogues_at_once) {
        for (std::uint32_t part = 0; part < 2; ++part) {
            const change_name name{round, member, part};
            const auto made = co_await make(registry, name);
            if (!made || ::write(report, &name, sizeof name) != sizeof name) {
                ::_exit(1);
            }
        }
    }
}

[[noreturn]] void be_the_child(const std::string& path, std::uint32_t round, int report) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    auto database = gateway_database::open(path, {.checkpoint_pages = 50});
    if (!database) {
        ::_exit(2);
    }
    member_registry registry{(*database)->writing(), open_reader(path).value(), policies()};
    asio::io_context loop{1};
    for (std::uint32_t first = 0; first < dialogues_at_once; ++first) {
        asio::co_spawn(loop.get_executor(), keep_changing(registry, round, first, report),
                       asio::detached);
    }
    loop.run();
    ::_exit(3);
}

/// Kills a child after some acknowledgements; what it acknowledged until it was dead.
std::set<change_name> run_and_kill(const std::string& path, std::uint32_t round, unsigned after) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        be_the_child(path, round, ends[1]);
    }
    ::close(ends[1]);
    std::set<change_name> acknowledged;
    change_name name;
    while (::read(ends[0], &name, sizeof name) == sizeof name) {
        acknowledged.insert(name);
        if (acknowledged.size() == after) {
            ::kill(child, SIGKILL);
        }
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
    return acknowledged;
}

TEST(Crash, EveryAcknowledgedChangeIsThereAndNoneTwice) {
    const temporary_directory directory;
    const auto path = directory.file("gateway.db");
    std::mt19937 random{9};
    std::set<change_name> acknowledged;
    for (std::uint32_t round = 0; round < rounds; ++round) {
        const auto after = 1 + static_cast<unsigned>(random() % acknowledgements_max);
        const auto more = run_and_kill(path, round, after);
        ASSERT_GE(more.size(), after);
        acknowledged.insert(more.begin(), more.end());
    }

    // The kernel has released the dead server's lease.
    asio::io_context loop{1};
    const auto database = gateway_database::open(path).value();
    member_registry registry{database->writing(), open_reader(path).value(), policies()};
    for (const auto& name : acknowledged) {
        const auto recorded = finish(loop, registry.recorded(key_of(name))).value();
        ASSERT_TRUE(recorded) << name.round << ' ' << name.member << ' ' << name.part;
        const auto record = finish(loop, registry.find(member_of(name))).value();
        ASSERT_EQ(record.pin, verifier_of(name));
        ASSERT_GE(record.tries_used, name.part);
    }

    // Now every key again, acknowledged or not, as a provider repeats its requests.
    std::map<std::uint32_t, std::uint32_t> members_of_round;
    for (const auto& name : acknowledged) {
        auto& last = members_of_round[name.round];
        last = std::max(last, name.member + dialogues_at_once);
    }
    std::int64_t tries = 0;
    for (const auto& [round, last] : members_of_round) {
        for (std::uint32_t member = 0; member <= last; ++member) {
            for (std::uint32_t part = 0; part < 2; ++part) {
                const change_name name{round, member, part};
                const auto again = finish(loop, make(registry, name)).value();
                ASSERT_TRUE(again.replayed || !acknowledged.contains(name));
            }
            const auto record = finish(loop, registry.find(member_of({round, member, 0}))).value();
            ASSERT_EQ(record.tries_used, 1U);
            ++tries;
        }
    }
    EXPECT_EQ(scalar(path, "SELECT tries FROM pin_tries WHERE kind = 1"), tries);
    EXPECT_EQ(scalar(path, "SELECT count(*) FROM effects"), 2 * tries);
    EXPECT_EQ(scalar(path, "SELECT count(*) FROM pragma_integrity_check "
                           "WHERE integrity_check = 'ok'"),
              1);
}

} // namespace
} // namespace uthan::db::sqlite::gateway_test
