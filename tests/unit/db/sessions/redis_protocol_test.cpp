#include "tests/unit/db/sessions/redis_rig.hpp"

#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <functional>
#include <random>
#include <vector>

// A server that we write ourselves says what no Redis says, or says it when nobody asked. The
// client must neither crash nor believe it, and must work again with a server that behaves.
namespace uthan::test {

namespace {

using asio::ip::tcp;
using sessions::stored_state;

constexpr std::string_view pong = "+PONG\r\n";
constexpr std::string_view nil = "$-1\r\n";

/// Answers each read with what it is told: one text for a greeting, another for anything else.
class fake_redis {
public:
    explicit fake_redis(asio::io_context& context)
        : acceptor_(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
        accept();
    }

    std::string url(const std::string& host = "127.0.0.1") const {
        return "tcp://" + host + ":" + std::to_string(acceptor_.local_endpoint().port());
    }
    void behave() { greeting = pong, answer = nil, after = then::nothing; }
    /// To whoever is connected, unasked.
    void say(std::string_view text) {
        if (auto to = latest_.lock()) {
            asio::write(to->socket, asio::buffer(text));
        }
    }

    enum class then { nothing, close, half_close };
    std::string greeting{pong};
    std::string answer{nil};
    then after = then::nothing;        ///< once `answer` is written
    std::vector<std::string> requests; ///< what each read brought, greetings left out
    int accepted = 0;

private:
    struct peer {
        explicit peer(tcp::socket s) : socket(std::move(s)) {}
        tcp::socket socket;
        std::array<char, 65536> buffer{};
    };

    void accept() {
        acceptor_.async_accept([this](error_code ec, tcp::socket socket) {
            if (ec) {
                return;
            }
            ++accepted;
            auto connected = std::make_shared<peer>(std::move(socket));
            latest_ = connected;
            read(std::move(connected));
            accept();
        });
    }
    void read(std::shared_ptr<peer> from) {
        auto& to = *from;
        auto on_read = [this, from = std::move(from)](error_code ec, std::size_t size) {
            if (!ec) {
                respond(from, std::string(from->buffer.data(), size));
            }
        };
        to.socket.async_read_some(asio::buffer(to.buffer), std::move(on_read));
    }
    void respond(const std::shared_ptr<peer>& to, const std::string& request) {
        const bool greets = request.find("PING") != request.npos;
        if (!greets) {
            requests.push_back(request);
        }
        error_code gone;
        asio::write(to->socket, asio::buffer(greets ? greeting : answer), gone);
        if (!greets && after == then::close) {
            return; // The last owner of the peer closes it.
        }
        if (!greets && after == then::half_close) {
            to->socket.shutdown(tcp::socket::shutdown_send, gone);
        }
        read(to);
    }

    tcp::acceptor acceptor_;
    std::weak_ptr<peer> latest_;
};

class RedisProtocol : public testing::Test {
protected:
    void begin(db::redis::connection_settings settings = patient()) {
        std::signal(SIGPIPE, SIG_IGN);
        server_ = std::make_unique<fake_redis>(loop_.context());
        connect_to(server_->url(), settings);
        ASSERT_TRUE(loop_.run_until([this] { return link_->ready(); }));
    }
    void connect_to(const std::string& url, db::redis::connection_settings settings) {
        link_ = std::make_unique<db::redis::connection>(
            loop_.get_executor(), db::redis::parse_endpoint(url).value(), settings, random_);
        store_ = std::make_unique<db::redis::session_store>(*link_);
        link_->start();
    }
    result<std::optional<stored_state>> load() { return loop_.await(store_->load(digest_of(1))); }
    result<sessions::save_result> save(std::uint64_t expected) {
        return loop_.await(store_->save(digest_of(1), expected, {expected + 1, "state"},
                                        std::chrono::minutes(10)));
    }
    void expect_recovery() {
        server_->behave();
        auto found = load();
        for (int i = 0; !found && i < 100; ++i) {
            ASSERT_TRUE(loop_.run_until([this] { return link_->ready(); }));
            found = load();
        }
        ASSERT_TRUE(found.has_value());
        EXPECT_EQ(found.value(), std::nullopt);
        EXPECT_TRUE(store_->healthy());
    }

