#pragma once

#include "members/ledger.hpp"
#include "service/dispatcher.hpp"
#include "tests/sim/line.hpp"
#include "tests/sim/smsc.hpp"
#include "tests/sim/storage.hpp"

#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace uthan::sim {

/// A message that the sender was told is accepted. Each has a number of its own, by which the
/// message centre's side is compared with it.
struct accepted_message {
    std::uint64_t id = 0;
    sms::message_class of = sms::message_class::answer;
    std::string member_code; ///< of a fenced one
    bool cancelled = false;  ///< and was told that it is cancelled
};

/// Every member owes one instalment until she pays it, or a delivery says so. A delivery is opened
/// a little after it was published, as a reader's files are.
class open_books final : public members::ledger {
public:
    void pay(const std::string& member_code) { paid_.insert(member_code); }
    /// She has paid at her office; the gateway hears of it with this generation.
    void deliver(const std::string& member_code, std::uint32_t generation) {
        delivered_.emplace(member_code, generation);
    }
    void publish(std::uint32_t generation) { published_ = generation; }
    void open() { opened_ = published_; }
    std::uint32_t published() const noexcept { return published_; }
    /// By everything that is stored.
    bool owes(const std::string& member_code) const { return owes_in(member_code, published_); }

    std::uint32_t generation() const noexcept override { return opened_; }
    task<result<std::vector<members::candidate>>> members_of(address) override;
    task<result<std::shared_ptr<const members::member_facts>>>
    facts(std::string member_code) override;
    task<result<std::shared_ptr<const members::member_activity>>> activity(std::string) override;
    task<result<std::shared_ptr<const members::household>>> household_of(std::string) override;
    task<result<std::shared_ptr<const members::ladder_source>>> ladder(std::string) override;

private:
    bool owes_in(const std::string& member_code, std::uint32_t generation) const;

    std::set<std::string> paid_;
    std::map<std::string, std::uint32_t> delivered_;
    std::uint32_t published_ = 0;
    std::uint32_t opened_ = 0;
};

/// Tuesday 2026-11-24 in Dhaka: an hour before the evening's peace, and ten in the morning.
inline constexpr instant evening{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} +
                                 std::chrono::hours{13}};
inline constexpr instant morning = evening - std::chrono::hours{9};

struct world_plan {
    std::uint64_t seed = 1;
    troubles trouble = {};
    std::size_t messages = 150;
    std::size_t window = 8;
    texts::concatenation joined_by = texts::concatenation::udh8;
    std::size_t channels = 1;
    unsigned channel_outages = 0; ///< of each channel: minutes without its message centre
    unsigned partitions = 0;      ///< times that the database does not answer
    unsigned locks = 0;           ///< times that another program holds it
    unsigned deliveries = 0;      ///< generations that are published
    instant begins = evening;
    milliseconds validity = std::chrono::hours{24}; ///< of each message
    milliseconds lasts = std::chrono::hours{30};
    unsigned clock_steps = 0; ///< times that the clock is set, by up to ten minutes
};

/// All of it. `run` ends when the trouble is over and everything has come to rest.
class world {
public:
    explicit world(world_plan plan);
    ~world();
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    void run();

    /// By number.
    const std::map<std::string, accepted_message>& accepted() const noexcept { return accepted_; }
    sms::message_record stored(std::uint64_t id) { return disk_->at_the_end(id); }
    /// The message centre of each channel.
    const std::deque<smsc>& centres() const noexcept { return centres_; }
    /// Of all of them.
    std::size_t taken() const noexcept;
    unsigned crashes() const noexcept { return crashes_; }
    /// What was claimed although it was not so any more, or at an hour of peace.
    const std::vector<std::string>& wrong_claims() const noexcept { return wrong_claims_; }

private:
    /// What a crash ends.
    struct process {
        explicit process(world& of);
        asio::io_context loop;
        /// The link is made before the dispatcher that it tells.
        struct late_inbox;
        std::unique_ptr<late_inbox> box;
        std::vector<std::unique_ptr<line>> links;
        std::unique_ptr<service::dispatcher> dispatch;
    };

    void boot();
    void crash();
    void send_one();
    void accept_again(sms::new_message message, std::string member_code);
    void cancel_one();
    void pay(const std::string& member_code);
    void deliver();
    void plan_troubles();
    std::vector<outage> outages_of(unsigned times, std::uint32_t most_seconds);
    void feed_all();
    bool has_something_to_record() const;
    void work();
    void settle_down();
    template <class T>
    T await(task<T> what);
    void claimed(const sms::claim& one);

    world_plan plan_;
    troubles trouble_; ///< ends before the world does
    std::filesystem::path directory_;
    timeline time_;
    chance luck_;
    zone local_;
    std::deque<smsc> centres_;
    open_books books_;
    std::unique_ptr<storage> disk_;
    std::unique_ptr<process> process_;
    bool woken_ = true;
    milliseconds next_feed_{0};
    milliseconds record_at_{0}; ///< not before, after a refusal
    std::size_t sent_ = 0;
    unsigned crashes_ = 0;
    std::map<std::string, accepted_message> accepted_;
    std::map<std::uint64_t, std::string> numbers_; ///< by id
    std::vector<std::string> wrong_claims_;
};

} // namespace uthan::sim
