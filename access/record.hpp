#pragma once

#include "access/binding.hpp"
#include "core/address.hpp"
#include "core/calendar.hpp"
#include "core/digest.hpp"
#include "core/error.hpp"
#include "core/task.hpp"
#include "members/facts.hpp"
#include "members/meeting.hpp"
#include "members/request.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// What only we know of a member: her PIN's digest, her language and her consent. Decisions about it
// are pure (decisions.hpp); a registry keeps it.
namespace uthan::access {

struct member_ref {
    std::string organisation;
    std::string member_code;
    bool operator==(const member_ref&) const = default;
};

/// How a four-digit secret is kept: keyed BLAKE2b of (member, salt, PIN) with a key that is in no
/// database.
struct pin_verifier {
    digest128 salt{};
    digest256 digest{};
    bool operator==(const pin_verifier&) const = default;
};

/// What the organisation lets us send to her phone. Stored by number: never renumber.
enum class sms_choice : std::uint8_t { unasked, with_amounts, without_amounts, none };

struct member_record {
    std::optional<pin_verifier> pin{};
    std::optional<instant> pin_set_at{};
    /// Issued by staff, printed once; good for setting a PIN until it expires.
    std::optional<pin_verifier> one_time_pin{};
    std::optional<instant> one_time_expires_at{};
    /// Tries committed since the last right PIN; a try is counted before it is compared.
    unsigned tries_used = 0;
    std::optional<instant> locked_until{};
    std::optional<members::written_language> language{}; ///< absent: as imported
    sms_choice sms = sms_choice::unasked;
    std::optional<instant> sms_chosen_at{};
    std::optional<number_binding> binding{}; ///< absent: the imported number is hers
    bool operator==(const member_record&) const = default;
};

/// Makes an effect unrepeatable: (channel, transport session with all that was typed in it, input
/// number, part of that input). The digest says which subscriber typed what: another number, or
/// other digits under a session id that is used again, is another key and finds nothing recorded.
struct effect_key {
    std::string channel;
    digest128 session{}; ///< sessions::effect_digest
    std::uint32_t step = 0;
    std::uint8_t part = 0;
    bool operator==(const effect_key&) const = default;
};

struct pin_policy {
    unsigned tries_max = 3;
    std::chrono::minutes lock_for{std::chrono::hours{4}};
    std::chrono::hours one_time_valid_for{24 * 30};
    /// Tries per number and per channel in a sliding hour, over all members (guessing one PIN on
    /// many members is still guessing).
    unsigned tries_per_number_per_hour = 12;
    unsigned tries_per_channel_per_hour = 2000;
    /// Wrong slips and passbook digits for one member in a sliding day, over all phones that are
    /// not hers; and the same again for passbook digits from her own. Neither counts to her lock.
    unsigned guesses_per_member_per_day = 6;
};

// The changes that a dialogue or a command may make. Each is one commit.

/// Counts a try, before any compare. Outcome: try_allowed, pin_locked, pin_unset (counted to the
/// number and the channel only: another proof is guessed, the passbook's digits) or limited.
struct begin_pin_try {
    digest128 number{}; ///< keyed digest of the address
    std::string channel;
    /// A stranger's phone asks: only a one-time PIN is compared, an account with a PIN of its own
    /// is not touched (outcome pin_unset), and no guess of his is counted to her lock.
    bool one_time_only = false;
    /// Of a guess at a slip or a passbook: a keyed digest of whose it is said to be, whether there
    /// is such a member or not.
    std::optional<digest128> member{};
    bool operator==(const begin_pin_try&) const = default;
};
/// After the compare of a try begun under the same effect key. Outcome: pin_right or pin_wrong;
/// refused when no such try was begun.
struct settle_pin_try {
    bool matched = false;
    /// The try that is settled: a right PIN is taken off its number's and channel's count, which
    /// are of guesses.
    begin_pin_try of{};
    std::optional<address> from{}; ///< a right PIN binds this number
    bool operator==(const settle_pin_try&) const = default;
};
/// Sets a PIN where there is none (`replace` false) or another (`replace` true, after the old one
/// was proved in this dialogue). Outcome: done, or refused when a PIN is there and `replace` is
/// false, when none is there and `replace` is true (staff reset it meanwhile), during a lock, and
/// for a first PIN from a number that may set none.
struct set_pin {
    pin_verifier verifier;
    bool replace = false;
    std::optional<address> from{}; ///< this number is bound, this opaque address linked
    bool operator==(const set_pin&) const = default;
};
/// Staff: forgets the PIN, opens the lock, leaves a one-time PIN.
struct reset_pin {
    pin_verifier one_time;
    bool operator==(const reset_pin&) const = default;
};
struct choose_language {
    members::written_language language = members::written_language::bn;
    bool operator==(const choose_language&) const = default;
};
struct choose_sms {
    sms_choice choice = sms_choice::unasked;
    bool operator==(const choose_sms&) const = default;
};

/// What a decision about a request is made from beside her requests, which are read in the commit.
struct request_ground {
    std::shared_ptr<const members::member_facts> facts; ///< of the member whose request it is
    std::shared_ptr<const members::ladder_source> ladder;
    const members::organisation_rules* rules = nullptr; ///< outlives the change; read by any thread
    calendar_day today{};                               ///< in the organisation's zone
    bool operator==(const request_ground&) const = default;
};
/// Outcome: opened or already, with `request`; too_many, with `request` or 0; refused when the
/// organisation has no such kind, category or way, or she may not ask for it.
struct open_request {
    members::request_form form;
    request_ground on;
    bool operator==(const open_request&) const = default;
};
/// She says that it was not answered in time, or that the answer does not satisfy her. Outcome:
/// done, or refused when it may not move (yet) or is not hers.
struct escalate_request {
    std::uint64_t number = 0;
    request_ground on;
    bool operator==(const escalate_request&) const = default;
};
/// Outcome: done, or refused when it is over already or not hers.
struct withdraw_request {
    std::uint64_t number = 0;
    calendar_day today{};
    bool operator==(const withdraw_request&) const = default;
};

/// A member of staff moves or cancels a meeting of her group; the account is hers. That the group
/// is hers, the caller has seen. Outcome: done.
struct change_meeting {
    members::meeting_change what;
    bool operator==(const change_meeting&) const = default;
};
/// reset_pin by a member of staff; the account is the member's. Outcome: done, or limited when she
/// has reset too many today.
struct reset_by_staff {
    std::string staff_code;
    pin_verifier one_time;
    bool operator==(const reset_by_staff&) const = default;
};

/// Her answer, from her old number, to the news that it will be another. Outcome: done, or refused
/// when no change waits. "Not I" also opens a request past her office, in the same commit: its
/// number is the outcome's `request`.
struct answer_number_change {
    bool hers = false; ///< false: "not I"
    std::optional<address> from{};
    request_ground on{};
    bool operator==(const answer_number_change&) const = default;
};

/// Somebody dials from a changed number that may set no first PIN yet, though her account has none.
/// Outcome: opened or already, with `request`; refused when no such change waits.
struct report_number_change {
    std::optional<address> from{};
    request_ground on{};
    bool operator==(const report_number_change&) const = default;
};

/// A member of staff says that she answered a request that waits for her; the account is hers. That
/// its turn is hers, the caller has seen. Outcome: done, or refused when it is answered or over
/// already, or not hers to see.
struct answer_by_staff {
    std::uint64_t number = 0;
    std::shared_ptr<const members::staff> by; ///< never null when it is applied
    calendar_day today{};
    bool operator==(const answer_by_staff&) const = default;
};

/// An effect is recorded with the alternative's index: never reorder these.
using change =
    std::variant<begin_pin_try, settle_pin_try, set_pin, reset_pin, choose_language, choose_sms,
                 open_request, escalate_request, withdraw_request, change_meeting, reset_by_staff,
                 answer_number_change, report_number_change, answer_by_staff>;

/// Stored by number: never renumber.
enum class outcome_kind : std::uint8_t {
    done,        ///< committed
    refused,     ///< the record does not allow it; nothing changed
    try_allowed, ///< counted; compare now, then settle
    pin_right,   ///< a settled try
    pin_wrong,   ///< a settled try; also what a begun and never settled try means to a replay
    pin_locked,  ///< no compare is allowed until `locked_until`
    pin_unset,   ///< there is nothing to compare with
    limited, ///< this number or channel has guessed too often; nothing was counted to the member
    opened,  ///< `request` is new
    already, ///< she has asked for the same: `request`
    too_many ///< the limits of the organisation; `request` is her newest unfinished one, 0 = none
};

struct outcome {
    outcome_kind kind = outcome_kind::done;
    /// After this try, if it is wrong.
    unsigned tries_left = 0;
    /// With `tries_left` 0 the lock is committed together with the try, before the compare; a right
    /// PIN opens it again.
    std::optional<instant> locked_until{};
    /// try_allowed only: what to compare with; never part of a replay.
    std::optional<pin_verifier> compare_with{};
    /// try_allowed, pin_right and pin_wrong: the try is about a one-time PIN, so a right one must
    /// be followed by set_pin (`replace` false) before anything else is shown.
    bool one_time = false;
    /// The number of the request that the change was about; 0 = none.
    std::uint64_t request = 0;
    /// Whether this is the recorded outcome of an earlier call under the same key.
    bool replayed = false;
    bool operator==(const outcome&) const = default;
};

/// Requests of one member that are read at once, unfinished ones first: more than an organisation's
/// limits for open ones and for a month let anybody have.
inline constexpr std::size_t requests_per_member_max = 64;

class staff_desk; // staff.hpp

/// The port to the gateway's durable knowledge of members. Used on a shard's thread; the work is
/// done elsewhere. Errors: store_unavailable, queue_full.
class registry {
public:
    virtual ~registry() = default;

