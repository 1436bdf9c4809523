#pragma once

#include "core/address.hpp"
#include "core/calendar.hpp"
#include "core/error.hpp"
#include "sms/outbox.hpp"
#include "texts/segments.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Text messages through an aggregator's HTTP API, as a translation: messages to a request, its
// answer to what became of each message, a callback to texts, receipts and opt-outs. No socket, no
// clock. docs/adding-an-aggregator.md walks through a new one.
namespace uthan::adapters {

/// One channel's settings: what is common, and the adapter's own keys as they were written.
struct sms_settings {
    std::string channel; ///< its name; the owner of opaque subscriber tokens
    std::string account; ///< of its receipts
    numbering plan;
    std::uint8_t parts_max = 8;
    std::map<std::string, std::string, std::less<>> values;
    std::map<std::string, std::vector<std::string>, std::less<>> lists;
    std::vector<std::string> secret_keys; ///< those of `values` that are secrets

    /// Empty when the key was not said and has no default.
    const std::string& value(std::string_view key) const noexcept;
    const std::vector<std::string>& list(std::string_view key) const noexcept;
};

/// What is wrong with a channel's settings: the key, and one line without its value.
struct sms_problem {
    std::string key;
    std::string says;
};

/// A message as it is handed over, whole: these providers split it themselves. What they will make
/// of it is our own count (texts::plan_sms, form sms_http_form).
struct sms_text {
    /// Ours: 1 to key_characters_max ASCII letters and digits, the same for every try of one
    /// message and never for another one.
    std::string key;
    address to;
    std::string utf8;
    std::chrono::seconds validity{std::chrono::hours{24}}; ///< what is left of it
};
inline constexpr std::size_t key_characters_max = 20; ///< SSL Wireless's csms_id

/// How messages over HTTP are counted: one hand-over, several segments.
texts::sms_form sms_http_form(std::uint8_t parts_max) noexcept;

/// URL, headers and body hold secrets, numbers and texts: never for a log.
struct sms_request {
    bool post = true; ///< else GET, without a body
    std::string url;
    std::string content_type = {};
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::size_t messages = 1;
    std::size_t segments = 1; ///< of all of them, by our count
};

/// A provider's answer. Views of it.
struct sms_reply {
    unsigned status = 0;
    std::string_view body;
    std::string_view retry_after = {}; ///< the header; empty: none
};

/// What became of a message.
enum class sms_outcome : std::uint8_t {
    accepted,
    refused,     ///< this message never: its number, its text
    blocked,     ///< this subscriber never: she opted out, or is barred
    defect,      ///< our request is wrong: never again, and somebody must look
    later,       ///< certainly not taken: the same message again
    throttled,   ///< the same message later, and everything slower
    credentials, ///< key, sender or source address are refused: the channel stops
    balance,     ///< no money left: the channel stops
    unknown,     ///< refused by a code that nobody described: few more tries
    unconfirmed  ///< perhaps taken
};

struct sms_result {
    sms_outcome what = sms_outcome::unconfirmed;
    std::string external_id = {}; ///< of accepted; empty where the provider names none
    std::string code = {};        ///< the provider's, where it has the form of one; safe to log
    bool operator==(const sms_result&) const = default;
};

struct sms_answer {
    std::vector<sms_result> each; ///< as many as the request had messages, in their order
    /// What a throttling answer asks for; at most an hour, 0: it did not say.
    std::chrono::milliseconds pause{0};
    /// The request as such was refused, for one of its messages or their number: those that are
    /// `later` go again one by one.
    bool alone = false;
};

/// What an API can.
struct sms_capacity {
    std::size_t messages_per_request = 1;
    /// A message that is sent again with the same key is not sent twice. Where it is not, a lost
    /// answer leaves a message unconfirmed.
    bool is_idempotent = false;
    /// Receipts come, for the id that the answer gave.
    bool gives_receipts = false;
    bool takes_masks = false; ///< numbers may be this channel's opaque tokens
};

/// Which of a channel's paths was called: /channels/NAME/sms, /receipts or /events.
enum class callback_path : std::uint8_t { sms, receipts, events };

/// A callback as the listener has it. Views of it.
struct callback_request {
    callback_path at = callback_path::sms;
    std::string_view query; ///< after '?'
    std::string_view body;
    /// A header's value by its name in any case; empty when absent. Not called when null.
    std::function<std::string_view(std::string_view)> header = {};
};

/// A text from a subscriber, whole. Its id is the provider's: a repeat has the same one.
struct inbound_text {
    address from;
    std::string to; ///< the short code or number that it was sent to; may be empty
    std::string utf8;
    std::string id;
};

struct opt_out {
    address from;
    std::string sender; ///< of what she wants no more; may be empty
};

/// What a callback says, and what it is answered with once that is durable. A status of 4xx goes
/// out at once; `reason` names a field then, never its value.
struct callback_reading {
    std::vector<inbound_text> texts = {};
    std::vector<sms::receipt> receipts = {};
    std::vector<opt_out> opt_outs = {};
    /// Entries that could not be read, and kinds and states that nobody described. Counted: a
    /// refusal would have them repeated for ever.
    std::size_t passed_over = 0;
    unsigned status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body = {};
    std::string reason = {};
};

/// A message with its count, as adapters write it.
struct sms_item {
    const sms_text& from;
    std::string utf8; ///< in its message_form
    texts::sms_plan plan;

