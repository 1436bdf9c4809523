#include "members/exchange/demo_phones.hpp"

#include "members/exchange/demo_random.hpp"

#include <string>

namespace uthan::members::exchange {

namespace {

/// Keeps these draws apart from those that make the member.
constexpr std::uint64_t phones_apart = 0x70686F6E65ULL;

bool shares_in_case(std::uint32_t number) {
    const auto follows = [number](demo_case first, std::uint32_t members) {
        return number > number_of(first) && number < number_of(first) + members;
    };
    return follows(demo_case::shared_by_two, 2) || follows(demo_case::shared_by_three, 3) ||
           follows(demo_case::shared_by_ten, 10) ||
           number == number_of(demo_case::beside_a_closed_member);
}

} // namespace

demo_phones::demo_phones(std::string_view prefix, std::uint64_t seed)
    : first_(std::stoull(std::string{prefix})), seed_(seed ^ phones_apart) {}

demo_phones::way demo_phones::way_for(const demo_seat& seat, demo_random& random) const {
    if (seat.is(demo_case::without_phone) || seat.is(demo_case::empty_columns)) {
        return way::none;
    }
    if (seat.case_number() != 0) {
        return shares_in_case(seat.case_number()) ? way::shared : way::own;
    }
    const std::uint32_t draw = random.below(100);
    const bool may_share = sharers_ > 0 && sharers_ < 3 && seat.number > 1;
    return draw < 5 && seat.number > 1 ? way::none
           : draw < 11 && may_share    ? way::shared
                                       : way::own;
}

void demo_phones::give(demo_member& one, const demo_seat& seat) {
    demo_random random{seed_,
                       (static_cast<std::uint64_t>(seat.office->number) << 32U) | seat.number};
    switch (way_for(seat, random)) {
    case way::none:
        sharers_ = 0;
        return;
    case way::own:
        ++given_;
        sharers_ = 1;
        one.who.relation = random.chance(70) ? phone_relation::self : phone_relation::husband;
        break;
    case way::shared:
        ++sharers_;
        one.who.relation = random.chance(50) ? phone_relation::neighbour : phone_relation::child;
        break;
    }
    one.who.msisdn = std::to_string(first_ + given_);
}

} // namespace uthan::members::exchange
