#include "gateway/api/handler.hpp"

#include "gateway/api/fields.hpp"
#include "gateway/api/message_json.hpp"

#include <boost/beast/core/string.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace uthan::gateway::api {
namespace {

constexpr std::string_view prefix = "/api/v1";
constexpr std::string_view messages_path = "/messages";
constexpr std::string_view message_path = "/messages/{id}";
constexpr std::string_view payments_path = "/payments";
constexpr std::string_view openapi_path = "/openapi.json";

constexpr std::array all_routes{
    route{http_method::get, openapi_path}, route{http_method::post, messages_path},
    route{http_method::get, message_path}, route{http_method::post, payments_path}};

bool matches(std::string_view path, std::string_view pattern) noexcept {
    const auto place = pattern.find('{');
    if (place == std::string_view::npos) {
        return path == pattern;
    }
    return path.size() > place && path.starts_with(pattern.substr(0, place)) &&
           path.find('/', place) == std::string_view::npos;
}

/// A HEAD is answered as a GET without its body.
http_method asked(const http_request& request) noexcept {
    return request.method == http_method::head ? http_method::get : request.method;
}

const route* route_of(const http_request& request) noexcept {
    auto path = request.path;
    if (!path.starts_with(prefix)) {
        return nullptr;
    }
    path.remove_prefix(prefix.size());
    const auto found = std::ranges::find_if(all_routes, [&](const route& one) {
        return one.method == asked(request) && matches(path, one.path);
    });
    return found == all_routes.end() ? nullptr : &*found;
}

/// Another method, where the path is known; else there is no such path.
http_response no_route(const http_request& request) {
    auto path = request.path;
    if (path.starts_with(prefix)) {
        path.remove_prefix(prefix.size());
        for (const auto& one : all_routes) {
            if (matches(path, one.path)) {
                const bool reads = one.method == http_method::get;
                auto response = problem(request_fault::wrong_method, reads ? "GET" : "POST");
                response.headers.emplace_back("Allow", reads ? "GET, HEAD" : "POST");
                return response;
            }
        }
    }
    return problem(request_fault::unknown_path, {});
}

bool is_json(std::string_view content_type) noexcept {
    const auto type = content_type.substr(0, content_type.find(';'));
    const auto end = type.find_last_not_of(" \t");
    const auto trimmed = type.substr(0, end == std::string_view::npos ? 0 : end + 1);
    return boost::beast::iequals({trimmed.data(), trimmed.size()}, "application/json");
}

/// What is wrong with a request that carries a body, before it is read.
std::optional<http_response> fault_of(const http_request& request) {
    if (!is_json(request.header("Content-Type"))) {
        return problem(request_fault::not_json, {});
    }
    if (request.body.size() > body_bytes_max) {
        return problem(request_fault::too_large, fmt::format("at most {} bytes", body_bytes_max));
    }
    return std::nullopt;
}

http_response json_response(unsigned status, std::string body) {
    http_response response;
    response.status = status;
    response.content_type = application_json;
    response.body = std::move(body);
    return response;
}

api_outcome outcome_of(unsigned status) noexcept {
    switch (status) {
    case 202:
        return api_outcome::accepted;
    case 200:
        return api_outcome::read;
    case 401:
        return api_outcome::unauthorised;
    case 429:
        return api_outcome::limited;
    case 503:
        return api_outcome::failed;
    default:
        return api_outcome::refused;
    }
}

} // namespace

std::span<const route> routes() noexcept {
    return all_routes;
}

void collect_api(const api_metrics& from, metric_sink& into) {
    for (std::size_t i = 0; i < api_outcome_names.size(); ++i) {
        into.counter("uthan_api_requests_total", "Requests of machines, by how they ended.",
                     {{"outcome", std::string{api_outcome_names[i]}}}, from.outcomes[i].value());
    }
    into.counter("uthan_api_payments_total", "Payments that were posted, each once.", {},
                 from.payments.value());
    into.counter("uthan_api_receipts_total", "Receipts that were accepted with payments.", {},
                 from.receipts.value());
}

