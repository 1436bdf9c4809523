#include "adapters/sms_http.hpp"

#include "adapters/escape.hpp"
#include "adapters/sms_fields.hpp"
#include "core/signature.hpp"
#include "texts/normalise.hpp"
#include "texts/utf8.hpp"
#include "texts/weight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace uthan::adapters {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t secret_characters_min = 4;

bool is_ascii_alphanumeric(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_key(std::string_view key) noexcept {
    return !key.empty() && key.size() <= key_characters_max &&
           std::ranges::all_of(key, is_ascii_alphanumeric);
}

std::uint32_t number_in(std::string_view code) noexcept {
    code.remove_prefix(std::min(code.find_first_of("0123456789"), code.size()));
    std::uint32_t value = 0;
    const auto* const end = code.data() + code.size();
    const auto [stopped, fault] = std::from_chars(code.data(), end, value);
    return fault == std::errc{} && stopped == end ? value : 0;
}

/// Whether the query has the secret that our addresses carry.
bool knows_secret(std::string_view query, std::string_view secret) {
    const auto in = read_pairs(query); // texts beside it may be in any charset
    const auto given = in ? only_value(*in, "secret") : std::nullopt;
    return given && equal_secrets(*given, secret);
}

} // namespace

const std::string& sms_settings::value(std::string_view key) const noexcept {
    static const std::string none;
    const auto found = values.find(key);
    return found == values.end() ? none : found->second;
}

const std::vector<std::string>& sms_settings::list(std::string_view key) const noexcept {
    static const std::vector<std::string> none;
    const auto found = lists.find(key);
    return found == lists.end() ? none : found->second;
}

texts::sms_form sms_http_form(std::uint8_t parts_max) noexcept {
    return {.joined_by = texts::concatenation::payload, .parts_max = parts_max};
}

bool sms_translator::joins(std::span<const sms_text> /*before*/, const sms_text& /*next*/) const {
    return false;
}

result<sms_request> sms_translator::build(std::span<const sms_text> messages) const {
    const auto can = capacity();
    if (messages.empty() || messages.size() > can.messages_per_request) {
        return errc::malformed;
    }
    std::vector<sms_item> items;
    std::size_t segments = 0;
    for (const auto& one : messages) {
        const auto before = messages.first(items.size());
        if (!is_key(one.key) || (!before.empty() && !joins(before, one))) {
            return errc::malformed;
        }
        const bool is_own_mask = can.takes_masks && one.to.channel() == as_.channel;
        if (one.to.type() != address::kind::msisdn && !is_own_mask) {
            return errc::invalid_msisdn;
        }
        const auto plan = texts::plan_sms(one.utf8, sms_http_form(as_.parts_max));
        if (!plan) {
            return plan.error();
        }
        segments += plan->parts;
        items.push_back({one, texts::message_form(one.utf8), *plan});
    }
    auto made = write(items);
    if (made) {
        made->messages = messages.size();
        made->segments = segments;
    }
    return made;
}

sms_answer sms_translator::read_answer(const sms_reply& reply,
                                       std::span<const sms_text> messages) const {
    const bool is_readable =
        reply.body.size() <= answer_bytes_max && texts::is_valid_utf8(reply.body);
    const sms_reply shown{reply.status, is_readable ? reply.body : std::string_view{},
                          reply.retry_after};
    auto answer = read(shown, messages);
    // What an answer does not speak of is judged by its status.
    answer.each.resize(messages.size(), result_of_status(reply.status, capacity().is_idempotent));
    const bool is_throttled = std::ranges::find(answer.each, sms_outcome::throttled,
                                                &sms_result::what) != answer.each.end();
    if (is_throttled && answer.pause == 0ms) {
        answer.pause = pause_of(reply.retry_after);
    }
    return answer;
}

callback_reading sms_translator::read_callback(const callback_request& request, instant now) const {
    if (request.body.size() > callback_bytes_max || request.query.size() > callback_bytes_max) {
        return refused_callback(413, "the request is larger than this path takes");
    }
    const auto& secret = as_.value("callback_secret");
    if (!secret.empty() && !knows_secret(request.query, secret)) {
        return refused_callback(403, "the query does not have this channel's secret");
    }
    return read(request, now);
}

std::vector<std::string> sms_translator::secrets() const {
    std::vector<std::string> out;
    for (const auto& key : as_.secret_keys) {
        if (as_.value(key).size() >= secret_characters_min) {
            out.push_back(as_.value(key));
        }
    }
    return out;
}

