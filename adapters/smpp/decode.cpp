#include "adapters/smpp/codec.hpp"
#include "adapters/smpp/layouts.hpp"
#include "adapters/smpp/status.hpp"
#include "adapters/smpp/wire.hpp"

#include <algorithm>
#include <utility>

namespace uthan::adapters::smpp {
namespace {

/// Takes fields from the front. Behind the first fault it takes nothing more.
class reader {
public:
    explicit reader(std::string_view octets) : rest_(octets) {}

    std::uint32_t fault() const noexcept { return fault_; }

    void text(std::string_view& to, std::size_t limit) noexcept {
        const auto within = rest_.substr(0, limit);
        const auto end = nul_at(within);
        if (end == within.size()) {
            return fail(status::invalid_command_length);
        }
        to = within.substr(0, end);
        rest_.remove_prefix(end + 1);
    }

    void octet(std::uint8_t& to) noexcept {
        if (rest_.empty()) {
            return fail(status::invalid_command_length);
        }
        to = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
    }

    void counted(std::string_view& to) noexcept {
        std::uint8_t length = 0;
        octet(length);
        if (fault_ == 0 && (length > short_message_octets_max || length > rest_.size())) {
            return fail(status::invalid_message_length);
        }
        to = rest_.substr(0, length);
        rest_.remove_prefix(length);
    }

    void parameters(parameters_view& to) noexcept {
        if (!parameters_view::whole(rest_)) {
            return fail(status::invalid_parameters);
        }
        to = parameters_view{rest_};
        rest_ = {};
    }

    void destinations(std::vector<destination>& to) {
        std::uint8_t count = 0;
        octet(count);
        // Each is a flag and a NUL at least, so nothing is reserved that the body cannot hold.
        if (fault_ == 0 && (count == 0 || count > destinations_max || count > rest_.size() / 2)) {
            return fail(status::invalid_destination_count);
        }
        to.reserve(count);
        for (unsigned i = 0; i < count && fault_ == 0; ++i) {
            std::uint8_t flag = 0;
            octet(flag);
            auto& one = to.emplace_back();
            if (flag == 1) {
                party_layout(*this, one.address, address_max);
            } else if (flag == 2) {
                text(one.list, address_max);
            } else {
                fail(status::invalid_destination_flag);
            }
        }
    }

    void failures(std::vector<failed_destination>& to) {
        constexpr std::size_t least = 7;
        std::uint8_t count = 0;
        octet(count);
        if (count > rest_.size() / least) {
            return fail(status::invalid_command_length);
        }
        to.reserve(count);
        for (unsigned i = 0; i < count && fault_ == 0; ++i) {
            auto& one = to.emplace_back();
            party_layout(*this, one.address, address_max);
            if (rest_.size() < 4) {
                return fail(status::invalid_command_length);
            }
            one.status = load_u32(rest_.data());
            rest_.remove_prefix(4);
        }
    }

private:
    void fail(std::uint32_t why) noexcept {
        if (fault_ == 0) {
            fault_ = why;
        }
        rest_ = {};
    }

    std::string_view rest_;
    std::uint32_t fault_ = 0;
};

template <class Pdu>
bool read_as(std::string_view octets, decoded& out) {
    if constexpr (std::is_same_v<Pdu, std::monostate>) {
        return false;
    } else {
        if (out.head.id != Pdu::id) {
            return false;
        }
        auto& made = out.what.emplace<Pdu>();
        if (!octets.empty() || !is_response(Pdu::id)) {
            reader in{octets};
            layout(in, made);
            out.fault = in.fault();
        }
        return true;
    }
}

template <std::size_t... Index>
bool read_any(std::string_view octets, decoded& out, std::index_sequence<Index...> /*all*/) {
    return (read_as<std::variant_alternative_t<Index, body>>(octets, out) || ...);
}

header read_header(std::string_view frame) noexcept {
    return {load_u32(frame.data()), static_cast<command>(load_u32(frame.data() + 4)),
            load_u32(frame.data() + 8), load_u32(frame.data() + 12)};
}

} // namespace

// Flat, as append_pdu is.
[[gnu::flatten]] decoded decode(std::string_view frame) {
    decoded out;
    if (frame.size() < header_octets) {
        out.fault = status::invalid_command_length;
        return out;
    }
    out.head = read_header(frame);
    if (out.head.length != frame.size()) {
        out.fault = status::invalid_command_length;
    } else if (!read_any(frame.substr(header_octets), out,
                         std::make_index_sequence<std::variant_size_v<body>>{})) {
        out.fault = status::invalid_command;
    }
    return out;
}

void frame_splitter::append(std::string_view octets) {
    buffer_.erase(0, taken_);
    taken_ = 0;
    buffer_.append(octets);
}

frame_splitter::step frame_splitter::next() {
    const auto rest = std::string_view{buffer_}.substr(taken_);
    if (rest.size() < 4) {
        return {};
    }
    const std::size_t length = load_u32(rest.data());
    if (length < header_octets || length > octets_max_) {
        return {found::lost, {}, rest.size() < header_octets ? 0 : load_u32(rest.data() + 12)};
    }
    if (rest.size() < length) {
        return {};
    }
    taken_ += length;
    return {found::frame, rest.substr(0, length), 0};
}

} // namespace uthan::adapters::smpp
