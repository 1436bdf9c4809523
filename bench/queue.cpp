// Fills a queue of text messages, all due now: the gateway's, or Kannel's spool from one file that
// its own smsbox had stored for message 0.
//
//   bench_queue --messages N --database GATEWAY_DB
//   bench_queue --messages N --spool DIR --like FILE
//   bench_queue --text                                  prints message 0's text

#include "bench/sample_message.hpp"
#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/outbox.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace uthan::bench {
namespace {

namespace sqlite = db::sqlite;

struct options {
    std::size_t messages = 0;
    std::string database;
    std::string spool;
    std::string like;
    bool text = false;
};

constexpr std::size_t batch_size = 4096;
/// Directories that Kannel spreads its spool over.
constexpr std::size_t spool_directories = 100;

template <class T>
T must(result<T> done) {
    if (!done) {
        throw std::runtime_error(done.error().message());
    }
    return std::move(done).value();
}

sms::new_message message_of(std::size_t n, instant now) {
    return {.organisation = "kmss",
            .idempotency_key = fmt::format("queued-{:012}", n),
            .body = {},
            .of = sms::message_class::answer, // They go at any hour.
            .member_code = {},
            .office_code = "HO",
            .to = numbering{}.parse(sample_number(n)).value(),
            .text = sample_text(n),
            .fence = {},
            .due_at = now,
            .valid_until = now + std::chrono::hours{24}};
}

task<void> accept_all(sqlite::outbox& box, std::size_t messages, instant now) {
    for (std::size_t first = 0; first < messages; first += batch_size) {
        std::vector<sms::new_message> batch;
        const auto end = std::min(first + batch_size, messages);
        for (std::size_t n = first; n < end; ++n) {
            batch.push_back(message_of(n, now));
        }
        must(co_await box.accept(std::move(batch), now));
    }
}

void fill_database(const options& o) {
    auto database = must(sqlite::gateway_database::open(o.database));
    sqlite::outbox box{database->writing(), must(sqlite::open_reader(o.database))};
    asio::io_context loop{1};
    std::exception_ptr failed;
    const auto keep = [&failed](std::exception_ptr why) { failed = why; };
    const auto now = std::chrono::floor<instant::duration>(std::chrono::system_clock::now());
    asio::co_spawn(loop.get_executor(), accept_all(box, o.messages, now), keep);
    loop.run();
    if (failed) {
        std::rethrow_exception(failed);
    }
}

/// Every `from` becomes `to`, which is as long: the file's lengths stay true.
void put(std::string& in, std::string_view from, std::string_view to) {
    const auto at = in.find(from);
    if (at == std::string::npos || from.size() != to.size()) {
        throw std::runtime_error("the stored message is not the sample");
    }
    in.replace(at, from.size(), to);
}

/// Where Kannel looks for a message when it is done with: Robert Sedgewick's hash of its id.
std::size_t directory_of(std::string_view id) {
    std::uint64_t hash = 0;
    std::uint64_t factor = 63'689;
    for (const char c : id) {
        hash = hash * factor + static_cast<unsigned char>(c);
        factor *= 378'551;
    }
    return (hash & 0x7FFF'FFFF) % spool_directories;
}

void fill_spool(const options& o) {
    std::ifstream file{o.like, std::ios::binary};
    const std::string like{std::istreambuf_iterator<char>{file}, {}};
    // Its name is its id.
    const auto id = std::filesystem::path{o.like}.filename().string();
    const std::filesystem::path spool{o.spool};
    for (std::size_t i = 0; i < spool_directories; ++i) {
        std::filesystem::create_directories(spool / std::to_string(i));
    }
    for (std::size_t n = 0; n < o.messages; ++n) {
        const auto mine = fmt::format("{:08x}-0000-4000-8000-000000000000", n);
        auto message = like;
        put(message, id, mine);
        put(message, sample_number(0), sample_number(n));
        put(message, sample_text(0), sample_text(n));
        std::ofstream{spool / std::to_string(directory_of(mine)) / mine, std::ios::binary}
            << message;
    }
}

int run(int argc, char** argv) {
    CLI::App app{"A queue of text messages"};
    options o;
    app.add_option("--messages", o.messages);
    auto* const database = app.add_option("--database", o.database);
    auto* const spool = app.add_option("--spool", o.spool)->excludes(database);
    app.add_option("--like", o.like)->needs(spool);
    app.add_flag("--text", o.text);
    app.require_option(1, 3);
    CLI11_PARSE(app, argc, argv);
    if (o.text) {
        fmt::print("{}\n", sample_text(0));
    } else if (o.spool.empty()) {
        fill_database(o);
    } else {
        fill_spool(o);
    }
    return 0;
}

} // namespace
} // namespace uthan::bench

int main(int argc, char** argv) {
    try {
        return uthan::bench::run(argc, argv);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "bench_queue: {}\n", problem.what());
        return 1;
    }
}
