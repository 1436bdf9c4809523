#include "access/staff.hpp"

namespace uthan::access {
namespace {

constexpr std::string_view prefix = "\x01staff ";

} // namespace

std::string staff_account(std::string_view staff_code) {
    std::string account{prefix};
    account += staff_code;
    return account;
}

bool is_staff_account(std::string_view account) noexcept {
    return account.starts_with(prefix);
}

std::string_view staff_code_of(std::string_view account) noexcept {
    return is_staff_account(account) ? account.substr(prefix.size()) : std::string_view{};
}

bool is_by_staff(const change& what) noexcept {
    return std::holds_alternative<change_meeting>(what) ||
           std::holds_alternative<reset_by_staff>(what) ||
           std::holds_alternative<answer_by_staff>(what);
}

} // namespace uthan::access
