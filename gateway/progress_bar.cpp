#include "gateway/progress_bar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>

namespace uthan::gateway {
namespace {

constexpr std::size_t bar_columns = 30;
constexpr std::size_t what_columns = 13;
constexpr std::chrono::milliseconds draw_every{100};

/// Eighths of a column, so that a long import is seen to move.
std::string bar(double share) {
    static constexpr std::array<std::string_view, 9> eighths{" ", "▏", "▎", "▍", "▌",
                                                             "▋", "▊", "▉", "█"};
    auto filled = static_cast<std::size_t>(share * bar_columns * 8);
    std::string out;
    for (std::size_t i = 0; i < bar_columns; ++i) {
        const std::size_t here = std::min<std::size_t>(filled, 8);
        out += eighths[here];
        filled -= here;
    }
    return out;
}

/// "950", "12.3k", "1.23M": five columns at most.
std::string short_count(std::uint64_t n) {
    if (n < 1000) {
        return std::to_string(n);
    }
    const double value = static_cast<double>(n);
    if (n < 999'500) {
        return fmt::format("{:.{}f}k", value / 1e3, n < 99'950 ? 1 : 0);
    }
    return fmt::format("{:.{}f}M", value / 1e6, n < 9'995'000 ? 2 : n < 99'950'000 ? 1 : 0);
}

std::string time_left(double share, std::chrono::milliseconds elapsed) {
    if (share <= 0.01 || share >= 1) {
        return {};
    }
    const double seconds = static_cast<double>(elapsed.count()) / 1000 * (1 - share) / share;
    const auto whole = static_cast<std::uint64_t>(std::min(seconds + 0.5, 359'999.0));
    return whole >= 3600
               ? fmt::format("{}:{:02}:{:02} left", whole / 3600, whole / 60 % 60, whole % 60)
               : fmt::format("{}:{:02} left", whole / 60, whole % 60);
}

} // namespace

std::string progress_line(std::string_view what, std::uint64_t done, std::uint64_t total,
                          std::chrono::milliseconds elapsed) {
    const double share =
        total == 0 ? 0 : std::min(static_cast<double>(done) / static_cast<double>(total), 1.0);
    return fmt::format("{:<{}.{}} {} {:>3}%  {:>5} of {:<5} {}", what, what_columns, what_columns,
                       bar(share), static_cast<int>(share * 100), short_count(done),
                       short_count(total), time_left(share, elapsed));
}

progress_bar::progress_bar(std::string what, std::ostream& out, bool is_terminal)
    : what_(std::move(what)), out_(out), is_terminal_(is_terminal),
      began_(std::chrono::steady_clock::now()) {}

progress_bar::~progress_bar() {
    if (drawn_) {
        out_ << "\r\x1b[K" << std::flush;
    }
}

void progress_bar::update(std::uint64_t done, std::uint64_t total) {
    const auto now = std::chrono::steady_clock::now();
    if (!is_terminal_ || (drawn_ && done < total && now - last_ < draw_every)) {
        return;
    }
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - began_);
    out_ << '\r' << progress_line(what_, done, total, elapsed) << "\x1b[K" << std::flush;
    last_ = now;
    drawn_ = true;
}

} // namespace uthan::gateway