    /// E.164 digits, or the token.
    const std::string& number() const noexcept { return from.to.reveal(); }
};

/// One channel's translator. Immutable; any thread.
class sms_translator {
public:
    explicit sms_translator(sms_settings as) : as_(std::move(as)) {}
    virtual ~sms_translator() = default;
    sms_translator(const sms_translator&) = delete;
    sms_translator& operator=(const sms_translator&) = delete;

    virtual sms_capacity capacity() const noexcept = 0;
    /// Whether `next` may go out in one request with those `before` it, of which there are some
    /// and fewer than messages_per_request.
    virtual bool joins(std::span<const sms_text> before, const sms_text& next) const;

    /// 1 to messages_per_request messages that join. Errors: invalid_msisdn (a number that the API
    /// cannot take), invalid_utf8, too_large (more than parts_max parts), malformed (no or too
    /// many messages, such that do not join, a key that is none).
    result<sms_request> build(std::span<const sms_text> messages) const;

    /// `messages`: of the request that is answered.
    sms_answer read_answer(const sms_reply& reply, std::span<const sms_text> messages) const;

    callback_reading read_callback(const callback_request& request, instant now) const;

    /// What must never be in a log: secrets of at least four characters.
    std::vector<std::string> secrets() const;

    static constexpr std::size_t answer_bytes_max = std::size_t{256} * 1024;
    static constexpr std::size_t callback_bytes_max = std::size_t{64} * 1024;

protected:
    const sms_settings& settings() const noexcept { return as_; }
    /// The address for `path` that this request gives the provider, with callback_secret; empty
    /// without callback_url. `query`: "a=b", perhaps empty.
    std::string callback_url(std::string_view path, std::string_view query) const;

private:
    virtual result<sms_request> write(std::span<const sms_item> items) const = 0;
    virtual sms_answer read(const sms_reply& reply, std::span<const sms_text> messages) const = 0;
    virtual callback_reading read(const callback_request& request, instant now) const = 0;

    sms_settings as_;
};

/// What an HTTP status says by itself, where the body says nothing: 2xx is unconfirmed, 429
/// throttled, 401 and 403 credentials, 402 balance, 400, 413 and 422 refused, other 4xx, 3xx and
/// 503 later; 408, 500, 502, 504 and the rest unconfirmed, or later where repeating is harmless.
sms_result result_of_status(unsigned status, bool is_idempotent);

/// The same for all messages.
sms_answer answer_for_all(std::size_t messages, const sms_result& what);

/// No answer came. `was_sent`: the provider may have seen the request.
sms_result result_of_loss(bool was_sent, bool is_idempotent);

/// A code as it may be shown: letters, digits, '.', '_' and '-', at most 32; else empty.
std::string safe_code(std::string_view written);

/// Whole seconds as Retry-After has them; 0 for a date or anything else.
std::chrono::milliseconds pause_of(std::string_view retry_after) noexcept;

/// For the queue. `until`: when a message is due again that was not handed over.
sms::report report_of(const sms_result& what, std::uint64_t id, std::uint8_t part,
                      std::string_view account, instant until);

/// For the queue, as UTF-16. Errors: invalid_msisdn (from a mask), too_large.
result<sms::inbound_part> part_of(const inbound_text& text, std::string_view channel, instant now);

/// UTF-16BE without a mark. `utf8` must be valid.
std::string utf16be(std::string_view utf8);

/// A callback that is refused.
callback_reading refused_callback(unsigned status, std::string reason);

} // namespace uthan::adapters