std::string sms_translator::callback_url(std::string_view path, std::string_view query) const {
    const auto& base = as_.value("callback_url");
    if (base.empty()) {
        return {};
    }
    auto url = fmt::format("{}/{}", base, path);
    char separator = '?';
    const auto append = [&](std::string_view what) {
        url += separator;
        url += what;
        separator = '&';
    };
    if (!query.empty()) {
        append(query);
    }
    if (const auto& secret = as_.value("callback_secret"); !secret.empty()) {
        append("secret=" + escape(secret, escaping::percent));
    }
    return url;
}

sms_result result_of_status(unsigned status, bool is_idempotent) {
    sms_result made{sms_outcome::unconfirmed, {}, std::to_string(status)};
    if (status == 429) {
        made.what = sms_outcome::throttled;
    } else if (status == 401 || status == 403) {
        made.what = sms_outcome::credentials;
    } else if (status == 402) {
        made.what = sms_outcome::balance;
    } else if (status == 400 || status == 413 || status == 422) {
        made.what = sms_outcome::refused;
    } else if (is_idempotent || status == 503 || (status >= 300 && status < 500 && status != 408)) {
        made.what = sms_outcome::later;
    }
    return made;
}

sms_answer answer_for_all(std::size_t messages, const sms_result& what) {
    return {std::vector<sms_result>(messages, what)};
}

sms_result result_of_loss(bool was_sent, bool is_idempotent) {
    return {was_sent && !is_idempotent ? sms_outcome::unconfirmed : sms_outcome::later, {}, {}};
}

std::string safe_code(std::string_view written) {
    constexpr std::size_t characters_max = 32;
    const bool is_code =
        written.size() <= characters_max && std::ranges::all_of(written, [](char c) {
            return is_ascii_alphanumeric(c) || c == '.' || c == '_' || c == '-';
        });
    return std::string{is_code ? written : std::string_view{}};
}

std::chrono::milliseconds pause_of(std::string_view retry_after) noexcept {
    constexpr std::chrono::seconds longest = 1h;
    std::uint32_t seconds = 0;
    const auto* const end = retry_after.data() + retry_after.size();
    const auto [stopped, fault] = std::from_chars(retry_after.data(), end, seconds);
    if (retry_after.empty() || fault != std::errc{} || stopped != end) {
        return 0ms;
    }
    return std::min<std::chrono::seconds>(std::chrono::seconds{seconds}, longest);
}

sms::report report_of(const sms_result& what, std::uint64_t id, std::uint8_t part,
                      std::string_view account, instant until) {
    const auto refused = [&](sms::refusal_kind kind) -> sms::report {
        return sms::part_refused{id, part, kind, number_in(what.code), 0};
    };
    switch (what.what) {
    case sms_outcome::accepted:
        return sms::part_submitted{id, part, what.external_id, std::string{account}, 0};
    case sms_outcome::refused:
    case sms_outcome::blocked:
    case sms_outcome::defect:
        return refused(sms::refusal_kind::permanent);
    case sms_outcome::later:
        return refused(sms::refusal_kind::temporary);
    case sms_outcome::throttled:
        return refused(sms::refusal_kind::throttled);
    case sms_outcome::unknown:
        return refused(sms::refusal_kind::unknown);
    case sms_outcome::credentials:
    case sms_outcome::balance:
        return sms::part_returned{id, part, until};
    case sms_outcome::unconfirmed:
        break;
    }
    return sms::part_unconfirmed{id, part, sms::reason::no_answer};
}

result<sms::inbound_part> part_of(const inbound_text& text, std::string_view channel, instant now) {
    if (text.from.type() != address::kind::msisdn) {
        return errc::invalid_msisdn;
    }
    sms::inbound_part made;
    made.user_data = utf16be(text.utf8);
    if (made.user_data.size() > sms::inbound_octets_max) {
        return errc::too_large;
    }
    made.channel = channel;
    made.external_id = text.id;
    made.from = text.from.reveal();
    made.to = text.to;
    made.coding = texts::user_data_coding::ucs2;
    made.at = now;
    return made;
}

std::string utf16be(std::string_view utf8) {
    std::string out;
    const auto unit = [&out](char32_t bits) {
        out.push_back(static_cast<char>(bits >> 8));
        out.push_back(static_cast<char>(bits & 0xFF));
    };
    for (std::size_t at = 0; at < utf8.size();) {
        const auto point = texts::next_code_point(utf8, at);
        if (texts::utf16_length(point) == 1) {
            unit(point);
        } else {
            unit(0xD800 | (point - 0x10000) >> 10);
            unit(0xDC00 | ((point - 0x10000) & 0x3FF));
        }
    }
    return out;
}

callback_reading refused_callback(unsigned status, std::string reason) {
    callback_reading made;
    made.status = status;
    made.body = reason + "\n";
    made.reason = std::move(reason);
    return made;
}

} // namespace uthan::adapters
