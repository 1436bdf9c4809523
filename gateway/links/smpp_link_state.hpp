#pragma once

#include "adapters/smpp/reconnect.hpp"
#include "gateway/links/dial.hpp"
#include "gateway/links/smpp_link.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

// Inside of the link.
namespace uthan::gateway {

struct smpp_line;

/// A part of a message, as the dispatcher names it.
struct smpp_part {
    std::uint64_t id = 0;
    std::uint8_t part = 0;
    std::uint16_t reference = 0;
};

/// A part that its connection's window had no room for.
struct smpp_waiting_part {
    smpp_part what;
    std::shared_ptr<const adapters::smpp::text_submits> of;
};

/// One connection, from its dial to its end. Kept alive by its line and by what is under way.
struct smpp_connection : outbound_stream {
    smpp_connection(executor on, smpp_line& line, std::uint32_t given_number,
                    adapters::smpp::session_options as)
        : outbound_stream(on), of(line), number(given_number), it(std::move(as)), timer(on) {}

    smpp_line& of;
    std::uint32_t number; ///< unique within the link
    adapters::smpp::session it;
    bool is_dialled = false; ///< the session runs
    /// One timer, armed for the session's earliest deadline or earlier.
    steady_timer timer;
    steady_time armed_for = steady_time::max();
    /// Our last words must be written by then.
    std::optional<steady_time> close_by;
    std::array<char, 16 * 1024> input;
    std::string output; ///< is being written
    bool is_writing = false;
    /// By the session's token: without an answer, and timed out. Of the latter the session knows
    /// the newest late_max, and so does this.
    std::map<std::uint64_t, smpp_part> given;
    std::map<std::uint64_t, smpp_part> late;
    std::deque<smpp_waiting_part> waiting;
    /// By the session's token: screens without an answer. Their late answers help nobody.
    std::map<std::uint64_t, std::uint64_t> given_screens;
    std::deque<smpp_screen> waiting_screens;
    std::optional<std::uint32_t> refused; ///< the bind's status
    /// The peer says that the bind is wrong: unbind, and bind anew.
    bool must_rebind = false;
    adapters::smpp::session_counters counted; ///< what the metrics have already
};
using smpp_connection_pointer = std::shared_ptr<smpp_connection>;

/// A place for one connection, which is made again whenever it ended.
struct smpp_line {
    smpp_line(executor on, adapters::smpp::bind_mode bound_as) : mode(bound_as), pause(on) {}

    adapters::smpp::bind_mode mode;
    adapters::smpp::reconnect_backoff backoff;
    steady_timer pause;
    smpp_connection_pointer open; ///< null between two tries
    bool is_running = false;
    bool is_stopped = false; ///< credentials were refused since the last bind
};

/// Who waits for the answer to a delivery.
struct smpp_delivery {
    std::weak_ptr<smpp_connection> from;
    std::uint32_t sequence = 0;
};
/// Deliveries that are to be stored together.
struct smpp_deliveries {
    std::vector<sms::receipt> receipts;
    std::vector<smpp_delivery> of_receipts;
    std::vector<sms::inbound_part> texts;
    std::vector<smpp_delivery> of_texts;
    bool empty() const noexcept { return receipts.empty() && texts.empty(); }
};

/// Kept alive by every coroutine and handler of the link, so that it outlives them all, whichever
/// way the context ends.
struct smpp_link_state : std::enable_shared_from_this<smpp_link_state> {
    smpp_link_state(smpp_link_settings given, smpp_link_ports given_ports);

    smpp_link_settings settings;
    smpp_link_ports ports;
    adapters::smpp::inbound_terms terms;
    std::vector<std::unique_ptr<smpp_line>> lines;
    bool ending = false;
    std::uint64_t last_token = 0;
    std::uint32_t last_number = 0;

    /// What waits to be told; events are told from a handler of their own.
    sms::link_events* events = nullptr;
    std::vector<sms::report> reports;
    std::size_t late_reports = 0; ///< among them
    std::size_t unreported = 0;   ///< parts that were handed over and are not told yet
    bool is_throttled = false;
    /// The account has no money: nothing is sent before, and then one text tries.
    std::optional<steady_time> no_money_until;
    bool has_changed = false;
    bool tells_soon = false;

    smpp_deliveries deliveries;
    bool is_keeping = false; ///< a coroutine stores
    steady_time complained{};
};
using smpp_state_pointer = std::shared_ptr<smpp_link_state>;

// smpp_connection.cpp

/// Makes the line's connection, again and again, until the link ends.
task<void> serve_line(smpp_state_pointer state, smpp_line* line);
/// After anything was asked of the session: writes, closes and arms the timer as it wants.
void pump(const smpp_state_pointer& state, const smpp_connection_pointer& connection);
/// After a change: gauges, and the session's counters.
void count(smpp_link_state& state, smpp_connection& connection);

// smpp_parts.cpp

/// All of one message, in order.
void submit_message(smpp_link_state& state, std::span<const sms::outgoing_part> parts);
/// What a session told. Nothing of it is told on from inside this call.
void take_events(const smpp_state_pointer& state, const smpp_connection_pointer& connection,
                 adapters::smpp::events told);
/// Parts that the connection takes now.
std::size_t free_slots_of(const smpp_connection& connection) noexcept;
void tell(smpp_link_state& state, sms::report what);
void tell_change(smpp_link_state& state);
/// Tells everything that waits. From a handler of its own, or from stop.
void tell_all(smpp_link_state& state);

// smpp_screens.cpp

/// Gives the waiting screens to the window; tells of those that will not go out.
void feed_screens(smpp_link_state& state, smpp_connection& connection);
/// Whether the token is a screen's; its fate is told then.
bool settle_screen(smpp_link_state& state, smpp_connection& connection, std::uint64_t token,
                   smpp_screen_fate fate, std::uint32_t status = 0);

// smpp_deliveries.cpp

void take_delivery(smpp_link_state& state, const smpp_connection_pointer& connection,
                   const adapters::smpp::delivered& told);
/// Stores what waits, unless that is under way.
void keep_deliveries(const smpp_state_pointer& state);

} // namespace uthan::gateway