void handler::show(std::shared_ptr<const service::organisation> next) {
    if (const auto desk = desks_.find(next->code); desk != desks_.end()) {
        desk->second.of = std::move(next);
    }
}

http_response handler::count(http_response response) {
    metrics_.outcomes[static_cast<std::size_t>(outcome_of(response.status))].add();
    return response;
}

task<http_response> handler::handle(http_request request) {
    auto response = co_await serve(request);
    co_return count(std::move(response));
}

task<http_response> handler::serve(http_request request) {
    const auto* to = route_of(request);
    if (to == nullptr) {
        return answer(no_route(request));
    }
    if (to->path == openapi_path) {
        return answer(json_response(200, std::string{openapi_document()}));
    }
    const auto admitted = keys_.admit(request.header("Authorization"), request.received);
    if (!admitted) {
        return answer(problem(admitted.error()));
    }
    if (admitted->is == key_ring::verdict::limited) {
        return answer(problem(request_fault::rate_limited, {}));
    }
    const auto desk = admitted->is == key_ring::verdict::admitted
                          ? desks_.find(admitted->by->organisation)
                          : desks_.end();
    if (desk == desks_.end()) {
        return answer(problem(request_fault::unauthorised, {}));
    }
    if (to->path == message_path) {
        const auto id = request.path.substr(prefix.size() + message_path.find('{'));
        return get_message(desk->second, *admitted->by, id);
    }
    if (auto no = fault_of(request)) {
        return answer(std::move(*no));
    }
    return to->path == messages_path ? post_message(desk->second, *admitted->by, request)
                                     : post_payment(desk->second, *admitted->by, request);
}

task<http_response> handler::post_message(organisation_desk& desk, access::machine_account by,
                                          http_request request) {
    auto read = read_message(request.body);
    if (auto* no = std::get_if<http_response>(&read)) {
        co_return std::move(*no);
    }
    const auto done = co_await desk.messages->accept(
        desk.of, std::move(by), std::move(std::get<service::message_request>(read)));
    if (!done) {
        co_return problem(done.error());
    }
    if (const auto* no = std::get_if<service::refused>(&*done)) {
        co_return problem(*no);
    }
    co_return json_response(202,
                            fmt::format("{{\"id\":\"{}\"}}\n", std::get<std::uint64_t>(*done)));
}

task<http_response> handler::get_message(organisation_desk& desk, access::machine_account by,
                                         std::string_view id) {
    std::uint64_t number = 0;
    const auto [stop, failed] = std::from_chars(id.data(), id.data() + id.size(), number);
    if (failed != std::errc{} || stop != id.data() + id.size()) {
        co_return problem(service::refused{service::refusal::unknown_message});
    }
    const auto found = co_await desk.messages->find(std::move(by), number);
    if (!found) {
        co_return problem(found.error());
    }
    if (const auto* no = std::get_if<service::refused>(&*found)) {
        co_return problem(*no);
    }
    co_return json_response(200, message_json(std::get<sms::message_record>(*found)));
}

task<http_response> handler::post_payment(organisation_desk& desk, access::machine_account by,
                                          http_request request) {
    auto read = read_payment(request.body, by.organisation);
    if (auto* no = std::get_if<http_response>(&read)) {
        co_return std::move(*no);
    }
    const auto done = co_await desk.payments->post(
        desk.of, std::move(by), std::move(std::get<members::exchange::transaction_row>(read)));
    if (!done) {
        co_return problem(done.error());
    }
    if (const auto* no = std::get_if<service::refused>(&*done)) {
        co_return problem(*no);
    }
    const auto& posted = std::get<service::posting_outcome>(*done);
    if (posted.kind == service::posting_kind::posted) {
        metrics_.payments.add();
        metrics_.receipts.add(posted.message != 0 ? 1 : 0);
    }
    co_return json_response(202, posted.message == 0
                                     ? std::string{"{}\n"}
                                     : fmt::format("{{\"id\":\"{}\"}}\n", posted.message));
}

} // namespace uthan::gateway::api
