#include "gateway/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace uthan::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string text_of(const metrics_registry::source& from) {
    metrics_registry registry;
    registry.add(from);
    return registry.text();
}

TEST(Metrics, AddUpOverShards) {
    shard_metrics one(1);
    shard_metrics other(1);
    const std::string names[] = {"at-mss"};
    one.channels[0].hop_done(hop_outcome::continued, std::chrono::steady_clock::now());
    one.channels[0].hop_done(hop_outcome::ended, std::chrono::steady_clock::now());
    other.channels[0].hop_done(hop_outcome::continued, std::chrono::steady_clock::now());
    one.http.responded(200);
    other.http.responded(200);
    other.http.responded(413);
    other.http.responded(418);
    const std::string text = text_of([&](metric_sink& into) {
        collect_shard(one, names, "public", into);
        collect_shard(other, names, "public", into);
    });
    for (const char* line :
         {"# TYPE uthan_ussd_hops_total counter",
          "uthan_ussd_hops_total{channel=\"at-mss\",outcome=\"continued\"} 2",
          "uthan_ussd_hops_total{channel=\"at-mss\",outcome=\"ended\"} 1",
          "uthan_ussd_hops_total{channel=\"at-mss\",outcome=\"failed\"} 0",
          "# TYPE uthan_ussd_hop_duration_seconds histogram",
          "uthan_ussd_hop_duration_seconds_count{channel=\"at-mss\"} 3",
          "uthan_ussd_hop_duration_seconds_bucket{channel=\"at-mss\",le=\"+Inf\"} 3",
          "uthan_http_requests_total{listener=\"public\",code=\"200\"} 2",
          "uthan_http_requests_total{listener=\"public\",code=\"413\"} 1",
          "uthan_http_requests_total{listener=\"public\",code=\"other\"} 1",

          "uthan_unhandled_exceptions_total 0"}) {
        EXPECT_THAT(text, HasSubstr(line));
    }
    EXPECT_THAT(text, Not(HasSubstr("code=\"431\"")));
}

TEST(Metrics, CountDurationsInCumulativeBuckets) {
    latency_histogram durations;
    for (const std::uint64_t us : {50U, 100U, 101U, 2'249U, 9'497'500U}) {
        durations.observe(us);
    }
    const std::string text =
        text_of([&](metric_sink& into) { into.histogram("uthan_x_seconds", "X.", {}, durations); });
    EXPECT_THAT(text, HasSubstr("uthan_x_seconds_bucket{le=\"0.0001\"} 2"));
    EXPECT_THAT(text, HasSubstr("uthan_x_seconds_bucket{le=\"0.00025\"} 3"));
    EXPECT_THAT(text, HasSubstr("uthan_x_seconds_bucket{le=\"0.0025\"} 4"));
    EXPECT_THAT(text, HasSubstr("uthan_x_seconds_bucket{le=\"5\"} 4"));
    EXPECT_THAT(text, HasSubstr("uthan_x_seconds_bucket{le=\"+Inf\"} 5"));
    EXPECT_THAT(text, HasSubstr("uthan_x_seconds_sum 9.5\n"));
}

TEST(Metrics, AFamilyAppearsOnceHoweverManySources) {
    metrics_registry registry;
    for (int i = 0; i < 3; ++i) {
        registry.add([](metric_sink& into) { into.counter("uthan_y_total", "Y.", {}, 2); });
    }
    const std::string text = registry.text();
    EXPECT_EQ(text, "# HELP uthan_y_total Y.\n# TYPE uthan_y_total counter\nuthan_y_total 6\n");
}

} // namespace
} // namespace uthan::gateway
