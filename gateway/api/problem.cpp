#include "gateway/api/problem.hpp"

#include "core/assert.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

namespace uthan::gateway::api {
namespace {

using service::refusal;

constexpr std::string_view retry_seconds = "1";

struct kind {
    unsigned status;
    std::string_view type; ///< behind "urn:uthan:problem:"
    std::string_view title;
};

kind kind_of(request_fault fault) noexcept {
    switch (fault) {
    case request_fault::unauthorised:
        return {401, "unauthorised", "A valid API key is needed"};
    case request_fault::unknown_path:
        return {404, "unknown-path", "There is no such path"};
    case request_fault::wrong_method:
        return {405, "wrong-method", "The path does not take this method"};
    case request_fault::not_json:
        return {415, "not-json", "The body must be application/json"};
    case request_fault::too_large:
        return {413, "too-large", "The body is too large"};
    case request_fault::malformed:
        return {400, "malformed", "The body is no JSON object with each key once"};
    case request_fault::unknown_key:
        return {422, "unknown-key", "A key is not known"};
    case request_fault::missing_key:
        return {422, "missing-key", "A key is missing"};
    case request_fault::wrong_value:
        return {422, "wrong-value", "A value is not in its form"};
    case request_fault::rate_limited:
        return {429, "rate-limited", "Too many requests with this key"};
    }
    UTHAN_ASSERT(false);
}

kind kind_of(refusal why) noexcept {
    switch (why) {
    case refusal::unknown_member:
        return {422, "unknown-member", "The organisation has no such member"};
    case refusal::outside_of_scope:
        return {403, "outside-of-scope", "The key is not for this member's office"};
    case refusal::invalid_number:
        return {422, "invalid-number", "This is no mobile number"};
    case refusal::number_of_member:
        return {422, "number-of-member", "The number is a member's: name the member"};
    case refusal::no_number:
        return {422, "no-number", "There is no number that may be written to"};
    case refusal::opted_out:
        return {422, "opted-out", "Messages of this class are not wanted"};
    case refusal::unknown_template:
        return {422, "unknown-template", "There is no such template"};
    case refusal::values_do_not_fit:
        return {422, "values-do-not-fit", "The values are not those of the template"};
    case refusal::unreadable_text:
        return {422, "unreadable-text", "The text cannot be shown on a phone"};
    case refusal::text_too_long:
        return {422, "text-too-long", "The text makes too many parts"};
    case refusal::asks_for_reply:
        return {422, "asks-for-reply", "Nobody would read the reply that the text asks for"};
    case refusal::key_reused:
        return {409, "key-reused", "The idempotency key stands for another message"};
    case refusal::unknown_message:
        return {404, "unknown-message", "There is no such message"};
    case refusal::kind_not_posted:
        return {422, "kind-not-posted", "This kind comes with a delivery alone"};
    case refusal::amount_not_positive:
        return {422, "amount-not-positive", "The amount must be above zero"};
    case refusal::day_not_yet:
        return {422, "day-not-yet", "The day is later than today"};
    case refusal::day_too_old:
        return {422, "day-too-old", "The day is too old: it comes with a delivery"};
    case refusal::unknown_account:
        return {422, "unknown-account", "There is no such account, or not one alone"};
    case refusal::txn_reused:
        return {409, "txn-reused", "The txn_id stands for another payment"};
    case refusal::unknown_reversed:
        return {422, "unknown-reversed", "What is reversed is not known, or no payment"};
    case refusal::reversed_already:
        return {409, "reversed-already", "Another reversal of the same was posted"};
    case refusal::differs_from_reversed:
        return {422, "differs-from-reversed", "Account or amount differ from what is reversed"};
    case refusal::too_many_waiting:
        return {422, "too-many-waiting", "Too many payments of one member wait for a delivery"};
    }
    UTHAN_ASSERT(false);
}

http_response respond(const kind& of, std::string_view detail) {
    boost::json::object body;
    body["type"] = fmt::format("urn:uthan:problem:{}", of.type);
    body["title"] = boost::json::string_view{of.title.data(), of.title.size()};
    body["status"] = of.status;
    if (!detail.empty()) {
        body["detail"] = boost::json::string_view{detail.data(), detail.size()};
    }
    http_response response;
    response.status = of.status;
    response.content_type = problem_json;
    response.body = boost::json::serialize(body) + "\n";
    return response;
}

} // namespace

http_response problem(request_fault fault, std::string_view detail) {
    auto response = respond(kind_of(fault), detail);
    if (fault == request_fault::unauthorised) {
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
    }
    if (fault == request_fault::rate_limited) {
        response.headers.emplace_back("Retry-After", retry_seconds);
    }
    return response;
}

http_response problem(const service::refused& no) {
    return respond(kind_of(no.why), no.field);
}

http_response problem(const error_code& failed) {
    const bool full = failed == errc::queue_full;
    auto response = respond(full ? kind{503, "busy", "Too much waits: try again"}
                                 : kind{503, "unavailable", "A database does not answer"},
                            {});
    response.headers.emplace_back("Retry-After", retry_seconds);
    return response;
}

std::string_view type_of(request_fault fault) noexcept {
    return kind_of(fault).type;
}

std::string_view type_of(refusal why) noexcept {
    return kind_of(why).type;
}

} // namespace uthan::gateway::api
