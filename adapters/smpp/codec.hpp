#pragma once

#include "adapters/smpp/pdu.hpp"
#include "core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Octets ↔ PDUs, both directions, for either side of a connection. Any thread.
namespace uthan::adapters::smpp {

/// A frame as it was read. `fault`: 0, or the status with which a request like this is refused:
/// 0x03 for a command that is not known, 0x01 for a sm_length beyond the body, 0xC0 for parameters
/// that do not fill the rest, 0x33 for too many destinations, 0x02 for anything else. With a fault
/// the body holds what was read before it. A response without a body is a default value.
struct decoded {
    header head;
    body what;
    std::uint32_t fault = 0;
};

/// Reads one frame of frame_splitter's; of any octets. Views point into it.
decoded decode(std::string_view frame);

/// Appends one PDU. A response of a status other than 0 with nothing in it is a header alone.
/// Errors, of which `to` shows nothing: too_large (a field is longer than its layout allows),
/// malformed (a NUL in a text, no destination, an empty body).
template <class Pdu>
error_code append_pdu(std::string& to, const Pdu& what, std::uint32_t sequence,
                      std::uint32_t status = 0);
error_code append_pdu(std::string& to, const body& what, std::uint32_t sequence,
                      std::uint32_t status = 0);

/// A header alone, such as a response to a command that this codec does not know.
void append_header(std::string& to, command id, std::uint32_t sequence, std::uint32_t status);

/// Cuts a stream into frames. Keeps at most one incomplete frame and what was appended last.
class frame_splitter {
public:
    explicit frame_splitter(std::size_t octets_max = frame_octets_max) : octets_max_(octets_max) {}

    enum class found : std::uint8_t {
        need_more,
        frame,
        /// A command_length below 16 or above the limit: nobody knows where the next PDU begins.
        /// To be answered with a generic_nack of status 0x02 and `sequence`, and closed. Stays so.
        lost
    };
    struct step {
        found what = found::need_more;
        std::string_view frame = {};
        std::uint32_t sequence = 0; ///< of what was lost, or 0
    };

    /// Frames that were handed out are no longer valid.
    void append(std::string_view octets);
    step next();

private:
    std::string buffer_;
    std::size_t taken_ = 0;
    std::size_t octets_max_;
};

} // namespace uthan::adapters::smpp
