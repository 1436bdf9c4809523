#include "gateway/links/smpp_exchange.hpp"

#include "core/digest.hpp"
#include "gateway/links/smpp_dialogues.hpp"
#include "gateway/ussd_channel.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <array>
#include <functional>
#include <span>
#include <utility>
#include <variant>

namespace uthan::gateway {
namespace {

namespace smpp = adapters::smpp;

/// An id of a shard's screen is its own number with the shard's behind it.
constexpr unsigned shard_bits = 16;

std::string new_start(random_source& random) {
    std::array<std::uint8_t, 8> octets{};
    random.fill(std::as_writable_bytes(std::span{octets}));
    return to_hex(as_bytes(octets));
}

} // namespace

smpp_exchange::smpp_exchange(const smpp_link_settings& of, std::vector<std::string> codes,
                             unsigned shards, std::size_t waiting_max, random_source& random)
    : of_(of), codes_(std::move(codes)), known_codes_(codes_.begin(), codes_.end()),
      waiting_max_(waiting_max), start_(new_start(random)) {
    for (unsigned i = 0; i < shards; ++i) {
        places_.push_back(std::make_unique<place>());
    }
}

std::unique_ptr<smpp_link> smpp_exchange::make_link(smpp_link_ports ports) {
    link_on_.emplace(ports.on);
    metrics_ = &ports.metrics;
    ports.ussd = [this](std::uint32_t connection, std::uint32_t sequence,
                        const smpp::deliver_sm& message) {
        return take(connection, sequence, message);
    };
    ports.screens = [this](const smpp_screen_told& what) { told(what); };
    auto made = std::make_unique<smpp_link>(of_, std::move(ports));
    link_ = made.get();
    return made;
}

smpp_exchange::place& smpp_exchange::place_of(std::string_view subscriber) {
    return *places_[std::hash<std::string_view>{}(subscriber) % places_.size()];
}

void smpp_exchange::refuse(std::uint32_t connection, std::uint32_t sequence, std::uint32_t status) {
    metrics_->refused_turns.add();
    static_cast<void>(link_->answer(connection, sequence, status));
}

bool smpp_exchange::take(std::uint32_t connection, std::uint32_t sequence,
                         const smpp::deliver_sm& message) {
    const auto& as = *of_.ussd;
    if (of_.carries_texts && !smpp::is_ussd(message, as)) {
        return false;
    }
    auto& to = place_of(message.source.address);
    auto read = smpp::read_ussd(message, as, {of_.channel, codes_.front(), of_.plan},
                                fmt::format("{}-{}-{}", start_, connection, sequence));
    auto* const received = std::get_if<smpp::ussd_received>(&read);
    if (received == nullptr) {
        count_unreadable(to);
        refuse(connection, sequence, smpp::status::receiver_permanent);
        return true;
    }
    auto* const turn = std::get_if<adapters::ussd_turn>(&received->event);
    if (turn != nullptr) {
        // For its tail alone: what comes over this account is ours, and inputs name no code.
        static_cast<void>(take_code(known_codes_, turn->turn));
        turn->turn.service_code = codes_.front();
    }
    if (!to.is_open.load(std::memory_order_acquire)) {
        refuse(connection, sequence, smpp::status::receiver_temporary);
        return true;
    }
    if (waiting_.load(std::memory_order_relaxed) >= waiting_max_) {
        refuse(connection, sequence, smpp::status::queue_full);
        return true;
    }
    metrics_->turns.add(turn != nullptr ? 1 : 0);
    const bool answers_later =
        turn != nullptr && as.acknowledgement == smpp::ussd_acknowledgement::after_screen;
    hand_over(to, {std::move(*received), connection,
                   answers_later ? std::optional{sequence} : std::nullopt,
                   std::chrono::steady_clock::now()});
    if (!answers_later) {
        static_cast<void>(link_->answer(connection, sequence, smpp::status::ok));
    }
    return true;
}

void smpp_exchange::hand_over(place& to, smpp_turn turn) {
    waiting_.fetch_add(1, std::memory_order_relaxed);
    asio::post(*to.on, [this, &to, turn = std::move(turn)]() mutable {
        waiting_.fetch_sub(1, std::memory_order_relaxed);
        to.to->take(std::move(turn));
    });
}

/// The counts of hops are the shard's.
void smpp_exchange::count_unreadable(place& at) {
    if (!at.is_open.load(std::memory_order_acquire) ||
        waiting_.load(std::memory_order_relaxed) >= waiting_max_) {
        return;
    }
    waiting_.fetch_add(1, std::memory_order_relaxed);
    asio::post(*at.on, [this, &at, received = std::chrono::steady_clock::now()] {
        waiting_.fetch_sub(1, std::memory_order_relaxed);
        at.to->refused(received);
    });
}

void smpp_exchange::told(const smpp_screen_told& what) {
    auto& at = *places_[what.id & ((1U << shard_bits) - 1)];
    asio::post(*at.on, [&at, what] { at.to->told(what.id >> shard_bits, what.fate, what.status); });
}

void smpp_exchange::open(unsigned shard, executor on, smpp_dialogues& to) {
    auto& at = *places_[shard];
    at.on.emplace(on);
    at.to = &to;
    at.is_open.store(true, std::memory_order_release);
}

void smpp_exchange::close(unsigned shard) {
    places_[shard]->is_open.store(false, std::memory_order_relaxed);
}

void smpp_exchange::send(unsigned shard, smpp_screen what) {
    what.id = (what.id << shard_bits) | shard;
    asio::post(*link_on_,
               [this, what = std::move(what)]() mutable { link_->submit_screen(std::move(what)); });
}

void smpp_exchange::answer(std::uint32_t connection, std::uint32_t sequence) {
    asio::post(*link_on_, [this, connection, sequence] {
        static_cast<void>(link_->answer(connection, sequence, smpp::status::ok));
    });
}

} // namespace uthan::gateway
