#include "sms/inbound.hpp"

#include "sms/command.hpp"

#include <algorithm>
#include <array>

namespace uthan::sms {
namespace {

texts::received_part received(const inbound_part& part) {
    auto read = texts::parse_user_data(part.user_data, part.has_header, part.coding);
    if (!read.part) {
        read.part = part.part;
    }
    return read;
}

/// ASCII as UCS-2.
std::string ucs2_of(std::string_view ascii) {
    std::string octets;
    for (const char c : ascii) {
        octets.push_back('\0');
        octets.push_back(c);
    }
    return octets;
}

/// The parts of one text.
struct gathering {
    inbound_text text;
    std::vector<texts::received_part> parts;
    instant first_at{};

    /// How wide the reference was is not kept of every part.
    bool is_of(const waiting_part& one, const texts::received_part& read) const {
        const auto& mine = parts.front().part;
        return mine && read.part && text.from == one.part.from &&
               mine->reference == read.part->reference && mine->total == read.part->total &&
               one.part.at - first_at <= parts_wait_max;
    }
    bool is_complete() const {
        const auto& of = parts.front().part;
        if (!of || of->total <= 1) {
            return true;
        }
        std::vector<std::uint8_t> numbers;
        for (const auto& one : parts) {
            numbers.push_back(one.part->number);
        }
        std::ranges::sort(numbers);
        const auto end = std::unique(numbers.begin(), numbers.end());
        return end - numbers.begin() >= of->total;
    }
};

void gather(const waiting_part& one, std::vector<gathering>& into) {
    auto read = received(one.part);
    auto mine = std::ranges::find_if(into, [&](const auto& g) { return g.is_of(one, read); });
    if (mine == into.end()) {
        into.emplace_back();
        mine = std::prev(into.end());
        mine->text.channel = one.part.channel;
        mine->text.from = one.part.from;
        mine->first_at = one.part.at;
    }
    mine->text.parts.push_back(one.id);
    mine->text.at = one.part.at;
    mine->text.is_of_person = mine->text.is_of_person && !read.addressed_to &&
                              read.coding != texts::user_data_coding::binary;
    mine->parts.push_back(std::move(read));
}

std::string lowered(std::string_view utf8) {
    std::string out{utf8};
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

bool says_signature(std::string_view utf8, std::string_view signature) {
    return !signature.empty() && utf8.find("-" + std::string{signature}) != std::string_view::npos;
}

} // namespace

inbound_part without_pin(const texts::keyword_table& words, inbound_part part) {
    const auto read = received(part);
    if (!may_hold_pin(words, texts::text_of(read))) {
        return part;
    }
    part.part = read.part;
    part.has_header = false;
    part.coding = texts::user_data_coding::ucs2;
    part.user_data = ucs2_of(redacted_text);
    return part;
}

assembled_texts assemble(std::span<const waiting_part> parts, instant now, bool is_all) {
    std::vector<gathering> all;
    for (const auto& one : parts) {
        gather(one, all);
    }
    assembled_texts done;
    for (auto& one : all) {
        const bool may_wait = is_all && now - one.first_at < parts_wait_max;
        if (may_wait && !one.is_complete()) {
            done.is_waiting = true;
            continue;
        }
        if (one.text.is_of_person) {
            one.text.text = texts::join_sms(one.parts);
        }
        done.texts.push_back(std::move(one.text));
    }
    return done;
}

answered_as gated(answered_as wanted, std::span<const past_text> before, instant now) {
    const auto since = [&](std::chrono::hours age, auto counts) {
        return static_cast<std::size_t>(std::ranges::count_if(
            before, [&](const past_text& one) { return one.at > now - age && counts(one.as); }));
    };
    const auto replies =
        since(std::chrono::hours{1}, [](answered_as as) { return as != answered_as::silent; });
    if (replies >= replies_per_hour_max) {
        return answered_as::silent;
    }
    const auto same = [wanted](answered_as as) { return as == wanted; };
    if (wanted == answered_as::helped && since(std::chrono::hours{1}, same) > 0) {
        return answered_as::silent;
    }
    if (wanted == answered_as::stranger && since(std::chrono::hours{24}, same) > 0) {
        return answered_as::silent;
    }
    return wanted;
}

bool is_automatic(std::string_view utf8, std::string_view signature_bn,
                  std::string_view signature_en) {
    constexpr std::array marks{
        std::string_view{"auto reply"},    std::string_view{"auto-reply"},
        std::string_view{"autoreply"},     std::string_view{"automatic reply"},
        std::string_view{"out of office"}, std::string_view{"do not reply"},
        std::string_view{"স্বয়ংক্রিয়"}};
    const auto text = lowered(utf8);
    return says_signature(utf8, signature_bn) || says_signature(utf8, signature_en) ||
           std::ranges::any_of(
               marks, [&](std::string_view mark) { return text.find(mark) != std::string::npos; });
}

} // namespace uthan::sms
