#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

// The subcommands of `uthan` (docs/operations.md). Each returns the process's exit code.
namespace uthan::gateway {

inline constexpr int exit_ok = 0;
/// Refused or failed; the reason is on standard error.
inline constexpr int exit_failed = 1;
/// The command line is wrong.
inline constexpr int exit_usage = 2;

int run_serve(const std::string& config);

struct check_options {
    std::string config;
    std::string graph;    ///< a file for Graphviz; empty: none
    bool members = false; ///< measure with the published members' values
};
int run_check(const check_options& options);

struct import_options {
    std::string config;
    std::string organisation;
    std::string directory;
    bool dry_run = false;
};
int run_import(const import_options& options);

struct generations_options {
    std::string config;
    std::string organisation;
    std::optional<std::uint32_t> publish;
};
int run_generations(const generations_options& options);

struct demo_data_options {
    std::string organisation;
    std::uint32_t members = 0;
    std::uint64_t seed = 1;
    std::string as_of;
    std::string out;
};
int run_demo_data(const demo_data_options& options);

struct pin_reset_options {
    std::string config;
    std::string organisation;
    std::string member;
};
int run_pin_reset(const pin_reset_options& options);

struct pin_issue_options {
    std::string config;
    std::string organisation;
    std::string office; ///< with all below it
    std::string group;  ///< of that office; empty: all
    std::string out;    ///< a page to print; must not be there yet
    bool again = false; ///< also for members whose slip is still good
};
int run_pin_issue(const pin_issue_options& options);

struct requests_list_options {
    std::string config;
    std::string organisation;
    bool open = false;
    bool overdue = false;
    std::string office; ///< whose turn it is; empty: any
    std::string as;     ///< a code of staff.csv: what he may not see is left out; empty: everything
};
int run_requests_list(const requests_list_options& options);

struct requests_action_options {
    std::string config;
    std::string organisation;
    std::uint64_t number = 0;
    std::string by;      ///< a code of staff.csv, active; only what he may see
    std::string outside; ///< in place of `by`: the name of somebody who is no member of staff
    bool close = false;
};
int run_requests_action(const requests_action_options& options);

struct numbers_list_options {
    std::string config;
    std::string organisation;
};
/// Changes that wait, are blocked or refused; members on a number of staff; numbers that too many
/// share.
int run_numbers_list(const numbers_list_options& options);

enum class numbers_action { confirm, refuse, unlink };

struct numbers_action_options {
    std::string config;
    std::string organisation;
    std::string member;
    std::string by; ///< who decided
    numbers_action what = numbers_action::confirm;
};
int run_numbers_action(const numbers_action_options& options);

struct staff_pin_options {
    std::string config;
    std::string organisation;
    std::string staff; ///< a code of staff.csv
};
int run_staff_pin(const staff_pin_options& options);

struct staff_actions_options {
    std::string config;
    std::string organisation;
    std::string staff;  ///< a code of staff.csv; empty: any
    std::string office; ///< where she works in the current generation; empty: any
    std::string from;   ///< a day in the organisation's zone; empty: the first
    std::string to;     ///< inclusive; empty: the last
};
/// What staff did on their phones, oldest first.
int run_staff_actions(const staff_actions_options& options);

struct staff_add_options {
    std::string config;
    std::string organisation;
    std::string login;
    std::string role;   ///< "machine" alone
    std::string office; ///< with all below it
};
/// The key on standard output, once.
int run_staff_add(const staff_add_options& options);

struct staff_list_options {
    std::string config;
    std::string organisation;
};
int run_staff_list(const staff_list_options& options);
/// Every entry, oldest first; exit_failed when the chain is broken.
int run_staff_audit(const staff_list_options& options);

struct staff_revoke_options {
    std::string config;
    std::string organisation;
    std::string login;
};
int run_staff_revoke(const staff_revoke_options& options);

struct phone_options {
    std::string url;
    std::string msisdn;
    std::string dial;
    /// Say each key back: keys that come from a pipe are not seen otherwise.
    bool echo = false;
};
/// Keys from `in`, screens to `out`.
int run_phone(const phone_options& options, std::istream& in, std::ostream& out);

int run_version();

} // namespace uthan::gateway
