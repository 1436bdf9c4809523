#pragma once

#include "bench/load_plan.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::bench {

struct push_options {
    std::uint16_t port = 0;     ///< the gateway's
    std::uint16_t listen = 0;   ///< where it pushes to
    std::size_t dialogues = 64; ///< at once; each has a connection of its own
    std::chrono::nanoseconds warm_up{};
    std::chrono::nanoseconds measured{};
    std::string path;
    std::string application;
    std::string service_code;
    std::vector<std::string> keys;
};

struct push_report {
    std::uint64_t hops = 0;  ///< screens pushed inside the measured time
    std::uint64_t wrong = 0; ///< not acknowledged, or a screen that ends the session
    std::string first_wrong;
    double seconds = 0;
    double client_busy = 0; ///< the part of one core that this client used
};

/// An aggregator of bdapps's kind: it calls the gateway for each key, takes the screen as a request
/// of the gateway's own and acknowledges that. One thread over raw epoll, as load_client.
class push_client {
public:
    push_client(push_options options, phone_book& phones);
    ~push_client();
    push_client(const push_client&) = delete;
    push_client& operator=(const push_client&) = delete;

    /// Throws std::runtime_error when a connection breaks or nothing comes for ten seconds.
    push_report run();

private:
    static constexpr std::size_t index_digits = 4;

    struct stream {
        int fd = -1;
        std::string received;
    };
    struct dialogue {
        stream link;
        std::string phone;
        std::uint64_t number = 0; ///< a session's id: index and number
        std::size_t step = 0;
        bool acknowledged = false;
        bool shown = false;
    };

    void listen();
    void watch(int fd, std::uint64_t what) const;
    void connect(std::size_t index);
    void begin(std::size_t index);
    void call(std::size_t index);
    void take_answer(std::size_t index);
    void accept();
    void take_screens(std::size_t slot);
    void take_screen(std::string_view body);
    void go_on(std::size_t index);
    void complain(std::string_view what);

    push_options options_;
    phone_book& phones_;
    int epoll_ = -1;
    int listener_ = -1;
    std::vector<dialogue> dialogues_;
    std::vector<stream> pushing_; ///< the gateway's connections
    bool measuring_ = false;
    std::uint64_t begun_ = 0;
    std::uint64_t session_prefix_ = 0;
    push_report report_;
};

} // namespace uthan::bench
