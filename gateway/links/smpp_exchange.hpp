#pragma once

#include "gateway/links/smpp_link.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

// Between the thread of an SMPP account and the shards, on which its dialogues live.
namespace uthan::gateway {

class smpp_dialogues;

/// A delivery as it was read, and what its screen needs.
struct smpp_turn {
    adapters::smpp::ussd_received read;
    std::uint32_t connection = 0;
    std::optional<std::uint32_t> answers; ///< as smpp_screen::answers
    std::chrono::steady_clock::time_point received;
};

/// One account's. Turns go to shards, all of a subscriber to the same one, in their order; screens
/// come back. Both ways are posts: no thread waits for another. What a shard has not taken yet is
/// bounded here, what is under way by its push_load. Outlives the link and the shards' work.
class smpp_exchange {
public:
    /// `of` outlives it. `codes`: the channel's service codes, the first of which is every
    /// dialogue's. `random`: request ids of another start of the program are others.
    smpp_exchange(const smpp_link_settings& of, std::vector<std::string> codes, unsigned shards,
                  std::size_t waiting_max, random_source& random);

    /// The account's link, once; with its hooks.
    std::unique_ptr<smpp_link> make_link(smpp_link_ports ports);

    // A shard's thread.

    /// From now on it is given turns. `to` lives as long as work of `on` runs.
    void open(unsigned shard, executor on, smpp_dialogues& to);
    /// It is given no more.
    void close(unsigned shard);
    /// `what.id` is the shard's own; smpp_dialogues::told has it again.
    void send(unsigned shard, smpp_screen what);
    /// Answers a delivery whose turn has no screen.
    void answer(std::uint32_t connection, std::uint32_t sequence);
    const smpp_link_settings& settings() const noexcept { return of_; }

private:
    struct place {
        std::optional<executor> on;
        smpp_dialogues* to = nullptr;
        std::atomic<bool> is_open{false}; ///< what stands above was written before
    };

    // The link's thread.
    bool take(std::uint32_t connection, std::uint32_t sequence,
              const adapters::smpp::deliver_sm& message);
    void told(const smpp_screen_told& what);
    place& place_of(std::string_view subscriber);
    void refuse(std::uint32_t connection, std::uint32_t sequence, std::uint32_t status);
    void count_unreadable(place& at);
    void hand_over(place& to, smpp_turn turn);

    const smpp_link_settings& of_;
    std::vector<std::string> codes_;
    std::set<std::string> known_codes_;
    std::size_t waiting_max_;
    std::string start_; ///< request ids begin with it
    // Of make_link.
    std::optional<executor> link_on_;
    smpp_link_metrics* metrics_ = nullptr;
    smpp_link* link_ = nullptr;
    std::vector<std::unique_ptr<place>> places_;
    std::atomic<std::size_t> waiting_{0}; ///< posted to shards, not yet taken
};

} // namespace uthan::gateway
