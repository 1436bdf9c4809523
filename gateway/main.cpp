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
    auto* importing = app.add_subcommand("import", "Import a delivery as the next generation");
    add_config(*importing, line.import.config);
    add_organisation(*importing, line.import.organisation);
    importing->add_option("DIR", line.import.directory, "The directory with manifest.json")
        ->required();
    importing->add_flag("--dry-run", line.import.dry_run, "Check everything, publish nothing");
    importing->callback([&line] { line.run = [&line] { return run_import(line.import); }; });

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
    auto* reset = pin->add_subcommand("reset", "Forget a PIN; print a one-time PIN, once");
    add_config(*reset, line.pin_reset.config);
    add_organisation(*reset, line.pin_reset.organisation);
    reset->add_option("--member", line.pin_reset.member, "The member's code")->required();
    reset->callback([&line] { line.run = [&line] { return run_pin_reset(line.pin_reset); }; });

    auto* issue = pin->add_subcommand("issue", "Slips with one-time PINs, by group, to print");
    add_config(*issue, line.pin_issue.config);
    add_organisation(*issue, line.pin_issue.organisation);
    issue->add_option("--office", line.pin_issue.office, "An office, with all below it")
        ->required();
    issue->add_option("--group", line.pin_issue.group, "One group of it");
    issue->add_option("--out", line.pin_issue.out, "The page to write: slips.html")->required();
    issue->add_flag("--again", line.pin_issue.again, "Also where an earlier slip is still good");
    issue->callback([&line] { line.run = [&line] { return run_pin_issue(line.pin_issue); }; });

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
    auto* act = requests.add_subcommand(name, meaning);
    add_config(*act, line.requests_action.config);
    add_organisation(*act, line.requests_action.organisation);
    act->add_option("NUMBER", line.requests_action.number, "The request's number")->required();
    auto* who = act->add_option_group("who", "Who did it");
    who->add_option("--by", line.requests_action.by,
                    "Who did it: the code of an active member of staff");
    who->add_option("--outside", line.requests_action.outside,
                    "Who did it: the name of somebody who is no member of staff");
    who->require_option(1);
    act->callback([&line, closes] {
        line.requests_action.close = closes;
        line.run = [&line] { return run_requests_action(line.requests_action); };
    });
}

void add_request_commands(CLI::App& app, command_line& line) {
    auto* requests = app.add_subcommand("requests", "Members' complaints and requests");
    requests->require_subcommand(1);
    auto* list = requests->add_subcommand("list", "A line for each, the most urgent first");
    add_config(*list, line.requests_list.config);
    add_organisation(*list, line.requests_list.organisation);
    list->add_flag("--open", line.requests_list.open, "Those that wait for an answer");
    list->add_flag("--overdue", line.requests_list.overdue, "Those whose time has passed");
    list->add_option("--office", line.requests_list.office, "Those whose turn this office has");
    list->add_option("--as", line.requests_list.as, "What this member of staff may see");
    list->callback(
        [&line] { line.run = [&line] { return run_requests_list(line.requests_list); }; });
    add_request_action(*requests, line, "reply", "Note that she was answered", false);
    add_request_action(*requests, line, "close", "Note that it is over", true);
}

void add_number_action(CLI::App& numbers, command_line& line, const char* name, const char* meaning,
                       numbers_action what) {
    auto* act = numbers.add_subcommand(name, meaning);
    add_config(*act, line.numbers_action.config);
    add_organisation(*act, line.numbers_action.organisation);
    act->add_option("--member", line.numbers_action.member, "Her number in the passbook")
        ->required();
    act->add_option("--by", line.numbers_action.by, "Who decided")->required();
    act->callback([&line, what] {
        line.numbers_action.what = what;
        line.run = [&line] { return run_numbers_action(line.numbers_action); };
    });
}

void add_numbers_commands(CLI::App& app, command_line& line) {
    auto* numbers = app.add_subcommand("numbers", "Changed, shared and masked numbers");
    numbers->require_subcommand(1);
    auto* list = numbers->add_subcommand("list", "What an auditor should look at");
    add_config(*list, line.numbers_list.config);
    add_organisation(*list, line.numbers_list.organisation);
    list->callback([&line] { line.run = [&line] { return run_numbers_list(line.numbers_list); }; });
    add_number_action(*numbers, line, "confirm", "The changed number is hers",
                      numbers_action::confirm);
    add_number_action(*numbers, line, "refuse", "The changed number is not hers",
                      numbers_action::refuse);
    add_number_action(*numbers, line, "unlink", "Her masked phones are hers no more",
                      numbers_action::unlink);
}

void add_staff_list(CLI::App& staff, command_line& line, const char* name, const char* meaning,
                    int (*run)(const staff_list_options&)) {
    auto* list = staff.add_subcommand(name, meaning);
    add_config(*list, line.staff_list.config);
    add_organisation(*list, line.staff_list.organisation);
    list->callback([&line, run] { line.run = [&line, run] { return run(line.staff_list); }; });
}

void add_staff_commands(CLI::App& app, command_line& line) {
    auto* staff = app.add_subcommand("staff", "Staff on their own phones; the machines' API keys");
    staff->require_subcommand(1);
    auto* pin = staff->add_subcommand("pin", "Forget her PIN; print a one-time PIN, once");
    add_config(*pin, line.staff_pin.config);
    add_organisation(*pin, line.staff_pin.organisation);
    pin->add_option("--staff", line.staff_pin.staff, "Her code in staff.csv")->required();
    pin->callback([&line] { line.run = [&line] { return run_staff_pin(line.staff_pin); }; });

    auto* add = staff->add_subcommand("add", "Make an API key for a machine; print it, once");
    add_config(*add, line.staff_add.config);
    add_organisation(*add, line.staff_add.organisation);
    add->add_option("--login", line.staff_add.login, "The machine's name")->required();
    add->add_option("--role", line.staff_add.role, "machine")->required();
    add->add_option("--office", line.staff_add.office, "For this office and all below it")
        ->required();
    add->callback([&line] { line.run = [&line] { return run_staff_add(line.staff_add); }; });

    add_staff_list(*staff, line, "list", "The machines and their keys' ids", run_staff_list);
    add_staff_list(*staff, line, "audit", "What was done about keys, and whether it is whole",
                   run_staff_audit);

    auto* revoke = staff->add_subcommand("revoke", "End a machine's API key");
    add_config(*revoke, line.staff_revoke.config);
    add_organisation(*revoke, line.staff_revoke.organisation);
    revoke->add_option("--login", line.staff_revoke.login, "The machine's name")->required();
    revoke->callback(
        [&line] { line.run = [&line] { return run_staff_revoke(line.staff_revoke); }; });
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
