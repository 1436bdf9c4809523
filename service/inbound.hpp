#pragma once

#include "access/record.hpp"
#include "core/clock.hpp"
#include "core/counter.hpp"
#include "core/digest.hpp"
#include "members/ledger.hpp"
#include "service/channel_snapshots.hpp"
#include "service/inbound_book.hpp"
#include "service/inbound_reply.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace uthan::service {

/// What texts of one organisation's subscribers need; everything lives longer.
struct inbound_ports {
    members::ledger& ledger;
    access::registry& registry;
    inbound_book& book;
    const clock& time;
    short_key key;
    /// Called when a reply was accepted. On the same thread.
    std::function<void()> wake;
};

/// Written by the thread that works; any thread reads.
struct inbound_counters {
    std::array<counter, sms::answered_kinds> texts; ///< by what was done
    counter pins;                                   ///< texts that may hold a PIN
    counter store_errors;                           ///< texts that must be taken up again
};

/// Takes up what subscribers wrote: parts → a text → who wrote it → what she asks for → what that
/// changes → a reply. The change has a key of its own (the text's), the reply and the mark that the
/// text is dealt with are one commit: after a crash nothing is lost, and nothing is done or said
/// twice. One thread; `work` is not called again while it runs.
class inbound {
public:
    inbound(inbound_ports ports, std::vector<std::string> channels)
        : ports_(std::move(ports)), channels_(std::move(channels)) {}

    /// Before they are stored: what may hold a PIN is taken out.
    std::vector<sms::inbound_part> without_pins(const organisation& of,
                                                std::vector<sms::inbound_part> parts) const;

    /// Deals with what waits, at most one batch of each channel. Returns how long to wait before
    /// the next call if nothing comes in; 0: there is more.
    task<std::chrono::milliseconds> work(std::shared_ptr<const organisation> of);

    const inbound_counters& counters() const noexcept { return counters_; }

private:
    struct asking;

    task<error_code> deal_with(std::shared_ptr<const organisation> of, sms::inbound_text text);
    task<error_code> find_members(asking* by);
    task<error_code> change_records(asking* by);
    task<result<inbound_reply>> answer(asking* by);

    inbound_ports ports_;
    std::vector<std::string> channels_;
    inbound_counters counters_;
};

/// Parts of one channel that are read at once.
inline constexpr std::size_t inbound_batch_max = 256;
/// How often it is looked for what is left of an error, or waits for its other parts.
inline constexpr std::chrono::milliseconds inbound_idle{2000};
/// How often where nothing is left.
inline constexpr std::chrono::milliseconds inbound_idle_max{60'000};

} // namespace uthan::service
