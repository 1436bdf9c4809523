#include "core/assert.hpp"
#include "sessions/state.hpp"
#include "sessions/store.hpp"

#include <array>
#include <limits>

namespace uthan::sessions {
namespace {

constexpr std::uint8_t format_version = 3;
constexpr auto last_phase = phase::own_or_staff;
/// Before an octet of a screen that stands for itself: any but ASCII that is no part of a Bangla
/// letter, and this one.
constexpr std::uint8_t escape = 0x1B;
/// What an encoding usually takes; room is made for it at once.
constexpr std::size_t bytes_without_texts = 128;
constexpr std::size_t bytes_per_frame = 24;

class writer {
public:
    explicit writer(std::size_t expected) { out_.reserve(expected); }

    void u8(std::uint8_t v) { out_.push_back(static_cast<char>(v)); }
    /// LEB128: small numbers are one byte.
    void number(std::uint64_t v) {
        if (v < 0x80) {
            u8(static_cast<std::uint8_t>(v));
            return;
        }
        std::array<char, 10> bytes{};
        std::size_t used = 0;
        for (; v >= 0x80; v >>= 7) {
            bytes[used++] = static_cast<char>(v | 0x80);
        }
        bytes[used++] = static_cast<char>(v);
        out_.append(bytes.data(), used);
    }
    void text(std::string_view v) {
        number(v.size());
        out_ += v;
    }
    /// Most of a state is its screen, and most of that Bangla: a letter of U+0980 … U+09FF, three
    /// octets of UTF-8, is written as one. Whatever Redis stores its script hashes octet by octet.
    void screen(std::string_view v) {
        number(v.size());
        const auto begin = out_.size();
        out_.resize(begin + 2 * v.size());
        char* to = out_.data() + begin;
        const char* from = v.data();
        const char* const end = from + v.size();
        while (from != end) {
            if (const auto letter = bangla_letter(from, end)) {
                *to++ = static_cast<char>(letter);
                from += 3;
                continue;
            }
            const auto octet = static_cast<std::uint8_t>(*from++);
            if (octet >= 0x80 || octet == escape) {
                *to++ = static_cast<char>(escape);
            }
            *to++ = static_cast<char>(octet);
        }
        out_.resize(static_cast<std::size_t>(to - out_.data()));
    }
    template <std::size_t N>
    void raw(const std::array<std::uint8_t, N>& v) {
        out_ += as_bytes(v);
    }
    std::string take() { return std::move(out_); }

private:
    /// The one octet of the letter that begins at `from`; 0 where none does.
    static std::uint8_t bangla_letter(const char* from, const char* end) {
        if (end - from < 3) {
            return 0;
        }
        const auto lead = static_cast<std::uint8_t>(from[0]);
        const auto second = static_cast<std::uint8_t>(from[1]);
        const auto third = static_cast<std::uint8_t>(from[2]);
        if (lead != 0xE0 || (second | 1) != 0xA7 || (third & 0xC0) != 0x80) {
            return 0;
        }
        return static_cast<std::uint8_t>(0x80 | (second & 1) << 6 | (third & 0x3F));
    }

    std::string out_;
};

/// Reads what writer wrote; after the first mistake everything is empty and `ok` stays false.
class reader {
public:
    explicit reader(std::string_view in) : in_(in) {}

