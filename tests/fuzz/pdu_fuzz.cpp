#include "adapters/smpp/codec.hpp"
#include "core/assert.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <string>

// A stream of an SMPP peer, cut at a place that the first octet names.
namespace {

using namespace uthan::adapters::smpp;

/// What was read without a fault and can be written reads as the same again. Not everything can:
/// a peer may write a response with a status and a body, or leave a body out.
void check(const decoded& read) {
    if (read.fault != 0) {
        return;
    }
    std::string written;
    if (append_pdu(written, read.what, read.head.sequence, read.head.status)) {
        return;
    }
    const auto again = decode(written);
    UTHAN_ASSERT(again.fault == 0);
    UTHAN_ASSERT(again.head.sequence == read.head.sequence);
    UTHAN_ASSERT(again.head.status == read.head.status);
    UTHAN_ASSERT(again.what == read.what);
}

void take_all(frame_splitter& stream) {
    for (;;) {
        const auto step = stream.next();
        if (step.what != frame_splitter::found::frame) {
            return;
        }
        UTHAN_ASSERT(step.frame.size() >= header_octets && step.frame.size() <= frame_octets_max);
        check(decode(step.frame));
    }
}

} // namespace

void uthan::fuzz_one(std::string_view input) {
    if (input.empty()) {
        return;
    }
    const std::size_t cut = static_cast<unsigned char>(input.front()) % input.size();
    input.remove_prefix(1);
    frame_splitter stream;
    stream.append(input.substr(0, cut));
    take_all(stream);
    stream.append(input.substr(std::min(cut, input.size())));
    take_all(stream);
}
