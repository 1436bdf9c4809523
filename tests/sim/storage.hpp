#pragma once

#include "db/sqlite/outbox_operations.hpp"
#include "db/sqlite/prepared_connection.hpp"
#include "sms/outbox.hpp"
#include "tests/sim/timeline.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace uthan::sim {

/// The process is gone; what it had in memory with it.
struct crashed {};

/// The queue on a database file. Each call is a commit of its own, made at once; it may be refused,
/// and the process may end before it or after it.
class storage final : public sms::outbox {
public:
    /// `claimed` hears of every claim after its commit, `claiming` before it.
    struct hooks {
        std::function<void(const std::vector<sms::claim>&)> claiming;
        std::function<void(const sms::claim&)> claimed;
    };
    /// How the database is away, and when: nothing answers, or another program holds the lock for
    /// writing.
    struct outages {
        std::vector<outage> partitions;
        std::vector<outage> locks;
    };
    storage(const std::string& path, const timeline& time, chance& luck, const troubles& trouble,
            hooks hear);
    ~storage() override;
    storage(const storage&) = delete;
    storage& operator=(const storage&) = delete;

    void plan(outages when) { outages_ = std::move(when); }

    task<result<std::vector<sms::accept_outcome>>> accept(std::vector<sms::new_message> messages,
                                                          instant now) override;
    task<result<std::vector<sms::due_message>>> due(std::string organisation, sms::message_class of,
                                                    sms::due_place after, instant now,
                                                    std::size_t limit) override;
    task<result<sms::sent_counts>> sent_before(sms::message_record message,
                                               calendar_day today) override;
    task<result<std::optional<instant>>> next_due(std::string organisation) override;
    task<result<std::vector<sms::claim_outcome>>> claim_all(std::vector<sms::claim> claims,
                                                            instant now) override;
    task<error_code> record(std::vector<sms::report> reports, instant now) override;
    task<result<std::vector<sms::receipt_outcome>>> receive(std::vector<sms::receipt> receipts,
                                                            instant now) override;
    task<error_code> take_in(std::vector<sms::inbound_part> parts) override;
    task<error_code> learn(std::vector<sms::heard_subscriber> heard, instant now) override;
    task<result<std::uint64_t>> expire(instant now) override;
    task<result<sms::message_record>> find(std::string organisation, std::uint64_t id) override;
    task<result<bool>> cancel(std::string organisation, std::uint64_t id, instant now) override;
    task<result<std::uint64_t>> settle_restart(instant now) override;
    task<result<bool>> tidy(instant now, instant keep_from) override;
    task<result<std::vector<sms::spending>>> spent(std::string organisation,
                                                   calendar_day month) override;
    task<result<sms::queue_depths>> depths(std::string organisation) override;

    /// What is stored, for the checker.
    sms::message_record at_the_end(std::uint64_t id);
    /// A payment of hers. False: it could not be stored.
    bool bump(const std::string& member_code);
    /// A delivery. False: likewise.
    bool publish(std::uint32_t generation);

private:
    template <class Operation>
    result<typename Operation::value_type> commit(const Operation& what);
    template <class Change>
    bool change(Change what);
    /// Takes and gives back the other program's lock.
    void meet_lock();
    bool is_partitioned() const;

    std::unique_ptr<db::sqlite::prepared_connection> db_;
    std::optional<db::sqlite::connection> other_; ///< another program's
    std::optional<db::sqlite::transaction> held_; ///< its lock
    outages outages_;
    const timeline& time_;
    chance& luck_;
    const troubles& trouble_;
    hooks hear_;
};

} // namespace uthan::sim
