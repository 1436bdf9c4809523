#include "db/redis/session_store.hpp"

#include "core/assert.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace uthan::db::redis {

namespace {

using sessions::save_result;
using sessions::state_bytes_max;
using sessions::stored_state;

using version_text = std::array<char, 8>;
constexpr std::size_t version_bytes = sizeof(version_text);

constexpr std::string_view key_prefix = "uthan:s:";
using key_text = std::array<char, key_prefix.size() + 32>;

key_text key_of(const digest128& digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    key_text out{};
    auto to = std::copy(key_prefix.begin(), key_prefix.end(), out.begin());
    for (const auto byte : digest) {
        *to++ = digits[byte >> 4U];
        *to++ = digits[byte & 15U];
    }
    return out;
}

template <std::size_t N>
std::string_view view(const std::array<char, N>& text) {
    return {text.data(), text.size()};
}

version_text encoded(std::uint64_t version) {
    version_text out{};
    for (std::size_t i = 0; i < version_bytes; ++i) {
        out[i] = static_cast<char>(static_cast<unsigned char>(version >> (8 * i)));
    }
    return out;
}

std::string encoded(const stored_state& state) {
    const auto version = encoded(state.version);
    std::string out;
    out.reserve(version_bytes + state.bytes.size());
    out.append(version.data(), version.size());
    out.append(state.bytes);
    return out;
}

// Our own value, or none: what is too short, too long or without a version was not written here.
std::optional<stored_state> decoded(std::string_view value) {
    if (value.size() < version_bytes || value.size() > version_bytes + state_bytes_max) {
        return std::nullopt;
    }
    stored_state out;
    for (std::size_t i = 0; i < version_bytes; ++i) {
        out.version |= std::uint64_t{static_cast<unsigned char>(value[i])} << (8 * i);
    }
    if (out.version == 0) {
        return std::nullopt;
    }
    out.bytes = value.substr(version_bytes);
    return out;
}

version_text first_version_bytes(std::string_view value) {
    version_text out{};
    std::copy_n(value.begin(), std::min(value.size(), out.size()), out.begin());
    return out;
}

bool is_error(const reply& answer, std::string_view code) {
    return answer.type == reply::kind::error && answer.text.starts_with(code);
}

} // namespace

session_store::session_store(connection& link)
    : link_(link), batch_(link, counters_.scripts_sent) {}

task<result<std::optional<stored_state>>> session_store::load(digest128 key) {
    const auto name = key_of(key);
    const std::array<std::string_view, 2> get{"GET", view(name)};
    // What was begun before in this turn comes before.
    batch_.flush();
    auto answer = co_await link_.command(get);
    if (!answer) {
        counters_.unavailable.add();
        co_return answer.error();
    }
    if (answer->type == reply::kind::nil) {
        counters_.loads_absent.add();
        co_return std::nullopt;
    }
    if (answer->type == reply::kind::string) {
        if (auto state = decoded(answer->text)) {
            counters_.loads_found.add();
            co_return std::move(state);
        }
    } else if (!is_error(*answer, "WRONGTYPE")) {
        // It is loading, lost its master, or is no Redis.
        counters_.unavailable.add();
        co_return errc::session_store_unavailable;
    }
    counters_.corrupt.add();
    counters_.loads_absent.add();
    co_return std::nullopt;
}

task<result<save_result>> session_store::save(digest128 key, std::uint64_t expected,
                                              stored_state next,
                                              std::chrono::seconds time_to_live) {
    UTHAN_ASSERT(next.version == expected + 1 && time_to_live.count() > 0);
    if (next.bytes.size() > state_bytes_max) {
        return refuse();
    }
    auto seconds = std::to_string(time_to_live.count());
    return save_next(key, encoded(expected), encoded(next), std::move(seconds));
}

task<result<save_result>> session_store::refuse() {
    co_return errc::too_large;
}

task<result<save_result>> session_store::save_next(digest128 key, version_text expected,
                                                   std::string value, std::string seconds) {
    const auto name = key_of(key);
    // The second time is for overwriting a value that is not ours.
    for (int attempt = 0; attempt < 2; ++attempt) {
        const save_order order{view(name), view(expected), value, seconds};
        const auto there = co_await batch_.save(order);
        if (!there) {
            counters_.unavailable.add();
            co_return there.error();
        }
        if (!*there) {
            counters_.saves.add();
            co_return save_result{};
        }
        if (auto winner = decoded(**there)) {
            counters_.conflicts.add();
            co_return save_result{std::move(winner)};
        }
        counters_.corrupt.add();
        expected = first_version_bytes(**there);
    }
    counters_.unavailable.add();
    co_return errc::session_store_unavailable;
}

bool session_store::healthy() const noexcept {
    return link_.healthy();
}

} // namespace uthan::db::redis
