#include "db/sqlite/ledger_store.hpp"

#include <algorithm>

namespace uthan::db::sqlite {

std::uint32_t ledger_store::generation() const noexcept {
    return published_->number.load(std::memory_order_acquire);
}

result<ledger_reader*> ledger_store::newest() {
    const auto number = generation();
    if (number == 0) {
        reader_.reset();
        return nullptr;
    }
    if (!reader_ || reader_->number() != number) {
        auto opened = ledger_reader::open(published_->path(number), number);
        if (!opened) {
            // The old file would answer with facts that somebody has replaced or taken back.
            return make_error_code(errc::store_unavailable);
        }
        reader_ = std::move(*opened);
    }
    return reader_.get();
}

template <class Facts>
result<std::shared_ptr<const Facts>>
ledger_store::with_payments(ledger_reader& reader, std::string_view member_code,
                            std::shared_ptr<const Facts> delivered) {
    if (payments_ == nullptr || !payments_->any()) {
        return delivered;
    }
    const auto payments = payments_->payments_of(member_code, reader.number());
    if (!payments) {
        return payments.error();
    }
    if (payments->empty()) {
        return delivered;
    }
    auto first = payments->front().what.txn_on;
    for (const auto& one : *payments) {
        first = std::min(first, one.what.txn_on);
    }
    const auto named = reader.transaction_ids(member_code, first);
    if (!named) {
        return named.error();
    }
    auto merged = std::make_shared<Facts>(*delivered);
    members::merge(*merged, *payments, *named);
    return std::shared_ptr<const Facts>{std::move(merged)};
}

task<result<std::vector<members::candidate>>> ledger_store::members_of(address subscriber) {
    const auto reader = newest();
    if (!reader) {
        co_return reader.error();
    }
    if (*reader == nullptr || subscriber.type() != address::kind::msisdn) {
        co_return std::vector<members::candidate>{};
    }
    co_return (*reader)->members_with(subscriber.reveal());
}

task<result<std::shared_ptr<const members::member_facts>>>
ledger_store::facts(std::string member_code) {
    const auto reader = newest();
    if (!reader) {
        co_return reader.error();
    }
    if (*reader == nullptr) {
        co_return errc::not_found;
    }
    auto delivered = (*reader)->facts(member_code);
    if (!delivered) {
        co_return delivered;
    }
    co_return with_payments(**reader, member_code, std::move(*delivered));
}

task<result<std::shared_ptr<const members::member_activity>>>
ledger_store::activity(std::string member_code) {
    const auto reader = newest();
    if (!reader) {
        co_return reader.error();
    }
    if (*reader == nullptr) {
        co_return errc::not_found;
    }
    auto delivered = (*reader)->activity(member_code);
    if (!delivered) {
        co_return delivered;
    }
    co_return with_payments(**reader, member_code, std::move(*delivered));
}

task<result<std::optional<members::transaction>>>
ledger_store::transaction_of(std::string member_code, std::string txn_id) {
    const auto reader = newest();
    if (!reader) {
        co_return reader.error();
    }
    if (*reader == nullptr) {
        co_return std::optional<members::transaction>{};
    }
    co_return (*reader)->transaction_of(member_code, txn_id);
}

task<result<std::shared_ptr<const members::household>>>
ledger_store::household_of(std::string member_code) {
    const auto reader = newest();
    if (!reader) {
        co_return reader.error();
    }
    if (*reader == nullptr) {
        co_return errc::not_found;
    }
    co_return (*reader)->household_of(member_code);
}

task<result<std::shared_ptr<const members::ladder_source>>>
ledger_store::ladder(std::string member_code) {
    const auto reader = newest();
    if (!reader) {
        co_return reader.error();
    }
    if (*reader == nullptr) {
        co_return errc::not_found;
    }
    co_return (*reader)->ladder(member_code);
}

task<result<std::optional<members::staff>>> ledger_store::staff_with(std::string code) {
    const auto reader = newest();
    if (!reader) {
        co_return reader.error();
    }
    if (*reader == nullptr) {
        co_return std::optional<members::staff>{};
    }
    co_return (*reader)->staff_with(code);
}

result<std::shared_ptr<const members::staff>>
ledger_store::staff_with_number(const address& subscriber) {
    const auto reader = newest();
    if (!reader) {
        return reader.error();
    }
    if (*reader == nullptr || subscriber.type() != address::kind::msisdn) {
        return std::shared_ptr<const members::staff>{};
    }
    const auto part = (*reader)->of_staff();
    if (!part) {
        return part.error();
    }
    return (*part)->with_number(subscriber.reveal());
}

task<result<std::vector<members::staff_group>>> ledger_store::groups_of(std::string staff_code) {
    const auto reader = newest();
    if (!reader) {
        co_return reader.error();
    }
    if (*reader == nullptr) {
        co_return std::vector<members::staff_group>{};
    }
    co_return (*reader)->groups_of(staff_code);
}

task<result<std::vector<std::shared_ptr<const members::member_facts>>>>
ledger_store::members_of_group(std::string staff_code, std::string group_code) {
    const auto reader = newest();
    if (!reader) {
        co_return reader.error();
    }
    if (*reader == nullptr) {
        co_return std::vector<std::shared_ptr<const members::member_facts>>{};
    }
    auto hers = (*reader)->members_of_group(staff_code, group_code);
    if (!hers) {
        co_return hers;
    }
    for (auto& one : *hers) {
        const auto& code = one->who.code;
        auto merged = with_payments(**reader, code, one);
        if (!merged) {
            co_return merged.error();
        }
        one = std::move(*merged);
    }
    co_return hers;
}

} // namespace uthan::db::sqlite
