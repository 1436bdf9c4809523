#pragma once

#include "access/machine_key.hpp"
#include "access/record.hpp"
#include "core/clock.hpp"
#include "members/ledger.hpp"
#include "service/channel_snapshots.hpp"
#include "service/message_text.hpp"
#include "service/office_scope.hpp"
#include "service/refusal.hpp"
#include "sms/outbox.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace uthan::service {

/// A text message as a machine asks for it. Either `member` or `to`, and either `text` or
/// `template_id`, are not empty.
struct message_request {
    std::string member;
    std::string to; ///< a number as written
    std::string text;
    std::string template_id;
    std::vector<written_value> values;
    sms::message_class of = sms::message_class::answer;
    std::string idempotency_key;
};

/// What text messages of one organisation need on one shard; everything lives longer.
struct message_ports {
    members::ledger& ledger;
    access::registry& registry;
    sms::outbox& outbox;
    const clock& time;
    short_key key;
    /// Called after an acceptance: something may be due now. Any thread.
    std::function<void()> wake;
};

/// Text messages that machines hand in and ask about. One per organisation and shard.
class messages {
public:
    explicit messages(message_ports ports) : ports_(std::move(ports)), scope_(ports_.ledger) {}

    /// The id, once the acceptance is durable. A member's number is the one that she is bound to,
    /// never one that somebody typed. Errors: store_unavailable, queue_full.
    task<result<outcome_or_refusal<std::uint64_t>>> accept(std::shared_ptr<const organisation> of,
                                                           access::machine_account by,
                                                           message_request what);

    /// Errors: store_unavailable.
    task<result<outcome_or_refusal<sms::message_record>>> find(access::machine_account by,
                                                               std::uint64_t id);

private:
    struct addressee;

    task<result<outcome_or_refusal<addressee>>> to_member(std::shared_ptr<const organisation> of,
                                                          access::machine_account by,
                                                          std::string member,
                                                          sms::message_class message_is);
    task<result<outcome_or_refusal<addressee>>> to_number(std::string written);

    message_ports ports_;
    office_scope scope_;
};

/// How long a message of a machine is worth sending.
inline constexpr std::chrono::hours message_validity{24};
/// Parts that a message of a machine may have.
inline constexpr std::uint8_t machine_parts_max = 6;

} // namespace uthan::service
