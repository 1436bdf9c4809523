#include "gateway/commands/commands.hpp"

#include "core/digest.hpp"
#include "core/random.hpp"
#include "gateway/phone/client.hpp"
#include "gateway/phone/display.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <iostream>
#include <stdexcept>

namespace uthan::gateway {
namespace {

/// A keypad has digits, '*' and '#'; longer texts are none of ours.
constexpr std::size_t typed_max = 32;

std::string new_session_id() {
    std::array<std::byte, 16> bytes;
    secure_random{}.fill(bytes);
    return "ATUid_" + to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

void show(std::ostream& out, const phone_options& options, const phone_client::screen& screen) {
    out << draw_phone(options.dial, screen.text);
    if (!screen.final) {
        out << "> " << std::flush;
    }
}

} // namespace

int run_phone(const phone_options& options, std::istream& in, std::ostream& out) {
    const auto began = std::chrono::steady_clock::now();
    unsigned screens = 0;
    bool hung_up = false;
    try {
        phone_client client(options.url, options.msisdn, options.dial, new_session_id());
        phone_client::outcome last = client.dial();
        while (last.failure.empty()) {
            ++screens;
            show(out, options, last.shown);
            std::string typed;
            if (last.shown.final) {
                break;
            }
            if (!std::getline(in, typed)) {
                out << '\n';
                hung_up = true;
                break;
            }
            if (!typed.empty() && typed.back() == '\r') {
                typed.pop_back();
            }
            if (options.echo) {
                out << typed << '\n';
            }
            last = client.answer(std::string_view(typed).substr(0, typed_max));
        }
        if (!last.failure.empty()) {
            out << std::flush;
            std::cerr << "uthan phone: " << last.failure << '\n';
            return exit_failed;
        }
    } catch (const std::invalid_argument& problem) {
        std::cerr << "uthan phone: " << problem.what() << '\n';
        return exit_failed;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    out << fmt::format("{}{} screen{}, {:.1f} s\n", hung_up ? "hung up: " : "", screens,
                       screens == 1 ? "" : "s", took.count());
    return exit_ok;
}

} // namespace uthan::gateway
