#include "adapters/form.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/http/server.hpp"

#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/null_sink.h>

#include <map>
#include <sstream>
#include <thread>
#include <variant>

namespace uthan::gateway {
namespace {

using ::testing::HasSubstr;

std::string field(std::string_view body, std::string_view name) {
    const auto read = adapters::form::parse(body);
    return std::string{std::get<adapters::form>(read).find(name).value_or("")};
}

/// Says the history back; ends the dialogue at "9", answers rubbish at "8" and 403 at "7".
class history_echo final : public http_handler {
public:
    task<http_response> handle(http_request request) override {
        const std::string text = field(request.body, "text");
        number = field(request.body, "phoneNumber");
        code = field(request.body, "serviceCode");
        ++hops_of[field(request.body, "sessionId")];
        http_response response;
        response.body = (text.ends_with('9') ? "END [" : "CON [") + text + "]";
        if (text.ends_with('8')) {
            response.body = "?";
        }
        if (text.ends_with('7')) {
            response = plain_response(403, "no");
        }
        return answer(std::move(response));
    }
    std::string number;
    std::string code;
    std::map<std::string, int> hops_of;
};

class Phone : public ::testing::Test {
protected:
    Phone() {
        http_server_options options;
        options.at = {asio::ip::address_v4::loopback(), 0};
        server = std::make_unique<http_server>(context, options, handler, metrics, exceptions, log);
        server->listen();
        url = "http://127.0.0.1:" + std::to_string(server->port()) + "/channels/at-k/ussd";
        server->start();
        thread = std::thread([this] { context.run(); });
    }
    void TearDown() override {
        asio::post(context, [this] { server->drain(); });
        thread.join();
    }
    int play(const std::string& keys) {
        std::istringstream in(keys);
        std::ostringstream drawn;
        const int code = run_phone({url, "+8801712345678", "*384*2#", true}, in, drawn);
        screens = drawn.str();
        return code;
    }

    spdlog::logger log{"test", std::make_shared<spdlog::sinks::null_sink_mt>()};
    listener_metrics metrics;
    counter exceptions;
    history_echo handler;
    asio::io_context context{1};
    std::unique_ptr<http_server> server;
    std::string url;
    std::thread thread;
    std::string screens;
};

TEST_F(Phone, KeepsTheHistoryOfOneSession) {
    EXPECT_EQ(play("1\n\n1234\r\n9\n"), exit_ok);
    EXPECT_THAT(screens, HasSubstr("│ []  "));
    EXPECT_THAT(screens, HasSubstr("│ [1] "));
    EXPECT_THAT(screens, HasSubstr("│ [1*] "));
    EXPECT_THAT(screens, HasSubstr("│ [1**1234*9] "));
    EXPECT_THAT(screens, HasSubstr("\n> 1234\n╭"));
    EXPECT_THAT(screens, HasSubstr("5 screens, "));
    EXPECT_EQ(handler.number, "+8801712345678");
    EXPECT_EQ(handler.code, "*384*2#");
    ASSERT_EQ(handler.hops_of.size(), 1U);
    EXPECT_EQ(handler.hops_of.begin()->second, 5);
}

TEST_F(Phone, HangsUpWhenTheKeysEnd) {
    EXPECT_EQ(play("1\n"), exit_ok);
    EXPECT_THAT(screens, HasSubstr("hung up: 2 screens, "));
}

TEST_F(Phone, SaysWhyThereIsNoScreen) {
    EXPECT_EQ(play("8\n"), exit_failed);
    EXPECT_EQ(play("7\n"), exit_failed);
    url = "http://127.0.0.1:1/ussd";
    EXPECT_EQ(play(""), exit_failed);
    for (const char* wrong :
         {"", "127.0.0.1:80", "https://127.0.0.1/ussd", "http://", "ftp://x/"}) {
        SCOPED_TRACE(wrong);
        url = wrong;
        EXPECT_EQ(play(""), exit_failed);
    }
}

} // namespace
} // namespace uthan::gateway
