#include "tests/sim/smsc.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace uthan::sim {

namespace smpp = adapters::smpp;

smsc::connection smsc::connect(caller who) {
    peers_[++last_].who = std::move(who);
    return last_;
}

void smsc::gone(connection which) {
    peers_.erase(which);
}

void smsc::leave(milliseconds until) {
    back_at_ = std::max(back_at_, until);
    while (!peers_.empty()) {
        drop(peers_.begin()->first);
    }
}

void smsc::drop(connection which) {
    const auto found = peers_.find(which);
    if (found == peers_.end()) {
        return;
    }
    const auto tell = found->second.who.drop;
    peers_.erase(found);
    tell();
}

template <class Pdu>
void smsc::send(connection to, const Pdu& what, std::uint32_t sequence, std::uint32_t status) {
    const auto found = peers_.find(to);
    if (found == peers_.end()) {
        return;
    }
    std::string octets;
    if (!smpp::append_pdu(octets, what, sequence, status)) {
        found->second.who.send(std::move(octets));
    }
}

void smsc::receive(connection from, std::string_view octets) {
    if (!peers_.contains(from)) {
        return;
    }
    peers_[from].frames.append(octets);
    for (;;) {
        const auto found = peers_.find(from);
        if (found == peers_.end()) {
            return;
        }
        const auto step = found->second.frames.next();
        if (step.what != smpp::frame_splitter::found::frame) {
            return;
        }
        take_request(from, smpp::decode(step.frame));
    }
}

void smsc::take_request(connection from, const smpp::decoded& pdu) {
    auto& with = peers_[from];
    const auto sequence = pdu.head.sequence;
    if (pdu.head.id == smpp::command::bind_transceiver) {
        with.is_bound = true;
        send(from, smpp::bind_transceiver_resp{}, sequence);
    } else if (pdu.head.id == smpp::command::enquire_link) {
        send(from, smpp::enquire_link_resp{}, sequence);
    } else if (pdu.head.id == smpp::command::unbind) {
        send(from, smpp::unbind_resp{}, sequence);
    } else if (const auto* what = std::get_if<smpp::submit_sm>(&pdu.what)) {
        submit(from, sequence, *what);
    } else if (pdu.head.id == smpp::command::deliver_sm_resp && pdu.head.status == 0) {
        const auto told = with.told.find(sequence);
        if (told != with.told.end()) {
            receipts_.erase(told->second);
            with.told.erase(told);
        }
    }
}

void smsc::refuse(connection from, std::uint32_t sequence, std::uint32_t status) {
    ++refused_;
    time_.after(luck_.between(1, 200), [this, from, sequence, status] {
        send(from, smpp::submit_sm_resp{}, sequence, status);
    });
}

bool smsc::is_marked(const taken_part& part, std::string_view text) {
    using namespace std::string_view_literals;
    constexpr auto bangla = "\0(\x09\x86\x09\xAC\x09\xBE\x09\xB0\0)"sv;
    const auto of = std::pair{part.number, part.reference};
    if (text.find("(again)") != std::string_view::npos ||
        text.find(bangla) != std::string_view::npos) {
        marked_.insert(of);
        return true;
    }
    return part.parts > 1 && marked_.contains(of);
}

taken_part smsc::read(const smpp::submit_sm& what) {
    taken_part part;
    part.number = std::string{what.destination.address};
    if ((what.esm_class & 0x40) != 0) {
        // 05 00 03 reference total number, or 06 08 04 with two octets of reference.
        const std::size_t total = what.short_message[1] == 0 ? 4 : 5;
        part.reference = static_cast<unsigned char>(what.short_message[total - 1]);
        part.parts = static_cast<unsigned char>(what.short_message[total]);
        part.part = static_cast<unsigned char>(what.short_message[total + 1]);
    }
    part.marked = is_marked(part, what.short_message);
    return part;
}

void smsc::submit(connection from, std::uint32_t sequence, const smpp::submit_sm& what) {
    auto part = read(what);
    if (luck_.happens(trouble_.refuse_throttle)) {
        refuse(from, sequence, 0x58);
    } else if (luck_.happens(trouble_.refuse_temporary)) {
        refuse(from, sequence, luck_.happens(500) ? 0x08 : 0x401);
    } else if (luck_.happens(trouble_.refuse_permanent)) {
        refuse(from, sequence, 0x0B);
    } else if (luck_.happens(trouble_.drop_untaken)) {
        drop(from);
    } else {
        take(from, sequence, std::move(part));
    }
}

void smsc::take(connection from, std::uint32_t sequence, taken_part part) {
    part.id = fmt::format("{:08x}", 0x00A0'0000 + taken_.size());
    taken_.push_back(part);
    const auto index = taken_.size() - 1;
    const auto wait = luck_.between(1, 300);
    const bool receipt_first = luck_.happens(trouble_.receipt_first);
    plan_receipts(index, receipt_first ? milliseconds{0} : wait + luck_.between(1, 20'000));
    if (luck_.happens(trouble_.drop_taken)) {
        drop(from);
        return;
    }
    if (luck_.happens(trouble_.never_answer)) {
        return;
    }
    const bool late = luck_.happens(trouble_.answer_late);
    answer(from, sequence, part.id, late ? luck_.between(29'000, 90'000) : wait);
    if (luck_.happens(trouble_.answer_twice)) {
        answer(from, sequence, part.id, wait + luck_.between(0, 50));
    }
}

void smsc::answer(connection to, std::uint32_t sequence, std::string id, milliseconds wait) {
    time_.after(wait, [this, to, sequence, id = std::move(id)] {
        smpp::submit_sm_resp taken;
        taken.message_id = id;
        send(to, taken, sequence);
    });
}

void smsc::plan_receipts(std::size_t index, milliseconds wait) {
    auto& part = taken_[index];
    part.delivered = !luck_.happens(trouble_.receipt_failed);
    if (luck_.happens(trouble_.receipt_lost)) {
        return;
    }
    const unsigned copies = luck_.happens(trouble_.receipt_twice) ? 2 : 1;
    for (unsigned i = 0; i < copies; ++i) {
        const auto id = ++last_receipt_;
        receipts_[id] = {part.id, part.number, part.delivered};
        time_.after(wait + luck_.between(0, 50) * i, [this, id] { tell(id); });
    }
}

std::string smsc::written(const std::string& id) {
    auto other = id;
    if (luck_.happens(500)) {
        std::ranges::transform(other, other.begin(), [](char c) {
            return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
        });
    }
    if (luck_.happens(500)) {
        other.erase(0, other.find_first_not_of('0'));
    }
    return other;
}

void smsc::tell(std::uint64_t which) {
    const auto found = receipts_.find(which);
    if (found == receipts_.end()) {
        return;
    }
    const auto bound =
        std::ranges::find_if(peers_, [](const auto& one) { return one.second.is_bound; });
    if (bound != peers_.end()) {
        const auto& what = found->second;
        const auto says =
            fmt::format("id:{} sub:001 dlvrd:{} submit date:2611240000 done date:2611240000 "
                        "stat:{} err:000 text:",
                        written(what.id), what.delivered ? "001" : "000",
                        what.delivered ? "DELIVRD" : "UNDELIV");
        smpp::deliver_sm pdu;
        pdu.source = {1, 1, what.number};
        pdu.destination = {5, 0, "KMSS"};
        pdu.esm_class = 0x04;
        pdu.short_message = says;
        const auto sequence = ++bound->second.sequence;
        bound->second.told[sequence] = which;
        send(bound->first, pdu, sequence);
    }
    time_.after(milliseconds{5000}, [this, which] { tell(which); });
}

} // namespace uthan::sim
