// The members' side of the hop benchmarks. Prints one JSON object.
//
//   bench_load --port 18080 --phones FILE [--keys 1,0,3,0] [--rate N] …
//   bench_load --port 18080 --phones FILE --first SINCE    waits for the first answered hop

#include "bench/load_client.hpp"
#include "bench/load_plan.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace uthan::bench {
namespace {

struct arguments {
    load_options load;
    std::string path = "/channels/at-kmss/ussd";
    std::string service_code = "*384*2#";
    std::string phones;
    // The published mix: begin, PIN already given, four fact screens, each with its way back.
    std::vector<std::string> keys{"1", "0", "3", "0", "4", "0", "5", "0"};
    std::uint64_t start = 0;
    double warm_up_seconds = 1;
    double seconds = 4;
    double first_since = 0;
};

double wall_clock_seconds() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
}

/// Dials until it is answered; the seconds since `since` (of the wall clock, as date +%s.%N prints
/// it). Gives up after 30 s.
double first_answer(const arguments& a, request_plan& plan, phone_book& phones) {
    load_options once = a.load;
    once.connections = 1;
    once.dialogues_max = 1;
    while (wall_clock_seconds() - a.first_since < 30) {
        try {
            load_client client{once, plan, phones};
            const auto report = client.run();
            if (report.dialogues > 0) {
                return wall_clock_seconds() - a.first_since;
            }
        } catch (const std::runtime_error&) {
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
    }
    throw std::runtime_error("no hop was answered within 30 s");
}

void print(const load_report& r) {
    const auto ms = [&r](double q) { return static_cast<double>(r.latency.quantile(q)) / 1e6; };
    fmt::print("{{\"hops\":{},\"seconds\":{:.3f},\"rate\":{:.1f},\"dialogues\":{},\"wrong\":{},"
               "\"p50_ms\":{:.4f},\"p90_ms\":{:.4f},\"p99_ms\":{:.4f},\"p999_ms\":{:.4f},"
               "\"max_ms\":{:.4f},\"client_busy\":{:.3f}}}\n",
               r.hops, r.seconds, static_cast<double>(r.hops) / r.seconds, r.dialogues, r.wrong,
               ms(0.5), ms(0.9), ms(0.99), ms(0.999), static_cast<double>(r.latency.max()) / 1e6,
               r.client_busy);
}

arguments parse(CLI::App& app, int argc, char** argv) {
    arguments a;
    bool dial_only = false;
    app.add_option("--port", a.load.port)->required();
    app.add_option("--phones", a.phones, "a file of numbers")->required();
    app.add_option("--path", a.path);
    app.add_option("--service-code", a.service_code);
    app.add_option("--keys", a.keys)->delimiter(',');
    app.add_flag("--dial-only", dial_only, "no keys: every dialogue is one hop");
    app.add_flag("--last-ends", a.load.last_ends);
    app.add_option("--dialogues", a.load.dialogues_max, "ends after so many instead of in time");
    app.add_option("--connections", a.load.connections)->check(CLI::Range(1, 1024));
    app.add_option("--rate", a.load.rate);
    app.add_option("--warm-up", a.warm_up_seconds);
    app.add_option("--seconds", a.seconds);
    app.add_option("--start", a.start, "how many numbers are passed over first");
    app.add_option("--show", a.load.shown);
    app.add_option("--first", a.first_since);
    app.parse(argc, argv);
    if (dial_only || a.first_since > 0) {
        a.keys.clear();
    }
    const auto ns = [](double s) {
        return std::chrono::nanoseconds{static_cast<std::int64_t>(s * 1e9)};
    };
    a.load.warm_up = ns(a.warm_up_seconds);
    a.load.measured = ns(a.seconds);
    return a;
}

int run(int argc, char** argv) {
    CLI::App app{"Load of the hop benchmarks"};
    arguments a;
    try {
        a = parse(app, argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error);
    }
    request_plan plan{a.path, a.service_code, a.keys};
    phone_book phones{a.phones, a.start};
    if (a.first_since > 0) {
        fmt::print("{:.4f}\n", first_answer(a, plan, phones));
        return 0;
    }
    load_client client{a.load, plan, phones};
    const auto report = client.run();
    print(report);
    if (report.wrong > 0) {
        fmt::print(stderr, "{} wrong replies; first: {}\n", report.wrong, report.first_wrong);
        return 1;
    }
    return 0;
}

} // namespace
} // namespace uthan::bench

int main(int argc, char** argv) try {
    return uthan::bench::run(argc, argv);
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench_load: %s\n", error.what());
    return 1;
}
