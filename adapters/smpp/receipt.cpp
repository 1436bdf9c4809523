#include "adapters/smpp/receipt.hpp"

#include "adapters/smpp/wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace uthan::adapters::smpp {
namespace {

constexpr std::size_t id_max = 64;
constexpr std::uint8_t type_mask = 0x3C;
constexpr std::uint8_t type_receipt = 0x04;
constexpr std::uint8_t type_intermediate = 0x20;

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
constexpr char upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}
constexpr bool is_letter_or_digit(char c) noexcept {
    const char l = lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9');
}
bool all_digits(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}
/// Whether `text` begins with `word`, which is in lower case.
bool begins(std::string_view text, std::string_view word) noexcept {
    return text.size() >= word.size() &&
           std::ranges::equal(text.substr(0, word.size()), word, {}, lower);
}
std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blank{" \t\r\n\0", 5};
    text.remove_prefix(std::min(text.find_first_not_of(blank), text.size()));
    return text.substr(0, text.find_last_not_of(blank) + 1);
}

enum key : std::size_t { id, sub, dlvrd, submit_date, done_date, stat, err, text, keys };
constexpr std::array<std::string_view, keys> key_names{"id",        "sub",  "dlvrd", "submit date",
                                                       "done date", "stat", "err",   "text"};
using values = std::array<std::optional<std::string_view>, keys>;

struct key_place {
    key which = keys;
    std::size_t ends = 0; ///< behind the colon
};

/// Which key stands at `at`, if any.
std::optional<key_place> key_at(std::string_view in, std::size_t at) noexcept {
    for (std::size_t k = 0; k < keys; ++k) {
        if (!begins(in.substr(at), key_names[k])) {
            continue;
        }
        auto behind = at + key_names[k].size();
        while (behind < in.size() && in[behind] == ' ') {
            ++behind;
        }
        if (behind < in.size() && in[behind] == ':') {
            return key_place{static_cast<key>(k), behind + 1};
        }
    }
    return std::nullopt;
}

/// Keys in any order and case; a value ends where the next key begins. Of a repeated key the first
/// counts. What follows "text:" is somebody's text and holds no keys.
values scan(std::string_view in) {
    values found;
    std::size_t last = keys;
    std::size_t from = 0;
    const auto end_value = [&](std::size_t end) {
        if (last != keys && !found[last]) {
            found[last] = trimmed(in.substr(from, end - from));
        }
    };
    for (std::size_t at = 0; at < in.size(); ++at) {
        if (at > 0 && is_letter_or_digit(in[at - 1])) {
            continue;
        }
        if (const auto place = key_at(in, at)) {
            end_value(at);
            last = place->which;
            from = place->ends;
            if (last == text) {
                break;
            }
            at = place->ends - 1;
        }
    }
    end_value(in.size());
    return found;
}

struct word {
    std::string_view name;
    receipt_state state;
};
/// The beginning tells them apart, whether a peer writes seven letters or all.
constexpr std::array state_words{
    word{"deliv", receipt_state::delivered},    word{"expir", receipt_state::expired},
    word{"delet", receipt_state::deleted},      word{"undel", receipt_state::undeliverable},
    word{"fail", receipt_state::undeliverable}, word{"acce", receipt_state::accepted},
    word{"ack", receipt_state::accepted},       word{"buff", receipt_state::accepted},
    word{"enroute", receipt_state::enroute},    word{"reject", receipt_state::rejected},
    word{"skip", receipt_state::undeliverable}, word{"sched", receipt_state::enroute}};

receipt_state state_of(std::string_view written) noexcept {
    for (const auto& one : state_words) {
        if (begins(written, one.name)) {
            return one.state;
        }
    }
    return receipt_state::unknown;
}

/// message_state, with SMPP 5.0's 0 and 9.
receipt_state state_of(std::uint8_t value) noexcept {
    constexpr std::array states{receipt_state::enroute,   receipt_state::enroute,
                                receipt_state::delivered, receipt_state::expired,
                                receipt_state::deleted,   receipt_state::undeliverable,
                                receipt_state::accepted,  receipt_state::unknown,
                                receipt_state::rejected,  receipt_state::undeliverable};
    return value < states.size() ? states[value] : receipt_state::unknown;
}

