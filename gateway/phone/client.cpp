#include "gateway/phone/client.hpp"

#include "core/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <stdexcept>

namespace uthan::gateway {
namespace {

namespace http = boost::beast::http;
using http_message = http::request<http::string_body>;
using http_answer = http::response<http::string_body>;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;

/// Africa's Talking gives an application ten seconds.
constexpr std::chrono::seconds patience{10};

std::string encoded(std::string_view value) {
    return boost::urls::encode({value.data(), value.size()}, boost::urls::unreserved_chars);
}

/// One exchange over a connection of its own; `done` is set when the answer is there.
task<void> exchange(asio::ip::tcp::endpoint to, const http_message& request, http_answer& answer,
                    error_code& error, bool& done) {
    const executor on = co_await asio::this_coro::executor;
    tcp_socket socket(on);
    const auto [connect_error] = co_await socket.async_connect(to, as_result);
    error = connect_error;
    if (!error) {
        const auto [write_error, written] = co_await http::async_write(socket, request, as_result);
        error = write_error;
    }
    if (!error) {
        boost::beast::flat_buffer buffer;
        const auto [read_error, count] =
            co_await http::async_read(socket, buffer, answer, as_result);
        error = read_error;
    }
    done = true;
}

} // namespace

struct phone_client::connection {
    asio::io_context context{1};
    asio::ip::tcp::endpoint at;
};

phone_client::phone_client(const std::string& url, std::string msisdn, std::string dialled,
                           std::string session_id)
    : connection_(std::make_unique<connection>()), msisdn_(std::move(msisdn)),
      dialled_(std::move(dialled)), session_id_(std::move(session_id)) {
    const auto parsed = boost::urls::parse_uri(url);
    if (!parsed || parsed->scheme() != "http" || parsed->host().empty()) {
        throw std::invalid_argument("the URL must be http://HOST:PORT/channels/NAME/ussd");
    }
    const std::string port = parsed->has_port() ? std::string(parsed->port()) : "80";
    host_ = std::string(parsed->encoded_host_and_port());
    target_ = std::string(parsed->encoded_target());
    asio::ip::tcp::resolver resolver(connection_->context);
    boost::system::error_code error;
    const auto found = resolver.resolve(parsed->host_address(), port, error);
    if (error || found.empty()) {
        throw std::invalid_argument("no host \"" + std::string(parsed->host()) + "\"");
    }
    connection_->at = found.begin()->endpoint();
}

phone_client::~phone_client() = default;

phone_client::outcome phone_client::dial() {
    history_.clear();
    begun_ = false;
    return turn();
}

phone_client::outcome phone_client::answer(std::string_view typed) {
    if (begun_) {
        history_ += '*';
    }
    history_ += typed;
    begun_ = true;
    return turn();
}

phone_client::outcome phone_client::turn() {
    http_message request(http::verb::post, target_, 11);
    request.set(http::field::host, host_);
    request.set(http::field::content_type, "application/x-www-form-urlencoded");
    request.body() = "sessionId=" + encoded(session_id_) + "&phoneNumber=" + encoded(msisdn_) +
                     "&networkCode=99999&serviceCode=" + encoded(dialled_) +
                     "&text=" + encoded(history_);
    request.prepare_payload();

    http_answer answer;
    error_code error;
    bool done = false;
    asio::io_context& context = connection_->context;
    context.restart();
    asio::co_spawn(context.get_executor(), exchange(connection_->at, request, answer, error, done),
                   asio::detached);
    context.run_for(patience);
    if (!done) {
        // The coroutine still waits and points at this frame: it goes with its context.
        connection_ = std::make_unique<connection>();
        return {{}, "no answer in ten seconds"};
    }
    if (error) {
        return {{}, "no answer: " + error.message()};
    }
    const std::string& body = answer.body();
    const bool goes_on = body.starts_with("CON ");
    if (answer.result_int() != 200 || (!goes_on && !body.starts_with("END "))) {
        return {{}, "the gateway answered " + std::to_string(answer.result_int()) + ": " + body};
    }
    return {{body.substr(4), !goes_on}, {}};
}

} // namespace uthan::gateway
