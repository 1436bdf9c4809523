#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace uthan::test {

/// Stands between two programs of a test and does to their bytes what bad links do. On a loop of
/// its own; every call returns when the link behaves so, and throws std::runtime_error when it
/// cannot. It begins with `pass`.
class fault_proxy {
public:
    enum class direction { requests, answers }; ///< from the caller; from the called program

    /// From a free loopback port to another one.
    explicit fault_proxy(unsigned short to_port);
    /// From a free loopback port to a unix socket.
    explicit fault_proxy(std::string to_socket);
    ~fault_proxy();
    fault_proxy(const fault_proxy&) = delete;
    fault_proxy& operator=(const fault_proxy&) = delete;

    unsigned short port() const;

    /// From now on everything goes through, on new connections and on those that live.
    void pass();
    /// Connections are reset, new ones refused.
    void refuse();
    /// New connections are accepted and never answered; those that are open fall silent for ever,
    /// as behind an address translation that forgot them. What the caller sends is swallowed.
    void half_open();
    /// At most `bytes` pass in each direction, then nothing for the length of the pause, and so on.
    void slow(std::chrono::milliseconds pause, std::size_t bytes = 16 * 1024);
    /// Each connection ends after this many more bytes in this direction.
    void cut_after(std::size_t bytes, direction counted);
    /// What is open is reset; new connections go through.
    void reset();
    /// Nothing is read from either side until `pass`: the writers' buffers fill.
    void stop_reading();

    /// Connections that were accepted so far, and those that are open.
    std::size_t accepted() const;
    std::size_t open() const;
    /// Bytes that came from callers so far.
    std::size_t received() const;

private:
    class link;
    std::unique_ptr<link> link_;
};

} // namespace uthan::test