    secure_random random_;
    shard_loop loop_;
    std::unique_ptr<fake_redis> server_;
    std::unique_ptr<db::redis::connection> link_;
    std::unique_ptr<db::redis::session_store> store_;
};

struct rubbish {
    std::string_view label;
    std::string answer;
};

std::vector<rubbish> all_rubbish() {
    const std::string nul(1, '\0');
    std::vector<rubbish> out{
        {"no protocol", "HTTP/1.1 400 Bad Request\r\n\r\n"},
        {"two answers to one command", "$-1\r\n$-1\r\n"},
        {"many answers", "+OK\r\n:1\r\n$3\r\nabc\r\n-ERR x\r\n"},
        {"a status", "+OK\r\n"},
        {"an integer", ":7\r\n"},
        {"an error", "-ERR something\r\n"},
        {"an empty error", "-\r\n"},
        {"an array", "*2\r\n$1\r\na\r\n$1\r\nb\r\n"},
        {"an empty array", "*0\r\n"},
        {"a nil array", "*-1\r\n"},
        {"an enormous array", "*2147483647\r\n"},
        {"a negative length", "$-5\r\n"},
        {"a length beyond 64 bits", "$99999999999999999999\r\n"},
        {"a short value", "$3\r\nabc\r\n"},
        {"a value of version 0", "$9\r\n" + std::string(8, '\0') + "x\r\n"},
        {"NUL bytes", nul + nul + nul},
        {"a new type", "%1\r\n+a\r\n:1\r\n"},
        {"a length that is no number", "$abc\r\n"},
        {"deep arrays", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n"},
        {"a value without end", "$100000000\r\n" + std::string(200'000, 'x')},
        {"a line without end", "+" + std::string(200'000, 'x')},
    };
    std::mt19937 random(7);
    for (int i = 0; i < 30; ++i) {
        std::string bytes(1 + random() % 200, '\0');
        for (auto& byte : bytes) {
            byte = static_cast<char>(random() % 256);
        }
        bytes.front() = "+-:$*"[random() % 5];
        bytes += "\r\n";
        out.push_back({"random bytes", bytes});
    }
    return out;
}

/// Hands out the middle and keeps what was asked for.
class recording_random final : public random_source {
public:
    void fill(std::span<std::byte>) override {}
    std::uint32_t below(std::uint32_t bound) override {
        bounds.push_back(bound);
        return bound / 2;
    }
    std::vector<std::uint32_t> bounds;
};

} // namespace

TEST_F(RedisProtocol, RubbishIsNeitherBelievedNorFatal) {
    // Either half of an answer is missing, which the deadline or the close that follows ends, or it
    // is refused on the spot.
    begin();
    for (const auto& c : all_rubbish()) {
        for (const bool first : {true, false}) {
            SCOPED_TRACE(c.label);
            SCOPED_TRACE(testing::PrintToString(c.answer.substr(0, 40)));
            server_->answer = c.answer;
            server_->after = fake_redis::then::close;
            const auto loaded = load();
            // A value that is not ours is an absent one; everything else is no answer.
            EXPECT_TRUE(loaded.has_error() || !loaded.value().has_value());
            EXPECT_TRUE(loaded.has_value() || loaded.error() == errc::session_store_unavailable);
            expect_recovery();
            server_->answer = c.answer;
            server_->after = fake_redis::then::close;
            const auto saved = save(first ? 0 : 5);
            // ":7" is no script's answer, "$-1" twice is one answer too many: but the first of the
            // two was asked for.
            EXPECT_TRUE(saved.has_value() || saved.error() == errc::session_store_unavailable);
            EXPECT_TRUE(saved.has_error() || saved.value().saved());
            expect_recovery();
        }
    }
}

TEST_F(RedisProtocol, AnswersThatNobodyAskedForEndTheConnection) {
    begin();
    std::uint64_t connects = 1;
    for (const std::string_view text :
         {"+hello\r\n", ":1\r\n", "$1\r\nx\r\n", "$-1\r\n", "-ERR x\r\n", "*1\r\n:1\r\n", "?"}) {
        SCOPED_TRACE(text);
        server_->say(text);
        ++connects;
        ASSERT_TRUE(
            loop_.run_until([&] { return link_->counters().connects.value() == connects; }));
    }
    expect_recovery();
}

TEST_F(RedisProtocol, ServerThatGreetsWronglyIsNotUsed) {
    std::signal(SIGPIPE, SIG_IGN);
    server_ = std::make_unique<fake_redis>(loop_.context());
    for (const std::string_view greeting :
         {"+OK\r\n", "-LOADING Redis is loading\r\n", "$4\r\nPONG\r\n", "HTTP/1.1 200 OK\r\n\r\n",
          "-NOAUTH Authentication required.\r\n"}) {
        SCOPED_TRACE(greeting);
        server_->greeting = greeting;
        connect_to(server_->url(), patient());
        ASSERT_TRUE(loop_.run_until([this] { return link_->counters().failures.value() >= 2; }));
        EXPECT_FALSE(link_->ready());
        EXPECT_FALSE(store_->healthy());
        expect_recovery();
    }
}

TEST_F(RedisProtocol, SilentGreetingEndsAtTheDeadline) {
    std::signal(SIGPIPE, SIG_IGN);
    server_ = std::make_unique<fake_redis>(loop_.context());
    server_->greeting = "";
    auto settings = patient();
    settings.connect_deadline = std::chrono::milliseconds(30);
    connect_to(server_->url(), settings);
    ASSERT_TRUE(loop_.run_until([this] { return link_->counters().drops.value() >= 2; }));
    EXPECT_EQ(load().error(), errc::session_store_unavailable);
    expect_recovery();
}

TEST_F(RedisProtocol, HalfClosedConnectionIsMadeAgain) {
    begin();
    server_->after = fake_redis::then::half_close;
    EXPECT_EQ(load().value(), std::nullopt);
    ASSERT_TRUE(loop_.run_until([this] { return link_->counters().connects.value() == 2; }));
    expect_recovery();
    // The same while an answer is missing.
    server_->answer = "$10\r\nabc";
    server_->after = fake_redis::then::half_close;
    EXPECT_EQ(load().error(), errc::session_store_unavailable);
    EXPECT_EQ(link_->counters().lost.value(), 1U);
    expect_recovery();
}

TEST_F(RedisProtocol, CommandsOfOneTurnLeaveInOneWrite) {
    begin();
    server_->answer.clear();
    for (int i = 0; i < 16; ++i) {
        server_->answer += nil;
    }
    std::vector<std::optional<result<std::optional<stored_state>>>> loads(16);
    for (auto& each : loads) {
        loop_.start(store_->load(digest_of(1)), each);
    }
    ASSERT_TRUE(loop_.run_until([&loads] { return loads.back().has_value(); }));
    EXPECT_EQ(server_->requests.size(), 1U);
    expect_recovery();
}

TEST_F(RedisProtocol, NamesAreResolved) {
    std::signal(SIGPIPE, SIG_IGN);
    server_ = std::make_unique<fake_redis>(loop_.context());
    // Only IPv4 listens: when the name means ::1 as well, the next attempt takes the next address.
    connect_to(server_->url("localhost"), patient());
    ASSERT_TRUE(loop_.run_until([this] { return link_->ready(); }));
    expect_recovery();
}

TEST_F(RedisProtocol, PausesBetweenAttemptsDoubleUpToTheirLimit) {
    std::signal(SIGPIPE, SIG_IGN);
    server_ = std::make_unique<fake_redis>(loop_.context());
    server_->greeting = "-no\r\n";
    auto settings = patient();
    settings.backoff_min = std::chrono::milliseconds(2);
    settings.backoff_max = std::chrono::milliseconds(16);
    recording_random random;
    db::redis::connection link(loop_.get_executor(),
                               db::redis::parse_endpoint(server_->url()).value(), settings, random);
    link.start();
    ASSERT_TRUE(loop_.run_until([&random] { return random.bounds.size() >= 5; }));
    // Half of 4, 8, 16, 16 … ms is certain, the other half is drawn.
    const std::vector<std::uint32_t> expected{3, 5, 9, 9, 9};
    EXPECT_EQ(random.bounds, expected);
    server_->behave();
    ASSERT_TRUE(loop_.run_until([&link] { return link.ready(); }));
    // After a success it begins with the shortest again.
    server_->greeting = "-no\r\n";
    server_->say("+unasked\r\n");
    const auto before = random.bounds.size();
    ASSERT_TRUE(loop_.run_until([&] { return random.bounds.size() > before; }));
    EXPECT_EQ(random.bounds[before], 3U);
}

TEST_F(RedisProtocol, StopFailsWhatWaitsAndConnectsNoMore) {
    begin();
    server_->answer.clear();
    std::optional<result<std::optional<stored_state>>> waiting;
    loop_.start(store_->load(digest_of(1)), waiting);
    ASSERT_TRUE(loop_.run_until([this] { return link_->counters().in_flight.value() == 1; }));
    link_->stop();
    ASSERT_TRUE(loop_.run_until([&waiting] { return waiting.has_value(); }));
    EXPECT_EQ(waiting->error(), errc::session_store_unavailable);
    EXPECT_EQ(load().error(), errc::session_store_unavailable);
    EXPECT_FALSE(link_->ready());
    EXPECT_FALSE(store_->healthy());
    EXPECT_EQ(server_->accepted, 1);
    // Recovery from a stop is another object.
    connect_to(server_->url(), patient());
    expect_recovery();
}

TEST_F(RedisProtocol, DestructionTakesWaitersWithIt) {
    begin();
    server_->answer.clear();
    std::optional<result<std::optional<stored_state>>> waiting;
    loop_.start(store_->load(digest_of(1)), waiting);
    ASSERT_TRUE(loop_.run_until([this] { return link_->counters().in_flight.value() == 1; }));
    link_.reset();
    connect_to(server_->url(), patient());
    expect_recovery();
    EXPECT_FALSE(waiting.has_value());
}

TEST(RedisGreeting, ProvesThePasswordAndChoosesTheDatabase) {
    redis_server server({"--requirepass", "s3cret:/@"});
    auto target = db::redis::parse_endpoint(server.url() + "?db=5").value();
    secure_random random;
    shard_loop loop;
    for (const std::string_view password : {"", "wrong"}) {
        SCOPED_TRACE(password);
        target.password = password;
        db::redis::connection link(loop.get_executor(), target, patient(), random);
        link.start();
        ASSERT_TRUE(loop.run_until([&link] { return link.counters().failures.value() >= 2; }));
        EXPECT_EQ(link.counters().connects.value(), 0U);
    }
    target.password = "s3cret:/@";
    for (const std::string_view user : {"", "default"}) {
        SCOPED_TRACE(user);
        target.user = user;
        db::redis::connection link(loop.get_executor(), target, patient(), random);
        link.start();
        ASSERT_TRUE(loop.run_until([&link] { return link.ready(); }));
        const std::array<std::string_view, 2> info{"CLIENT", "INFO"};
        const auto answer = loop.await(link.command(info));
        ASSERT_TRUE(answer.has_value());
        EXPECT_NE(answer->text.find(" db=5 "), std::string::npos);
    }
}

} // namespace uthan::test
