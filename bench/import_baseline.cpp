// The peer of import_rows: the rows of a delivery, parsed and numbered beforehand in batches of
// bounded memory, go through the same prepared inserts into the same tables in one transaction
// under the same settings; then the same indexes are built. Only the database's work is timed: no
// reading, no hashing, no checks, no fsync, no publishing.
//
//   bench_import --files DIRECTORY --out FILE.db      prints one JSON object

#include "db/sqlite/generation_builder.hpp"
#include "members/exchange/checks.hpp"
#include "members/exchange/manifest.hpp"
#include "members/exchange/table.hpp"
#include "members/rules.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace uthan::bench {
namespace {

using namespace members::exchange;
using db::sqlite::generation_builder;
using db::sqlite::generation_writer;

/// Rows in memory at a time.
constexpr std::size_t batch_rows_max = 50'000;

void require(error_code failed, const char* what) {
    if (failed) {
        throw std::runtime_error(fmt::format("{}: {}", what, failed.message()));
    }
}

class file_bytes final : public byte_source {
public:
    explicit file_bytes(const std::string& path) : file_(path, std::ios::binary) {
        if (!file_) {
            throw std::runtime_error("cannot open " + path);
        }
    }
    result<std::size_t> read(std::span<char> out) override {
        file_.read(out.data(), static_cast<std::streamsize>(out.size()));
        return static_cast<std::size_t>(file_.gcount());
    }

private:
    std::ifstream file_;
};

/// Parses without the watch and inserts with it.
class baseline {
public:
    baseline(std::string directory, const manifest& delivery, generation_builder& into)
        : directory_(std::move(directory)), delivery_(delivery), into_(into),
          checks_({delivery_, rules_, to_latin_, {}, {}}, said_) {}

    void run() {
        timed([&] { require(into_.start_rows(), "tables"); });
        load<office_row>(into_.rows());
        load<staff_row>(into_.rows());
        load<group_row>(into_.rows());
        load<member_row>(into_.rows());
        timed([&] { require(into_.index_members(), "indexes"); });
        load<savings_row>(into_.rows());
        load<loan_row>(into_.rows());
        load<instalment_row>(into_.rows());
        load<transaction_row>(into_.rows());
        load<holiday_row>(into_.rows());
        load<moratorium_row>(into_.rows());
        load<application_row>(into_.rows());
        load<ladder_row>(into_.rows());
        timed([&] { require(into_.finish(), "the end"); });
    }

    std::uint64_t rows() const noexcept { return rows_; }
    double seconds() const noexcept { return std::chrono::duration<double>(spent_).count(); }

private:
    template <class Work>
    void timed(Work work) {
        const auto start = std::chrono::steady_clock::now();
        work();
        spent_ += std::chrono::steady_clock::now() - start;
    }

    template <class Row>
    void load(generation_writer& writer) {
        const auto* said = delivery_.find(Row::kind);
        if (said == nullptr) {
            return;
        }
        file_bytes source{directory_ + "/" + std::string{name_of(Row::kind)}};
        table_reader<Row> reader{source, delivery_.organisation, said_};
        if (!reader.open()) {
            throw std::runtime_error(fmt::format("{} cannot be read", name_of(Row::kind)));
        }
        checks_.begin(Row::kind, said->rows);
        std::vector<Row> batch;
        batch.reserve(batch_rows_max);
        auto outcome = table_outcome::row;
        while (outcome == table_outcome::row || outcome == table_outcome::bad) {
            Row& row = batch.emplace_back();
            outcome = reader.next(row);
            if (outcome != table_outcome::row || checks_.check(row) != verdict::keep) {
                batch.pop_back();
            }
            if (batch.size() == batch_rows_max || outcome == table_outcome::end) {
                insert(writer, batch);
            }
        }
        checks_.end(Row::kind);
    }

    template <class Row>
    void insert(generation_writer& writer, std::vector<Row>& batch) {
        timed([&] {
            for (const auto& row : batch) {
                const auto done = writer.insert(row);
                require(done ? error_code{} : done.error(), "insert");
            }
        });
        rows_ += batch.size();
        batch.clear();
    }

    std::string directory_;
    const manifest& delivery_;
    generation_builder& into_;
    findings said_;
    members::organisation_rules rules_;
    transliterator to_latin_ = [](std::string_view name) { return std::string{name}; };
    row_checks checks_;
    std::uint64_t rows_ = 0;
    std::chrono::steady_clock::duration spent_{};
};

manifest read_manifest(const std::string& directory) {
    std::ifstream file{directory + "/" + std::string{manifest_name}, std::ios::binary};
    const std::string json{std::istreambuf_iterator<char>{file}, {}};
    findings said;
    auto read = parse_manifest(json, said);
    if (!read) {
        throw std::runtime_error("the manifest cannot be read");
    }
    return std::move(*read);
}

void run(const std::string& directory, const std::string& out) {
    const auto delivery = read_manifest(directory);
    auto built = generation_builder::create(out, 0);
    require(built ? error_code{} : built.error(), "create");
    baseline peer{directory, delivery, **built};
    peer.run();
    fmt::print("{{\"rows\":{},\"seconds\":{:.4f}}}\n", peer.rows(), peer.seconds());
}

} // namespace
} // namespace uthan::bench

int main(int argc, char** argv) try {
    CLI::App app{"Prepared inserts of a delivery's rows"};
    std::string directory;
    std::string out;
    app.add_option("--files", directory)->required();
    app.add_option("--out", out)->required();
    CLI11_PARSE(app, argc, argv);
    uthan::bench::run(directory, out);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench_import: %s\n", error.what());
    return 1;
}
