#include "menus/staff_view.hpp"

namespace uthan::menus {
namespace {

/// No imported code has it.
constexpr char separator = '\x1F';

} // namespace

staff_part part_of(answer_name name) noexcept {
    switch (name) {
    case answer_name::staff_dues:
    case answer_name::staff_group:
    case answer_name::staff_collect:
        return staff_part::dues;
    case answer_name::staff_requests:
    case answer_name::staff_request:
    case answer_name::staff_answer:
        return staff_part::requests;
    case answer_name::staff_reset:
        return staff_part::member;
    default:
        return staff_part::groups;
    }
}

bool staff_view::has(staff_part part, std::string_view param) const noexcept {
    switch (part) {
    case staff_part::groups:
        return groups.has_value();
    case staff_part::dues:
        return dues.has_value();
    case staff_part::requests:
        return requests.has_value();
    case staff_part::member:
        break;
    }
    return !param.empty() && member_asked == param;
}

std::string written_member(std::string_view group_code, std::string_view member_code) {
    std::string text{group_code};
    text += separator;
    text += member_code;
    return text;
}

std::string written(const meeting_subject& subject) {
    return subject.group_code + separator + to_iso(subject.regular_on) + separator +
           to_iso(subject.new_on);
}

std::optional<meeting_subject> parse_meeting(std::string_view text) {
    constexpr std::size_t day_size = 10;
    constexpr std::size_t tail_size = 2 * (day_size + 1);
    if (text.size() <= tail_size) {
        return std::nullopt;
    }
    const auto tail = text.substr(text.size() - tail_size);
    const auto regular_on = parse_day(tail.substr(1, day_size));
    const auto new_on = parse_day(tail.substr(day_size + 2));
    if (tail[0] != separator || tail[day_size + 1] != separator || !regular_on || !new_on) {
        return std::nullopt;
    }
    return meeting_subject{std::string{text.substr(0, text.size() - tail_size)}, *regular_on,
                           *new_on};
}

} // namespace uthan::menus
