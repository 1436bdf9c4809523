#pragma once

#include "bench/histogram.hpp"
#include "bench/load_plan.hpp"

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <vector>

namespace uthan::bench {

struct load_options {
    std::uint16_t port = 0;
    std::size_t connections = 64;
    std::chrono::nanoseconds warm_up{};
    std::chrono::nanoseconds measured{};
    /// Hops a second, offered whether or not earlier ones were answered; 0 = closed loop: every
    /// connection sends its next hop as soon as the last is answered.
    double rate = 0;
    /// Ends when so many dialogues are over instead of after the time; 0 = no limit.
    std::size_t dialogues_max = 0;
    /// The last step's reply is an END; every other reply is a CON.
    bool last_ends = false;
    /// How many dialogues are printed to stderr, for the eye.
    std::size_t shown = 0;
};

struct load_report {
    std::uint64_t hops = 0;      ///< right replies inside the measured time
    std::uint64_t dialogues = 0; ///< completed, whenever
    std::uint64_t wrong = 0;     ///< not 200, not the expected CON or END, or no reply
    std::string first_wrong;     ///< what was received instead, for the eye
    double seconds = 0;
    double client_busy = 0; ///< the part of one core that this client used
    histogram latency;      ///< from the intended send to the whole reply, in nanoseconds
};

/// The members' side of the load: keep-alive connections on one thread over raw epoll, because the
/// client must cost less than the cheapest server that it measures.
class load_client {
public:
    load_client(load_options options, request_plan& plan, phone_book& phones);
    ~load_client();
    load_client(const load_client&) = delete;
    load_client& operator=(const load_client&) = delete;

    /// Throws std::runtime_error when the server cannot be reached or does not keep up with an open
    /// loop.
    load_report run();

private:
    static constexpr std::size_t reply_bytes_max = 16 * 1024;

    struct connection {
        int fd = -1;
        std::size_t step = 0;
        std::uint64_t intended_ns = 0;
        bool waiting = false; ///< a request is out
        bool shown = false;
        std::array<char, request_plan::session_digits> session{};
        std::array<char, request_plan::phone_digits> phone{};
        std::size_t received = 0;
        std::array<char, reply_bytes_max> reply{};
    };

    void open(connection& c);
    void begin_dialogue(connection& c);
    void send(connection& c, std::uint64_t intended_ns);
    void receive(connection& c);
    void finish(connection& c, std::string_view status_line, std::string_view body);
    void give_up(connection& c, std::string_view why);
    void offer_due(std::uint64_t now);
    void release(connection& c);
    bool may_begin() const noexcept;
    bool done(std::uint64_t now) const noexcept;

    load_options options_;
    request_plan& plan_;
    phone_book& phones_;
    int epoll_ = -1;
    std::vector<connection> connections_;
    std::vector<std::size_t> idle_;
    std::deque<std::uint64_t> backlog_;
    std::mt19937_64 random_{20'261'121};
    std::uint64_t next_arrival_ns_ = 0;
    std::uint64_t session_prefix_ = 0;
    std::uint64_t session_count_ = 0;
    std::size_t begun_ = 0;
    std::size_t finished_ = 0;
    std::uint64_t measure_from_ns_ = 0;
    std::uint64_t measure_to_ns_ = 0;
    load_report report_;
};

} // namespace uthan::bench
