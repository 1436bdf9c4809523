#include "db/sqlite/generation_import.hpp"

#include "db/sqlite/binding_import.hpp"
#include "db/sqlite/generation_audit.hpp"
#include "db/sqlite/generation_batches.hpp"
#include "db/sqlite/generation_builder.hpp"
#include "db/sqlite/generation_files.hpp"
#include "db/sqlite/generation_register.hpp"
#include "db/sqlite/ledger_reader.hpp"
#include "db/sqlite/payment_tables.hpp"
#include "members/exchange/digest.hpp"
#include "members/exchange/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace uthan::db::sqlite {
namespace {

namespace fs = std::filesystem;
using namespace members::exchange;

/// The shortest row that a file can have; bounds what is reserved for a manifest's row count.
constexpr std::uint64_t row_bytes_min = 8;

bool is_directory_name(std::string_view code) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    };
    return !code.empty() && code.size() <= code_bytes_max &&
           std::all_of(code.begin(), code.end(), allowed);
}

/// Removes a file that did not become a generation.
class unfinished_file {
public:
    explicit unfinished_file(fs::path path) : path_(std::move(path)) { remove(); }
    ~unfinished_file() { remove(); }
    unfinished_file(const unfinished_file&) = delete;
    unfinished_file& operator=(const unfinished_file&) = delete;
    void keep() noexcept { path_.clear(); }
    std::string path() const { return path_.string(); }

private:
    void remove() noexcept {
        std::error_code ignored;
        if (!path_.empty()) {
            fs::remove(path_, ignored);
            fs::remove(path_.string() + "-journal", ignored);
        }
    }
    fs::path path_;
};

/// Lets the reader's side end when the inserter's side is left.
template <class Row>
class batches_stop {
public:
    explicit batches_stop(row_batches<Row>& batches) : batches_(batches) {}
    ~batches_stop() { batches_.stop(); }
    batches_stop(const batches_stop&) = delete;
    batches_stop& operator=(const batches_stop&) = delete;

private:
    row_batches<Row>& batches_;
};

/// One run. Each step returns false when the delivery is refused or cannot go on; why is in said_.
class import_run {
public:
    explicit import_run(const import_request& request) : request_(request) {}
    import_report run();

private:
    bool work();
    bool read_manifest();
    bool find_unlisted_files();
    bool open_register();
    bool compare_with_current();
    void read_current_offices();
    bool start_building();
    bool load_all();
    bool relink_groups();
    bool index_members();
    template <class Row>
    bool load();
    template <class Row>
    void read_rows(table_reader<Row>& table, row_batches<Row>& batches);
    template <class Row>
    bool insert_rows(row_batches<Row>& batches);
    /// False when the row is not taken; why is said.
    template <class Row>
    result<bool> insert(const Row& row);
    result<bool> fits(const instalment_row& row);
    bool check_file_end(file_kind kind, digesting_source& source);
    bool finish();
    bool check_result();
    bool note_numbers(const fs::path& built);
    bool publish();
    bool fail(std::string_view what);
    file_count& count(file_kind kind) { return report_.files[static_cast<std::size_t>(kind)]; }

    const import_request& request_;
    findings said_;
    import_report report_;
    manifest manifest_;
    std::string digest_;
    std::optional<connection> gateway_;
    std::optional<generation_record> current_;
    std::map<std::string, calendar_day> current_offices_;
    std::uint32_t number_ = 0;
    std::optional<unfinished_file> building_;
    std::unique_ptr<generation_builder> builder_;
    std::optional<row_checks> checks_;
    std::uint64_t not_inserted_ = 0;
    std::uint64_t rows_done_ = 0;
    bool overdue_delivered_ = false;
    bool current_readable_ = false;
    bool unchanged_ = false;
};