    std::uint8_t u8() {
        if (in_.empty()) {
            ok_ = false;
            return 0;
        }
        const auto v = static_cast<std::uint8_t>(in_.front());
        in_.remove_prefix(1);
        return v;
    }
    std::uint8_t u8_below(std::uint8_t bound) {
        const auto v = u8();
        ok_ = ok_ && v < bound;
        return ok_ ? v : std::uint8_t{0};
    }
    bool flag() { return u8_below(2) == 1; }
    std::uint64_t number() {
        std::uint64_t v = 0;
        for (unsigned shift = 0; shift < 63; shift += 7) {
            const auto byte = u8();
            v |= std::uint64_t{byte & 0x7Fu} << shift;
            if ((byte & 0x80u) == 0) {
                return v;
            }
        }
        ok_ = false;
        return 0;
    }
    std::uint32_t number32() {
        const auto v = number();
        ok_ = ok_ && v <= std::numeric_limits<std::uint32_t>::max();
        return ok_ ? static_cast<std::uint32_t>(v) : 0;
    }
    std::string text() {
        const auto size = number();
        if (!ok_ || size > in_.size()) {
            ok_ = false;
            return {};
        }
        std::string v{in_.substr(0, size)};
        in_.remove_prefix(size);
        return v;
    }
    std::string screen() {
        const auto size = number();
        std::string v;
        if (!ok_ || size > 3 * in_.size()) {
            ok_ = false;
            return v;
        }
        v.reserve(size);
        while (ok_ && v.size() < size) {
            const auto one = u8();
            if (one >= 0x80) {
                v += '\xE0';
                v += static_cast<char>(0xA6 | (one >> 6 & 1));
                v += static_cast<char>(0x80 | (one & 0x3F));
            } else {
                v += static_cast<char>(one == escape ? u8() : one);
            }
        }
        ok_ = ok_ && v.size() == size;
        return v;
    }
    template <std::size_t N>
    std::array<std::uint8_t, N> raw() {
        std::array<std::uint8_t, N> v{};
        for (auto& byte : v) {
            byte = u8();
        }
        return v;
    }
    bool ok() const { return ok_; }
    bool at_end() const { return in_.empty(); }

private:
    std::string_view in_;
    bool ok_ = true;
};

std::uint64_t encode_instant(instant moment) {
    const auto ms = moment.time_since_epoch().count();
    UTHAN_ASSERT(ms >= 0);
    return static_cast<std::uint64_t>(ms);
}

instant decode_instant(reader& in) {
    return instant{std::chrono::milliseconds{static_cast<std::int64_t>(in.number())}};
}

void encode_stack(writer& out, const std::vector<frame>& stack) {
    UTHAN_ASSERT(stack.size() <= stack_depth_max);
    out.number(stack.size());
    for (const auto& f : stack) {
        out.text(f.screen);
        out.text(f.param);
        out.u8(f.page);
    }
}

bool decode_stack(reader& in, std::vector<frame>& stack) {
    const auto depth = in.number();
    if (!in.ok() || depth > stack_depth_max) {
        return false;
    }
    for (std::uint64_t i = 0; i < depth; ++i) {
        frame f;
        f.screen = in.text();
        f.param = in.text();
        f.page = in.u8();
        stack.push_back(std::move(f));
    }
    return in.ok();
}

/// What the engine relies on; other bytes under our key must not reach it.
bool holds_together(const state& s) {
    switch (s.at) {
    case phase::fresh:
    case phase::whose:
    case phase::ended:
        return true;
    case phase::new_pin_again:
        return !s.member_code.empty() && s.new_pin.has_value();
    case phase::menu:
    case phase::ask_pin:
    case phase::resume:
        return !s.member_code.empty() && !s.stack.empty();
    case phase::link_code:
    case phase::own_or_staff:
        return true;
    case phase::enrol_proof:
    case phase::new_pin:
    case phase::consent:
    case phase::number_notice:
    case phase::link_proof:
        break;
    }
    return !s.member_code.empty();
}

} // namespace

std::string encode(const state& s) {
    writer out{bytes_without_texts + s.last_screen.size() + s.stack.size() * bytes_per_frame};
    out.u8(format_version);
    out.raw(s.session);
    out.number(encode_instant(s.started_at));
    out.number(encode_instant(s.last_at));
    out.number(s.step);
    out.number(s.seen_length);
    out.raw(s.seen);
    UTHAN_ASSERT(s.seen_before.size() <= requests_remembered_max);
    out.number(s.seen_before.size());
    for (const auto& one : s.seen_before) {
        out.raw(one);
    }
    out.screen(s.last_screen);
    out.raw(std::array<std::uint8_t, 2>{s.last_final, static_cast<std::uint8_t>(s.at)});
    out.text(s.member_code);
    out.raw(std::array<std::uint8_t, 7>{static_cast<std::uint8_t>(s.shared_phone | s.guarded << 1),
                                        s.whose_page, static_cast<std::uint8_t>(s.language),
                                        s.pin_proved, s.enrolling, s.replacing,
                                        s.new_pin.has_value()});
    if (s.new_pin) {
        out.raw(s.new_pin->salt);
        out.raw(s.new_pin->digest);
    }
    encode_stack(out, s.stack);
    auto bytes = out.take();
    UTHAN_ASSERT(bytes.size() <= state_bytes_max);
    return bytes;
}

result<state> decode(std::string_view bytes, std::uint64_t version) {
    reader in{bytes};
    if (in.u8() != format_version) {
        return errc::corrupt;
    }
    state s;
    s.version = version;
    s.session = in.raw<16>();
    s.started_at = decode_instant(in);
    s.last_at = decode_instant(in);
    s.step = in.number32();
    s.seen_length = in.number32();
    s.seen = in.raw<16>();
    const auto before = in.number();
    if (!in.ok() || before > requests_remembered_max) {
        return errc::corrupt;
    }
    for (std::uint64_t i = 0; i < before; ++i) {
        s.seen_before.push_back(in.raw<16>());
    }
    s.last_screen = in.screen();
    s.last_final = in.flag();
    s.at = static_cast<phase>(in.u8_below(static_cast<std::uint8_t>(last_phase) + 1));
    s.member_code = in.text();
    const auto phone = in.u8_below(4);
    s.shared_phone = (phone & 1U) != 0;
    s.guarded = (phone & 2U) != 0;
    s.whose_page = in.u8();
    s.language = static_cast<members::written_language>(in.u8_below(2));
    s.pin_proved = in.flag();
    s.enrolling = in.flag();
    s.replacing = in.flag();
    if (in.flag()) {
        access::pin_verifier verifier;
        verifier.salt = in.raw<16>();
        verifier.digest = in.raw<32>();
        s.new_pin = verifier;
    }
    if (!decode_stack(in, s.stack) || !in.ok() || !in.at_end() || !holds_together(s)) {
        return errc::corrupt;
    }
    return s;
}

} // namespace uthan::sessions
