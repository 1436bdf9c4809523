#pragma once

#include "adapters/fields.hpp"
#include "adapters/form.hpp"
#include "adapters/rejection.hpp"
#include "adapters/ussd_http/ussd.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace uthan::adapters::ussd_http {

/// A source's value. Empty optional: absent. `fault`: there, but not to be read.
struct lookup {
    std::optional<std::string> value;
    const char* fault = nullptr;
};

/// A request taken apart as far as the link needs it. Views of the request's parts.
class opened_request {
public:
    static parsed<opened_request> open(const prepared_link& link, const request_parts& request);

    lookup find(const source& where) const;

private:
    explicit opened_request(const request_parts& request) : request_(&request) {}

    lookup find_in_body(const std::string& name) const;
    lookup find_header(const std::string& name) const;

    const request_parts* request_;
    std::variant<std::monostate, form, fields> body_;
    std::optional<form> query_;
    std::vector<std::string> segments_;
};

} // namespace uthan::adapters::ussd_http
