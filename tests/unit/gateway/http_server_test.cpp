#include "gateway/http/server.hpp"

#include "http_client.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <random>
#include <stdexcept>
#include <thread>

namespace uthan::gateway {
namespace {

using namespace std::chrono_literals;
using testing::body_of;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::post;
using testing::raw_client;
using testing::status_of;

using wait_timer =
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, executor>;

/// "/wait" is answered when the test releases it, "/throw" throws; else the request is said back.
class probe final : public http_handler {
public:
    explicit probe(asio::io_context& context) : gate_(context.get_executor()) {
        gate_.expires_at(std::chrono::steady_clock::time_point::max());
    }

    task<http_response> handle(http_request request) override {
        if (request.path == "/throw") {
            throw std::runtime_error("seeded");
        }
        if (request.path == "/wait") {
            waiting.set_value();
            co_await gate_.async_wait(as_result);
        }
        http_response response;
        response.body = std::string(request.path) + "|" + std::string(request.query) + "|" +
                        request.remote.to_string() + "|" + std::string(request.body);
        if (request.path == "/large") {
            response.body.assign(2U << 20, 'x');
        }
        co_return response;
    }

    void release() { gate_.cancel(); }
    std::promise<void> waiting;

private:
    wait_timer gate_;
};

class HttpServer : public ::testing::Test {
protected:
    void serve(http_server_options options = {}) {
        options.name = "test";
        options.at = {asio::ip::address_v4::loopback(), 0};
        handler = std::make_unique<probe>(context);
        server = std::make_unique<http_server>(context, std::move(options), *handler, metrics,
                                               exceptions, log);
        server->listen();
        port = server->port();
        server->start();
        thread = std::thread([this] { context.run(); });
    }
    void drain() {
        asio::post(context, [this] { server->drain(); });
    }
    void TearDown() override {
        if (thread.joinable()) {
            drain();
            thread.join();
        }
    }

