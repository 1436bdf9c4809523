#pragma once

#include "db/sqlite/ledger_reader.hpp"
#include "db/sqlite/published_generations.hpp"
#include "members/ledger.hpp"

#include <memory>

namespace uthan::db::sqlite {

/// One organisation's ledger for one shard: answers from the newest published generation file and
/// opens the next one when its number appears. Reads are memory-mapped and take microseconds, so
/// they are made on the shard's own thread.
class ledger_store final : public members::ledger {
public:
    explicit ledger_store(std::shared_ptr<const published_generation> published)
        : published_(std::move(published)) {}

    std::uint32_t generation() const noexcept override;
    task<result<std::vector<members::candidate>>> members_of(address subscriber) override;
    task<result<std::shared_ptr<const members::member_activity>>>
    activity(std::string member_code) override;
    task<result<std::shared_ptr<const members::member_facts>>>
    facts(std::string member_code) override;
    task<result<std::shared_ptr<const members::ladder_source>>>
    ladder(std::string member_code) override;

private:
    /// The reader of the newest generation; null when nothing is published yet.
    result<ledger_reader*> newest();

    std::shared_ptr<const published_generation> published_;
    std::unique_ptr<ledger_reader> reader_;
};

} // namespace uthan::db::sqlite