import_report import_run::run() {
    const bool good = work();
    if (unchanged_) {
        report_.outcome = import_outcome::unchanged;
        report_.generation = current_->number;
    } else if (good) {
        report_.outcome = request_.dry_run ? import_outcome::checked : import_outcome::published;
        report_.generation = request_.dry_run ? 0 : number_;
    }
    builder_.reset();
    building_.reset();
    if (checks_) {
        report_.transliterated = checks_->transliterated();
    }
    if (report_.transliterated > 0) {
        said_.add(severity::note, manifest_name, 0, "transliterated",
                  fmt::format("{} names had no _en and were written in Latin letters by rule",
                              report_.transliterated));
    }
    report_.lines = said_.list();
    return std::move(report_);
}

bool import_run::fail(std::string_view what) {
    std::string why;
    if (builder_) {
        why = builder_->disk_full() ? ": the disk is full" : ": " + builder_->last_error();
    }
    said_.refuse(generation_file(request_.organisation, number_), 0,
                 fmt::format("{}{}; nothing was published", what, why));
    return false;
}

bool import_run::work() {
    if (!is_directory_name(request_.organisation)) {
        said_.refuse(manifest_name, 0, "the organisation's code may have letters, digits, - and _");
        return false;
    }
    const auto directory = request_.ledger_directory / request_.organisation;
    std::error_code failed;
    fs::create_directories(directory, failed);
    if (failed) {
        return fail("the ledger's directory cannot be made");
    }
    const auto lock = directory_lock::acquire(directory);
    if (!lock) {
        return fail(lock.error() == errc::already_owned
                        ? "another import of this organisation is running"
                        : "the ledger's directory cannot be locked");
    }
    if (!read_manifest() || !open_register() || !compare_with_current()) {
        return false;
    }
    if (unchanged_) {
        return true;
    }
    building_.emplace(directory / ".building.db");
    return find_unlisted_files() && start_building() && load_all() && finish() && check_result() &&
           (request_.dry_run || publish());
}

bool import_run::read_manifest() {
    const auto text = read_whole(request_.directory / manifest_name, manifest_bytes_max);
    if (!text) {
        said_.refuse(manifest_name, 0,
                     text.error() == errc::too_large ? "the file is larger than 1 MiB"
                                                     : "the file is not there or cannot be read");
        return false;
    }
    auto parsed = parse_manifest(*text, said_);
    if (!parsed) {
        return false;
    }
    manifest_ = std::move(*parsed);
    if (manifest_.organisation != request_.organisation) {
        said_.refuse(manifest_name, 0,
                     fmt::format("the delivery is of {}, not of {}", manifest_.organisation,
                                 request_.organisation));
        return false;
    }
    digest_ = digest_of(manifest_);
    refuse_days_after(request_.today, manifest_, said_);
    return !said_.refused();
}

bool import_run::find_unlisted_files() {
    for (const auto name : file_names) {
        std::error_code failed;
        if (!manifest_.files.contains(std::string{name}) &&
            fs::exists(request_.directory / name, failed)) {
            said_.refuse(name, 0,
                         fmt::format("the file is there, but {} does not name it", manifest_name));
        }
    }
    return !said_.refused();
}

bool import_run::open_register() {
    auto gateway = connection::open(request_.gateway_path, open_mode::read_write);
    if (!gateway) {
        return fail("the gateway database cannot be opened");
    }
    gateway_.emplace(std::move(*gateway));
    auto current = current_generation(*gateway_, request_.organisation);
    const auto number = next_generation_number(*gateway_, request_.organisation);
    if (!current || !number) {
        return fail("the gateway database does not answer");
    }
    current_ = std::move(*current);
    number_ = *number;
    return true;
}

void import_run::read_current_offices() {
    auto file = open_generation((request_.ledger_directory / current_->file).string());
    if (!file) {
        return;
    }
    auto offices = file->prepare("SELECT code, as_of FROM offices");
    if (!offices) {
        return;
    }
    auto row = offices->step();
    for (; row && *row; row = offices->step()) {
        current_offices_[std::string{offices->text(0)}] =
            calendar_day{std::chrono::days{offices->integer(1)}};
    }
    current_readable_ = row.has_value();
}

