#pragma once

#include "db/sqlite/inbound_desk.hpp"
#include "db/sqlite/ledger_store.hpp"
#include "db/sqlite/member_registry.hpp"
#include "db/sqlite/outbox.hpp"
#include "gateway/doorbell.hpp"
#include "gateway/messaging.hpp"
#include "service/dispatcher.hpp"
#include "service/inbound.hpp"

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace uthan::gateway {

/// For asio::co_spawn: what fails, fails in the thread's run().
inline void rethrow(std::exception_ptr failed) {
    if (failed) {
        std::rethrow_exception(failed);
    }
}

/// Of a link that carries no texts.
class no_texts final : public sms::link_events {
public:
    void reported(sms::report /*what*/) override {}
    void throttled() override {}
    void changed() override {}
};

/// One organisation's dispatcher, links and reader of texts. On the messaging thread.
class messaging_part {
public:
    messaging_part(const messaging_parts& shared, const organisation_settings& one,
                   const link_factory& make_link, const bool& stopping);

    const std::string& code() const noexcept { return code_; }
    db::sqlite::outbox& outbox() noexcept { return outbox_; }

    void start();
    /// As messaging's.
    void show(const settings& next);
    void show(std::shared_ptr<const service::organisation> next) { shown_ = std::move(next); }

    void hear(sms::heard_subscriber who) {
        if (heard_.size() < messaging::heard_max) {
            heard_.push_back(std::move(who));
        }
    }
    /// Stores whom was heard; what the database refuses is heard again some day.
    task<void> learn(instant now) {
        if (!heard_.empty()) {
            co_await outbox_.learn(std::exchange(heard_, {}), now);
        }
    }

    void ring() {
        recording_.ring();
        reading_.ring();
        for (auto& one : channels_) {
            one.bell->ring();
        }
    }

    void drain() {
        dispatcher_->stop_claiming();
        for (auto* one : links()) {
            one->drain();
        }
    }
    bool is_idle() const {
        return std::ranges::all_of(links(), [](const auto* one) { return one->is_idle(); });
    }
    void stop_links() {
        for (auto* one : links()) {
            one->stop();
        }
    }
    bool has_reports() const { return dispatcher_->has_reports(); }
    /// The store does not answer: what it has not got is settled at the next start.
    void give_up() {
        gives_up_ = true;
        ring();
    }

    /// What is shown of the queue, and of channels that an operator must look after.
    task<void> look_after();

    /// Any thread.
    void collect(metric_sink& into) const;
    void add_stopped(std::vector<std::string>& to) const;

private:
    struct channel {
        sms::channel_terms terms;
        std::unique_ptr<text_link> link;
        std::unique_ptr<doorbell> bell;
        gauge health{}; ///< sms::health
    };
    /// The dispatcher is made after the links that need it. A PIN goes no further than this.
    struct late_inbox final : sms::inbox {
        task<result<std::vector<sms::receipt_outcome>>> receive(std::vector<sms::receipt> receipts,
                                                                instant now) override {
            return to->receive(std::move(receipts), now);
        }
        task<error_code> take_in(std::vector<sms::inbound_part> parts) override {
            auto kept = of->inbound_->without_pins(*of->shown_, std::move(parts));
            const auto failed = co_await to->take_in(std::move(kept));
            of->reading_.ring();
            co_return failed;
        }
        sms::inbox* to = nullptr;
        messaging_part* of = nullptr;
    };

    void make_inbound(const messaging_parts& shared);
    void make_channels(const messaging_parts& shared, const link_factory& make_link);
    std::vector<text_link*> links() const;
    task<void> feed(std::size_t index);
    task<void> record();
    task<void> read_texts();
    void look_after(channel& one, sms::health now);

    std::string code_;
    spdlog::logger& log_;
    const bool& stopping_;
    executor on_;
    db::sqlite::outbox outbox_;
    db::sqlite::ledger_store ledger_;
    db::sqlite::member_registry registry_;
    db::sqlite::inbound_desk book_;
    std::shared_ptr<const service::organisation> shown_;
    late_inbox inbox_;
    std::deque<channel> channels_; ///< the dispatcher's, in its order
    /// Without texts: they have neither terms nor a bell's use.
    std::deque<channel> dialogue_links_;
    no_texts no_texts_;
    doorbell recording_;
    doorbell reading_;
    std::optional<service::inbound> inbound_;
    std::optional<service::dispatcher> dispatcher_; ///< after the links that it uses
    std::array<gauge, sms::message_classes> depths_;
    gauge submitting_;
    bool gives_up_ = false;
    std::vector<sms::heard_subscriber> heard_; ///< at most messaging::heard_max
};

} // namespace uthan::gateway