std::string changed(std::string_view id_text, char (*to)(char) noexcept) {
    std::string made{id_text};
    std::ranges::transform(made, made.begin(), to);
    return made;
}

std::optional<std::uint64_t> number(std::string_view written, int base) noexcept {
    std::uint64_t value = 0;
    const auto [end, fault] =
        std::from_chars(written.data(), written.data() + written.size(), value, base);
    return fault == std::errc{} && end == written.data() + written.size() ? std::optional{value}
                                                                          : std::nullopt;
}

class candidate_list {
public:
    void add(std::string one) {
        if (!one.empty() && list.size() < receipt_candidates_max &&
            std::ranges::find(list, one) == list.end()) {
            list.push_back(std::move(one));
        }
    }
    void add_numbers(std::string_view written) {
        if (all_digits(written)) {
            if (const auto value = number(written, 10)) {
                add(fmt::format("{:X}", *value));
                add(fmt::format("{:x}", *value));
                add(fmt::format("{:08X}", *value));
                add(fmt::format("{:08x}", *value));
                add(fmt::format("{:010}", *value));
            }
        }
        if (const auto value = number(written, 16)) {
            add(fmt::format("{}", *value));
            add(fmt::format("{:010}", *value));
            add(fmt::format("{:08X}", *value));
            add(fmt::format("{:08x}", *value));
        }
    }

    std::vector<std::string> list;
};

std::vector<std::string> candidates_of(std::string_view of_parameter, std::string_view of_text) {
    const std::array ids{of_parameter.substr(0, id_max), of_text.substr(0, id_max)};
    candidate_list made;
    for (const auto one : ids) {
        made.add(std::string{one});
    }
    for (const auto one : ids) {
        made.add(changed(one, lower));
        made.add(changed(one, upper));
    }
    for (const auto one : ids) {
        made.add(std::string{one.substr(std::min(one.find_first_not_of('0'), one.size()))});
    }
    for (const auto one : ids) {
        made.add_numbers(one);
    }
    return std::move(made.list);
}

/// The text in ASCII; a receipt in UTF-16BE loses its zero octets.
std::string readable(const deliver_sm& message) {
    const auto raw = message.short_message.empty()
                         ? message.parameters.value(tag::message_payload).value_or("")
                         : message.short_message;
    std::string out;
    if (raw.size() >= 2 && raw[0] == '\0') {
        for (std::size_t i = 1; i < raw.size(); i += 2) {
            out.push_back(raw[i - 1] == '\0' ? raw[i] : '?');
        }
    } else {
        out = raw;
    }
    return out;
}

std::string error_of(const values& found, const parameters_view& parameters) {
    if (found[err] && !found[err]->empty()) {
        return std::string{found[err]->substr(0, 16)};
    }
    const auto code = parameters.value(tag::network_error_code, 3, 3);
    return code ? fmt::format("{}", load_u16(code->data() + 1)) : std::string{};
}

} // namespace

std::optional<receipt> read_receipt(const deliver_sm& message, receipt_marks by) {
    const auto type = message.esm_class & type_mask;
    const auto parameter_id = message.parameters.text(tag::receipted_message_id, id_max + 1);
    const auto parameter_state = message.parameters.u8(tag::message_state);
    const bool is_marked =
        type == type_receipt || type == type_intermediate || (parameter_id && parameter_state);
    if (!is_marked && by == receipt_marks::standard) {
        return std::nullopt;
    }
    const auto written = readable(message);
    const auto found = scan(written);
    if (!is_marked && !(found[id] && found[stat])) {
        return std::nullopt;
    }
    receipt made;
    made.candidates = candidates_of(trimmed(parameter_id.value_or("")), found[id].value_or(""));
    made.state = state_of(parameter_state.value_or(7));
    if (made.state == receipt_state::unknown && found[stat]) {
        made.state = state_of(*found[stat]);
    }
    made.error = error_of(found, message.parameters);
    const auto done = found[done_date].value_or("");
    if (all_digits(done) && (done.size() == 10 || done.size() == 12)) {
        made.done_date = done;
    }
    made.user_message_reference = message.parameters.u16(tag::user_message_reference);
    return made;
}

} // namespace uthan::adapters::smpp