bool import_run::compare_with_current() {
    if (!current_) {
        return true;
    }
    read_current_offices();
    if (current_readable_) {
        unchanged_ = current_->digest == digest_;
        return true;
    }
    // A whole delivery is the way out of a lost file; a part of one cannot be completed.
    const auto text = fmt::format("the current generation {} cannot be read", current_->number);
    if (manifest_.partial) {
        return fail(text);
    }
    said_.add(severity::warning, current_->file, 0, "current generation",
              text + "; the offices' as-of days are not compared with it");
    return true;
}

bool import_run::start_building() {
    auto builder = generation_builder::create(building_->path(), request_.generation_bytes_max);
    if (!builder) {
        return fail("the generation cannot be built");
    }
    builder_ = std::move(*builder);
    if (manifest_.partial && current_) {
        carry_over from;
        from.path = (request_.ledger_directory / current_->file).string();
        for (const auto& [code, as_of] : manifest_.offices) {
            from.replaced.push_back(code);
        }
        from.holidays = manifest_.find(file_kind::holidays) == nullptr;
        from.moratoria = manifest_.find(file_kind::moratoria) == nullptr;
        from.ladder = manifest_.find(file_kind::ladder) == nullptr;
        if (builder_->copy(from)) {
            return fail("the offices that stay cannot be copied");
        }
    }
    if (builder_->start_rows()) {
        return fail("the generation cannot be built");
    }
    checks_.emplace(row_checks::context{manifest_, request_.rules, request_.to_latin,
                                        current_offices_, request_.numbers},
                    said_);
    return true;
}

bool import_run::load_all() {
    return load<office_row>() && load<staff_row>() && load<group_row>() && relink_groups() &&
           load<member_row>() && index_members() && load<savings_row>() && load<loan_row>() &&
           load<instalment_row>() && load<transaction_row>() && load<holiday_row>() &&
           load<moratorium_row>() && load<application_row>() && load<ladder_row>();
}

bool import_run::relink_groups() {
    return !builder_->relink_groups(said_) || fail("groups cannot be written");
}

bool import_run::index_members() {
    return !builder_->index_members() || fail("members cannot be indexed");
}

template <class Row>
bool import_run::load() {
    constexpr auto kind = Row::kind;
    const auto* listed = manifest_.find(kind);
    if (listed == nullptr) {
        return true;
    }
    auto file = file_source::open(request_.directory / name_of(kind));
    if (!file) {
        said_.refuse(name_of(kind), 0, "the file is not there or cannot be read");
        return false;
    }
    count(kind).delivered = true;
    digesting_source source{*file};
    table_reader<Row> table{source, request_.organisation, said_};
    if (!table.open()) {
        return false;
    }
    if constexpr (kind == file_kind::loans) {
        overdue_delivered_ = table.has("overdue_amount");
    }
    checks_->begin(kind,
                   static_cast<std::size_t>(std::min(listed->rows, file->bytes() / row_bytes_min)));
    not_inserted_ = 0;
    row_batches<Row> batches;
    // Reading, hashing and checking beside inserting. An exception on this side stops the other.
    std::jthread reader{[&] { read_rows(table, batches); }};
    const batches_stop stop{batches};
    const bool inserted = insert_rows(batches);
    reader.join();
    count(kind).bad += not_inserted_;
    if (!inserted) {
        return fail("rows cannot be written");
    }
    if (!said_.refused()) {
        checks_->end(kind);
    }
    return !said_.refused() && check_file_end(kind, source);
}

