#include "bench/load_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <numeric>
#include <stdexcept>

namespace uthan::bench {
namespace {

std::string form_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return out;
}

} // namespace

request_plan::request_plan(std::string_view path, std::string_view service_code,
                           const std::vector<std::string>& keys) {
    const std::string session(session_digits, '0');
    const std::string phone(phone_digits, '0');
    std::string history;
    for (std::size_t step = 0; step <= keys.size(); ++step) {
        if (step > 0) {
            history += (step > 1 ? "*" : "") + keys[step - 1];
        }
        const auto body_to_phone = fmt::format("sessionId=ATUid_{}&phoneNumber=%2B", session);
        const auto body =
            fmt::format("{}{}&networkCode=47001&serviceCode={}&text={}", body_to_phone, phone,
                        form_encoded(service_code), form_encoded(history));
        const auto header = fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                        "Content-Type: application/x-www-form-urlencoded\r\n"
                                        "Content-Length: {}\r\n\r\n",
                                        path, body.size());
        requests_.push_back({header + body, header.size() + std::strlen("sessionId=ATUid_"),
                             header.size() + body_to_phone.size()});
    }
}

std::string_view request_plan::request(std::size_t step, std::string_view session,
                                       std::string_view phone) {
    prepared& p = requests_[step];
    std::memcpy(p.bytes.data() + p.session_at, session.data(), session_digits);
    std::memcpy(p.bytes.data() + p.phone_at, phone.data(), phone_digits);
    return p.bytes;
}

phone_book::phone_book(const std::string& path, std::uint64_t start) {
    std::ifstream file{path};
    for (std::string line; std::getline(file, line);) {
        const bool digits = std::ranges::all_of(line, [](char c) { return c >= '0' && c <= '9'; });
        if (line.size() != request_plan::phone_digits || !digits) {
            throw std::runtime_error(path + ": a line is not a number of 13 digits");
        }
        digits_ += line;
    }
    if (digits_.empty()) {
        throw std::runtime_error(path + ": no numbers");
    }
    // A stride without a common divisor visits every number once; near the golden ratio it jumps
    // far, so that neighbours in the file are not neighbours in time.
    stride_ = static_cast<std::uint64_t>(static_cast<double>(size()) * 0.6180339887) | 1U;
    while (std::gcd(stride_, std::uint64_t{size()}) != 1) {
        stride_ += 2;
    }
    position_ = start % size() * stride_ % size();
}

std::string_view phone_book::next() noexcept {
    const std::string_view phone{digits_.data() + position_ * request_plan::phone_digits,
                                 request_plan::phone_digits};
    position_ = (position_ + stride_) % size();
    return phone;
}

} // namespace uthan::bench
