#include "gateway/http/types.hpp"

namespace uthan::gateway {

http_response plain_response(unsigned status, std::string_view reason) {
    http_response response;
    response.status = status;
    response.body.reserve(reason.size() + 1);
    response.body.append(reason);
    response.body.push_back('\n');
    return response;
}

task<http_response> answer(http_response response) {
    co_return response;
}

} // namespace uthan::gateway
