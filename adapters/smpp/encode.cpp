#include "adapters/smpp/codec.hpp"
#include "adapters/smpp/layouts.hpp"
#include "adapters/smpp/wire.hpp"

#include <cstring>

namespace uthan::adapters::smpp {
namespace {

/// How many octets a body takes, and whether its fields may be written at all.
class measure {
public:
    std::size_t octets() const noexcept { return octets_; }
    errc fault() const noexcept { return fault_; }

    void text(std::string_view value, std::size_t limit) noexcept {
        if (value.size() >= limit) {
            fault_ = errc::too_large;
        } else if (nul_at(value) != value.size()) {
            fault_ = errc::malformed;
        }
        octets_ += value.size() + 1;
    }

    void octet(std::uint8_t /*value*/) noexcept { ++octets_; }

    void counted(std::string_view value) noexcept {
        if (value.size() > short_message_octets_max) {
            fault_ = errc::too_large;
        }
        octets_ += value.size() + 1;
    }

    void parameters(const parameters_view& value) noexcept {
        if (!value.empty() && !parameters_view::whole(value.octets())) {
            fault_ = errc::malformed;
        }
        octets_ += value.octets().size();
    }

    void destinations(const std::vector<destination>& values) noexcept {
        if (values.empty()) {
            fault_ = errc::malformed;
        } else if (values.size() > destinations_max) {
            fault_ = errc::too_large;
        }
        ++octets_;
        for (const auto& one : values) {
            ++octets_;
            if (one.list.empty()) {
                party_layout(*this, one.address, address_max);
            } else {
                text(one.list, address_max);
            }
        }
    }

    void failures(const std::vector<failed_destination>& values) noexcept {
        if (values.size() > 0xFF) {
            fault_ = errc::too_large;
        }
        ++octets_;
        for (const auto& one : values) {
            party_layout(*this, one.address, address_max);
            octets_ += 4;
        }
    }

private:
    std::size_t octets_ = header_octets;
    errc fault_{};
};

/// Writes what was measured.
class writer {
public:
    explicit writer(char* at) : at_(at) {}

    void text(std::string_view value, std::size_t /*limit*/) noexcept {
        octets(value);
        *at_++ = '\0';
    }

    void octet(std::uint8_t value) noexcept { *at_++ = static_cast<char>(value); }

    void counted(std::string_view value) noexcept {
        octet(static_cast<std::uint8_t>(value.size()));
        octets(value);
    }

    void parameters(const parameters_view& value) noexcept { octets(value.octets()); }

    void destinations(const std::vector<destination>& values) noexcept {
        octet(static_cast<std::uint8_t>(values.size()));
        for (const auto& one : values) {
            octet(one.list.empty() ? 1 : 2);
            if (one.list.empty()) {
                party_layout(*this, one.address, address_max);
            } else {
                text(one.list, address_max);
            }
        }
    }

    void failures(const std::vector<failed_destination>& values) noexcept {
        octet(static_cast<std::uint8_t>(values.size()));
        for (const auto& one : values) {
            party_layout(*this, one.address, address_max);
            word(one.status);
        }
    }

    void word(std::uint32_t value) noexcept {
        store_u32(at_, value);
        at_ += 4;
    }

private:
    void octets(std::string_view value) noexcept {
        if (!value.empty()) {
            std::memcpy(at_, value.data(), value.size());
            at_ += value.size();
        }
    }

    char* at_;
};

/// What an omitted body stands for; comparing it as a whole is slow, so only where it may be.
template <class Pdu>
bool is_header_alone(const Pdu& what, std::uint32_t status) {
    return status != 0 && is_response(Pdu::id) && what == Pdu{};
}

} // namespace

// Flat: the layout's small steps are cheap only where they are inlined.
template <class Pdu>
[[gnu::flatten]] error_code append_pdu(std::string& to, const Pdu& what, std::uint32_t sequence,
                                       std::uint32_t status) {
    if (is_header_alone(what, status)) {
        append_header(to, Pdu::id, sequence, status);
        return {};
    }
    measure needed;
    layout(needed, what);
    if (needed.fault() != errc{}) {
        return needed.fault();
    }
    if (needed.octets() > frame_octets_max) {
        return errc::too_large;
    }
    const auto begin = to.size();
    to.resize(begin + needed.octets());
    writer out{to.data() + begin};
    out.word(static_cast<std::uint32_t>(needed.octets()));
    out.word(static_cast<std::uint32_t>(Pdu::id));
    out.word(status);
    out.word(sequence);
    layout(out, what);
    return {};
}

error_code append_pdu(std::string& to, const body& what, std::uint32_t sequence,
                      std::uint32_t status) {
    return std::visit(
        [&]<class Pdu>(const Pdu& one) -> error_code {
            if constexpr (std::is_same_v<Pdu, std::monostate>) {
                return errc::malformed;
            } else {
                return append_pdu<Pdu>(to, one, sequence, status);
            }
        },
        what);
}

void append_header(std::string& to, command id, std::uint32_t sequence, std::uint32_t status) {
    const auto begin = to.size();
    to.resize(begin + header_octets);
    writer out{to.data() + begin};
    out.word(header_octets);
    out.word(static_cast<std::uint32_t>(id));
    out.word(status);
    out.word(sequence);
}

// The visit above instantiates every one; these make them linkable from outside.
#define UTHAN_SMPP_PDU(name)                                                                       \
    template error_code append_pdu<name>(std::string&, const name&, std::uint32_t, std::uint32_t)
UTHAN_SMPP_PDU(generic_nack);
UTHAN_SMPP_PDU(bind_receiver);
UTHAN_SMPP_PDU(bind_receiver_resp);
UTHAN_SMPP_PDU(bind_transmitter);
UTHAN_SMPP_PDU(bind_transmitter_resp);
UTHAN_SMPP_PDU(bind_transceiver);
UTHAN_SMPP_PDU(bind_transceiver_resp);
UTHAN_SMPP_PDU(outbind);
UTHAN_SMPP_PDU(unbind);
UTHAN_SMPP_PDU(unbind_resp);
UTHAN_SMPP_PDU(enquire_link);
UTHAN_SMPP_PDU(enquire_link_resp);
UTHAN_SMPP_PDU(submit_sm);
UTHAN_SMPP_PDU(submit_sm_resp);
UTHAN_SMPP_PDU(deliver_sm);
UTHAN_SMPP_PDU(deliver_sm_resp);
UTHAN_SMPP_PDU(data_sm);
UTHAN_SMPP_PDU(data_sm_resp);
UTHAN_SMPP_PDU(query_sm);
UTHAN_SMPP_PDU(query_sm_resp);
UTHAN_SMPP_PDU(cancel_sm);
UTHAN_SMPP_PDU(cancel_sm_resp);
UTHAN_SMPP_PDU(replace_sm);
UTHAN_SMPP_PDU(replace_sm_resp);
UTHAN_SMPP_PDU(alert_notification);
UTHAN_SMPP_PDU(submit_multi);
UTHAN_SMPP_PDU(submit_multi_resp);
#undef UTHAN_SMPP_PDU

} // namespace uthan::adapters::smpp
