#include "sms/explanation.hpp"

#include "sms/life.hpp"

#include <fmt/format.h>

#include <array>

namespace uthan::sms {
namespace {

struct words {
    std::string_view name;
    std::string_view because; ///< the rest of a sentence
};

/// In the order of `reason`.
constexpr std::array<words, 23> all_words{{
    {"", ""},
    {"waits_for_time", "its time, or the end of quiet hours, has not come"},
    {"waits_for_route", "no channel that may carry it is up"},
    {"waits_for_budget", "this month's money for such messages is used up"},
    {"throttled", "the channel asked to be slower"},
    {"temporary_refusal", "the channel refused it for now"},
    {"permanent_refusal", "the channel refused it for good"},
    {"no_route", "no channel carries this number or this script"},
    {"too_many_parts", "it is longer than the channel carries"},
    {"validity_over", "its validity ended before it could be sent"},
    {"no_answer", "no answer came in time"},
    {"link_lost", "the link was lost before the answer"},
    {"restarted", "the gateway was started anew before the answer"},
    {"retried_unconfirmed", "nobody knows whether it arrived the first time"},
    {"no_longer_true", "what it says is not so any more"},
    {"opted_out", "she does not want such messages"},
    {"cap_reached", "she has got as many of this kind as one member gets"},
    {"cancelled_by_staff", "staff cancelled it"},
    {"receipt_delivered", "the operator says so"},
    {"receipt_failed", "the operator could not deliver it"},
    {"receipt_expired", "the operator gave up after its validity"},
    {"partly_sent", "the channel took a part of it and refused the rest"},
    {"partly_delivered", "a part of it was delivered"},
}};
static_assert(all_words.size() == static_cast<std::size_t>(reason::partly_delivered) + 1);

const words& words_of(reason why) noexcept {
    return all_words[static_cast<std::size_t>(why)];
}

std::string segments_of(const message_record& message) {
    return fmt::format("{} segment{}", message.segments, message.segments == 1 ? "" : "s");
}

std::string status_of(std::uint32_t detail) {
    return detail == 0 ? std::string{} : fmt::format(" (status {})", detail);
}

/// When its newest state began.
instant since(const message_record& message) {
    auto at = message.history.back().at;
    for (auto line = message.history.rbegin(); line != message.history.rend(); ++line) {
        if (line->state != message.state) {
            break;
        }
        at = line->at;
    }
    return at;
}

std::string explain_waiting(const message_record& message, const message_event& last) {
    const auto due = to_rfc3339(message.due_at);
    if (last.why == reason::none) {
        return fmt::format("Accepted at {}; it is sent in its turn, not before {}.",
                           to_rfc3339(message.accepted_at), due);
    }
    return fmt::format("Waits, because {}{}; it is tried again at {}.", words_of(last.why).because,
                       status_of(last.detail), due);
}

std::string explain_end(std::string_view what, const message_event& last) {
    const auto because = words_of(last.why).because;
    return fmt::format("{} at {}{}{}{}.", what, to_rfc3339(last.at),
                       because.empty() ? "" : ", because ", because, status_of(last.detail));
}

std::string explain_state(const message_record& message) {
    const auto& last = message.history.back();
    switch (message.state) {
    case message_state::accepted:
        return explain_waiting(message, last);
    case message_state::submitting:
        return fmt::format("Being handed to channel {} since {}.", message.channel,
                           to_rfc3339(last.at));
    case message_state::submitted:
        return fmt::format("Channel {} took it at {} in {}; the operator has not said whether it "
                           "arrived.",
                           message.channel, to_rfc3339(since(message)), segments_of(message));
    case message_state::delivered:
        return fmt::format("Delivered to the phone at {}, by channel {} in {}.",
                           to_rfc3339(since(message)), message.channel, segments_of(message));
    case message_state::failed:
        return explain_end("Failed", last);
    case message_state::expired:
        return explain_end("Expired", last);
    case message_state::cancelled:
        return explain_end("Cancelled", last);
    case message_state::unconfirmed:
        return fmt::format("Handed to channel {}, and {}: it may have arrived, and is not sent "
                           "again.",
                           message.channel, words_of(last.why).because);
    }
    return {};
}

} // namespace

std::string_view name_of(reason why) noexcept {
    return words_of(why).name;
}

std::string explain(const message_record& message) {
    auto said = explain_state(message);
    if (copy_waits(message)) {
        said += " It is to be sent once more and to say so, unless the first answer comes before.";
    } else if (message.marked) {
        said += " It was sent once more, and says so, because ";
        said += words_of(reason::retried_unconfirmed).because;
        said += '.';
    }
    return said;
}

} // namespace uthan::sms
