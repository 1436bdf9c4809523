#pragma once

#include "access/record.hpp"
#include "access/staff.hpp"
#include "db/sqlite/prepared_connection.hpp"
#include "db/sqlite/writer.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace uthan::db::sqlite {

/// By organisation; one that is not named has the default policy.
using pin_policies = std::map<std::string, access::pin_policy, std::less<>>;

/// access::registry over the gateway database. One object per shard, used on that shard's thread;
/// it reads with its own connection and writes through the shared writer, which must outlive it.
/// Errors besides the port's: corrupt.
class member_registry final : public access::registry, public access::staff_desk {
public:
    member_registry(writer& writing, connection reader, pin_policies policies)
        : writer_(writing), reader_(std::move(reader)), policies_(std::move(policies)) {}

    task<result<access::member_record>> find(access::member_ref who) override;
    task<result<std::vector<members::request>>> requests(access::member_ref who) override;
    task<result<access::outcome>> apply(access::effect_key key, access::member_ref who,
                                        access::change what, instant now) override;
    task<result<std::optional<access::outcome>>> recorded(access::effect_key key) override;

    task<result<std::vector<std::string>>> members_bound(std::string organisation, address caller,
                                                         std::uint32_t generation) override;

    access::staff_desk* desk() noexcept override { return this; }
    task<result<std::vector<members::meeting_change>>>
    meeting_changes(std::string organisation, std::string group_code, calendar_day today) override;
    task<result<std::vector<members::request>>> waiting_requests(std::string organisation,
                                                                 std::string office) override;

private:
    /// Of one organisation, as digests: a filter only.
    struct old_numbers {
        std::uint32_t generation = 0;
        std::vector<std::size_t> digests; ///< sorted
        bool too_many = false;
    };
    error_code remember_old_numbers(std::string_view organisation, old_numbers& known);

    writer& writer_;
    prepared_connection reader_;
    pin_policies policies_;
    std::map<std::string, old_numbers, std::less<>> old_numbers_;
};

} // namespace uthan::db::sqlite
