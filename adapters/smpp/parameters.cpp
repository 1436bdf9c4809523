#include "adapters/smpp/parameters.hpp"

#include "adapters/smpp/wire.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace uthan::adapters::smpp {
namespace {

constexpr std::size_t head_octets = 4;

struct parameter {
    std::uint16_t tag = 0;
    std::string_view value;
};

/// The first parameter of `rest`, which moves behind it; none at the end or where it is cut off.
std::optional<parameter> take(std::string_view& rest) noexcept {
    if (rest.size() < head_octets) {
        return std::nullopt;
    }
    const std::size_t length = load_u16(rest.data() + 2);
    if (rest.size() - head_octets < length) {
        return std::nullopt;
    }
    const parameter found{load_u16(rest.data()), rest.substr(head_octets, length)};
    rest.remove_prefix(head_octets + length);
    return found;
}

struct lengths {
    std::uint16_t tag;
    std::uint16_t least;
    std::uint16_t most;
};
/// SMPP 3.4, 5.3.2, by tag.
constexpr std::array known_lengths{
    lengths{0x0005, 1, 1},      lengths{0x0006, 1, 1},   lengths{0x0007, 1, 1},
    lengths{0x0008, 2, 2},      lengths{0x000D, 1, 1},   lengths{0x000E, 1, 1},
    lengths{0x000F, 1, 1},      lengths{0x0010, 1, 1},   lengths{0x0017, 4, 4},
    lengths{0x0019, 1, 1},      lengths{0x001D, 0, 256}, lengths{0x001E, 0, 65},
    lengths{0x0030, 1, 1},      lengths{0x0201, 1, 1},   lengths{0x0202, 2, 23},
    lengths{0x0203, 2, 23},     lengths{0x0204, 2, 2},   lengths{0x0205, 1, 1},
    lengths{0x020A, 2, 2},      lengths{0x020B, 2, 2},   lengths{0x020C, 2, 2},
    lengths{0x020D, 1, 1},      lengths{0x020E, 1, 1},   lengths{0x020F, 1, 1},
    lengths{0x0210, 1, 1},      lengths{0x0302, 1, 1},   lengths{0x0303, 0, 65},
    lengths{0x0304, 1, 1},      lengths{0x0381, 4, 19},  lengths{0x0420, 1, 1},
    lengths{0x0421, 1, 1},      lengths{0x0422, 1, 1},   lengths{0x0423, 3, 3},
    lengths{0x0424, 0, 0xFFFF}, lengths{0x0425, 1, 1},   lengths{0x0426, 1, 1},
    lengths{0x0427, 1, 1},      lengths{0x0501, 1, 1},   lengths{0x1201, 1, 1},
    lengths{0x1203, 2, 2},      lengths{0x1204, 1, 1},   lengths{0x130C, 0, 1},
    lengths{0x1380, 1, 1},      lengths{0x1383, 2, 2}};

const lengths* known(std::uint16_t tag) noexcept {
    const auto at = std::ranges::lower_bound(known_lengths, tag, {}, &lengths::tag);
    return at != known_lengths.end() && at->tag == tag ? &*at : nullptr;
}

bool may_repeat(std::uint16_t tag) noexcept {
    return tag == 0x0302 || tag == 0x0303 || tag == 0x0381;
}

char* append_head(std::string& to, tag of, std::size_t length) {
    const auto at = to.size();
    to.resize(at + head_octets + length);
    store_u16(to.data() + at, static_cast<std::uint16_t>(of));
    store_u16(to.data() + at + 2, static_cast<std::uint16_t>(length));
    return to.data() + at + head_octets;
}

} // namespace

bool parameters_view::whole(std::string_view octets) noexcept {
    while (take(octets)) {
    }
    return octets.empty();
}

std::optional<std::string_view> parameters_view::value(tag of, std::size_t length_min,
                                                       std::size_t length_max) const noexcept {
    auto rest = octets_;
    while (const auto found = take(rest)) {
        if (found->tag == static_cast<std::uint16_t>(of) && found->value.size() >= length_min &&
            found->value.size() <= length_max) {
            return found->value;
        }
    }
    return std::nullopt;
}

std::optional<std::uint8_t> parameters_view::u8(tag of) const noexcept {
    const auto found = value(of, 1, 1);
    return found ? std::optional{static_cast<std::uint8_t>(found->front())} : std::nullopt;
}

std::optional<std::uint16_t> parameters_view::u16(tag of) const noexcept {
    const auto found = value(of, 2, 2);
    return found ? std::optional{load_u16(found->data())} : std::nullopt;
}

std::optional<std::uint32_t> parameters_view::u32(tag of) const noexcept {
    const auto found = value(of, 4, 4);
    return found ? std::optional{load_u32(found->data())} : std::nullopt;
}

std::optional<std::string_view> parameters_view::text(tag of,
                                                      std::size_t length_max) const noexcept {
    const auto found = value(of, 0, length_max);
    return found ? std::optional{found->substr(0, found->find('\0'))} : std::nullopt;
}

unsigned parameters_view::ignored() const noexcept {
    unsigned count = 0;
    // Of each known tag, whether one that counts was seen.
    std::array<bool, known_lengths.size()> seen{};
    auto rest = octets_;
    while (const auto found = take(rest)) {
        const lengths* const rule = known(found->tag);
        if (rule == nullptr) {
            continue;
        }
        const bool fits = found->value.size() >= rule->least && found->value.size() <= rule->most;
        auto& before = seen[static_cast<std::size_t>(rule - known_lengths.data())];
        if (!fits || (before && !may_repeat(found->tag))) {
            ++count;
        }
        before = before || fits;
    }
    return count;
}

void append_parameter(std::string& to, tag of, std::uint8_t value) {
    *append_head(to, of, 1) = static_cast<char>(value);
}

void append_parameter(std::string& to, tag of, std::uint16_t value) {
    store_u16(append_head(to, of, 2), value);
}

void append_parameter(std::string& to, tag of, std::uint32_t value) {
    store_u32(append_head(to, of, 4), value);
}

void append_parameter(std::string& to, tag of, std::string_view value) {
    value = value.substr(0, 0xFFFF);
    std::ranges::copy(value, append_head(to, of, value.size()));
}

} // namespace uthan::adapters::smpp
