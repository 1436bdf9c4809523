#pragma once

#include <cstdint>
#include <string>
#include <vector>

// A USSD link as configuration describes it. Each member is one key, of the same name, of a
// [[channels]] table; README.md beside this file explains them together.
//
// A *source* (`…_from`) says where a value of the request stands:
//   "Mobile", "request/session", "request/@type"   a field of the body (of the query string when
//                                                  request_format is "query"); '/' goes deeper
//   "query:sid"     a parameter of the query string
//   "header:X-Sid"  a header
//   "path:2"        a segment of what follows /channels/<name>/ussd, counted from 1
//
// A *template* holds placeholders: {{text}}, {{session}}, {{number}} (as it was sent), {{request}}
// (the request's id), {{state}} (continue_value or end_value, as written), {{in:SOURCE}} (a value
// of the request, empty when absent), and in a push {{username}} and {{api_key}}. All but {{state}}
// are escaped for the format in which they stand.
namespace uthan::adapters::ussd_http {

enum class link_style : std::uint8_t {
    reply, ///< "reply": the screen is the answer to the request
    push   ///< "push": the request is acknowledged, the screen is a request of our own
};

enum class body_format : std::uint8_t {
    form,  ///< "form"
    json,  ///< "json"
    xml,   ///< "xml"
    query, ///< "query": no body, the query string; requests only
    text   ///< "text": nothing is escaped; replies only
};

enum class first_input : std::uint8_t {
    dialled, ///< "dialled": on the first turn input_from holds the dialled string
    ignored  ///< "ignored": on the first turn input_from says nothing
};

enum class push_method : std::uint8_t { post, get }; ///< "POST", "GET"

struct description {
    link_style style = link_style::reply;

    body_format request_format = body_format::json;
    std::string session_from;
    std::string number_from;
    std::string input_from;
    std::string kind_from;         ///< what tells begin, continue and end apart
    std::string request_id_from;   ///< may be empty
    std::string service_code_from; ///< empty: the channel's own code
    std::string network_from;      ///< may be empty
    std::vector<std::string> begin_values;
    /// Empty: everything that neither begins nor ends goes on.
    std::vector<std::string> continue_values;
    std::vector<std::string> end_values;      ///< may be empty
    first_input first = first_input::dialled; ///< key `first_input`

    body_format reply_format = body_format::json;
    std::string reply;      ///< template of the answer, or of the push's body
    std::string reply_type; ///< Content-Type; empty: what is usual for reply_format
    /// "Name: template" each. No {{text}}.
    std::vector<std::string> reply_headers;
    std::string continue_value;
    std::string end_value;
    /// What stands for a newline of the text, before it is escaped.
    std::string line_break = "\n";
    /// Template of the answer to a notice that the session is over. No {{text}}, no {{state}}.
    std::string end_reply;

    // Style push alone.
    std::string acknowledgement; ///< the fixed answer to a turn
    std::string acknowledgement_type;
    push_method method = push_method::post; ///< key `push_method`
    /// Template; scheme and host are fixed. Values are percent-encoded.
    std::string push_url;
    /// A field of the push's answer, which is of reply_format, and its values that mean success.
    /// Empty: every 2xx is success.
    std::string push_ok_from;
    std::vector<std::string> push_ok_values;
};

} // namespace uthan::adapters::ussd_http
