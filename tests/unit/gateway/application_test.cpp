#include "gateway/application.hpp"

#include "fake_backend.hpp"
#include "http_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace uthan::gateway {
namespace {

using testing::body_of;
using testing::fake_backend;
using ::testing::HasSubstr;
using testing::post;
using testing::raw_client;
using testing::status_of;

std::string get(std::uint16_t port, std::string_view path) {
    raw_client client(port);
    client.send("GET " + std::string(path) + " HTTP/1.1\r\n\r\n");
    return client.response();
}

class Application : public ::testing::Test {
protected:
    Application() {
        ignore_write_signals();
        from.public_listener.at = {asio::ip::address_v4::loopback(), 0};
        from.admin_listener.at = {asio::ip::address_v4::loopback(), 0};
        from.shards = 2;
        from.log.level = "error";
        channel_settings channel;
        channel.name = "at-k";
        from.channels.push_back(channel);
    }

    settings from;
    fake_backend services{{"at-k"}};
    log_settings quiet = [] {
        log_settings silent;
        silent.level = "off";
        return silent;
    }();
    logs log{quiet};
};

TEST_F(Application, ServesAndStopsInOrder) {
    application process(from, services, log);
    process.start();
    std::thread main([&] { process.run(); });
    raw_client client(process.public_port());
    client.send(post("/channels/at-k/ussd", "x"));
    EXPECT_EQ(body_of(client.response()), "at-k/ussd|x");
    client.close();
    const std::uint16_t port = process.public_port();
    process.request_stop();
    main.join();
    EXPECT_EQ(services.shards_stopped_at_stop, 2); // The backend goes last.
    EXPECT_THROW(raw_client{port}, std::runtime_error);
}

TEST_F(Application, SaysHowItIs) {
    application process(from, services, log);
    process.start();
    const std::uint16_t admin = process.admin_port();
    EXPECT_EQ(body_of(get(admin, "/healthz")), "alive\n");
    EXPECT_EQ(body_of(get(admin, "/readyz")), "{\"ready\":true,\"degraded\":[]}\n");
    services.sessions_degraded = true;
    const std::string degraded = get(admin, "/readyz");
    EXPECT_EQ(status_of(degraded), "HTTP/1.1 200 OK");
    EXPECT_EQ(body_of(degraded), "{\"ready\":true,\"degraded\":[\"sessions\"]}\n");
    services.answers = false;
    const std::string down = get(admin, "/readyz");
    EXPECT_EQ(status_of(down), "HTTP/1.1 503 Service Unavailable");
    EXPECT_EQ(body_of(down), "{\"ready\":false,\"reason\":\"database\"}\n");
    EXPECT_EQ(status_of(get(admin, "/")), "HTTP/1.1 404 Not Found");
    raw_client client(admin);
    client.send(post("/readyz", ""));
    EXPECT_THAT(client.response(), HasSubstr("Allow: GET, HEAD\r\n"));
}

TEST_F(Application, CollectsFromShardsAndBackend) {
    application process(from, services, log);
    process.start();
    for (int i = 0; i < 8; ++i) { // Whichever shard the kernel chooses.
        raw_client client(process.public_port());
        client.send(post("/channels/at-k/ussd", "x"));
        client.response();
    }
    const std::string metrics = get(process.admin_port(), "/metrics");
    EXPECT_THAT(metrics, HasSubstr("Content-Type: text/plain; version=0.0.4"));
    EXPECT_THAT(metrics,
                HasSubstr("uthan_http_requests_total{listener=\"public\",code=\"200\"} 8\n"));
    EXPECT_THAT(metrics, HasSubstr("uthan_fake_total 7\n"));
    EXPECT_THAT(metrics, HasSubstr("uthan_build_info{version="));
    EXPECT_THAT(metrics, HasSubstr("uthan_log_dropped_total 0\n"));
}

TEST_F(Application, UnwindsWhatHadStartedWhenAPortIsTaken) {
    application first(from, services, log);
    first.start();
    settings second_settings = from;
    second_settings.admin_listener.at.port(first.admin_port());
    fake_backend other{{"at-k"}};
    {
        application second(second_settings, other, log);
        try {
            second.start();
            FAIL();
        } catch (const std::exception& problem) {
            EXPECT_THAT(problem.what(), HasSubstr("the admin listener cannot use 127.0.0.1:"));
        }
    }
    EXPECT_EQ(other.shards_stopped_at_stop, 0);
    EXPECT_EQ(status_of(get(first.admin_port(), "/healthz")), "HTTP/1.1 200 OK");
}

TEST_F(Application, StopsBySignal) {
    application process(from, services, log);
    process.start();
    std::thread main([&] { process.run(); });
    ::kill(::getpid(), SIGHUP); // Refused: goes on.
    EXPECT_EQ(status_of(get(process.admin_port(), "/healthz")), "HTTP/1.1 200 OK");
    ::kill(::getpid(), SIGTERM);
    main.join();
    EXPECT_EQ(services.shards_stopped_at_stop, 2);
}

} // namespace
} // namespace uthan::gateway
