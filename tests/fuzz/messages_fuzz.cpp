#include "core/assert.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "texts/join.hpp"
#include "texts/normalise.hpp"
#include "texts/segments.hpp"
#include "texts/weight.hpp"

#include <string>
#include <vector>

// Texts that go out and user data that comes in; the first octet says which, and in what form.
namespace {

using namespace uthan;
using namespace uthan::texts;

/// Counted and cut alike, and joined again as they were.
void go_out(unsigned form_bits, std::string_view text) {
    sms_form form;
    form.joined_by = static_cast<concatenation>(form_bits & 3U);
    form.bengali_shift = (form_bits & 4U) != 0;
    form.parts_max = static_cast<std::uint8_t>((form_bits & 8U) != 0 ? 255 : 8);
    const auto plan = plan_sms(text, form);
    const auto cut = split_sms(text, form, 7);
    UTHAN_ASSERT(plan.has_value() == cut.has_value());
    if (!plan) {
        return;
    }
    UTHAN_ASSERT(cut->plan == *plan);
    const bool by_header =
        form.joined_by == concatenation::udh8 || form.joined_by == concatenation::udh16;
    if (!by_header) {
        return;
    }
    UTHAN_ASSERT(cut->parts.size() == plan->parts);
    std::vector<received_part> received;
    for (const auto& part : cut->parts) {
        UTHAN_ASSERT(part.units <= sms_part_units(plan->in, form.joined_by, plan->parts == 1));
        received.push_back(parse_user_data(
            part.user_data, part.header_octets > 0,
            plan->in == sms_alphabet::ucs2 ? user_data_coding::ucs2 : user_data_coding::gsm7));
    }
    UTHAN_ASSERT(join_sms(received) == message_form(text));
}

void come_in(unsigned form_bits, std::string_view octets) {
    const auto coding = static_cast<user_data_coding>(form_bits % 5U);
    const auto part = parse_user_data(octets, (form_bits & 8U) != 0, coding);
    if (part.part) {
        UTHAN_ASSERT(part.part->number >= 1 && part.part->number <= part.part->total);
    }
    UTHAN_ASSERT(is_valid_utf8(text_of(part)));
    const std::vector twice{part, part};
    UTHAN_ASSERT(is_valid_utf8(join_sms(twice)));
}

} // namespace

void uthan::fuzz_one(std::string_view input) {
    if (input.empty()) {
        return;
    }
    const auto first = static_cast<unsigned char>(input.front());
    input.remove_prefix(1);
    if ((first & 0x10U) != 0) {
        come_in(first & 0xFU, input);
    } else {
        go_out(first & 0xFU, input);
    }
}
