#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::bench {

/// What members press and how it is written on the wire: Africa's Talking's form, one whole HTTP
/// request for every step of a dialogue, made once. Only the session id and the number change from
/// dialogue to dialogue, and both have a fixed width, so that sending costs two copies.
class request_plan {
public:
    static constexpr std::size_t session_digits = 32;
    static constexpr std::size_t phone_digits = 13;

    /// `keys` are pressed one after the other after the code was dialled: steps() = keys + 1.
    request_plan(std::string_view path, std::string_view service_code,
                 const std::vector<std::string>& keys);

    std::size_t steps() const noexcept { return requests_.size(); }

    /// The request of one step; valid until the next call.
    std::string_view request(std::size_t step, std::string_view session, std::string_view phone);

private:
    struct prepared {
        std::string bytes;
        std::size_t session_at = 0;
        std::size_t phone_at = 0;
    };
    std::vector<prepared> requests_;
};

/// The numbers that dial: a file of 13 digits a line, walked in an order that looks random but
/// meets every number once before it meets one again.
class phone_book {
public:
    /// Throws std::runtime_error when the file cannot be read or a line is not a number.
    /// `start`: how many numbers of the walk are passed over first.
    phone_book(const std::string& path, std::uint64_t start);

    std::size_t size() const noexcept { return digits_.size() / request_plan::phone_digits; }
    std::string_view next() noexcept;

private:
    std::string digits_;
    std::uint64_t position_;
    std::uint64_t stride_;
};

} // namespace uthan::bench
