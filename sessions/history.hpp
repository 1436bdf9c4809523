#pragma once

#include "core/address.hpp"
#include "menus/shortcuts.hpp"
#include "sessions/state.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::sessions {

/// What a transport tells on each turn: everything typed so far, or what was typed in this turn
/// alone.
enum class turn_style : std::uint8_t { history, input };

/// One turn as an aggregator's adapter understood it.
struct inbound_turn {
    std::string session_id; ///< the transport's
    address subscriber;
    std::string service_code;
    std::string network_code;
    /// The whole history joined with '*' (Africa's Talking); empty on the first turn. Holds PINs:
    /// never stored, never logged.
    std::string history;
    turn_style style = turn_style::history;
    /// Style input: what was typed in this turn alone; empty at the beginning. Holds PINs: never
    /// stored, never logged.
    std::string input = {};
    /// Style input: a new transport session begins.
    bool begins = false;
    /// The provider's unique id of this request; empty where it has none.
    std::string request_id = {};
    /// The dialled string on the first turn where the provider gives it ("*213*77*3#"), else empty.
    std::string dialled = {};
    /// What was dialled behind the service code ("3"), where that is known (split_dialled).
    std::string tail = {};
};

inline constexpr std::size_t history_bytes_max = 1024;
inline constexpr std::size_t inputs_max = 64;

/// What a turn means against the state that is known.
struct turn_plan {
    enum class kind : std::uint8_t {
        repeated, ///< the last request again, or an older one: the last screen, no change
        begin,    ///< a new dialogue; `inputs` follow when the beginning itself was lost
        advance   ///< go on with `inputs`
    };
    kind what = kind::begin;
    std::vector<std::string> inputs;
    /// Where in the history the first input begins; the others follow, each behind a '*'.
    std::size_t first_at = 0;
};

/// `known` may be null: nothing stored, or the store is gone.
/// - A history: the new input is the tail behind what was seen; when what was seen does not match,
///   or nothing is known, everything is replayed from its beginning.
/// - An input alone: the same request id again is a repetition; an input of a session that is not
///   known begins anew without it, since nobody can say what it answers.
turn_plan plan_turn(const state* known, const inbound_turn& turn, const short_key& key);

/// What stands behind the code in what was dialled: "*384*2*11#" behind "*384*2#" → "11"; empty
/// where the code alone was dialled, none where it was another one.
std::optional<std::string_view> split_dialled(std::string_view dialled, std::string_view code);

/// A transport that sends its history delivers what was dialled behind the code as the first
/// input, as if it had been typed. For a beginning with inputs of which no state is known: takes
/// the dialled tail out of them and returns it; empty: all were typed. A single digit is a tail
/// only when nothing follows, since it may as well be a key that was pressed before the state was
/// lost; what is neither a shortcut nor anything that the first screens take is one as well.
std::string take_tail(turn_plan& plan, const menus::shortcuts& known);

digest128 session_digest(const short_key& key, const inbound_turn& turn);
/// Of the dialogue's key (subscriber and code), the transport's session and everything typed up to
/// and including one input (`typed`: that much of the history): what an effect of that input is
/// keyed by. Where only the input comes, it stands for that together with its request's id and the
/// moment in which the dialogue began (`began`): a dialogue that begins anew in one transport
/// session is another one.
digest128 effect_digest(const short_key& key, const digest128& dialogue, const inbound_turn& turn,
                        std::size_t typed, instant began);
/// What a repetition of this turn is known by: its whole history, or its request's id, else its
/// input.
digest128 seen_digest(const short_key& key, const inbound_turn& turn);

/// Notes in the state after a turn that the turn was answered.
void remember(state& next, const inbound_turn& turn, const short_key& key);

} // namespace uthan::sessions
