#pragma once

#include "core/address.hpp"
#include "core/error.hpp"
#include "core/task.hpp"
#include "members/facts.hpp"
#include "members/household_limit.hpp"
#include "members/ladder.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace uthan::members {

class staff_ledger; // staff_ledger.hpp

/// The port to one organisation's imported facts. One object per shard and organisation, used on
/// that shard's thread only. Each call answers from the newest published generation and never mixes
/// two; an import never blocks it. Facts and activity hold the payments that were posted since
/// (overlay.hpp). Errors: errc::store_unavailable.
class ledger {
public:
    virtual ~ledger() = default;

    /// The number of the generation that the next call will answer from; 0 = nothing published yet.
    /// Cheap: no I/O.
    virtual std::uint32_t generation() const noexcept = 0;

    /// Who may be meant by this number, by member code; closed members left out; at most
    /// members_per_phone_max + 1 (one more says that there are more).
    virtual task<result<std::vector<candidate>>> members_of(address subscriber) = 0;

    /// errc::not_found when no such member exists in the current generation.
    virtual task<result<std::shared_ptr<const member_facts>>> facts(std::string member_code) = 0;

    /// errc::not_found likewise.
    virtual task<result<std::shared_ptr<const member_activity>>>
    activity(std::string member_code) = 0;

    /// What a transaction of hers was, by its id; of the delivered ones. None when it is not known,
    /// or nobody asks for it.
    virtual task<result<std::optional<transaction>>> transaction_of(std::string /*member_code*/,
                                                                    std::string /*txn_id*/) {
        co_return std::optional<transaction>{};
    }

    /// The loans of her household, for what only a household is limited in. Empty when her file row
    /// names none.
    virtual task<result<std::shared_ptr<const household>>>
    household_of(std::string member_code) = 0;

    /// Whom her requests may go to. errc::not_found likewise.
    virtual task<result<std::shared_ptr<const ladder_source>>> ladder(std::string member_code) = 0;

    /// Somebody of the staff by code, wherever she works, also one who has left; none when the
    /// generation has nobody with this code.
    virtual task<result<std::optional<members::staff>>> staff_with(std::string /*code*/) {
        co_return std::optional<members::staff>{};
    }

    /// What its staff may see; lives as long as this. Null where nobody asks for it.
    virtual staff_ledger* staff() noexcept { return nullptr; }
};

} // namespace uthan::members
