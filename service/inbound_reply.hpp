#pragma once

#include "access/binding.hpp"
#include "access/record.hpp"
#include "members/facts.hpp"
#include "members/household_limit.hpp"
#include "members/meeting.hpp"
#include "menus/graph.hpp"
#include "service/channel_snapshots.hpp"
#include "sms/command.hpp"
#include "sms/inbound.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

// What is said to a text that came in. Pure.
namespace uthan::service {

/// A member whom the number may mean.
struct known_member {
    std::shared_ptr<const members::member_facts> facts; ///< never null
    access::member_record record;
    access::standing stands = access::standing::own; ///< never closed
};

/// The answer that a screen would give; none for what is no question about facts.
menus::answer_name answer_of(const organisation& of, const sms::command& asked);

/// Of whom it is told, by its place in `who`; none where more than one may be meant: by the
/// passbook number behind the keyword, else the only member, else where what is not personal is one
/// for all.
std::optional<std::size_t> meant_of(std::span<const known_member> who, const sms::command& asked,
                                    menus::answer_name answer);

/// Whether her facts may be said without a PIN: only to a number that is her own and hers alone,
/// and after she chose messages with amounts. What is not personal always.
bool may_be_told(std::span<const known_member> who, std::size_t meant, menus::answer_name answer);

/// What an answer is made from beside her facts; null where it is not asked for.
struct reply_ground {
    const members::member_activity* activity = nullptr;
    const members::household* household = nullptr;
    const std::vector<members::meeting_change>* meeting_changes = nullptr;
    calendar_day today{};
    std::chrono::minutes now{}; ///< since local midnight
};

struct inbound_reply {
    sms::answered_as as = sms::answered_as::answered;
    std::string text; ///< signed; empty: nothing is said
};

/// `meant`: of meant_of. `who` empty: a stranger.
inbound_reply reply_to(const organisation& of, const sms::command& asked,
                       std::span<const known_member> who, std::optional<std::size_t> meant,
                       const reply_ground& ground);

/// What her text changes; none for what is only asked. Stop is of every member of the phone, start
/// only of one who has it alone: nobody else says yes for her. Start never brings amounts.
std::optional<access::change> change_by(const sms::command& asked,
                                        std::span<const known_member> who, std::size_t member);

} // namespace uthan::service
