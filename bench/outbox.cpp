// smpp_durable: messages through their whole life in the durable queue – accepted, claimed, taken
// by the channel, delivered – against bare SQLite making the same row changes in the same batches
// over the same schema. Prints one JSON object.
//
//   bench_outbox --directory DIR [--messages N] [--batch N]

#include "db/sqlite/outbox.hpp"
#include "bench/monotonic.hpp"
#include "bench/sample_message.hpp"
#include "core/assert.hpp"
#include "db/sqlite/gateway_database.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace uthan::bench {
namespace {

using namespace uthan::sms;
namespace sqlite = db::sqlite;

constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} +
                       std::chrono::hours{12}};

struct options {
    std::string directory;
    std::size_t messages = 50'000;
    std::size_t batch = 64;
};

std::string name_of(std::size_t n) {
    return fmt::format("{:08x}", 0x1000'0000 + n);
}

new_message message_of(std::size_t n) {
    return {.organisation = "kmss",
            .idempotency_key = fmt::format("bench-{:012}", n),
            .body = {},
            .of = message_class::receipt,
            .member_code = fmt::format("{:08}", n),
            .office_code = "B001",
            .to = numbering{}.parse(sample_number(n)).value(),
            .text = sample_text(n),
            .fence = {},
            .due_at = noon,
            .valid_until = noon + std::chrono::hours{24}};
}

std::string fresh_database(const options& o, std::string_view name) {
    const auto path = (std::filesystem::path{o.directory} / name).string();
    for (const auto suffix : {"", "-wal", "-shm", ".serve"}) {
        std::filesystem::remove(path + suffix);
    }
    return path;
}

template <class T>
T must(result<T> done) {
    if (!done) {
        throw std::runtime_error(done.error().message());
    }
    return std::move(done).value();
}

/// One batch through its life.
task<void> live(outbox& box, std::size_t first, std::size_t count) {
    std::vector<new_message> messages;
    for (std::size_t i = 0; i < count; ++i) {
        messages.push_back(message_of(first + i));
    }
    const auto accepted = must(co_await box.accept(std::move(messages), noon));
    std::vector<claim> claims(count);
    std::vector<report> reports;
    std::vector<receipt> receipts;
    for (std::size_t i = 0; i < count; ++i) {
        claims[i].id = accepted[i].id;
        claims[i].channel = "sink";
        reports.emplace_back(part_submitted{accepted[i].id, 0, name_of(first + i), "sink"});
        receipts.push_back({"sink",
                            {name_of(first + i)},
                            sample_number(first + i),
                            receipt_state::delivered,
                            0,
                            noon});
    }
    must(co_await box.claim_all(std::move(claims), noon));
    if (const auto failed = co_await box.record(std::move(reports), noon)) {
        throw std::runtime_error(failed.message());
    }
    for (const auto one : must(co_await box.receive(std::move(receipts), noon))) {
        UTHAN_ASSERT(one == receipt_outcome::applied);
    }
}

task<void> live_all(outbox& box, options o) {
    for (std::size_t first = 0; first < o.messages; first += o.batch) {
        co_await live(box, first, std::min(o.batch, o.messages - first));
    }
}

double seconds_of(const std::function<void()>& work) {
    const auto start = now_ns();
    work();
    return static_cast<double>(now_ns() - start) / 1e9;
}

double ours(const options& o) {
    const auto path = fresh_database(o, "outbox.db");
    auto database = must(sqlite::gateway_database::open(path));
    sqlite::outbox box{database->writing(), must(sqlite::open_reader(path))};
    asio::io_context loop{1};
    std::exception_ptr failed;
    const auto work = [&] {
        const auto keep = [&failed](std::exception_ptr why) { failed = why; };
        asio::co_spawn(loop.get_executor(), live_all(box, o), keep);
        loop.run();
    };
    const double seconds = seconds_of(work);
    if (failed) {
        std::rethrow_exception(failed);
    }
    return seconds;
}

/// The same changes of the same rows, prepared once, without asking what was there.
class bare {
public:
    explicit bare(sqlite::connection& db) : db_(db) {}

    void live(std::size_t first, std::size_t count) {
        static const std::string line(12, 'h');
        commit(first, count, [this](std::size_t n) {
            const auto key = fmt::format("bench-{:012}", n);
            const auto member = fmt::format("{:08}", n);
            const auto number = sample_number(n);
            const auto text = sample_text(n);
            insert_.bind_view(1, key);
            insert_.bind_view(2, member);
            insert_.bind_view(3, number);
            insert_.bind_view(4, text);
            insert_.bind_blob(5, line);
            must_run(insert_);
        });
        change(first, count, 1, 2);
        commit(first, count, [this](std::size_t n) {
            update(n, 2, 3);
            const auto name = name_of(n);
            name_.bind_view(1, name);
            name_.bind(2, static_cast<std::int64_t>(n + 1));
            must_run(name_);
        });
        change(first, count, 3, 4);
    }

private:
    static void must_run(sqlite::statement& one) {
        if (const auto failed = one.run()) {
            throw std::runtime_error(failed.message());
        }
    }

    template <class Work>
    void commit(std::size_t first, std::size_t count, Work work) {
        auto begun = must(sqlite::transaction::begin(db_));
        for (std::size_t n = first; n < first + count; ++n) {
            work(n);
        }
        if (const auto failed = begun.commit()) {
            throw std::runtime_error(failed.message());
        }
    }
    void change(std::size_t first, std::size_t count, std::int64_t state, std::size_t lines) {
        commit(first, count, [&](std::size_t n) { update(n, state, lines); });
    }
    void update(std::size_t n, std::int64_t state, std::size_t lines) {
        const std::string history(12 * lines, 'h');
        update_.bind(1, static_cast<std::int64_t>(n + 1));
        update_.bind(2, state);
        update_.bind_blob(3, history);
        must_run(update_);
    }

    sqlite::connection& db_;
    sqlite::statement insert_ = must(db_.prepare(
        "INSERT INTO messages (organisation, key, body, class, member_code, office_code, "
        "to_channel, to_value, text, fence, accepted_at, due_at, valid_until, state, attempts, "
        "marked, channel, reference, segments, unit_price, taken, price, parts, history) VALUES "
        "('kmss', ?1, zeroblob(16), 1, ?2, 'B001', '', ?3, ?4, 0, 1, 1, 1, 0, 0, 0, '', 0, 0, 0, "
        "0, 0, x'', ?5)"));
    sqlite::statement update_ = must(db_.prepare(
        "UPDATE messages SET due_at = 1, state = ?2, attempts = 0, marked = 0, channel = 'sink', "
        "reference = 0, segments = 1, unit_price = 0, taken = 1, price = 0, parts = x'00', "
        "history = ?3 WHERE id = ?1"));
    sqlite::statement name_ = must(db_.prepare(
        "INSERT INTO message_names (account, external_id, message, part) VALUES ('sink', ?1, ?2, "
        "0)"));
};

double theirs(const options& o) {
    const auto path = fresh_database(o, "bare.db");
    { must(sqlite::gateway_database::open(path)); } // Makes the schema.
    auto db = must(sqlite::connection::open(path, sqlite::open_mode::read_write));
    db.execute("PRAGMA synchronous=FULL");
    bare plain{db};
    return seconds_of([&] {
        for (std::size_t first = 0; first < o.messages; first += o.batch) {
            plain.live(first, std::min(o.batch, o.messages - first));
        }
    });
}

int run(int argc, char** argv) {
    CLI::App app{"The durable queue against bare SQLite"};
    options o;
    app.add_option("--directory", o.directory)->required();
    app.add_option("--messages", o.messages);
    app.add_option("--batch", o.batch)->check(CLI::Range(1, 4096));
    CLI11_PARSE(app, argc, argv);
    std::filesystem::create_directories(o.directory);
    const auto count = static_cast<double>(o.messages);
    const double bare_rate = count / theirs(o);
    const double rate = count / ours(o);
    fmt::print("{{\"rate\":{:.1f},\"bare\":{:.1f},\"ratio\":{:.4f}}}\n", rate, bare_rate,
               rate / bare_rate);
    return 0;
}

} // namespace
} // namespace uthan::bench

int main(int argc, char** argv) {
    try {
        return uthan::bench::run(argc, argv);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "bench_outbox: {}\n", problem.what());
        return 1;
    }
}
