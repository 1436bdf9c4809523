#pragma once

#include "core/calendar.hpp"
#include "db/sqlite/generation_import.hpp"
#include "members/exchange/report.hpp"
#include "members/facts.hpp"
#include "members/rules.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::db::sqlite::testing {

/// A directory of its own, removed at the end.
class scratch_directory {
public:
    scratch_directory();
    ~scratch_directory();
    scratch_directory(const scratch_directory&) = delete;
    scratch_directory& operator=(const scratch_directory&) = delete;
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

/// The files of a delivery: a small right one to be changed by a test.
struct delivery {
    std::string organisation = "kmss";
    std::string as_of = "2026-11-21";
    /// Empty: the delivery replaces all offices.
    std::map<std::string, std::string> offices;
    std::map<std::string, std::string> files;
    /// What the manifest says in place of the true counts and digests.
    std::map<std::string, std::uint64_t> wrong_rows;
    std::map<std::string, std::string> wrong_digests;
    std::vector<std::string> unlisted;

    /// Two branches (B1, B2) under HO, three groups, four members (M1 … M3 in B1, M4 in B2).
    static delivery small();
    void add(const std::string& file, const std::string& line) { files[file] += line + "\n"; }
    void write(const std::filesystem::path& directory) const;
};

/// An organisation's ledger directory and gateway database.
class import_world {
public:
    import_world();
    /// Also expects other_schedules to be empty.
    members::exchange::import_report import(const delivery& files);
    import_request request();
    std::string text_of(const members::exchange::import_report& report) const;
    /// Names under the organisation's ledger directory, without the lock.
    std::vector<std::string> ledger_files() const;

    scratch_directory directory;
    members::organisation_rules rules;
    std::string gateway;
    std::filesystem::path ledger;
};

const members::exchange::file_count& count(const members::exchange::import_report& report,
                                           members::exchange::file_kind kind);

/// A member's facts as a generation of kmss has them; null when it has none.
std::shared_ptr<const members::member_facts> facts(const import_world& world, unsigned generation,
                                                   std::string_view code);

std::shared_ptr<const members::member_activity>
activity(const import_world& world, unsigned generation, std::string_view code);

/// The loans of a generation whose schedule in the facts is not that of the instalments, and what
/// dues hold of no instalment.
std::vector<std::string> other_schedules(const import_world& world, unsigned generation,
                                         std::string_view organisation = "kmss");

/// The generation of kmss that is served; 0: none.
std::uint32_t current_number(const import_world& world);

} // namespace uthan::db::sqlite::testing
