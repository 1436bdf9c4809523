#include "adapters/smpp/receipt.hpp"
#include "adapters/smpp/session.hpp"
#include "adapters/smpp/ussd.hpp"
#include "core/assert.hpp"
#include "tests/fuzz/fuzz.hpp"

// A message centre's octets: each frame alone, then all of them into a bound session.
namespace {

using namespace uthan;
using namespace uthan::adapters;

/// What was read without a fault is written and read as the same.
void check(const smpp::decoded& read) {
    std::string again;
    if (read.fault != 0 ||
        smpp::append_pdu(again, read.what, read.head.sequence, read.head.status)) {
        return;
    }
    const auto twice = smpp::decode(again);
    UTHAN_ASSERT(twice.fault == 0 && twice.what == read.what);
}

void check(const smpp::deliver_sm& message) {
    static const numbering plan;
    const auto read = smpp::read_receipt(message, smpp::receipt_marks::also_by_text);
    UTHAN_ASSERT(!read || read->candidates.size() <= smpp::receipt_candidates_max);
    static_cast<void>(smpp::read_ussd(message, {}, {"smpp", "*213#", plan}, "1"));
}

} // namespace

void uthan::fuzz_one(std::string_view input) {
    smpp::frame_splitter frames;
    frames.append(input);
    for (auto step = frames.next(); step.what == smpp::frame_splitter::found::frame;
         step = frames.next()) {
        const auto read = smpp::decode(step.frame);
        check(read);
        if (const auto* const message = std::get_if<smpp::deliver_sm>(&read.what)) {
            check(*message);
        }
    }

    smpp::session session{{}};
    const smpp::time_point now{};
    static_cast<void>(session.on_connected(now));
    std::string bound;
    static_cast<void>(smpp::append_pdu(bound, smpp::bind_transceiver_resp{}, 1));
    static_cast<void>(session.on_bytes(bound, now));
    static_cast<void>(session.submit(smpp::submit_sm{}, 1, now));
    std::size_t ends = 0;
    const auto half = input.size() / 2;
    for (const auto piece : {input.substr(0, half), input.substr(half)}) {
        for (const auto& event : session.on_bytes(piece, now)) {
            ends += std::holds_alternative<smpp::closed>(event) ? 1 : 0;
        }
    }
    for (const auto& event : session.on_closed(now)) {
        ends += std::holds_alternative<smpp::closed>(event) ? 1 : 0;
    }
    UTHAN_ASSERT(ends == 1 && session.in_flight() == 0);
}
