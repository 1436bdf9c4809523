#include "db/sqlite/message_codec.hpp"

#include <algorithm>

namespace uthan::db::sqlite {
namespace {

constexpr std::size_t line_octets = 12;
constexpr std::size_t moment_octets = 6;
constexpr std::size_t detail_octets = 4;

void append_number(std::string& out, std::uint64_t value, std::size_t octets) {
    for (std::size_t i = 0; i < octets; ++i) {
        out.push_back(static_cast<char>(value >> (8 * i)));
    }
}

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t octets) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < octets; ++i) {
        value |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    }
    return value;
}

} // namespace

std::string pack_parts(const std::vector<sms::part_state>& parts) {
    std::string out(parts.size(), '\0');
    std::ranges::transform(parts, out.begin(),
                           [](sms::part_state one) { return static_cast<char>(one); });
    return out;
}

std::optional<std::vector<sms::part_state>> unpack_parts(std::string_view bytes) {
    constexpr auto last = static_cast<unsigned char>(sms::part_state::unconfirmed);
    if (bytes.size() > sms::parts_per_message_max) {
        return std::nullopt;
    }
    std::vector<sms::part_state> parts;
    parts.reserve(bytes.size());
    for (const char one : bytes) {
        if (static_cast<unsigned char>(one) > last) {
            return std::nullopt;
        }
        parts.push_back(static_cast<sms::part_state>(one));
    }
    return parts;
}

std::string pack_history(const std::vector<sms::message_event>& history) {
    std::string out;
    out.reserve(history.size() * line_octets);
    for (const auto& line : history) {
        append_number(out, static_cast<std::uint64_t>(line.at.time_since_epoch().count()),
                      moment_octets);
        out.push_back(static_cast<char>(line.state));
        out.push_back(static_cast<char>(line.why));
        append_number(out, line.detail, detail_octets);
    }
    return out;
}

std::optional<std::vector<sms::message_event>> unpack_history(std::string_view bytes) {
    if (bytes.size() % line_octets != 0 || bytes.size() / line_octets > sms::history_max) {
        return std::nullopt;
    }
    std::vector<sms::message_event> history;
    history.reserve(bytes.size() / line_octets);
    for (std::size_t at = 0; at < bytes.size(); at += line_octets) {
        const auto state = static_cast<unsigned char>(bytes[at + moment_octets]);
        const auto why = static_cast<unsigned char>(bytes[at + moment_octets + 1]);
        if (state > static_cast<unsigned char>(sms::message_state::unconfirmed) ||
            why > static_cast<unsigned char>(sms::reason::partly_delivered)) {
            return std::nullopt;
        }
        sms::message_event line;
        line.at = instant{std::chrono::milliseconds{number_at(bytes, at, moment_octets)}};
        line.state = static_cast<sms::message_state>(state);
        line.why = static_cast<sms::reason>(why);
        line.detail =
            static_cast<std::uint32_t>(number_at(bytes, at + moment_octets + 2, detail_octets));
        history.push_back(line);
    }
    return history;
}

} // namespace uthan::db::sqlite
