#include "db/sqlite/ledger_store.hpp"

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
    co_return (*reader)->facts(member_code);
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
    co_return (*reader)->activity(member_code);
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
    co_return (*reader)->members_of_group(staff_code, group_code);
}

} // namespace uthan::db::sqlite
