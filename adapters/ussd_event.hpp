#pragma once

#include "adapters/rejection.hpp"
#include "core/address.hpp"
#include "sessions/history.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What the links that send each input alone have in common: events in, and what a push came to.
namespace uthan::adapters {

/// What an adapter must know of the channel for which it reads. Views of the channel's settings.
struct channel_context {
    std::string_view channel;      ///< its name; the owner of opaque subscriber tokens
    std::string_view service_code; ///< of every turn where the format names none
    const numbering& plan;
};

/// A screen is wanted. `turn` is of style input; its request id is unique within its session at
/// least.
struct ussd_turn {
    sessions::inbound_turn turn;
    /// The subscriber as the provider wrote it; goes back byte for byte. Never for a log.
    std::string number_as_sent;
    /// What else the answer repeats (ussd_http: the link's `{{in:…}}`, in its order). May hold
    /// input: never stored, never logged.
    std::vector<std::string> echo;
};

enum class end_notice : std::uint8_t {
    told,   ///< the provider said that the session is over
    unknown ///< a kind of event that nobody described: counted, and no reason to drop anything
};

/// No screen is wanted.
struct ussd_ended {
    end_notice how = end_notice::unknown;
    std::string session_id;
    std::string request_id;            ///< empty where there is none
    std::optional<address> subscriber; ///< where the notice names it
    std::string number_as_sent;        ///< as above; may be empty
    std::vector<std::string> echo;     ///< as above
};

using ussd_event = std::variant<ussd_turn, ussd_ended>;

inline constexpr std::size_t id_bytes_max = 128;

/// A session, request or subscriber as a provider writes it: not empty, at most id_bytes_max, no
/// control characters. Null when it is fine, else what is wrong ("is missing or empty").
const char* fault_of_id(std::string_view value) noexcept;

/// What an answer to a push (or its absence) means for the screen. Screens are pushed once more at
/// most, and only when `transient`.
enum class push_class : std::uint8_t {
    ok,
    config,    ///< our provisioning: alarm, never again
    client,    ///< our request: never again
    user,      ///< not this subscriber, not now: never again
    transient, ///< once more within the session's budget
    unknown    ///< not listed: never again for a screen
};

struct push_answer {
    push_class what = push_class::unknown;
    /// The provider's status code when it has the form of one ("E1325", "503"); safe to log.
    std::string code;
};

} // namespace uthan::adapters
