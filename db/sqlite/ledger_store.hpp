#pragma once

#include "db/sqlite/ledger_reader.hpp"
#include "db/sqlite/published_generations.hpp"
#include "members/ledger.hpp"
#include "members/overlay.hpp"
#include "members/staff_ledger.hpp"

#include <memory>

namespace uthan::db::sqlite {

/// One organisation's ledger for one shard: answers from the newest published generation file and
/// opens the next one when its number appears. Reads are memory-mapped and take microseconds, so
/// they are made on the shard's own thread.
class ledger_store final : public members::ledger, public members::staff_ledger {
public:
    /// `payments`: what was posted since the deliveries; null: nothing ever is.
    explicit ledger_store(std::shared_ptr<const published_generation> published,
                          std::unique_ptr<members::payments_source> payments = nullptr)
        : published_(std::move(published)), payments_(std::move(payments)) {}

    std::uint32_t generation() const noexcept override;
    task<result<std::vector<members::candidate>>> members_of(address subscriber) override;
    task<result<std::shared_ptr<const members::member_activity>>>
    activity(std::string member_code) override;
    task<result<std::shared_ptr<const members::member_facts>>>
    facts(std::string member_code) override;
    task<result<std::optional<members::transaction>>> transaction_of(std::string member_code,
                                                                     std::string txn_id) override;
    task<result<std::shared_ptr<const members::household>>>
    household_of(std::string member_code) override;
    task<result<std::shared_ptr<const members::ladder_source>>>
    ladder(std::string member_code) override;
    task<result<std::optional<members::staff>>> staff_with(std::string code) override;

    members::staff_ledger* staff() noexcept override { return this; }
    result<std::shared_ptr<const members::staff>>
    staff_with_number(const address& subscriber) override;
    task<result<std::vector<members::staff_group>>> groups_of(std::string staff_code) override;
    task<result<std::vector<std::shared_ptr<const members::member_facts>>>>
    members_of_group(std::string staff_code, std::string group_code) override;

private:
    /// The reader of the newest generation; null when nothing is published yet.
    result<ledger_reader*> newest();
    /// The same with her payments.
    template <class Facts>
    result<std::shared_ptr<const Facts>> with_payments(ledger_reader& reader,
                                                       std::string_view member_code,
                                                       std::shared_ptr<const Facts> delivered);

    std::shared_ptr<const published_generation> published_;
    std::unique_ptr<members::payments_source> payments_;
    std::unique_ptr<ledger_reader> reader_;
};

} // namespace uthan::db::sqlite
