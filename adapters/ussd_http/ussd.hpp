#pragma once

#include "adapters/rejection.hpp"
#include "adapters/ussd_event.hpp"
#include "adapters/ussd_http/description.hpp"
#include "adapters/ussd_http/source.hpp"
#include "adapters/ussd_http/text_template.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The configurable adapter: one description, any of the HTTP links that differ in names alone.
// README.md beside this file explains the keys.
namespace uthan::adapters::ussd_http {

/// What is wrong with a description: the key, and one line.
struct problem {
    std::string key;
    std::string says;
};

/// A description that was checked and taken apart once. Immutable; shared by all shards.
struct prepared_link {
    description as;
    source session;
    source number;
    source input;
    source kind;
    source request_id;
    source service_code;
    source network;
    source push_ok;
    std::vector<source> echo; ///< of the templates' {{in:…}}
    text_template reply;
    text_template end_reply;
    text_template push_url;
    std::vector<std::pair<std::string, text_template>> headers;
};

/// Every problem is appended; what is returned then is for nobody's use. A JSON or XML template is
/// tried out with a text of quotes and brackets, so that a forgotten quote is found here.
prepared_link prepare(description described, std::vector<problem>& problems);

/// A request as the listener has it.
struct request_parts {
    /// What follows /channels/<name>/ussd, percent-encoded: "", "/session/17/start".
    std::string_view path;
    std::string_view query; ///< after '?'
    std::string_view body;
    /// A header's value by its name in any case; empty when absent. Not called when null.
    std::function<std::string_view(std::string_view)> header;
};

parsed<ussd_event> parse_ussd(const prepared_link& link, const request_parts& request,
                              const channel_context& on);

/// Views are into the link.
struct http_answer {
    std::string_view content_type;
    std::string body;
    std::vector<std::pair<std::string_view, std::string>> headers;
};

/// Style reply: the screen.
http_answer render_screen(const prepared_link& link, const ussd_turn& to, std::string_view text,
                          bool final);
/// Style push: what a turn is answered with at once.
http_answer render_acknowledgement(const prepared_link& link);
/// Both styles: the answer to a notice that the session is over.
http_answer render_end(const prepared_link& link, const ussd_ended& notice);

/// For {{username}} and {{api_key}}. `api_key` is a secret.
struct credentials {
    std::string username;
    std::string api_key;
};

/// Style push: our own request. URL, headers and body may hold the secret, the number and the
/// text: never for a log.
struct push_request {
    push_method method = push_method::post;
    std::string url;
    std::string_view content_type; ///< empty for GET
    std::string body;              ///< empty for GET
    std::vector<std::pair<std::string_view, std::string>> headers;
};
push_request render_push(const prepared_link& link, const credentials& as, const ussd_turn& to,
                         std::string_view text, bool final);

/// What the answer to a push means: 429 and 5xx are transient, another status that is not 2xx is
/// our request's fault (401 and 403: our provisioning's).
push_answer read_push_answer(const prepared_link& link, unsigned http_status,
                             std::string_view body);

} // namespace uthan::adapters::ussd_http
