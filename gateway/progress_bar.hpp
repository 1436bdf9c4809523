#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace uthan::gateway {

/// One line of at most 79 columns: what, a bar, percent, how much, time left.
std::string progress_line(std::string_view what, std::uint64_t done, std::uint64_t total,
                          std::chrono::milliseconds elapsed);

/// Draws progress over itself on a terminal, ten times a second at most; elsewhere nothing. One
/// thread at a time.
class progress_bar {
public:
    progress_bar(std::string what, std::ostream& out, bool is_terminal);
    /// Clears its line.
    ~progress_bar();
    progress_bar(const progress_bar&) = delete;
    progress_bar& operator=(const progress_bar&) = delete;

    void update(std::uint64_t done, std::uint64_t total);

private:
    std::string what_;
    std::ostream& out_;
    bool is_terminal_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point began_;
    std::chrono::steady_clock::time_point last_{};
};

} // namespace uthan::gateway
