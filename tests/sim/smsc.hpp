#pragma once

#include "adapters/smpp/codec.hpp"
#include "tests/sim/timeline.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace uthan::sim {

/// A part that the message centre took: it will be charged and delivered, whatever it answered.
struct taken_part {
    std::string number;
    unsigned part = 1; ///< 1…parts
    unsigned parts = 1;
    unsigned reference = 0;
    bool marked = false; ///< its message says that it is sent again
    std::string id;
    bool delivered = false; ///< to the phone
};

/// One caller's end of a connection.
struct caller {
    std::function<void(std::string)> send;
    std::function<void()> drop;
};

/// Speaks SMPP as the specification has it and keeps no more of a submit than it needs.
class smsc {
public:
    smsc(std::string name, timeline& time, chance& luck, const troubles& trouble)
        : name_(std::move(name)), time_(time), luck_(luck), trouble_(trouble) {}

    const std::string& name() const noexcept { return name_; }
    /// Hangs up on everybody, and takes no connection before `until`.
    void leave(milliseconds until);
    bool is_away() const { return time_.since() < back_at_; }

    using connection = std::uint64_t;
    connection connect(caller who);
    void receive(connection from, std::string_view octets);
    void gone(connection which);

    const std::vector<taken_part>& taken() const noexcept { return taken_; }
    std::size_t refused() const noexcept { return refused_; }
    /// Receipts that nobody has acknowledged.
    std::size_t untold() const noexcept { return receipts_.size(); }

private:
    struct peer {
        caller who;
        adapters::smpp::frame_splitter frames;
        bool is_bound = false;
        std::uint32_t sequence = 0;
        std::map<std::uint32_t, std::uint64_t> told; ///< deliver_sm's sequence → receipt
    };
    struct receipt {
        std::string id;
        std::string number;
        bool delivered = true;
    };

    void take_request(connection from, const adapters::smpp::decoded& pdu);
    taken_part read(const adapters::smpp::submit_sm& what);
    /// Whether the message says that it is sent again; only its first part does.
    bool is_marked(const taken_part& part, std::string_view text);
    void submit(connection from, std::uint32_t sequence, const adapters::smpp::submit_sm& what);
    void take(connection from, std::uint32_t sequence, taken_part part);
    void refuse(connection from, std::uint32_t sequence, std::uint32_t status);
    void answer(connection to, std::uint32_t sequence, std::string id, milliseconds wait);
    void drop(connection which);
    void plan_receipts(std::size_t part, milliseconds wait);
    /// Tells a receipt now, and again until it is acknowledged.
    void tell(std::uint64_t receipt);
    std::string written(const std::string& id);
    template <class Pdu>
    void send(connection to, const Pdu& what, std::uint32_t sequence, std::uint32_t status = 0);

    std::string name_;
    timeline& time_;
    chance& luck_;
    const troubles& trouble_;
    milliseconds back_at_{0};
    std::map<connection, peer> peers_;
    connection last_ = 0;
    std::vector<taken_part> taken_;
    std::set<std::pair<std::string, unsigned>> marked_; ///< numbers and references
    std::size_t refused_ = 0;
    std::map<std::uint64_t, receipt> receipts_; ///< not acknowledged
    std::uint64_t last_receipt_ = 0;
};

} // namespace uthan::sim
