#include "gateway/links/http_client.hpp"

#include "gateway/links/url.hpp"
#include "gateway/tls.hpp"
#include "http_client.hpp"
#include "outbound_world.hpp"
#include "own_certificate.hpp"
#include "rude_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace uthan::gateway {
namespace {

using namespace std::chrono_literals;
using testing::answer_of;
using testing::eventually;
using ::testing::HasSubstr;
using testing::outbound_world;
using testing::own_certificate;
using testing::rude_server;
using ::testing::StartsWith;

/// Long enough for every test that does not wait for its end.
constexpr auto plenty = 20s;

outbound_request posting(std::string url, std::string body = "hello",
                         std::chrono::milliseconds time = plenty) {
    outbound_request request;
    request.url = std::move(url);
    request.content_type = "text/plain";
    request.body = std::move(body);
    request.deadline = std::chrono::steady_clock::now() + time;
    return request;
}

TEST(OutboundUrl, IsTakenApartOrRefused) {
    const auto plain = parse_url("http://127.0.0.1:7000/a/b?c=%20d");
    ASSERT_TRUE(plain);
    EXPECT_FALSE(plain->tls);
    EXPECT_EQ(plain->host, "127.0.0.1");
    EXPECT_EQ(plain->port, 7000);
    EXPECT_EQ(plain->target, "/a/b?c=%20d");
    EXPECT_EQ(plain->authority(), "127.0.0.1:7000");
    const auto secure = parse_url("https://developer.bdapps.com");
    ASSERT_TRUE(secure);
    EXPECT_TRUE(secure->tls);
    EXPECT_EQ(secure->port, 443);
    EXPECT_EQ(secure->target, "/");
    EXPECT_EQ(secure->authority(), "developer.bdapps.com");
    EXPECT_EQ(parse_url("http://[::1]:8080/")->authority(), "[::1]:8080");
    for (const char* wrong :
         {"", "ftp://h/", "h/path", "http://", "http:///x", "http://u:p@h/", "http://h/a b",
          "http://h:99999/", "http://h:0/", "http://h/#f", "http://h/\r\nX: y"}) {
        EXPECT_FALSE(parse_url(wrong)) << wrong;
    }
}

TEST(OutboundClient, SendsARequestAndReadsItsAnswer) {
    const rude_server server;
    outbound_world world;
    auto request = posting(server.url("/p?q=1"));
    request.headers.emplace_back("X-Key", "v");
    auto answered = world.send(std::move(request));
    auto peer = server.accept();
    EXPECT_EQ(peer.request(),
              "POST /p?q=1 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                  "\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
                  "X-Key: v\r\n\r\nhello");
    peer.send("HTTP/1.1 100 Continue\r\n\r\n");
    peer.send("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    const auto answer = answer_of(answered);
    EXPECT_EQ(answer.failed, outbound_failure::none);
    EXPECT_TRUE(answer.sent);
    EXPECT_EQ(answer.status, 201U);
    EXPECT_EQ(answer.body, "abc");
}

TEST(OutboundClient, AGetHasNoBody) {
    const rude_server server;
    outbound_world world;
    auto request = posting(server.url("/g"), "not this");
    request.post = false;
    request.content_type.clear();
    auto answered = world.send(std::move(request));
    auto peer = server.accept();
    EXPECT_EQ(peer.request(),
              "GET /g HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n\r\n");
    peer.answer("ok");
    EXPECT_EQ(answer_of(answered).body, "ok");
}

TEST(OutboundClient, KeepsAConnectionForTheNextRequest) {
    const rude_server server;
    outbound_world world;
    auto first = world.send(posting(server.url("/1")));
    auto peer = server.accept();
    peer.request();
    peer.answer("1");
    EXPECT_EQ(answer_of(first).body, "1");
    auto second = world.send(posting(server.url("/2")));
    EXPECT_THAT(peer.request(), StartsWith("POST /2 "));
    peer.answer("2", "500 Oh");
    EXPECT_EQ(answer_of(second).status, 500U);
    EXPECT_EQ(world.client().counters().connects.value(), 1U);
    EXPECT_EQ(world.client().counters().connections.value(), 1);
}

TEST(OutboundClient, ConnectsAnewWhenTheKeptConnectionHasEnded) {
    // Goal: a connection that the other side closed between requests costs nobody a screen.
    const rude_server server;
    outbound_world world;
    for (int i = 0; i < 5; ++i) {
        auto answered = world.send(posting(server.url("/")));
        auto peer = server.accept();
        ASSERT_THAT(peer.request(), StartsWith("POST / "));
        peer.answer("x");
        ASSERT_EQ(answer_of(answered).failed, outbound_failure::none);
        peer.end();
    }
    EXPECT_EQ(world.client().counters().connects.value(), 5U);
}

TEST(OutboundClient, ClosesWhatTheAnswerSaysIsOver) {
    const rude_server server;
    outbound_world world;
    auto answered = world.send(posting(server.url("/")));
    auto peer = server.accept();
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
    EXPECT_EQ(answer_of(answered).body, "x");
    EXPECT_EQ(peer.request(), "");
}

TEST(OutboundClient, ClosesAnIdleConnectionAfterItsTime) {
    const rude_server server;
    outbound_limits limits;
    limits.idle_timeout = 1ms;
    outbound_world world(limits);
    auto answered = world.send(posting(server.url("/")));
    auto peer = server.accept();
    peer.request();
    peer.answer("x");
    EXPECT_EQ(answer_of(answered).body, "x");
    EXPECT_EQ(peer.request(), "");
    EXPECT_TRUE(eventually([&] { return world.client().counters().connections.value() == 0; }));
}

TEST(OutboundClient, SaysThatNothingWasSentWhenNobodyListens) {
    rude_server server;
    server.close();
    outbound_world world;
    auto answered = world.send(posting(server.url("/")));
    const auto answer = answer_of(answered);
    EXPECT_EQ(answer.failed, outbound_failure::connect);
    EXPECT_FALSE(answer.sent);
}

TEST(OutboundClient, EndsEachFaultAsWhatItIs) {
    struct row {
        std::string_view label;
        std::string_view said; ///< then the connection ends
        outbound_failure failed;
    };
    const row rows[] = {
        {"nothing at all", "", outbound_failure::closed},
        {"half a header", "HTTP/1.1 200 OK\r\nContent-Le", outbound_failure::closed},
        {"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
         outbound_failure::closed},
        {"half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf",
         outbound_failure::closed},
        {"no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", outbound_failure::malformed},
        {"a body above the limit", "HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n",
         outbound_failure::malformed},
        {"interim answers without end",
         "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 "
         "C\r\n\r\nHTTP/1.1 100 C\r\n\r\n",
         outbound_failure::malformed},
    };
    const rude_server server;
    outbound_world world;
    for (const auto& r : rows) {
        SCOPED_TRACE(r.label);
        auto answered = world.send(posting(server.url("/")));
        auto peer = server.accept();
        peer.request();
        peer.send(r.said);
        peer.end();
        const auto answer = answer_of(answered);
        EXPECT_EQ(answer.failed, r.failed);
        EXPECT_TRUE(answer.sent);
    }
    EXPECT_EQ(world.client().counters().connections.value(), 0);
}

TEST(OutboundClient, GivesUpAtTheDeadlineOnWhoAcceptsAndHangs) {
    const rude_server server;
    outbound_world world;
    auto answered = world.send(posting(server.url("/"), "x", 50ms));
    auto peer = server.accept();
    EXPECT_THAT(peer.request(), HasSubstr("POST"));
    const auto answer = answer_of(answered);
    EXPECT_EQ(answer.failed, outbound_failure::deadline);
    EXPECT_TRUE(answer.sent);
    EXPECT_EQ(peer.request(), "") << "the connection ends with it";
}

TEST(OutboundClient, GivesUpAtTheDeadlineOnASlowReader) {
    const rude_server server(4096);
    outbound_world world;
    auto answered = world.send(posting(server.url("/"), std::string(32U << 20, 'x'), 100ms));
    const auto peer = server.accept();
    const auto answer = answer_of(answered);
    EXPECT_EQ(answer.failed, outbound_failure::deadline);
    EXPECT_TRUE(answer.sent);
}

TEST(OutboundClient, BoundsConnectionsAndWhoWaitsForOne) {
    const rude_server server;
    outbound_limits limits;
    limits.connections_max = 1;
    limits.waiting_max = 1;
    outbound_world world(limits);
    auto first = world.send(posting(server.url("/1")));
    auto peer = server.accept();
    peer.request();
    auto second = world.send(posting(server.url("/2")));
    auto third = world.send(posting(server.url("/3")));
    const auto refused = answer_of(third);
    EXPECT_EQ(refused.failed, outbound_failure::refused);
    EXPECT_FALSE(refused.sent);
    EXPECT_EQ(world.client().counters().waiting.value(), 1);
    peer.answer("1");
    EXPECT_EQ(answer_of(first).body, "1");
    EXPECT_THAT(peer.request(), StartsWith("POST /2 "));
    peer.answer("2");
    EXPECT_EQ(answer_of(second).body, "2");
    EXPECT_EQ(world.client().counters().waiting.value(), 0);
    EXPECT_FALSE(server.has_caller());
}

TEST(OutboundClient, EndsTheWaitForAConnectionAtTheDeadline) {
    const rude_server server;
    outbound_limits limits;
    limits.connections_max = 1;
    outbound_world world(limits);
    auto first = world.send(posting(server.url("/1")));
    auto peer = server.accept();
    peer.request();
    auto second = world.send(posting(server.url("/2"), "x", 20ms));
    const auto late = answer_of(second);
    EXPECT_EQ(late.failed, outbound_failure::deadline);
    EXPECT_FALSE(late.sent);
    peer.answer("1");
    EXPECT_EQ(answer_of(first).body, "1");
    auto third = world.send(posting(server.url("/3")));
    EXPECT_THAT(peer.request(), StartsWith("POST /3 ")) << "the place was given back";
    peer.answer("3");
    EXPECT_EQ(answer_of(third).body, "3");
}

TEST(OutboundClient, StopEndsWhatIsUnderWayAndTakesNothingMore) {
    const rude_server server;
    outbound_limits limits;
    limits.connections_max = 1;
    outbound_world world(limits);
    auto first = world.send(posting(server.url("/1")));
    auto peer = server.accept();
    peer.request();
    auto second = world.send(posting(server.url("/2")));
    ASSERT_TRUE(eventually([&] { return world.client().counters().waiting.value() == 1; }));
    world.stop();
    EXPECT_EQ(answer_of(first).failed, outbound_failure::closed);
    EXPECT_EQ(answer_of(second).failed, outbound_failure::refused);
    auto third = world.send(posting(server.url("/3")));
    EXPECT_EQ(answer_of(third).failed, outbound_failure::refused);
    world.end(); // No work is left: the loop ends by itself.
}

TEST(OutboundClient, RefusesWhatIsNoUrl) {
    outbound_world world;
    auto answered = world.send(posting("file:///etc/passwd"));
    EXPECT_EQ(answer_of(answered).failed, outbound_failure::refused);
}

/// Says the body back.
class echo final : public http_handler {
public:
    task<http_response> handle(http_request request) override {
        http_response response;
        response.body = request.body;
        return answer(std::move(response));
    }
};

/// An HTTPS server with a certificate for "localhost".
class OutboundTls : public ::testing::Test {
protected:
    OutboundTls() {
        listener_settings of;
        of.tls_certificate = own.certificate();
        of.tls_key = own.private_key();
        http_server_options options;
        options.at = {asio::ip::address_v4::loopback(), 0};
        options.tls = make_tls(of);
        server = std::make_unique<http_server>(context, std::move(options), handler, metrics,
                                               exceptions, log);
        server->listen();
        server->start();
        thread = std::thread([this] { context.run(); });
    }
    ~OutboundTls() override {
        asio::post(context, [this] { server->drain(); });
        thread.join();
    }
    std::string at(std::string_view host) const {
        return "https://" + std::string(host) + ":" + std::to_string(server->port()) + "/";
    }

    own_certificate own;
    echo handler;
    listener_metrics metrics;
    counter exceptions;
    spdlog::logger log{"test", std::make_shared<spdlog::sinks::null_sink_mt>()};
    asio::io_context context{1};
    std::unique_ptr<http_server> server;
    std::thread thread;
};

TEST_F(OutboundTls, SpeaksToAHostWithItsOwnCertificate) {
    outbound_world world({}, own.certificate());
    for (int i = 0; i < 3; ++i) {
        auto answered = world.send(posting(at("localhost"), "said"));
        const auto answer = answer_of(answered);
        EXPECT_EQ(answer.failed, outbound_failure::none);
        EXPECT_EQ(answer.body, "said");
    }
    EXPECT_EQ(world.client().counters().connects.value(), 1U);
}

TEST_F(OutboundTls, SendsNothingToAnotherName) {
    outbound_world world({}, own.certificate());
    auto answered = world.send(posting(at("127.0.0.1")));
    const auto answer = answer_of(answered);
    EXPECT_EQ(answer.failed, outbound_failure::connect);
    EXPECT_FALSE(answer.sent);
}

TEST_F(OutboundTls, SendsNothingToAnUnknownAuthority) {
    outbound_world world;
    auto answered = world.send(posting(at("localhost")));
    const auto answer = answer_of(answered);
    EXPECT_EQ(answer.failed, outbound_failure::connect);
    EXPECT_FALSE(answer.sent);
}

TEST_F(OutboundTls, SendsNothingToWhoSpeaksNoTls) {
    const rude_server plain;
    outbound_limits limits;
    limits.connect_timeout = 50ms;
    outbound_world world(limits, own.certificate());
    auto answered = world.send(posting("https://127.0.0.1:" + std::to_string(plain.port()) + "/"));
    const auto peer = plain.accept();
    const auto answer = answer_of(answered);
    EXPECT_EQ(answer.failed, outbound_failure::connect);
    EXPECT_FALSE(answer.sent);
}

TEST(OutboundTlsFiles, AMissingAuthorityIsSaid) {
    try {
        make_client_tls("/nowhere/ca.pem");
        FAIL();
    } catch (const std::exception& problem) {
        EXPECT_THAT(problem.what(), HasSubstr("[outbound] ca_file /nowhere/ca.pem"));
    }
}

} // namespace
} // namespace uthan::gateway
