#pragma once

#include "core/error.hpp"
#include "core/task.hpp"
#include "sms/caps.hpp"
#include "sms/message.hpp"
#include "sms/served_by.hpp"
#include "texts/join.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// The port to the durable queue. Every call takes a batch and is one commit; what it returns is
// durable. Errors of all: store_unavailable, queue_full. Nothing of a failed call happened.
namespace uthan::sms {

enum class accept_kind : std::uint8_t {
    created,
    same,    ///< the key is known with this body: `id` is the first one's
    conflict ///< the key is known with another body
};
struct accept_outcome {
    accept_kind kind = accept_kind::created;
    std::uint64_t id = 0;
};

/// Where a reader of due messages stands: in one organisation and class, by (due_at, id).
struct due_place {
    instant due_at{};
    std::uint64_t id = 0;
};
/// A due message, read to be dispatched.
struct due_message {
    message_record message;
    facts_mark read_on; ///< her overlay's version and the generation, of the same read
    served_by served = {};
};

/// Take it for hand-over. Claimed only if it is still `accepted`, and, with a fence, if `read_on`
/// is still so. A first claim counts on `day`, and only if `most` allows one more.
struct claim {
    std::uint64_t id = 0;
    std::string channel;
    std::uint8_t parts = 1;
    std::uint32_t segments = 1;
    money price_per_segment{};
    bool fenced = false;
    facts_mark read_on{};
    calendar_day day{}; ///< in the organisation's zone
    class_cap most = {};
};
enum class claim_kind : std::uint8_t {
    claimed,
    gone,        ///< cancelled, or in another state already
    facts_moved, ///< ask the fence again
    capped       ///< others of its class went meanwhile; look at it again
};
struct claim_outcome {
    claim_kind kind = claim_kind::gone;
    std::uint16_t reference = 0; ///< of the concatenation, for more parts than one
};

/// What became of a part that was handed over, or of a message that was not.
struct part_submitted {
    std::uint64_t id = 0;
    std::uint8_t part = 0;
    std::string external_id; ///< the channel's name for it, as its answer gave it; may be empty
    std::string account;     ///< of the channel; empty: it sends no receipts
    /// Of the concatenation that it was handed over in; 0: a whole message, or not known.
    std::uint16_t reference = 0;
    bool operator==(const part_submitted&) const = default;
};
enum class refusal_kind : std::uint8_t {
    throttled, ///< not counted as an attempt
    temporary,
    permanent,
    unknown ///< tried again, but fewer times
};
struct part_refused {
    std::uint64_t id = 0;
    std::uint8_t part = 0;
    refusal_kind kind = refusal_kind::temporary;
    std::uint32_t status = 0;    ///< the channel's
    std::uint16_t reference = 0; ///< as of part_submitted
    bool is_foreign = false;     ///< the channel says that it knows no such subscriber
    bool operator==(const part_refused&) const = default;
};
/// No answer will be waited for: `no_answer`, `link_lost` or `restarted`.
struct part_unconfirmed {
    std::uint64_t id = 0;
    std::uint8_t part = 0;
    reason why = reason::no_answer;
    bool operator==(const part_unconfirmed&) const = default;
};
/// Claimed, but certainly not handed over: back to `accepted`, due at `until`.
struct part_returned {
    std::uint64_t id = 0;
    std::uint8_t part = 0;
    instant until{};
    bool operator==(const part_returned&) const = default;
};
/// Not to be sent now (until > now), or never (`final` says as what it ends).
struct message_held {
    std::uint64_t id = 0;
    instant until{};
    reason why = reason::waits_for_route;
    std::optional<message_state> final = {};
    bool operator==(const message_held&) const = default;
};
using report =
    std::variant<part_submitted, part_refused, part_unconfirmed, part_returned, message_held>;

/// A delivery receipt, as a channel gave it. Candidates: external ids that it may mean, the most
/// trusted first; accepted only if exactly one part of that account with that number fits.
enum class receipt_state : std::uint8_t {
    delivered,
    expired,
    failed,
    underway ///< enroute, accepted, unknown: nothing final
};
struct receipt {
    std::string account; ///< channels of one account share ids
    std::vector<std::string> candidates;
    std::string number; ///< E.164 digits of the subscriber; empty when it did not say
    receipt_state state = receipt_state::underway;
    std::uint32_t error = 0;
    instant at{};
};
enum class receipt_outcome : std::uint8_t {
    applied,
    repeated, ///< changed nothing
    parked    ///< matches nothing yet; kept and tried again
};

/// A text from a subscriber, or a part of one, as it came in.
struct inbound_part {
    std::string channel;
    std::string external_id; ///< the channel's, or a digest of what it says
    std::string from;        ///< E.164 digits
    std::string to;          ///< the short code or number that it was sent to
    std::string user_data;   ///< octets: header, if any, and text; at most inbound_octets_max
    bool has_header = false;
    texts::user_data_coding coding = texts::user_data_coding::gsm7;
    /// Where the channel says it beside the text (sar_*).
    std::optional<texts::part_of_message> part = {};
    instant at{};
};
inline constexpr std::size_t inbound_octets_max = 4096;

/// What an organisation's messages cost in one month, in whole segments and at their prices.
struct spending {
    message_class of = message_class::answer;
    std::string office_code;
    std::uint64_t segments = 0;
    money price{};
};

/// A subscriber who was heard on a channel: a dial or a text.
struct heard_subscriber {
    std::string channel;
    address who;
};

/// How much waits, by class; for metrics.
struct queue_depths {
    std::array<std::uint64_t, message_classes> waiting{};
    std::uint64_t submitting = 0;
};

/// Where channels hand in what comes from outside. What it returns is durable: the channel's peer
/// is answered after it.
class inbox {
public:
    virtual ~inbox() = default;

