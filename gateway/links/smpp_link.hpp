#pragma once

#include "adapters/smpp/receipt.hpp"
#include "adapters/smpp/session.hpp"
#include "adapters/smpp/status.hpp"
#include "adapters/smpp/text.hpp"
#include "adapters/smpp/ussd.hpp"
#include "core/clock.hpp"
#include "core/counter.hpp"
#include "core/random.hpp"
#include "core/task.hpp"
#include "gateway/links/text_link.hpp"
#include "sms/outbox.hpp"

#include <spdlog/logger.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace boost::asio::ssl {
class context;
}

// One SMPP account: the sockets around adapters/smpp's machine.
namespace uthan::gateway {

enum class smpp_binds : std::uint8_t {
    transceiver,
    pair ///< a transmitter, and a receiver that gets receipts and texts
};

inline constexpr unsigned smpp_connections_max = 8;

struct smpp_link_settings {
    std::string channel;
    std::string account; ///< channels of one account share message ids
    std::string host;
    std::uint16_t port = 2775;
    bool tls = false;
    adapters::smpp::session_options session; ///< of each connection; its mode is set by `binds`
    smpp_binds binds = smpp_binds::transceiver;
    unsigned connections = 1; ///< or pairs; 1 to smpp_connections_max
    adapters::smpp::text_terms text;
    adapters::smpp::receipt_marks marks = adapters::smpp::receipt_marks::standard;
    /// What data_coding 0 means in texts from subscribers.
    texts::user_data_coding seven_bit = texts::user_data_coding::gsm7;
    numbering plan;
    adapters::smpp::status_classes classes;
    /// For the name's addresses, the connection and the handshake together.
    std::chrono::milliseconds connect_timeout{10'000};
    /// How its operator does USSD; none: this account carries no dialogues.
    std::optional<adapters::smpp::ussd_description> ussd;
    /// False: whatever comes in is of a dialogue.
    bool carries_texts = true;
};

/// Written by the link's thread, read by any.
struct smpp_link_metrics {
    gauge bound;     ///< connections
    gauge in_flight; ///< submits without an answer
    /// When the oldest of them was taken, in ms of the steady clock; 0: there is none.
    gauge oldest_submit_at_ms;
    counter submitted;               ///< parts and screens that were given to a connection
    std::array<counter, 7> answered; ///< by adapters::smpp::status_class
    counter timed_out;
    counter late;    ///< answers after that
    counter unsent;  ///< parts and screens given back, certainly not sent
    counter unknown; ///< parts and screens whose connection was lost before the answer
    counter receipts;
    counter inbound;       ///< texts, or parts of them
    counter turns;         ///< deliveries that were handed to a dialogue
    counter refused_turns; ///< those that nobody could take; the peer was told so
    counter foreign;       ///< deliveries that are no text of a subscriber; answered 0
    counter refused_store; ///< receipts and texts that could not be stored; they come again
    counter connects;
    counter binds;
    counter refused_binds;
    counter reconnects; ///< waits before a next try
    counter malformed;  ///< PDUs that were refused or read in part, and unknown commands
    counter received_bytes;
    counter sent_bytes;
};

/// A deliver_sm that is no receipt, before it is taken for a text. True: it was taken and will be
/// answered with smpp_link::answer, perhaps from inside this call. Views end with the call.
using smpp_delivery_hook = std::function<bool(std::uint32_t connection, std::uint32_t sequence,
                                              const adapters::smpp::deliver_sm& message)>;

/// A screen of a dialogue on its way out.
struct smpp_screen {
    std::uint64_t id = 0;         ///< whose fate is told
    std::uint32_t connection = 0; ///< on which its turn came in
    adapters::smpp::ussd_screen what;
    std::chrono::steady_clock::time_point deadline; ///< not given to a connection from then on
    /// The delivery that is answered right behind it, whatever becomes of it; none: it is already.
    std::optional<std::uint32_t> answers;
};

enum class smpp_screen_fate : std::uint8_t {
    answered,   ///< with a status
    unanswered, ///< it may have reached the peer
    unsent,     ///< no connection
    late,       ///< its deadline passed before its connection had room
    unencodable ///< a field is longer than its layout allows
};

/// Of each screen exactly once, unless the link is stopped before.
struct smpp_screen_told {
    std::uint64_t id = 0;
    smpp_screen_fate fate = smpp_screen_fate::unsent;
    std::uint32_t status = 0; ///< of an answer
};
using smpp_screen_hook = std::function<void(const smpp_screen_told& what)>;

/// What is referred to outlives all work of the executor.
struct smpp_link_ports {
    executor on;
    sms::inbox& box;
    const clock& time;
    random_source& random;
    std::shared_ptr<asio::ssl::context> tls; ///< of make_client_tls; null without TLS
    spdlog::logger& log;
    smpp_link_metrics& metrics;
    short_key key{};              ///< for the ids of texts; the same one after a restart
    smpp_delivery_hook ussd = {}; ///< null: no USSD here
    smpp_screen_hook screens = {};
};

struct smpp_link_state;

/// Everything runs on the executor's thread, which is the dispatcher's. The executor's context
/// outlives the link.
///
/// All parts of one message go over one connection, in order: the one that has parts of it under
/// way, else the one with the most free slots. Parts that its window has no room for wait here for
/// its next slots; they are fewer than a message's parts for each message that the window holds.
///
/// A receipt or a text is answered after it was stored, with 0x64 when it could not be; reading
/// goes on meanwhile. What comes in while the store works is stored together afterwards; at most
/// adapters::smpp::deliveries_max of each connection wait.
///
/// Screens go before parts, over the connection on which their turn came, or its pair's
/// transmitter; where that is gone, over the one with the most free slots.
class smpp_link final : public text_link {
public:
    smpp_link(smpp_link_settings as, smpp_link_ports ports);
    /// Closes everything at once and reports nothing more.
    ~smpp_link() override; // NOLINT(bugprone-exception-escape)
    smpp_link(const smpp_link&) = delete;
    smpp_link& operator=(const smpp_link&) = delete;

    /// Once. `events` outlives the link.
    void start(sms::link_events& events) override;
    /// Takes no more parts, waits for answers, unbinds and closes; then is_idle().
    void drain() override;
    /// Closes everything at once. What is to be reported is reported before it returns: parts that
    /// may have reached the peer as part_unconfirmed (link_lost), the others as part_returned.
    void stop() override;
    /// After drain or stop: no connection is left, and nothing is being stored.
    bool is_idle() const noexcept override;
    void set_window(std::size_t window) override;

    /// Up: a connection that may send is bound. Stopped: credentials were refused and nothing has
    /// been bound since, or the account has no money; both are tried again every few minutes.
    sms::link_state state() const noexcept override;
    std::size_t free_slots() const noexcept override;
    std::size_t in_flight() const noexcept override;
    void submit(std::vector<sms::outgoing_part> parts) override;
    void collect(metric_sink& into) const override;

    /// For what the hook took. False: that connection is gone; the peer will send it again.
    bool answer(std::uint32_t connection, std::uint32_t sequence, std::uint32_t status);
    /// Its fate may be told from inside this call. The caller bounds how many are under way.
    void submit_screen(smpp_screen what);

private:
    std::shared_ptr<smpp_link_state> state_;
};

} // namespace uthan::gateway
