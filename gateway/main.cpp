#include "gateway/commands/commands.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>

namespace {

using namespace uthan::gateway;

/// What a subcommand needs between parsing and running; lives until the end of main.
struct command_line {
    std::string config;
    check_options check;
    import_options import;
    generations_options generations;
    std::uint32_t publish = 0;
    demo_data_options demo_data;
    pin_reset_options pin_reset;
    pin_issue_options pin_issue;
    requests_list_options requests_list;
    requests_action_options requests_action;
    numbers_list_options numbers_list;
    numbers_action_options numbers_action;
    staff_pin_options staff_pin;
    staff_actions_options staff_actions;
    staff_add_options staff_add;
    staff_list_options staff_list;
    staff_revoke_options staff_revoke;
    phone_options phone;
    std::function<int()> run;
};

void add_config(CLI::App& command, std::string& target) {
    command.add_option("--config", target, "The configuration (TOML)")->required();
}

void add_organisation(CLI::App& command, std::string& target) {
    command.add_option("--organisation", target, "The organisation's code")->required();
}

/// A subcommand about one organisation, with the options that all of them have.
template <class Options>
CLI::App& add_about(CLI::App& under, command_line& line, const char* name, const char* meaning,
                    Options& target, int (*run)(const Options&)) {
    auto* command = under.add_subcommand(name, meaning);
    add_config(*command, target.config);
    add_organisation(*command, target.organisation);
    command->callback([&line, &target, run] { line.run = [&target, run] { return run(target); }; });
    return *command;
}

void add_process_commands(CLI::App& app, command_line& line) {
    auto* serve = app.add_subcommand("serve", "Run the gateway in the foreground");
    add_config(*serve, line.config);
    serve->callback([&line] { line.run = [&line] { return run_serve(line.config); }; });

    auto* check = app.add_subcommand("check", "Prove configuration, menus and texts");
    add_config(*check, line.check.config);
    check->add_option("--graph", line.check.graph, "Write the menus as Graphviz to this file");
    check->add_flag("--members", line.check.members,
                    "Measure screens with the longest values of the imported members");
    check->callback([&line] { line.run = [&line] { return run_check(line.check); }; });

    auto* version = app.add_subcommand("version", "Print version, commit and libraries");
    version->callback([&line] { line.run = run_version; });
}

void add_ledger_commands(CLI::App& app, command_line& line) {
    auto& importing = add_about(app, line, "import", "Import a delivery as the next generation",
                                line.import, run_import);
    importing.add_option("DIR", line.import.directory, "The directory with manifest.json")
        ->required();
    importing.add_flag("--dry-run", line.import.dry_run, "Check everything, publish nothing");

    auto* generations = app.add_subcommand("generations", "List generations, or go back to one");
    add_config(*generations, line.generations.config);
    add_organisation(*generations, line.generations.organisation);
    auto* publish = generations->add_option("--publish", line.publish, "Make this one current");
    generations->callback([&line, publish] {
        if (publish->count() > 0) {
            line.generations.publish = line.publish;
        }
        line.run = [&line] { return run_generations(line.generations); };
    });

    auto* demo = app.add_subcommand("demo-data", "Write a made-up organisation's delivery");
    add_organisation(*demo, line.demo_data.organisation);
    demo->add_option("--members", line.demo_data.members, "How many members")->required();
    demo->add_option("--seed", line.demo_data.seed, "Another seed, other members")->required();
    demo->add_option("--as-of", line.demo_data.as_of, "The day of the figures")->required();
    demo->add_option("--out", line.demo_data.out, "The directory to write to")->required();
    demo->callback([&line] { line.run = [&line] { return run_demo_data(line.demo_data); }; });
}

void add_member_commands(CLI::App& app, command_line& line) {
    auto* pin = app.add_subcommand("pin", "Members' PINs");
    pin->require_subcommand(1);
    auto& reset = add_about(*pin, line, "reset", "Forget a PIN; print a one-time PIN, once",
                            line.pin_reset, run_pin_reset);
    reset.add_option("--member", line.pin_reset.member, "The member's code")->required();

    auto& issue = add_about(*pin, line, "issue", "Slips with one-time PINs, by group, to print",
                            line.pin_issue, run_pin_issue);
    issue.add_option("--office", line.pin_issue.office, "An office, with all below it")->required();
    issue.add_option("--group", line.pin_issue.group, "One group of it");
    issue.add_option("--out", line.pin_issue.out, "The page to write: slips.html")->required();
    issue.add_flag("--again", line.pin_issue.again, "Also where an earlier slip is still good");

    auto* phone = app.add_subcommand("phone", "A feature phone in the terminal");
    phone->add_option("--url", line.phone.url, "The channel's URL, up to and including /ussd")
        ->required();
    phone->add_option("--msisdn", line.phone.msisdn, "The phone's number")->required();
    phone->add_option("--dial", line.phone.dial, "The code to dial: *384*2#")->required();
    phone->callback(
        [&line] { line.run = [&line] { return run_phone(line.phone, std::cin, std::cout); }; });
}

void add_request_action(CLI::App& requests, command_line& line, const char* name,
                        const char* meaning, bool closes) {
    auto& act = add_about(requests, line, name, meaning, line.requests_action, run_requests_action);
    act.add_option("NUMBER", line.requests_action.number, "The request's number")->required();
    auto* who = act.add_option_group("who", "Who did it");
    who->add_option("--by", line.requests_action.by,
                    "Who did it: the code of an active member of staff");
    who->add_option("--outside", line.requests_action.outside,
                    "Who did it: the name of somebody who is no member of staff");
    who->require_option(1);
    act.preparse_callback([&line, closes](std::size_t) { line.requests_action.close = closes; });
}

void add_request_commands(CLI::App& app, command_line& line) {
    auto* requests = app.add_subcommand("requests", "Members' complaints and requests");
    requests->require_subcommand(1);
    auto& list = add_about(*requests, line, "list", "A line for each, the most urgent first",
                           line.requests_list, run_requests_list);
    list.add_flag("--open", line.requests_list.open, "Those that wait for an answer");
    list.add_flag("--overdue", line.requests_list.overdue, "Those whose time has passed");
    list.add_option("--office", line.requests_list.office, "Those whose turn this office has");
    list.add_option("--as", line.requests_list.as, "What this member of staff may see");
    add_request_action(*requests, line, "reply", "Note that she was answered", false);
    add_request_action(*requests, line, "close", "Note that it is over", true);
}

void add_number_action(CLI::App& numbers, command_line& line, const char* name, const char* meaning,
                       numbers_action what) {
    auto& act = add_about(numbers, line, name, meaning, line.numbers_action, run_numbers_action);
    act.add_option("--member", line.numbers_action.member, "Her number in the passbook")
        ->required();
    act.add_option("--by", line.numbers_action.by, "Who decided")->required();
    act.preparse_callback([&line, what](std::size_t) { line.numbers_action.what = what; });
}

void add_numbers_commands(CLI::App& app, command_line& line) {
    auto* numbers = app.add_subcommand("numbers", "Changed, shared and masked numbers");
    numbers->require_subcommand(1);
    add_about(*numbers, line, "list", "What an auditor should look at", line.numbers_list,
              run_numbers_list);
    add_number_action(*numbers, line, "confirm", "The changed number is hers",
                      numbers_action::confirm);
    add_number_action(*numbers, line, "refuse", "The changed number is not hers",
                      numbers_action::refuse);
    add_number_action(*numbers, line, "unlink", "Her masked phones are hers no more",
                      numbers_action::unlink);
}

void add_staff_commands(CLI::App& app, command_line& line) {
    auto* staff = app.add_subcommand("staff", "Staff on their own phones; the machines' API keys");
    staff->require_subcommand(1);
    auto& pin = add_about(*staff, line, "pin", "Forget her PIN; print a one-time PIN, once",
                          line.staff_pin, run_staff_pin);
    pin.add_option("--staff", line.staff_pin.staff, "Her code in staff.csv")->required();

    auto& actions = add_about(*staff, line, "actions", "What staff did on their phones",
                              line.staff_actions, run_staff_actions);
    actions.add_option("--staff", line.staff_actions.staff, "Hers alone: her code in staff.csv");
    actions.add_option("--office", line.staff_actions.office, "Of those who work there now");
    actions.add_option("--from", line.staff_actions.from, "Since this day: 2026-11-30");
    actions.add_option("--to", line.staff_actions.to, "Up to this day");

    auto& add = add_about(*staff, line, "add", "Make an API key for a machine; print it, once",
                          line.staff_add, run_staff_add);
    add.add_option("--login", line.staff_add.login, "The machine's name")->required();
    add.add_option("--role", line.staff_add.role, "machine")->required();
    add.add_option("--office", line.staff_add.office, "For this office and all below it")
        ->required();

    add_about(*staff, line, "list", "The machines and their keys' ids", line.staff_list,
              run_staff_list);
    add_about(*staff, line, "audit", "What was done about keys, and whether it is whole",
              line.staff_list, run_staff_audit);

    auto& revoke = add_about(*staff, line, "revoke", "End a machine's API key", line.staff_revoke,
                             run_staff_revoke);
    revoke.add_option("--login", line.staff_revoke.login, "The machine's name")->required();
}

int parse_and_run(int argc, char** argv) {
    CLI::App app{"SMS/USSD gateway for members of microfinance organisations", "uthan"};
    app.require_subcommand(1);
    app.footer("Exit codes: 0 done; 1 refused or failed, the reason is on standard error;\n"
               "2 wrong command line; 3 stopping took longer than 28 s.\n"
               "Relative paths, in files too, are read from the working directory.");
    command_line line;
    add_process_commands(app, line);
    add_ledger_commands(app, line);
    add_member_commands(app, line);
    add_request_commands(app, line);
    add_staff_commands(app, line);
    add_numbers_commands(app, line);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_ok : exit_usage;
    }
    return line.run();
}

} // namespace

int main(int argc, char** argv) {
    try {
        return parse_and_run(argc, argv);
    } catch (const std::exception& problem) {
        std::fputs(problem.what(), stderr);
        std::fputc('\n', stderr);
        return exit_failed;
    }
}
