#pragma once

#include "core/counter.hpp"
#include "gateway/api/key_ring.hpp"
#include "gateway/http/types.hpp"
#include "gateway/metrics.hpp"
#include "service/messages.hpp"
#include "service/payments.hpp"

#include <array>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace uthan::gateway::api {

/// One path of the API. `{id}` stands for one segment.
struct route {
    http_method method = http_method::get;
    std::string_view path; ///< behind /api/v1
};
/// All of them; the OpenAPI document says the same (handler_test.cpp).
std::span<const route> routes() noexcept;

/// The OpenAPI document, as it is served.
std::string_view openapi_document() noexcept;

/// How a request ended; for metrics.
enum class api_outcome : std::uint8_t { accepted, read, refused, unauthorised, limited, failed };
inline constexpr std::array<std::string_view, 6> api_outcome_names{
    "accepted", "read", "refused", "unauthorised", "limited", "failed"};

/// Of one shard; any thread reads.
struct api_metrics {
    std::array<counter, api_outcome_names.size()> outcomes;
    counter payments; ///< posted, each once
    counter receipts; ///< accepted with them
};
void collect_api(const api_metrics& from, metric_sink& into);

/// What the API works on for one organisation on one shard.
struct organisation_desk {
    std::shared_ptr<const service::organisation> of;
    std::unique_ptr<service::messages> messages;
    std::unique_ptr<service::payments> payments;
};

/// The staff listener's handler on one shard: paths under /api/v1, for machines with a key.
class handler final : public http_handler {
public:
    handler(key_ring keys, api_metrics& metrics) : keys_(std::move(keys)), metrics_(metrics) {}

    /// Before the first request.
    void add(std::string organisation, organisation_desk desk) {
        desks_.emplace(std::move(organisation), std::move(desk));
    }
    /// The shard's thread: requests from now on see it.
    void show(std::shared_ptr<const service::organisation> next);

    task<http_response> handle(http_request request) override;

private:
    task<http_response> serve(http_request request);
    task<http_response> post_message(organisation_desk& desk, access::machine_account by,
                                     http_request request);
    task<http_response> get_message(organisation_desk& desk, access::machine_account by,
                                    std::string_view id);
    task<http_response> post_payment(organisation_desk& desk, access::machine_account by,
                                     http_request request);
    http_response count(http_response response);

    key_ring keys_;
    api_metrics& metrics_;
    std::map<std::string, organisation_desk, std::less<>> desks_;
};

} // namespace uthan::gateway::api
