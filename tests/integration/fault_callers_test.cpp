#include "tests/integration/fault_world.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

// The aggregator's side of the gateway behind a bad link, and callers that mean harm.
namespace uthan::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A connection to a port of this machine.
class caller {
public:
    explicit caller(unsigned short port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const timeval limit{10, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    }
    ~caller() { ::close(fd_); }
    caller(const caller&) = delete;
    caller& operator=(const caller&) = delete;

    bool connected() const { return connected_; }
    /// How much the other side took before it closed or stopped reading (at most ten seconds).
    std::size_t send(const std::string& bytes) const {
        const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        return sent < 0 ? 0 : static_cast<std::size_t>(sent);
    }
    /// Everything up to the end; "…" stands for none within ten seconds.
    std::string read_to_end() const {
        std::string all;
        char buffer[4096];
        ssize_t got = 0;
        while ((got = ::recv(fd_, buffer, sizeof buffer, 0)) > 0) {
            all.append(buffer, static_cast<std::size_t>(got));
        }
        return got < 0 && errno == EAGAIN ? "…" : all;
    }

private:
    int fd_;
    bool connected_ = false;
};

std::string dialling(const std::string& session, const std::string& typed = "",
                     const char* connection = "close") {
    const auto body = fmt::format("sessionId={}&phoneNumber=%2B8801810000001&networkCode=99999"
                                  "&serviceCode=%2A384%2A2%23&text={}",
                                  session, typed);
    return fmt::format("POST /channels/at-kmss/ussd HTTP/1.1\r\nHost: localhost\r\n"
                       "Connection: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                       "Content-Length: {}\r\n\r\n{}",
                       connection, body.size(), body);
}

class FaultyCallers : public testing::Test {
protected:
    FaultyCallers() : at(120, "") {
        at.generate("2026-11-20");
        const auto imported = at.import();
        EXPECT_EQ(imported.exit_code, 0) << imported.output;
    }
    void start(const std::string& limits) {
        configure(at, "public", limits);
        gateway = std::make_unique<gateway_process>(at);
        EXPECT_THAT(history_dialogue("enrol").press_all(*gateway, first_keys()),
                    HasSubstr(main_menu));
        link = std::make_unique<fault_proxy>(gateway->public_port());
    }
    void TearDown() override {
        EXPECT_EQ(gateway->metric("uthan_unhandled_exceptions_total"), 0);
        expect_clean(at);
    }
    void expect_others_answered() const {
        EXPECT_THAT(history_dialogue("other").press_all(*gateway, {"", "00"}),
                    HasSubstr(main_menu));
    }
    double hops() const { return gateway->metric("uthan_ussd_hops_total{channel=\"at-kmss\""); }
    double public_metric(const std::string& name) const {
        return gateway->metric(name + "{listener=\"public\"}");
    }