    /// A member never written about has a default record.
    virtual task<result<member_record>> find(member_ref who) = 0;

    /// Her requests: all unfinished ones, and her newest others, at most requests_per_member_max.
    virtual task<result<std::vector<members::request>>> requests(member_ref who) = 0;

    /// Applies the change and records its outcome under the key in the same commit; a key seen
    /// before changes nothing and returns what was recorded (`replayed`). settle_pin_try is the
    /// exception: it completes the record of its own begin_pin_try. A key seen before for another
    /// member or another kind of change (a provider that reuses session ids) is `refused`. Returns
    /// only after the commit is durable.
    virtual task<result<outcome>> apply(effect_key key, member_ref who, change what,
                                        instant now) = 0;

    /// Whose accounts answer to this address though no file says so: an opaque address that was
    /// linked, a number that an import changed. `generation`: the ledger's; what is remembered of
    /// numbers is read again when it is another. At most members_per_phone_max.
    virtual task<result<std::vector<std::string>>>
    members_bound(std::string /*organisation*/, address /*caller*/, std::uint32_t /*generation*/) {
        co_return std::vector<std::string>{};
    }

    /// What was recorded under this key, if anything.
    virtual task<result<std::optional<outcome>>> recorded(effect_key key) = 0;

    /// What staff and members read of staff's work; lives as long as this. Null where there is
    /// none.
    virtual staff_desk* desk() noexcept { return nullptr; }
};

} // namespace uthan::access