    spdlog::logger log{"test", std::make_shared<spdlog::sinks::null_sink_mt>()};
    listener_metrics metrics;
    counter exceptions;
    asio::io_context context{1};
    std::unique_ptr<probe> handler;
    std::unique_ptr<http_server> server;
    std::uint16_t port = 0;
    std::thread thread;
};

TEST_F(HttpServer, KeepsTheConnectionAsTheRequestAsks) {
    serve();
    raw_client client(port);
    client.send(post("/a?b=c", "hello"));
    const std::string first = client.response();
    EXPECT_EQ(status_of(first), "HTTP/1.1 200 OK");
    EXPECT_EQ(body_of(first), "/a|b=c|127.0.0.1|hello");
    EXPECT_THAT(first, HasSubstr("\r\nDate: "));
    EXPECT_THAT(first, HasSubstr("\r\nContent-Type: text/plain; charset=utf-8\r\n"));
    EXPECT_THAT(first, Not(HasSubstr("Connection:")));
    client.send(post("/d", "", "Connection: close\r\n"));
    EXPECT_THAT(client.response(), HasSubstr("Connection: close\r\n"));
    client.half_close();
    EXPECT_TRUE(client.ends());
}

TEST_F(HttpServer, ClosesAfterHttp10UnlessAskedToStay) {
    serve();
    raw_client client(port);
    client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(client.response(), HasSubstr("Connection: keep-alive\r\n"));
    client.send("GET /b HTTP/1.0\r\n\r\n");
    EXPECT_THAT(client.response(), HasSubstr("Connection: close\r\n"));
    client.half_close();
    EXPECT_TRUE(client.ends());
}

TEST_F(HttpServer, AnswersPipelinedRequestsInOrder) {
    serve();
    raw_client client(port);
    std::string together;
    for (int i = 0; i < 200; ++i) {
        together += post("/" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'b'));
    }
    client.send(together);
    for (int i = 0; i < 200; ++i) {
        ASSERT_THAT(body_of(client.response()), HasSubstr("/" + std::to_string(i) + "||"));
    }
}

TEST_F(HttpServer, ReadsARequestThatComesByteByByte) {
    serve();
    raw_client client(port);
    for (const char byte : post("/slow", "body")) {
        client.send(std::string_view(&byte, 1));
    }
    EXPECT_EQ(body_of(client.response()), "/slow||127.0.0.1|body");
}

TEST_F(HttpServer, ReadsChunkedBodies) {
    serve();
    raw_client client(port);
    client.send("POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
    EXPECT_EQ(body_of(client.response()), "/c||127.0.0.1|abcde");
}

TEST_F(HttpServer, InvitesABodyThatWaits) {
    serve();
    raw_client client(port);
    client.send("POST /c HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    EXPECT_EQ(status_of(client.response()), "HTTP/1.1 100 Continue");
    client.send("body");
    EXPECT_EQ(body_of(client.response()), "/c||127.0.0.1|body");
}

TEST_F(HttpServer, AnswersHeadWithoutABody) {
    serve();
    raw_client client(port);
    client.send("HEAD /a HTTP/1.1\r\nConnection: close\r\n\r\n");
    client.half_close();
    const std::string response = client.rest();
    EXPECT_THAT(response, HasSubstr("Content-Length: 14\r\n"));
    EXPECT_EQ(body_of(response), "");
}

TEST_F(HttpServer, AnswersAHalfClosedClient) {
    serve();
    raw_client client(port);
    client.send(post("/half", "x"));
    client.half_close();
    EXPECT_EQ(body_of(client.response()), "/half||127.0.0.1|x");
    EXPECT_TRUE(client.ends());
}

TEST_F(HttpServer, SendsALargeAnswerWhole) {
    serve();
    raw_client client(port);
    client.send(post("/large", ""));
    EXPECT_EQ(body_of(client.response()).size(), 2U << 20);
    client.send(post("/after", ""));
    EXPECT_EQ(body_of(client.response()), "/after||127.0.0.1|");
}

TEST_F(HttpServer, RefusesWhatIsAboveTheLimits) {
    serve();
    struct row {
        std::string_view label;
        std::string request;
        std::string_view status;
    };
    const std::string long_value(9000, 'v');
    const row rows[] = {
        {"a long field", "GET / HTTP/1.1\r\nX: " + long_value + "\r\n\r\n",
         "HTTP/1.1 431 Request Header Fields Too Large"},
        {"a header without end", "GET / HTTP/1.1\r\nX: " + long_value,
         "HTTP/1.1 431 Request Header Fields Too Large"},
        {"a long target", "GET /" + long_value + " HTTP/1.1\r\n\r\n",
         "HTTP/1.1 431 Request Header Fields Too Large"},
        {"a large body, announced", "POST / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n",
         "HTTP/1.1 413 Payload Too Large"},
        {"a large body, sent", post("/", std::string(200'000, 'b')),
         "HTTP/1.1 413 Payload Too Large"},
        {"a large chunk",
         "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n" +
             std::string(0x20000, 'b'),
         "HTTP/1.1 413 Payload Too Large"},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.label);
        raw_client client(port);
        client.send(r.request);
        const std::string response = client.response();
        EXPECT_EQ(status_of(response), r.status);
        EXPECT_THAT(response, HasSubstr("Connection: close\r\n"));
        client.half_close();
        client.rest();
    }
}

TEST_F(HttpServer, TakesABodyOfExactlyTheLimit) {
    serve();
    raw_client client(port);
    client.send(post("/", std::string(65'536, 'b')));
    EXPECT_EQ(status_of(client.response()), "HTTP/1.1 200 OK");
}

TEST_F(HttpServer, AnswersRubbishWith400AndOneLine) {
    serve();
    for (const std::string_view rubbish :
         {"hello\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "GET / HTTP/2.0\r\n\r\n",
          "GET  / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
          "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
          "GET / HTTP/1.1\r\n: no name\r\n\r\n",
          "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
          "POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\nGET /second HTTP/1.1\r\n\r\n",
          "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
          "POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\nGET /second HTTP/1.1\r\n\r\n"}) {
        SCOPED_TRACE(rubbish);
        raw_client client(port);
        client.send(rubbish);
        const std::string response = client.response();
        EXPECT_EQ(status_of(response), "HTTP/1.1 400 Bad Request");
        const std::string body = body_of(response);
        EXPECT_EQ(std::count(body.begin(), body.end(), '\n'), 1);
    }
    // It goes on for others.
    raw_client client(port);
    client.send(post("/fine", ""));
    EXPECT_EQ(status_of(client.response()), "HTTP/1.1 200 OK");
}

TEST_F(HttpServer, SurvivesRandomBytes) {
    serve();
    std::mt19937 random(20261121);
    for (int round = 0; round < 200; ++round) {
        std::string bytes(random() % 3000, '\0');
        for (char& byte : bytes) {
            byte = static_cast<char>(random());
        }
        if (round % 2 == 0) {
            // A right beginning, damaged at one place.
            bytes = post("/a", "body");
            bytes[random() % bytes.size()] = static_cast<char>(random());
        }
        raw_client client(port);
        client.send(bytes);
        client.half_close();
        client.rest();
    }
    raw_client client(port);
    client.send(post("/fine", ""));
    EXPECT_EQ(status_of(client.response()), "HTTP/1.1 200 OK");
    EXPECT_EQ(exceptions.value(), 0U);
}

TEST_F(HttpServer, ClosesTheConnectionOfAnUnexpectedException) {
    serve();
    raw_client client(port);
    client.send(post("/throw", ""));
    EXPECT_EQ(client.rest(), "");
    raw_client other(port);
    other.send(post("/fine", ""));
    EXPECT_EQ(status_of(other.response()), "HTTP/1.1 200 OK");
    EXPECT_EQ(exceptions.value(), 1U);
}

TEST_F(HttpServer, CutsASlowRequestAndAnIdleConnection) {
    http_server_options options;
    options.limits.request_timeout = 1ms;
    options.limits.idle_timeout = 1ms;
    serve(options);
    raw_client idle(port);
    EXPECT_TRUE(idle.ends());
    raw_client slow(port);
    slow.send("POST /slow HTTP/1.1\r\nContent-");
    EXPECT_EQ(slow.rest(), "");
}

TEST_F(HttpServer, TurnsAwayConnectionsAboveTheLimit) {
    http_server_options options;
    options.limits.connections_max = 2;
    serve(options);
    raw_client first(port);
    first.send(post("/1", ""));
    first.response();
    raw_client second(port);
    second.send(post("/2", ""));
    second.response();
    {
        raw_client third(port);
        EXPECT_THAT(third.response(), HasSubstr("503 Service Unavailable"));
    }
    EXPECT_EQ(metrics.refused.value(), 1U);
    first.send(post("/1", ""));
    EXPECT_EQ(status_of(first.response()), "HTTP/1.1 200 OK");
}

TEST_F(HttpServer, SeesTheSourceThroughATrustedProxyOnly) {
    http_server_options options;
    options.trusted_proxies.push_back(network::parse("127.0.0.1").value());
    serve(options);
    raw_client client(port);
    client.send(post("/", "", "X-Forwarded-For: 10.9.9.9\r\nX-Forwarded-For: 198.51.100.7\r\n"));
    EXPECT_THAT(body_of(client.response()), HasSubstr("|198.51.100.7|"));
    std::string many;
    for (int i = 0; i < 20; ++i) {
        many += "X-Forwarded-For: 127.0.0.1\r\n";
    }
    client.send(post("/", "", many));
    EXPECT_THAT(body_of(client.response()), HasSubstr("|0.0.0.0|"));
}

TEST_F(HttpServer, BelievesNoForwardingWithoutTrustedProxies) {
    serve();
    raw_client client(port);
    client.send(post("/", "", "X-Forwarded-For: 198.51.100.7\r\n"));
    EXPECT_THAT(body_of(client.response()), HasSubstr("|127.0.0.1|"));
}

TEST_F(HttpServer, DrainsWithoutLosingABegunRequest) {
    serve();
    raw_client idle(port);
    idle.send(post("/idle", ""));
    idle.response();
    raw_client busy(port);
    busy.send(post("/wait", "x"));
    handler->waiting.get_future().wait();
    drain();
    EXPECT_TRUE(idle.ends()); // At once, though the busy one goes on.
    EXPECT_THROW(raw_client{port}, std::runtime_error);
    asio::post(context, [this] { handler->release(); });
    const std::string response = busy.response();
    EXPECT_EQ(body_of(response), "/wait||127.0.0.1|x");
    EXPECT_THAT(response, HasSubstr("Connection: close\r\n"));
    busy.half_close();
    EXPECT_TRUE(busy.ends());
    thread.join(); // No work is left: the loop ends by itself.
}

TEST_F(HttpServer, CutsWhatDoesNotEndWithinTheDrainLimit) {
    http_server_options options;
    options.limits.drain_timeout = 1ms;
    serve(options);
    raw_client busy(port);
    busy.send(post("/wait", "x"));
    handler->waiting.get_future().wait();
    drain();
    EXPECT_EQ(busy.rest(), "");
    asio::post(context, [this] { handler->release(); });
    thread.join();
}

TEST_F(HttpServer, SharesAPortAmongShardsAndRefusesATakenOne) {
    serve();
    http_server_options taken;
    taken.at = {asio::ip::address_v4::loopback(), port};
    http_server second(context, taken, *handler, metrics, exceptions, log);
    EXPECT_THROW(second.listen(), boost::system::system_error);

    asio::io_context other{1};
    http_server_options shared;
    shared.share_port = true;
    shared.at = {asio::ip::address_v4::loopback(), 0};
    http_server a(other, shared, *handler, metrics, exceptions, log);
    a.listen();
    shared.at.port(a.port());
    http_server b(other, shared, *handler, metrics, exceptions, log);
    EXPECT_NO_THROW(b.listen());
    EXPECT_EQ(a.port(), b.port());
}

// A context that ends with connections open destroys their coroutines; the sanitizers watch.
TEST_F(HttpServer, MayEndWithConnectionsOpen) {
    serve();
    raw_client idle(port);
    raw_client busy(port);
    busy.send(post("/wait", "x"));
    handler->waiting.get_future().wait();
    context.stop();
    thread.join();
    server.reset();
}

} // namespace
} // namespace uthan::gateway
