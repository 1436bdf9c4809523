#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// command_status: what a peer says of a request, and what that means for it.
namespace uthan::adapters::smpp {

/// The statuses that this program speaks itself or decides by.
namespace status {
inline constexpr std::uint32_t ok = 0x00;
inline constexpr std::uint32_t invalid_message_length = 0x01;
inline constexpr std::uint32_t invalid_command_length = 0x02;
inline constexpr std::uint32_t invalid_command = 0x03;
inline constexpr std::uint32_t invalid_bind_state = 0x04;
inline constexpr std::uint32_t already_bound = 0x05;
inline constexpr std::uint32_t invalid_destination = 0x0B;
inline constexpr std::uint32_t bind_failed = 0x0D;
inline constexpr std::uint32_t invalid_password = 0x0E;
inline constexpr std::uint32_t invalid_system_id = 0x0F;
inline constexpr std::uint32_t queue_full = 0x14;
inline constexpr std::uint32_t invalid_destination_count = 0x33;
inline constexpr std::uint32_t invalid_destination_flag = 0x40;
inline constexpr std::uint32_t throttled = 0x58;
inline constexpr std::uint32_t receiver_temporary = 0x64; ///< we cannot take it now: come again
inline constexpr std::uint32_t receiver_permanent = 0x65; ///< nobody here can take it, ever
inline constexpr std::uint32_t invalid_parameters = 0xC0;
inline constexpr std::uint32_t unknown_error = 0xFF;
} // namespace status

enum class status_class : std::uint8_t {
    ok,
    throttle,  ///< the same message later, and everything slower
    temporary, ///< the same message later
    session,   ///< the bind is wrong, not the message
    permanent, ///< never again
    unknown,   ///< depends on the peer: few more tries
    no_money   ///< the account's balance is used up; only by exception, each peer has its own
};

/// SMPP 3.4's name ("ESME_RTHROTTLED"), or empty for a status that it does not list.
std::string_view status_name(std::uint32_t status) noexcept;
/// The name, or hexadecimal ("0x00000401"); for logs and explanations.
std::string status_text(std::uint32_t status);

/// The table of SMPP 3.4 with one connection's exceptions to it.
class status_classes {
public:
    status_classes() = default;
    explicit status_classes(std::vector<std::pair<std::uint32_t, status_class>> exceptions)
        : exceptions_(std::move(exceptions)) {}

    /// The first exception that names the status, else the table; unknown where neither does.
    status_class of(std::uint32_t status) const noexcept;
    bool operator==(const status_classes&) const = default;

private:
    std::vector<std::pair<std::uint32_t, status_class>> exceptions_;
};

} // namespace uthan::adapters::smpp
