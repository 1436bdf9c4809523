#pragma once

#include "db/sqlite/connection.hpp"
#include "db/sqlite/generation_writer.hpp"
#include "members/exchange/report.hpp"
#include "members/rules.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace uthan::db::sqlite {

/// What of an earlier generation goes into the next one.
struct carry_over {
    std::string path;                  ///< of the earlier generation's file
    std::vector<std::string> replaced; ///< offices that the delivery brings
    bool holidays = false;             ///< the organisation's own; also those of other offices stay
    bool moratoria = false;
    bool ladder = false;
};

/// Builds one generation file aside. Not durable and not safe against a crash until sync_file: what
/// a crash leaves is removed by the next import. One thread.
class generation_builder {
public:
    /// `bytes_max`: refuse to grow beyond; 0 = as large as the disk allows.
    static result<std::unique_ptr<generation_builder>> create(const std::string& path,
                                                              std::uint64_t bytes_max);

    /// Before the first row: copies the offices that stay with all that belongs to them, sorted.
    error_code copy(const carry_over& from);
    std::int64_t carried_members() const noexcept { return carried_members_; }

    /// Prepares the inserts. Between copy and finish.
    error_code start_rows();
    generation_writer& rows() noexcept { return *writer_; }
    /// Numbers of the delivery's rows begin behind this.
    const row_bases& bases() const noexcept { return bases_; }
    /// Takes the carried-over member with this code out, with all that is hers. False when there is
    /// none.
    result<bool> remove_carried(const std::string& member_code);

    /// The delivered instalment before or after this one by seq whose due date does not fit; none
    /// when both fit.
    result<std::optional<members::instalment>>
    neighbour_that_does_not_fit(const members::exchange::instalment_row& row);

    /// When the groups are written: gives carried-over members the delivered group with the code of
    /// the group they had; warns of groups that are gone and left members without one.
    error_code relink_groups(members::exchange::findings& said);

    /// Computes a schedule for each delivered loan that has none; warns where that cannot be done.
    /// Returns how many were made.
    result<std::uint64_t> make_schedules(const members::organisation_rules& rules,
                                         members::exchange::findings& said);

    /// Once all members are there.
    error_code index_members();

    /// Statistics, commit; closes the file.
    error_code finish();
    std::int64_t members() const noexcept { return members_; }

    /// SQLite's words for the last failure; holds no row's value.
    std::string last_error() const { return file_.last_error(); }
    /// Whether the last failure was a full disk (or bytes_max).
    bool disk_full() noexcept;

private:
    explicit generation_builder(connection file) : file_(std::move(file)) {}
    error_code relink(std::string_view column, std::string_view what,
                      members::exchange::findings& said);

    /// A delivered loan without schedule rows.
    struct bare_loan {
        members::loan value;
        std::int64_t member = 0;
        std::int64_t ordinal = 0;
        std::uint64_t line = 0;
        std::optional<members::meeting_rule> meeting;
    };
    /// Some of them, from behind the given one on.
    static result<std::vector<bare_loan>> read_bare_loans(statement& select, std::int64_t member,
                                                          std::int64_t ordinal);
    result<bool> make_schedule(const bare_loan& loan, const members::organisation_rules& rules);

    connection file_;
    row_bases bases_;
    std::int64_t carried_members_ = 0;
    std::int64_t members_ = 0;
    bool carries_ = false;
    std::optional<generation_writer> writer_;
};

/// The whole file is well-formed by SQLite's own check.
error_code check_file(const std::string& path);

/// Makes the file and its name durable: fsync, rename to `path`, fsync of the directory.
error_code put_in_place(const std::string& built, const std::string& path);

} // namespace uthan::db::sqlite