template <class Row>
void import_run::read_rows(table_reader<Row>& table, row_batches<Row>& batches) {
    auto& counted = count(Row::kind);
    const auto expected = manifest_.find(Row::kind)->rows;
    std::vector<Row> batch;
    batch.reserve(row_batches<Row>::rows_per_batch);
    Row row;
    while (!said_.refused()) {
        const auto outcome = table.next(row);
        if (outcome == table_outcome::end || outcome == table_outcome::failed) {
            break;
        }
        if (++counted.rows > expected) {
            said_.refuse(
                name_of(Row::kind), 0,
                fmt::format("there are more rows than the {} of {}", expected, manifest_name));
            break;
        }
        const auto found = outcome == table_outcome::row ? checks_->check(row) : verdict::bad;
        if (outcome == table_outcome::bad) {
            checks_->lose(Row::kind, table.bad_key());
        }
        counted.bad += found == verdict::bad ? 1 : 0;
        counted.left_out += found == verdict::left_out ? 1 : 0;
        if (found == verdict::keep) {
            batch.push_back(std::move(row));
        }
        if (batch.size() == row_batches<Row>::rows_per_batch) {
            if (!batches.put(std::exchange(batch, {}))) {
                break;
            }
            batch.reserve(row_batches<Row>::rows_per_batch);
        }
    }
    if (!batch.empty()) {
        batches.put(std::move(batch));
    }
    batches.close();
}

result<bool> import_run::fits(const instalment_row& row) {
    if (!row.out_of_order) {
        return true;
    }
    const auto other = builder_->neighbour_that_does_not_fit(row);
    if (!other) {
        return errc::store_unavailable;
    }
    if (*other) {
        said_.add(severity::error, name_of(row.kind), row.line, due_order,
                  due_order_text(row.value, (*other)->seq, (*other)->due_on));
    }
    return !*other;
}

template <class Row>
result<bool> import_run::insert(const Row& row) {
    if constexpr (Row::kind == file_kind::schedule) {
        const auto in_order = fits(row);
        if (!in_order || !*in_order) {
            return in_order;
        }
    }
    auto inserted = builder_->rows().insert(row);
    if constexpr (Row::kind == file_kind::members) {
        if (inserted && !*inserted) {
            const auto moved = builder_->remove_carried(row.value.code);
            if (!moved || !*moved) {
                return moved;
            }
            said_.add(severity::warning, name_of(Row::kind), row.line, "moved",
                      fmt::format("the member {} was in an office that this delivery does not "
                                  "replace; she is taken from here",
                                  row.value.code));
            inserted = builder_->rows().insert(row);
        }
    }
    if (inserted && !*inserted) {
        said_.add(severity::error, name_of(Row::kind), row.line, "twice",
                  "the same row is there twice: its number was seen before");
    }
    return inserted;
}

template <class Row>
bool import_run::insert_rows(row_batches<Row>& batches) {
    while (const auto batch = batches.take()) {
        for (const auto& row : *batch) {
            const auto inserted = insert(row);
            if (!inserted) {
                batches.stop();
                return false;
            }
            if (!*inserted) {
                ++not_inserted_;
            }
        }
        rows_done_ += batch->size();
        if (request_.progress) {
            request_.progress(std::min(rows_done_, manifest_.rows()), manifest_.rows());
        }
    }
    return true;
}

bool import_run::check_file_end(file_kind kind, digesting_source& source) {
    const auto& listed = *manifest_.find(kind);
    const auto& counted = count(kind);
    if (counted.rows != listed.rows) {
        said_.refuse(
            name_of(kind), 0,
            fmt::format("there are {} rows, {} says {}", counted.rows, manifest_name, listed.rows));
    }
    if (source.finish() != listed.sha256) {
        said_.refuse(
            name_of(kind), 0,
            fmt::format("the file is not the one of {}: its SHA-256 differs", manifest_name));
    }
    const auto allowed =
        static_cast<std::uint64_t>(static_cast<double>(counted.rows) * request_.bad_rows_max);
    if (counted.bad > allowed) {
        said_.refuse(name_of(kind), 0,
                     fmt::format("{} of {} rows are bad; at most {} may be", counted.bad,
                                 counted.rows, allowed));
    }
    return !said_.refused();
}

