#include "gateway/admin.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace uthan::gateway {
namespace {

http_response json_response(unsigned status, const boost::json::object& body) {
    http_response response;
    response.status = status;
    response.content_type = application_json;
    response.body = boost::json::serialize(body) + "\n";
    return response;
}

} // namespace

http_response admin_handler::ready() const {
    const process_state state = state_.load();
    if (state != process_state::ready) {
        const char* reason = state == process_state::starting ? "starting" : "draining";
        return json_response(503, {{"ready", false}, {"reason", reason}});
    }
    if (!services_.databases_answer()) {
        return json_response(503, {{"ready", false}, {"reason", "database"}});
    }
    boost::json::array degraded;
    for (const std::string& part : services_.degraded()) {
        degraded.emplace_back(part);
    }
    return json_response(200, {{"ready", true}, {"degraded", std::move(degraded)}});
}

task<http_response> admin_handler::handle(http_request request) {
    const bool known =
        request.path == "/healthz" || request.path == "/readyz" || request.path == "/metrics";
    if (!known) {
        return answer(plain_response(404, "no such path"));
    }
    if (request.method != http_method::get && request.method != http_method::head) {
        http_response refusal = plain_response(405, "this path takes GET");
        refusal.headers.emplace_back("Allow", "GET, HEAD");
        return answer(std::move(refusal));
    }
    if (request.path == "/healthz") {
        return answer(plain_response(200, "alive"));
    }
    if (request.path == "/readyz") {
        return answer(ready());
    }
    http_response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = metrics_.text();
    return answer(std::move(response));
}

} // namespace uthan::gateway
