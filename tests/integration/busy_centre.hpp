#pragma once

#include "adapters/smpp/codec.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace uthan::test {

/// The moments at which `busy_centre` may be told to end the gateway.
enum class centre_moment : std::uint8_t {
    submit_came,      ///< before it is answered
    submit_answered,  ///< the answer is written
    receipt_sent,     ///< the receipt is written
    receipt_answered, ///< the gateway has answered it
};
inline constexpr int centre_moments = 4;

/// What the centre knows of one text.
struct centre_text {
    unsigned submits = 0;          ///< how often it came
    bool receipt_answered = false; ///< the gateway has said that it has the receipt
};

/// A message centre that accepts every text of one part and sends a receipt for each – sometimes
/// before its answer, and again on the next connection until it is answered. In a thread of its
/// own; one connection at a time. Links may end at any moment.
class busy_centre {
public:
    explicit busy_centre(std::uint32_t seed);
    ~busy_centre();
    busy_centre(const busy_centre&) = delete;
    busy_centre& operator=(const busy_centre&) = delete;

    std::uint16_t port() const { return port_; }
    /// At the `nth` such moment from now on (1: the next) `then` is called, once, in its thread.
    void at(centre_moment moment, unsigned nth, std::function<void()> then);
    std::map<std::string, centre_text> texts() const;

private:
    struct receipt {
        std::string id;
        std::string text;
        std::string to;
    };

    void run();
    void serve(int fd);
    /// False: the link is over.
    bool take(int fd, const adapters::smpp::decoded& pdu);
    bool take_submit(int fd, const adapters::smpp::decoded& pdu);
    void send_receipts(int fd);
    void take_receipt_answer(std::uint32_t sequence);
    void passed(centre_moment moment);
    static bool write(int fd, std::string_view octets);

    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> ended_{false};
    std::minstd_rand luck_;
    bool is_bound_ = false;
    std::uint32_t last_id_ = 0;
    std::uint32_t last_sequence_ = 0;
    std::vector<receipt> waiting_;                ///< not written on this connection
    std::map<std::uint32_t, receipt> unanswered_; ///< by sequence number
    mutable std::mutex mutex_;
    std::map<std::string, centre_text> texts_;
    centre_moment moment_ = centre_moment::submit_came;
    unsigned countdown_ = 0; ///< 0: nothing will be called
    std::function<void()> then_;
    std::thread thread_;
};

} // namespace uthan::test
