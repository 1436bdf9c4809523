#include "gateway/router.hpp"

#include "fake_backend.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

namespace uthan::gateway {
namespace {

using testing::fake_shard;

task<void> keep(http_handler& handler, http_request request, http_response& into) {
    into = co_await handler.handle(request);
}

http_response ask(http_handler& handler, http_method method, std::string_view path,
                  std::string_view remote) {
    boost::beast::http::fields headers;
    http_request request;
    request.method = method;
    request.target = request.path = path;
    request.body = "b";
    request.remote = ip::make_address(std::string(remote));
    request.headers = &headers;
    http_response response;
    asio::io_context context{1};
    asio::co_spawn(context.get_executor(), keep(handler, request, response), asio::detached);
    context.run();
    return response;
}

std::vector<channel_settings> two_channels() {
    std::vector<channel_settings> channels(2);
    channels[0].name = "open";
    channels[1].name = "closed";
    channels[1].allow_from.push_back(network::parse("192.0.2.0/24").value());
    return channels;
}

TEST(Router, LeadsEachPathToItsChannelOrNowhere) {
    struct row {
        http_method method;
        std::string_view path;
        std::string_view remote;
        unsigned status;
        std::string_view body;
    };
    const row rows[] = {
        {http_method::post, "/channels/open/ussd", "198.51.100.1", 200, "open/ussd|b"},
        {http_method::post, "/channels/open/events", "198.51.100.1", 200, "open/events|b"},
        {http_method::post, "/channels/closed/ussd", "192.0.2.9", 200, "closed/ussd|b"},
        {http_method::post, "/channels/closed/ussd", "198.51.100.1", 403, ""},
        {http_method::post, "/channels/closed/events", "198.51.100.1", 403, ""},
        {http_method::post, "/channels/closed/ussd", "0.0.0.0", 403, ""},
        {http_method::post, "/channels/closed/ussd", "2001:db8::1", 403, ""},
        {http_method::get, "/channels/open/ussd", "198.51.100.1", 405, ""},
        {http_method::head, "/channels/open/ussd", "198.51.100.1", 405, ""},
        {http_method::other, "/channels/open/events", "198.51.100.1", 405, ""},
        {http_method::post, "/channels/open/sms", "198.51.100.1", 404, ""},
        {http_method::post, "/channels/open/receipts", "198.51.100.1", 404, ""},
        {http_method::post, "/channels/open", "198.51.100.1", 404, ""},
        {http_method::post, "/channels/open/ussd/", "198.51.100.1", 404, ""},
        {http_method::post, "/channels/open/ussd/x", "198.51.100.1", 404, ""},
        {http_method::post, "/channels//ussd", "198.51.100.1", 404, ""},
        {http_method::post, "/channels/OPEN/ussd", "198.51.100.1", 404, ""},
        {http_method::post, "/channels/other/ussd", "198.51.100.1", 404, ""},
        {http_method::post, "/channels/%6Fpen/ussd", "198.51.100.1", 404, ""},
        {http_method::post, "/", "198.51.100.1", 404, ""},
        {http_method::post, "", "198.51.100.1", 404, ""},
        {http_method::get, "/metrics", "198.51.100.1", 404, ""},
    };
    const auto channels = two_channels();
    fake_shard part({"open", "closed"}, nullptr);
    router routes(channels, part);
    for (const row& r : rows) {
        SCOPED_TRACE(std::string(r.path) + " " + std::string(r.remote));
        const http_response response = ask(routes, r.method, r.path, r.remote);
        EXPECT_EQ(response.status, r.status);
        if (r.status == 200) {
            EXPECT_EQ(response.body, r.body);
        } else {
            EXPECT_EQ(response.body.find('\n'), response.body.size() - 1);
        }
    }
}

TEST(Router, SaysWhichMethodAPathTakes) {
    const auto channels = two_channels();
    fake_shard part({"open", "closed"}, nullptr);
    router routes(channels, part);
    const http_response response =
        ask(routes, http_method::get, "/channels/open/ussd", "198.51.100.1");
    ASSERT_EQ(response.headers.size(), 1U);
    EXPECT_EQ(response.headers[0].first, "Allow");
    EXPECT_EQ(response.headers[0].second, "POST");
}

TEST(Router, OpensOnlyWhatALinkIsDescribedWith) {
    std::vector<channel_settings> channels(4);
    channels[0].name = "bd";
    channels[0].link = bdapps_settings{};
    channels[1].name = "plain";
    channels[1].link = ussd_http_settings{};
    channels[2].name = "path";
    ussd_http_settings path;
    path.link.kind = {adapters::ussd_http::source::place::path, {}, 3};
    channels[2].link = path;
    channels[3].name = "query";
    ussd_http_settings query;
    query.link.as.request_format = adapters::ussd_http::body_format::query;
    channels[3].link = query;
    struct row {
        http_method method;
        std::string_view path;
        unsigned status;
        std::string_view allow;
    };
    const row rows[] = {
        {http_method::post, "/channels/bd/ussd", 200, ""},
        {http_method::post, "/channels/bd/events", 404, ""},
        {http_method::post, "/channels/bd/ussd/x", 404, ""},
        {http_method::get, "/channels/bd/ussd", 405, "POST"},
        {http_method::put, "/channels/bd/ussd", 405, "POST"},
        {http_method::post, "/channels/plain/ussd", 200, ""},
        {http_method::post, "/channels/plain/events", 404, ""},
        {http_method::post, "/channels/plain/ussd/", 404, ""},
        {http_method::get, "/channels/plain/ussd", 405, "POST"},
        {http_method::post, "/channels/path/ussd", 200, ""},
        {http_method::post, "/channels/path/ussd/session/17/start", 200, ""},
        {http_method::put, "/channels/path/ussd/session/17/end", 200, ""},
        {http_method::get, "/channels/path/ussd/session/17/end", 405, "POST, PUT"},
        {http_method::post, "/channels/path/ussdx", 404, ""},
        {http_method::post, "/channels/path/events/x", 404, ""},
        {http_method::get, "/channels/query/ussd", 200, ""},
        {http_method::post, "/channels/query/ussd", 200, ""},
        {http_method::get, "/channels/query/ussd/x", 404, ""},
        {http_method::put, "/channels/query/ussd", 405, "POST, GET"},
        {http_method::head, "/channels/query/ussd", 405, "POST, GET"},
    };
    fake_shard part({"bd", "plain", "path", "query"}, nullptr);
    router routes(channels, part);
    for (const row& r : rows) {
        SCOPED_TRACE(r.path);
        const http_response response = ask(routes, r.method, r.path, "198.51.100.1");
        EXPECT_EQ(response.status, r.status);
        if (!r.allow.empty()) {
            ASSERT_EQ(response.headers.size(), 1U);
            EXPECT_EQ(response.headers[0].second, r.allow);
        }
    }
}

} // namespace
} // namespace uthan::gateway
