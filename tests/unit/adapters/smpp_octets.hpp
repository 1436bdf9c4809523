#pragma once

#include <string>
#include <string_view>

namespace uthan::adapters::smpp {

/// "00 1A 'text'" as octets: hexadecimal pairs, and characters between single quotes.
inline std::string octets(std::string_view written) {
    std::string out;
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'A' + 10; };
    for (std::size_t i = 0; i < written.size(); ++i) {
        if (written[i] == ' ') {
            continue;
        }
        if (written[i] == '\'') {
            const auto end = written.find('\'', i + 1);
            out.append(written.substr(i + 1, end - i - 1));
            i = end;
            continue;
        }
        out.push_back(static_cast<char>(digit(written[i]) * 16 + digit(written[i + 1])));
        ++i;
    }
    return out;
}

/// The same with command_length put before it.
inline std::string frame_of(std::string_view written) {
    const auto rest = octets(written);
    const auto length = rest.size() + 4;
    std::string out{'\0', static_cast<char>(length >> 16), static_cast<char>(length >> 8),
                    static_cast<char>(length & 0xFF)};
    return out + rest;
}

} // namespace uthan::adapters::smpp
