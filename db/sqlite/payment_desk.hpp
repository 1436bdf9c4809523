#pragma once

#include "db/sqlite/payment_tables.hpp"
#include "db/sqlite/writer.hpp"
#include "members/overlay.hpp"
#include "service/payment_book.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace uthan::db::sqlite {

/// Whether payments of an organisation wait for a delivery, for all threads and without a read. It
/// may say so for a moment when none does, never the other way round once `posted` has returned.
class payments_presence {
public:
    /// After the commit of one.
    void posted() noexcept { posted_.fetch_add(1, std::memory_order_acq_rel); }
    bool any() const noexcept {
        return posted_.load(std::memory_order_acquire) != none_at_.load(std::memory_order_acquire);
    }

    /// One thread looks now and then: before it reads, and what it read.
    std::uint64_t before_look() const noexcept { return posted_.load(std::memory_order_acquire); }
    void looked(std::uint64_t before, bool found) noexcept {
        none_at_.store(found ? 0 : before, std::memory_order_release);
    }

private:
    std::atomic<std::uint64_t> posted_{1}; ///< from 1: at the start some may wait
    std::atomic<std::uint64_t> none_at_{0};
};

/// One organisation's waiting payments for one shard, with a connection of its own.
class payments_reader final : public members::payments_source {
public:
    payments_reader(std::string organisation, connection reader,
                    std::shared_ptr<const payments_presence> presence)
        : organisation_(std::move(organisation)), reader_(std::move(reader)),
          presence_(std::move(presence)) {}

    bool any() const noexcept override { return presence_->any(); }
    result<std::vector<members::payment>> payments_of(std::string_view member_code,
                                                      std::uint32_t generation) override {
        return load_payments(reader_, organisation_, member_code, generation);
    }

private:
    std::string organisation_;
    prepared_connection reader_;
    std::shared_ptr<const payments_presence> presence_;
};

/// service::payment_book over the gateway database: one per shard, on its thread. `posted` is told
/// after each commit of a new payment.
class payment_desk final : public service::payment_book {
public:
    payment_desk(writer& writing, connection reader, std::function<void(std::string_view)> posted)
        : writer_(writing), reader_(std::move(reader)), posted_(std::move(posted)) {}

    task<result<service::posting_outcome>> post(service::payment_posting posting) override;
    result<std::optional<members::transaction>> find(std::string_view organisation,
                                                     std::string_view txn_id) override {
        return load_posted(reader_, organisation, txn_id);
    }

private:
    writer& writer_;
    prepared_connection reader_;
    std::function<void(std::string_view)> posted_; ///< the organisation
};

} // namespace uthan::db::sqlite
