// The aggregator's side of push_vs_reply. Prints one JSON object.
//
//   bench_push --port 18080 --listen 18095 --phones FILE [--keys 1,0,3,0] [--seconds 4]

#include "bench/load_plan.hpp"
#include "bench/push_client.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string>

namespace uthan::bench {
namespace {

int run(int argc, char** argv) {
    CLI::App app{"Load of the push benchmark"};
    push_options options;
    options.path = "/channels/bd-kmss/ussd";
    options.application = "APP_000001";
    options.service_code = "*213*77#";
    // The published mix, as bench_load's.
    options.keys = {"1", "0", "3", "0", "4", "0", "5", "0"};
    std::string phones_file;
    std::uint64_t start = 0;
    double warm_up = 1;
    double seconds = 4;
    app.add_option("--port", options.port)->required();
    app.add_option("--listen", options.listen)->required();
    app.add_option("--phones", phones_file, "a file of numbers")->required();
    app.add_option("--keys", options.keys)->delimiter(',');
    app.add_option("--dialogues", options.dialogues)->check(CLI::Range(1, 1024));
    app.add_option("--start", start, "how many numbers are passed over first");
    app.add_option("--warm-up", warm_up);
    app.add_option("--seconds", seconds);
    CLI11_PARSE(app, argc, argv);
    const auto ns = [](double s) {
        return std::chrono::nanoseconds{static_cast<std::int64_t>(s * 1e9)};
    };
    options.warm_up = ns(warm_up);
    options.measured = ns(seconds);
    phone_book phones{phones_file, start};
    push_client client{options, phones};
    const auto r = client.run();
    fmt::print("{{\"hops\":{},\"seconds\":{:.3f},\"rate\":{:.1f},\"wrong\":{},"
               "\"client_busy\":{:.3f}}}\n",
               r.hops, r.seconds, static_cast<double>(r.hops) / r.seconds, r.wrong, r.client_busy);
    if (r.wrong > 0) {
        fmt::print(stderr, "{} wrong; first: {}\n", r.wrong, r.first_wrong);
        return 1;
    }
    return 0;
}

} // namespace
} // namespace uthan::bench

int main(int argc, char** argv) {
    try {
        return uthan::bench::run(argc, argv);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "bench_push: {}\n", problem.what());
        return 1;
    }
}