    deployment at;
    std::unique_ptr<gateway_process> gateway;
    std::unique_ptr<fault_proxy> link;
};

TEST_F(FaultyCallers, ARequestThatComesByteByByteIsAnswered) {
    start("");
    link->slow(1ms, 1);
    const caller slow(link->port());
    slow.send(dialling("slow"));
    EXPECT_THAT(slow.read_to_end(), HasSubstr("CON "));
}

TEST_F(FaultyCallers, ARequestThatDripsIsCutAtItsLimitAndChangesNothing) {
    start("request_timeout_s = 1\n");
    link->slow(50ms, 1);
    const auto before = hops();
    std::vector<std::unique_ptr<caller>> dripping;
    for (int i = 0; i < 50; ++i) {
        dripping.push_back(std::make_unique<caller>(link->port()));
        dripping.back()->send(dialling("drip"));
    }
    EXPECT_TRUE(
        eventually([&] { return public_metric("uthan_http_request_timeouts_total") == 50; }));
    EXPECT_EQ(hops(), before);
    EXPECT_THAT(dripping.front()->read_to_end(), Not(HasSubstr("CON ")));
    expect_others_answered();
    EXPECT_TRUE(eventually([&] { return public_metric("uthan_http_connections") == 0; }));
}

TEST_F(FaultyCallers, ARequestCutAnywhereChangesNothing) {
    start("");
    const auto before = hops();
    const auto whole = dialling("cut");
    for (std::size_t bytes = 1; bytes < whole.size(); bytes += 13) {
        link->cut_after(bytes, fault_proxy::direction::requests);
        const caller cut(link->port());
        cut.send(whole);
        EXPECT_THAT(cut.read_to_end(), Not(HasSubstr("CON ")));
    }
    EXPECT_TRUE(eventually([&] { return public_metric("uthan_http_connections") == 0; }));
    EXPECT_EQ(hops(), before);
    link->pass();
    const caller again(link->port());
    again.send(whole);
    EXPECT_THAT(again.read_to_end(), HasSubstr("CON "));
}

TEST_F(FaultyCallers, AnAnswerLostOnItsWayIsGivenAgainAndTheTryCountsOnce) {
    start("");
    history_dialogue her("lost");
    her.press_all(*gateway, {"", "00", "1"});
    link->cut_after(10, fault_proxy::direction::answers);
    for (int i = 0; i < 3; ++i) {
        const caller cut(link->port());
        cut.send(dialling("lost", "00*1*1111"));
        EXPECT_THAT(cut.read_to_end(), Not(HasSubstr("CON ")));
    }
    link->pass();
    EXPECT_THAT(her.press(*gateway, "1111"), HasSubstr("আর ২ বার"));
}

TEST_F(FaultyCallers, ALinkThatFallsSilentHoldsAConnectionNoLongerThanItsLimit) {
    start("request_timeout_s = 1\nidle_timeout_s = 1\n");
    const caller first(link->port());
    const caller second(link->port());
    first.send(dialling("silent").substr(0, 100));
    EXPECT_TRUE(eventually([&] { return public_metric("uthan_http_connections") == 2; }));
    link->half_open();
    EXPECT_TRUE(eventually([&] { return public_metric("uthan_http_connections") == 0; }));
    expect_others_answered();
}

TEST_F(FaultyCallers, ACallerThatNeverReadsIsCutAndHoldsNoMemory) {
    start("request_timeout_s = 1\n");
    const caller deaf(gateway->public_port());
    std::string many;
    for (int i = 0; i < 50'000; ++i) {
        many += dialling("deaf", "", "keep-alive");
    }
    // Answers pile up in the kernel's buffers until the gateway waits for room, then no longer.
    EXPECT_LT(deaf.send(many), many.size());
    EXPECT_TRUE(eventually([&] { return public_metric("uthan_http_connections") == 0; }));
    EXPECT_GE(public_metric("uthan_http_request_timeouts_total"), 1);
    expect_others_answered();
}

TEST_F(FaultyCallers, AThousandIdleConnectionsAreTheLimitAndOneMoreIsTurnedAway) {
    start("connections_max = 1000\n");
    std::vector<std::unique_ptr<caller>> idle;
    for (int i = 0; i < 1000; ++i) {
        idle.push_back(std::make_unique<caller>(gateway->public_port()));
        ASSERT_TRUE(idle.back()->connected());
    }
    ASSERT_TRUE(eventually([&] { return public_metric("uthan_http_connections") == 1000; }));
    EXPECT_THAT(caller(gateway->public_port()).read_to_end(), StartsWith("HTTP/1.1 503 "));
    EXPECT_EQ(public_metric("uthan_http_connections_refused_total"), 1);
    EXPECT_EQ(gateway->admin("/readyz"), "{\"ready\":true,\"degraded\":[]}\n")
        << "the operator's listener has places of its own";
    // One that is there already is answered, and a free place is given.
    idle.front()->send(dialling("idle"));
    EXPECT_THAT(idle.front()->read_to_end(), HasSubstr("CON "));
    idle.erase(idle.begin());
    EXPECT_TRUE(eventually([&] { return public_metric("uthan_http_connections") == 999; }));
    expect_others_answered();
}

TEST_F(FaultyCallers, IdleConnectionsAreClosedAfterTheirTime) {
    start("idle_timeout_s = 1\n");
    std::vector<std::unique_ptr<caller>> idle;
    for (int i = 0; i < 100; ++i) {
        idle.push_back(std::make_unique<caller>(gateway->public_port()));
    }
    EXPECT_TRUE(
        eventually([&] { return public_metric("uthan_http_connections_accepted_total") >= 100; }));
    EXPECT_TRUE(eventually([&] { return public_metric("uthan_http_connections") == 0; }));
    EXPECT_EQ(idle.front()->read_to_end(), "");
    expect_others_answered();
}

} // namespace
} // namespace uthan::test