bool import_run::finish() {
    if (checks_->loans_without_schedule() > 0) {
        const auto made = builder_->make_schedules(request_.rules, said_);
        if (!made) {
            return fail("schedules cannot be written");
        }
        report_.schedules_made = *made;
        said_.add(severity::note, name_of(file_kind::loans), 0, "schedules made",
                  fmt::format("{} loans had no schedule rows; theirs were computed from the loans' "
                              "terms",
                              *made));
    }
    report_.carried_members = static_cast<std::uint64_t>(builder_->carried_members());
    return !builder_->finish() || fail("the generation cannot be finished");
}

bool import_run::check_result() {
    audit_request audit;
    audit.members_after = builder_->bases().member;
    audit.path = building_->path();
    audit.schedules_delivered = manifest_.find(file_kind::schedule) != nullptr;
    audit.overdue_delivered = overdue_delivered_;
    const auto members = builder_->members();
    builder_.reset();
    error_code checked;
    std::jthread checking{[&] { checked = check_file(audit.path); }};
    const auto audited = audit_loans(audit, request_.rules, said_);
    checking.join();
    if (checked || audited) {
        return fail("the finished file cannot be read back");
    }
    const auto& counted = count(file_kind::members);
    if (static_cast<std::uint64_t>(members) != counted.kept() + report_.carried_members) {
        return fail("the finished file does not hold the members that were read");
    }
    return true;
}

/// What changed in members' numbers is stored before a new number can answer.
bool import_run::note_numbers(const fs::path& built) {
    number_import numbers{.organisation = request_.organisation,
                          .generation = built.string(),
                          .previous = {},
                          .cool_off = request_.number_cool_off,
                          .numbers = request_.numbers,
                          .now = request_.now};
    if (current_readable_) {
        numbers.previous = (request_.ledger_directory / current_->file).string();
    }
    auto gateway = connection::open(request_.gateway_path, open_mode::read_write);
    const auto found = gateway ? db::sqlite::note_numbers(std::move(*gateway), numbers)
                               : result<number_findings>{gateway.error()};
    if (!found) {
        return false;
    }
    tell(*found, said_);
    return true;
}

bool import_run::publish() {
    generation_record built;
    built.number = number_;
    built.file = generation_file(request_.organisation, number_);
    built.digest = digest_;
    built.as_of = manifest_.as_of;
    built.offices = static_cast<std::int64_t>(count(file_kind::branches).kept());
    built.members =
        static_cast<std::int64_t>(count(file_kind::members).kept() + report_.carried_members);
    built.rows = static_cast<std::int64_t>(report_.rows());
    built.built_at = request_.now;
    const auto path = request_.ledger_directory / built.file;
    unfinished_file placed{path};
    if (put_in_place(building_->path(), path.string())) {
        return fail("the generation cannot be put in its place");
    }
    building_->keep();
    // From here on the file goes only when the register surely does not name it.
    placed.keep();
    if (!note_numbers(path)) {
        const unfinished_file unwanted{path};
        return fail("members' numbers cannot be compared");
    }
    const auto retired = publish_built(*gateway_, request_.organisation, built);
    if (!retired) {
        const auto now = current_generation(*gateway_, request_.organisation);
        if (now && (!*now || (*now)->number != number_)) {
            const unfinished_file unwanted{path};
        }
        return fail("the gateway database did not take the new generation");
    }
    for (const auto& file : *retired) {
        std::error_code ignored;
        fs::remove(request_.ledger_directory / file, ignored);
    }
    // Only spares readers a look: which payments count they decide themselves, and what is not
    // marked now the next import marks.
    if (!retire_contained(*gateway_, request_.organisation, path.string(), number_)) {
        said_.add(severity::warning, manifest_name, 0, "posted payments",
                  "posted payments that this delivery contains could not be marked");
    }
    return true;
}

} // namespace

import_report run_import(const import_request& request) {
    return import_run{request}.run();
}

} // namespace uthan::db::sqlite
