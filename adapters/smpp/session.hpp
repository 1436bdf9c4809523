#pragma once

#include "adapters/smpp/codec.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// Our side of one SMPP connection, as a machine: octets, time and requests in; octets and events
// out. It has no socket and no clock. Rules: SMPP 3.4 chapter 2; what it leaves open is in
// README.md.
namespace uthan::adapters::smpp {

using time_point = std::chrono::steady_clock::time_point;

enum class bind_mode : std::uint8_t { transceiver, transmitter, receiver };

struct session_options {
    bind_mode mode = bind_mode::transceiver;
    std::string system_id;
    std::string password; ///< never for a log
    std::string system_type;
    std::uint8_t interface_version = 0x34;
    std::uint8_t addr_ton = 0;
    std::uint8_t addr_npi = 0;
    std::string address_range;
    /// Submits that may be without an answer, as the contract with the peer says.
    std::size_t window = 10;
    std::size_t frame_octets_max = smpp::frame_octets_max;
    std::chrono::milliseconds bind_timeout{10'000};
    /// Without a PDU from the peer for so long, it is asked whether it lives.
    std::chrono::milliseconds idle{30'000};
    std::chrono::milliseconds enquire_timeout{10'000}; ///< two in a row close
    std::chrono::milliseconds response_timeout{30'000};
    std::chrono::milliseconds unbind_timeout{5'000};
    /// 1 to sequence_max.
    std::uint32_t first_sequence = 1;
};

inline constexpr std::uint32_t sequence_max = 0x7FFF'FFFF;
/// Submits without an answer whose late answer is still known; the oldest are forgotten.
inline constexpr std::size_t late_max = 1024;
/// Deliveries that wait for answer_deliver; more are refused with 0x14, and come again.
inline constexpr std::size_t deliveries_max = 256;
/// Answers that a peer does not read; more close the connection.
inline constexpr std::size_t unread_octets_max = 1024 * 1024;

// Events. Views are valid until the next call of an on_… function or drain.

struct bound {
    std::string_view system_id;                    ///< the peer's
    std::optional<std::uint8_t> interface_version; ///< none: it may not know optional parameters
};
/// `closed` follows.
struct bind_refused {
    std::uint32_t status = 0;
};
struct submit_answered {
    std::uint64_t token = 0;
    std::uint32_t status = 0; ///< 0: accepted
    std::string_view message_id;
};
/// Nobody knows whether it was accepted. Its slot is free.
struct submit_timed_out {
    std::uint64_t token = 0;
};
/// Of a submit that was reported as timed out.
struct late_answer {
    std::uint64_t token = 0;
    std::uint32_t status = 0;
    std::string_view message_id;
};
/// To be answered with answer_deliver once it is stored. A data_sm is shown as a deliver_sm, its
/// text in message_payload.
struct delivered {
    std::uint32_t sequence = 0;
    deliver_sm message;
};
enum class close_reason : std::uint8_t {
    drained,      ///< by us, in order
    peer_unbound, ///< by the peer, in order
    peer_closed,  ///< the connection went away
    bind_refused,
    bind_timeout,
    peer_silent,    ///< two enquire_link without any PDU
    peer_not_reads, ///< unread_octets_max
    framing_lost
};
/// The last event. Of each submit that was neither answered nor reported as timed out, exactly one
/// list has the token: `in_flight` may have reached the peer, `unsent` certainly did not.
struct closed {
    close_reason why = close_reason::peer_closed;
    std::vector<std::uint64_t> in_flight;
    std::vector<std::uint64_t> unsent;
};
using event = std::variant<bound, bind_refused, submit_answered, submit_timed_out, late_answer,
                           delivered, closed>;
using events = std::span<const event>;

enum class submit_outcome : std::uint8_t {
    taken,       ///< a token of it will be reported exactly once, and perhaps a late answer
    window_full, ///< try again after an event
    not_bound,
    unencodable ///< a field is too long or has a NUL: never again
};

/// When the answer to a delivery goes out.
enum class answer_order : std::uint8_t {
    first,         ///< before every submit that is not written yet
    behind_submits ///< after those that were taken before it
};

/// What happened so far; for metrics.
struct session_counters {
    std::uint64_t received = 0;           ///< PDUs
    std::uint64_t malformed = 0;          ///< refused, or read in part
    std::uint64_t unknown_commands = 0;   ///< each got a generic_nack
    std::uint64_t unexpected_answers = 0; ///< nobody waited for them
    std::uint64_t ignored_parameters = 0; ///< parameters_view::ignored
    std::uint64_t refused_deliveries = 0; ///< beyond deliveries_max, or while unbinding
};

/// Not thread-safe. A session is for one connection: on_connected first, then anything, on_closed
/// last. After every call take_output (while no write is under way), next_deadline and wants_close.
class session {
public:
    explicit session(session_options as);

    [[nodiscard]] events on_connected(time_point now);
    [[nodiscard]] events on_bytes(std::string_view octets, time_point now);
    /// At or after next_deadline(); earlier does no harm.
    [[nodiscard]] events on_timer(time_point now);
    /// The connection is gone. Nothing when `closed` was told already.
    [[nodiscard]] events on_closed(time_point now);
    /// Takes no more submits, waits for answers (response_timeout at most), unbinds and closes.
    [[nodiscard]] events drain(time_point now);

    submit_outcome submit(const submit_sm& what, std::uint64_t token, time_point now);
    /// Likewise, and reported likewise.
    submit_outcome submit(const data_sm& what, std::uint64_t token, time_point now);
    /// How many submits may be without an answer, from now on; those that are, stay.
    void set_window(std::size_t window);
    /// False when no delivery of this sequence waits (the connection was closed meanwhile).
    bool answer_deliver(std::uint32_t sequence, std::uint32_t status, time_point now,
                        answer_order goes = answer_order::first);

    /// Appends what is to be written now: answers and enquire_link before any submit. False when
    /// there is nothing.
    bool take_output(std::string& to);
    /// Close the connection as soon as the output is written.
    bool wants_close() const noexcept { return phase_ == phase::closed; }
    std::optional<time_point> next_deadline() const noexcept;

    bool is_bound() const noexcept { return phase_ == phase::bound; }
    /// Submits that would be taken now.
    std::size_t free_slots() const noexcept;
    std::size_t in_flight() const noexcept { return slots_.size(); }
    /// When the oldest submit without an answer was taken.
    std::optional<time_point> oldest_submit() const noexcept;
    const session_counters& counters() const noexcept { return counters_; }

private:
    enum class phase : std::uint8_t {
        unconnected,
        binding,
        bound,
        draining,       ///< drain was asked for, answers are missing
        unbinding,      ///< our unbind is under way
        peer_unbinding, ///< the peer's unbind is answered, answers are missing
        closed
    };
    struct slot {
        std::uint32_t sequence = 0;
        bool is_written = false;
        std::uint64_t token = 0;
        time_point since;
    };
    struct late_slot {
        std::uint32_t sequence = 0;
        std::uint64_t token = 0;
    };
    struct delivery {
        std::uint32_t sequence = 0;
        command answer = command::deliver_sm_resp;
    };

    template <class Pdu>
    submit_outcome submit_any(const Pdu& what, std::uint64_t token, time_point now);
    std::uint32_t next_sequence() noexcept;
    bool is_used(std::uint32_t sequence) const noexcept;
    void send_bind();
    void take_frame(std::string_view frame, time_point now);
    void take_request(const decoded& read, time_point now);
    void take_delivery(std::uint32_t sequence, command answer, const deliver_sm& message);
    void take_unbind(std::uint32_t sequence, time_point now);
    void take_response(const decoded& read, time_point now);
    void take_bind_answer(const decoded& read);
    void take_submit_answer(const decoded& read);
    void expire_submits(time_point now);
    void watch_peer(time_point now);
    /// Takes the next step of an orderly end when nothing is missing for it.
    void proceed(time_point now);
    void close(close_reason why);

    session_options as_;
    phase phase_ = phase::unconnected;
    time_point phase_until_{};
    frame_splitter frames_;
    std::string answers_; ///< the priority lane: everything but submits
    std::string submits_; ///< and answers that must stand behind one
    std::vector<event> events_;
    std::vector<slot> slots_; ///< oldest first
    std::deque<late_slot> late_;
    std::vector<delivery> deliveries_;
    std::uint32_t sequence_;
    bool has_wrapped_ = false;
    std::uint32_t own_sequence_ = 0; ///< of the bind, then of the unbind
    std::uint32_t enquire_sequence_ = 0;
    std::optional<time_point> enquire_until_;
    unsigned misses_ = 0;
    time_point last_received_{};
    session_counters counters_;
};

} // namespace uthan::adapters::smpp
