#pragma once

#include "gateway/channel_handler.hpp"
#include "gateway/links/pushed_turns.hpp"
#include "gateway/links/smpp_exchange.hpp"
#include "gateway/ussd_channel.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace uthan::gateway {

/// An SMPP channel on one shard: it has no callbacks. Without an exchange it carries texts alone.
class smpp_channel : public channel_handler {
public:
    explicit smpp_channel(std::unique_ptr<ussd_channel> channel) : channel_(std::move(channel)) {}
    task<http_response> ussd(http_request /*request*/) override {
        return answer(plain_response(404, "no such path"));
    }

protected:
    ussd_channel& channel() noexcept { return *channel_; }

private:
    std::unique_ptr<ussd_channel> channel_; ///< whoever reloads the texts shows them to every one
};

struct smpp_dialogues_state;

/// The dialogues of an SMPP channel on one shard: deliveries become turns, screens go back through
/// the exchange. On the shard's thread.
class smpp_dialogues final : public smpp_channel {
public:
    /// `through` outlives it. `turns` have no way of their own.
    smpp_dialogues(executor on, unsigned shard, smpp_exchange& through, const short_key& key,
                   std::unique_ptr<ussd_channel> channel, std::unique_ptr<pushed_turns> turns);
    ~smpp_dialogues() override;

    /// From now on turns come.
    void open();
    /// None come any more; what is under way goes on.
    void close();
    /// Nobody waits for the fate of a screen any more.
    void stop();

    // The exchange's.
    void take(smpp_turn turn);
    void refused(std::chrono::steady_clock::time_point received);
    void told(std::uint64_t screen, smpp_screen_fate fate, std::uint32_t status);

private:
    void take_turn(adapters::ussd_turn turn, const smpp_turn& of);
    void end(const adapters::ussd_ended& what);

    /// Kept alive by every screen that is under way, so that it outlives them all.
    std::shared_ptr<smpp_dialogues_state> state_;
    std::unique_ptr<pushed_turns> turns_;
};

} // namespace uthan::gateway
