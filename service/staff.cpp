#include "service/staff.hpp"

#include "access/decisions.hpp"
#include "members/days_off.hpp"
#include "members/ladder.hpp"
#include "service/accused.hpp"

#include <algorithm>

namespace uthan::service {
namespace {

using members::meeting_word;
using menus::staff_part;
using menus::staff_view;

/// Her groups' office; without a group, tomorrow.
calendar_day next_collection_day(const staff_sources& from,
                                 const std::vector<members::staff_group>& groups) {
    return groups.empty() ? from.today + std::chrono::days{1}
                          : members::next_working_day(*groups.front().calendar,
                                                      from.rules.weekly_holidays, from.today);
}

task<result<menus::staff_dues>> read_dues(staff_sources from, std::string staff_code) {
    auto& ledger = *from.ledger.staff();
    const auto groups = co_await ledger.groups_of(staff_code);
    if (!groups) {
        co_return groups.error();
    }
    menus::staff_dues dues;
    dues.on = next_collection_day(from, *groups);
    for (const auto& group : *groups) {
        const auto members = co_await ledger.members_of_group(staff_code, group.of.code);
        if (!members) {
            co_return members.error();
        }
        auto collected =
            members::collection_of(group.of, group.at, *members, from.rules, dues.on, from.today);
        if (!collected.rows.empty()) {
            dues.groups.push_back(std::move(collected));
        }
    }
    co_return dues;
}

/// The next meeting as the group's members see it: a fortnightly one is counted from their loans.
task<result<menus::staff_meeting>> read_meeting(staff_sources from, std::string staff_code,
                                                members::staff_group group) {
    menus::staff_meeting made;
    made.of = std::move(group);
    auto* desk = from.registry.desk();
    if (!made.of.of.meeting || desk == nullptr) {
        co_return made;
    }
    const auto changes =
        co_await desk->meeting_changes(from.organisation, made.of.of.code, from.today);
    if (!changes) {
        co_return changes.error();
    }
    members::member_facts of_group;
    of_group.group_of = made.of.of;
    of_group.calendar = made.of.calendar;
    if (made.of.of.meeting->frequency == members::meeting_frequency::fortnightly) {
        const auto members =
            co_await from.ledger.staff()->members_of_group(staff_code, made.of.of.code);
        if (!members) {
            co_return members.error();
        }
        for (const auto& one : *members) {
            of_group.loans.insert(of_group.loans.end(), one->loans.begin(), one->loans.end());
        }
    }
    made.next = members::next_meeting_of(of_group, from.rules, from.today, from.now, *changes);
    if (made.next) {
        made.days_to_move = members::days_to_move(*made.next, *made.of.calendar,
                                                  from.rules.weekly_holidays, from.today);
    }
    co_return made;
}

task<result<std::vector<menus::staff_meeting>>> read_groups(staff_sources from,
                                                            std::string staff_code) {
    auto groups = co_await from.ledger.staff()->groups_of(staff_code);
    if (!groups) {
        co_return groups.error();
    }
    std::vector<menus::staff_meeting> made;
    for (auto& group : *groups) {
        auto one = co_await read_meeting(from, staff_code, std::move(group));
        if (!one) {
            co_return one.error();
        }
        made.push_back(std::move(*one));
    }
    co_return made;
}

/// Not one of a member whom no import knows any more.
task<result<bool>> waits_for_her(staff_sources from, members::request one,
                                 std::shared_ptr<const members::staff> who) {
    std::vector<std::string> codes{one.accused_code};
    const auto source = co_await find_ladder(from.ledger, one.member_code, std::move(codes));
    if (!source && source.error() != errc::not_found) {
        co_return result<bool>{boost::system::in_place_error, source.error()};
    }
    if (!source) {
        co_return false;
    }
    const auto& accused = (*source)->accused;
    const auto* avoided = accused.empty() ? nullptr : &accused.front();
    const auto ladder =
        members::ladder_of(from.rules.requests, (*source)->imported, (*source)->chain, avoided);
    co_return (avoided == nullptr || !members::is_same_person(*avoided, *who)) &&
        members::waits_for(one, *who, ladder);
}

/// Never what accuses her, and nothing that is another office's turn or another role's.
task<result<std::vector<menus::waiting_request>>>
read_requests(staff_sources from, std::shared_ptr<const members::staff> who) {
    auto* desk = from.registry.desk();
    if (desk == nullptr) {
        co_return std::vector<menus::waiting_request>{};
    }
    auto open = co_await desk->waiting_requests(from.organisation, who->office_code);
    if (!open) {
        co_return open.error();
    }
    members::sort_work_list(*open, from.today);
    std::vector<menus::waiting_request> waiting;
    for (const auto& one : *open) {
        const auto waits = co_await waits_for_her(from, one, who);
        if (!waits) {
            co_return waits.error();
        }
        if (*waits) {
            waiting.push_back(
                {one.number, one.kind, one.category, one.reach, one.opened_on, one.deadline_on});
        }
    }
    co_return waiting;
}

/// None when the member is not of her groups.
task<result<std::optional<members::candidate>>>
find_member(staff_sources from, std::string staff_code, std::string member_code) {
    const auto facts = co_await from.ledger.facts(std::move(member_code));
    if (!facts && facts.error() != errc::not_found) {
        co_return facts.error();
    }
    if (!facts || !(*facts)->group_of || (*facts)->group_of->staff_code != staff_code ||
        (*facts)->who.status != members::member_status::active) {
        co_return std::optional<members::candidate>{};
    }
    const auto& who = (*facts)->who;
    co_return members::candidate{who.code, who.name, who.language};
}

task<error_code> read_part(staff_sources from, staff_view& into, sessions::need_staff wanted) {
    const auto& code = into.who->code;
    if (wanted.part == staff_part::dues) {
        auto dues = co_await read_dues(from, code);
        if (!dues) {
            co_return dues.error();
        }
        into.dues = std::move(*dues);
    } else if (wanted.part == staff_part::requests) {
        auto requests = co_await read_requests(from, into.who);
        if (!requests) {
            co_return requests.error();
        }
        into.requests = std::move(*requests);
    } else if (wanted.part == staff_part::member) {
        auto member = co_await find_member(from, code, wanted.param);
        if (!member) {
            co_return member.error();
        }
        into.member = std::move(*member);
        into.member_asked = std::move(wanted.param);
    } else {
        auto groups = co_await read_groups(from, code);
        if (!groups) {
            co_return groups.error();
        }
        into.groups = std::move(*groups);
    }
    co_return error_code{};
}

/// Still as it was when she was asked: her group, and a day that she may choose.
bool is_possible(const members::meeting_change& what, const menus::staff_meeting& meeting,
                 calendar_day today) {
    if (!meeting.next) {
        return false;
    }
    const auto& next = *meeting.next;
    switch (what.word) {
    case meeting_word::moved:
        return next.regular_on == what.regular_on &&
               std::ranges::find(meeting.days_to_move, what.new_on) != meeting.days_to_move.end();
    case meeting_word::cancelled:
        return next.regular_on == what.regular_on;
    case meeting_word::as_planned:
        break;
    }
    const bool cancelled = next.cancelled_by_staff == what.regular_on;
    return what.regular_on >= today &&
           (cancelled || (next.moved && next.regular_on == what.regular_on));
}

digest256 digest_of(const secret_key& key, std::string_view purpose,
                    const access::effect_key& effect, std::string_view member_code,
                    unsigned round) {
    const auto numbers = std::to_string(effect.step) + "/" + std::to_string(effect.part) + "/" +
                         std::to_string(round);
    return keyed_digest256(key, purpose,
                           {effect.channel, as_bytes(effect.session), numbers, member_code});
}

} // namespace

result<std::shared_ptr<const members::staff>> worker_of(const staff_sources& from) {
    auto* ledger = from.ledger.staff();
    if (ledger == nullptr) {
        return std::shared_ptr<const members::staff>{};
    }
    auto who = ledger->staff_with_number(from.caller);
    if (who && *who && access::staff_account((*who)->code) != from.account) {
        return std::shared_ptr<const members::staff>{};
    }
    return who;
}

task<result<std::shared_ptr<const staff_view>>>
read_staff_view(staff_sources from, std::shared_ptr<const staff_view> known,
                sessions::need_staff wanted) {
    const auto who = worker_of(from);
    if (!who) {
        co_return who.error();
    }
    auto view = known ? std::make_shared<staff_view>(*known) : std::make_shared<staff_view>();
    view->who = *who;
    if (view->who) {
        const auto failed = co_await read_part(from, *view, std::move(wanted));
        if (failed) {
            co_return failed;
        }
    }
    co_return view;
}

bool is_of_staff(const sessions::effect& what) noexcept {
    return std::holds_alternative<sessions::reword_meeting>(what) ||
           std::holds_alternative<sessions::reset_member>(what) ||
           std::holds_alternative<sessions::answer_waiting>(what);
}

task<error_code> may_do(staff_sources from, const sessions::effect& what) {
    const auto who = worker_of(from);
    if (!who) {
        co_return who.error();
    }
    if (*who == nullptr) {
        co_return errc::not_found;
    }
    const std::string staff_code = (*who)->code;
    if (const auto* reset = std::get_if<sessions::reset_member>(&what)) {
        const auto member = co_await find_member(from, staff_code, reset->member_code);
        if (!member) {
            co_return member.error();
        }
        co_return *member ? error_code{} : make_error_code(errc::not_found);
    }
    if (const auto* answer = std::get_if<sessions::answer_waiting>(&what)) {
        const auto number = answer->number;
        const auto waiting = co_await read_requests(from, *who);
        if (!waiting) {
            co_return waiting.error();
        }
        const bool is_hers =
            std::ranges::find(*waiting, number, &menus::waiting_request::number) != waiting->end();
        co_return is_hers ? error_code{} : make_error_code(errc::not_found);
    }
    const auto change = std::get<sessions::reword_meeting>(what).what;
    auto groups = co_await from.ledger.staff()->groups_of(staff_code);
    if (!groups) {
        co_return groups.error();
    }
    const auto found = std::ranges::find(*groups, change.group_code,
                                         [](const members::staff_group& g) { return g.of.code; });
    if (found == groups->end()) {
        co_return errc::not_found;
    }
    const auto meeting = co_await read_meeting(from, staff_code, std::move(*found));
    if (!meeting) {
        co_return meeting.error();
    }
    co_return is_possible(change, *meeting, from.today) ? error_code{}
                                                        : make_error_code(errc::not_found);
}

std::string one_time_pin_of(const secret_key& key, const access::effect_key& effect,
                            std::string_view member_code) {
    for (unsigned round = 0;; ++round) {
        const auto digest = digest_of(key, "one-time pin by staff", effect, member_code, round);
        unsigned value = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            value = value << 8 | digest[i];
        }
        // 2^32 is so much more than 10,000 that no four digits are likelier than others.
        auto pin = std::to_string(10'000 + value % 10'000).substr(1);
        if (!access::is_weak_pin(pin, member_code, {})) {
            return pin;
        }
    }
}

access::reset_by_staff reset_with(const secret_key& key, const access::effect_key& effect,
                                  const access::member_ref& member, std::string_view staff_code) {
    const auto drawn = digest_of(key, "salt by staff", effect, member.member_code, 0);
    digest128 salt{};
    std::copy_n(drawn.begin(), salt.size(), salt.begin());
    const auto pin = one_time_pin_of(key, effect, member.member_code);
    return {std::string{staff_code}, access::make_verifier(key, member, salt, pin)};
}

} // namespace uthan::service