    virtual task<result<std::vector<receipt_outcome>>> receive(std::vector<receipt> receipts,
                                                               instant now) = 0;
    /// Committed texts from subscribers; one that is repeated within a day is the same one.
    virtual task<error_code> take_in(std::vector<inbound_part> parts) = 0;
};

class outbox : public inbox {
public:
    virtual task<result<std::vector<accept_outcome>>> accept(std::vector<new_message> messages,
                                                             instant now) = 0;

    /// Messages of one organisation and class behind `after`, due by `now`, in their order; at most
    /// `limit`. Also such whose validity is over: they are to be expired. Reads only, without the
    /// writer.
    virtual task<result<std::vector<due_message>>> due(std::string organisation, message_class of,
                                                       due_place after, instant now,
                                                       std::size_t limit) = 0;
    /// What went to whom the message is for, of its class, on `today` and the six days before.
    virtual task<result<sent_counts>> sent_before(message_record message, calendar_day today) = 0;
    /// When the next message of the organisation is due; nullopt: none waits.
    virtual task<result<std::optional<instant>>> next_due(std::string organisation) = 0;

    virtual task<result<std::vector<claim_outcome>>> claim_all(std::vector<claim> claims,
                                                               instant now) = 0;
    /// What is of no message, or comes too late to change anything, is passed over.
    virtual task<error_code> record(std::vector<report> reports, instant now) = 0;

    /// Whom these channels' operators serve is learnt from them, where a channel has one.
    virtual task<error_code> learn(std::vector<heard_subscriber> heard, instant now) = 0;
    /// Waiting messages whose validity is over, of every organisation, whatever channels are up; in
    /// bounded steps. How many; 0: there is none left.
    virtual task<result<std::uint64_t>> expire(instant now) = 0;

    /// errc::not_found when there is no such message in the organisation.
    virtual task<result<message_record>> find(std::string organisation, std::uint64_t id) = 0;
    /// True when nothing of it had been handed over; it is cancelled then.
    virtual task<result<bool>> cancel(std::string organisation, std::uint64_t id, instant now) = 0;

    /// Once, before the first claim: whatever was being handed over when the program ended becomes
    /// `unconfirmed`, and its class's rule decides the rest. How many.
    virtual task<result<std::uint64_t>> settle_restart(instant now) = 0;
    /// Tries parked receipts again, drops old ones, and messages that ended before `keep_from`; in
    /// bounded steps. True: there is more to do.
    virtual task<result<bool>> tidy(instant now, instant keep_from) = 0;
    /// `month`: its first day. By class and office.
    virtual task<result<std::vector<spending>>> spent(std::string organisation,
                                                      calendar_day month) = 0;
    virtual task<result<queue_depths>> depths(std::string organisation) = 0;
};

} // namespace uthan::sms
