#pragma once

#include "gateway/http/types.hpp"
#include "gateway/metrics.hpp"
#include "service/dialogues.hpp"

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace uthan::gateway {

/// Brings the turn's service code into one of `codes` (empty: any), and what was dialled behind it
/// into the turn's tail. False: it is none of them.
bool take_code(const std::set<std::string>& codes, sessions::inbound_turn& turn);

/// What every USSD channel has on one shard, whatever its format: its codes, its dialogues and its
/// counts.
class ussd_channel {
public:
    /// References outlive the channel. `codes`: the service codes that belong to this channel; a
    /// turn for another is refused. Empty = any.
    ussd_channel(service::channel_snapshots::snapshot channel, std::set<std::string> codes,
                 members::ledger& ledger, service::dialogues& dialogues,
                 const sessions::store& store, channel_metrics& metrics)
        : channel_(std::move(channel)), codes_(std::move(codes)), ledger_(ledger),
          dialogues_(dialogues), store_(store), metrics_(metrics) {}

    const std::string& name() const noexcept { return channel_.newest()->name; }
    /// The same channel with other content; for dialogues that begin from its moment on.
    void add(service::channel_snapshots::snapshot next) { channel_.add(std::move(next)); }
    const numbering& numbers() const noexcept { return numbers_; }
    channel_metrics& metrics() noexcept { return metrics_; }

    /// `heard` is told of everybody who begins a dialogue. Before the first hop.
    void listen(std::function<void(const address&)> heard) { heard_ = std::move(heard); }

    /// False: the turn's code is none of this channel's.
    bool take_code(sessions::inbound_turn& turn) const { return gateway::take_code(codes_, turn); }

    /// Counts a turn that could not be read; 400 with the reason.
    http_response refuse(std::string_view reason, std::chrono::steady_clock::time_point received);

    /// One hop; `turn` is taken before this returns. `count` what came of it, with the time at
    /// which its request began.
    task<service::hop_result> hop(sessions::inbound_turn&& turn) {
        const bool begins =
            turn.style == sessions::turn_style::history ? turn.history.empty() : turn.begins;
        if (begins && heard_) {
            heard_(turn.subscriber);
        }
        return dialogues_.hop(channel_, ledger_, std::move(turn));
    }
    void count(const service::hop_result& hop,
               std::chrono::steady_clock::time_point received) noexcept;

private:
    service::channel_snapshots channel_;
    std::set<std::string> codes_;
    numbering numbers_;
    members::ledger& ledger_;
    service::dialogues& dialogues_;
    const sessions::store& store_;
    channel_metrics& metrics_;
    std::function<void(const address&)> heard_; ///< perhaps empty
};

} // namespace uthan::gateway
