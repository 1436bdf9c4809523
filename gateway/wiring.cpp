#include "gateway/wiring.hpp"

#include "db/memory/session_store.hpp"
#include "db/redis/session_store.hpp"
#include "db/secret_key_file.hpp"
#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/ledger_store.hpp"
#include "db/sqlite/member_registry.hpp"
#include "db/sqlite/outbox.hpp"
#include "db/sqlite/payment_desk.hpp"
#include "db/sqlite/published_generations.hpp"
#include "gateway/api/handler.hpp"
#include "gateway/links/africastalking.hpp"
#include "gateway/links/bdapps.hpp"
#include "gateway/links/http_screens.hpp"
#include "gateway/links/pushed_turns.hpp"
#include "gateway/links/smpp_dialogues.hpp"
#include "gateway/links/ussd_http.hpp"
#include "gateway/messaging.hpp"
#include "gateway/open_reader.hpp"
#include "gateway/part_metrics.hpp"
#include "gateway/poller.hpp"
#include "gateway/reload.hpp"
#include "gateway/request_clocks.hpp"
#include "gateway/ussd_channel.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <stdexcept>
#include <utility>

namespace uthan::gateway {
namespace {

[[noreturn]] void refuse_start(const std::string& what, const error_code& why) {
    if (why == errc::already_owned) {
        throw std::runtime_error{fmt::format("{}: another `uthan serve` owns this database", what)};
    }
    throw std::runtime_error{fmt::format("{}: {}", what, why.message())};
}

/// By organisation: under what its screens are counted.
using screen_directory = std::map<std::string, service::screen_names, std::less<>>;

/// By organisation: whether posted payments wait for a delivery.
using payments_directory =
    std::map<std::string, std::shared_ptr<db::sqlite::payments_presence>, std::less<>>;

/// Who dialled on a channel of one operator.
using heard_function = std::function<void(const channel_settings&, const address&)>;
/// By channel: those that carry USSD over SMPP.
using exchange_directory = std::map<std::string, std::unique_ptr<smpp_exchange>, std::less<>>;

/// What all shards share: constant, or safe for any thread.
struct shared_parts {
    const settings& from;
    const content& what;
    screen_directory& screens;
    const clock& time;
    random_source& random;
    const secret_key& key;
    db::sqlite::gateway_database& database;
    const db::sqlite::published_generations& published;
    db::memory::session_store* memory; ///< null when sessions live in Redis
    const std::shared_ptr<asio::ssl::context>& client_tls;
    const payments_directory& payments;
    const exchange_directory& exchanges;
    const std::function<void()>& wake; ///< when a message was accepted
    const heard_function& heard;
    spdlog::logger& log;
};

/// One organisation on one shard: its ledger, and a registry with its own PIN policy.
class organisation_part {
public:
    organisation_part(const shared_parts& shared, const organisation_settings& one,
                      sessions::store& store)
        : ledger_(shared.published.of(one.code),
                  std::make_unique<db::sqlite::payments_reader>(
                      one.code, open_reader(shared.database), shared.payments.at(one.code))),
          registry_(shared.database.writing(), open_reader(shared.database),
                    db::sqlite::pin_policies{{one.code, one.pin_policy}}),
          dialogues_(store, registry_, shared.time, shared.random, shared.key, {}) {}

    members::ledger& ledger() noexcept { return ledger_; }
    access::registry& registry() noexcept { return registry_; }
    service::dialogues& dialogues() noexcept { return dialogues_; }
    const service::dialogues& dialogues() const noexcept { return dialogues_; }

private:
    db::sqlite::ledger_store ledger_;
    db::sqlite::member_registry registry_;
    service::dialogues dialogues_;
};

/// What every channel shows from a moment on, in the order of the settings, for one shard.
std::vector<service::channel_snapshots::snapshot>
snapshots_of(const settings& from, const content& what, screen_directory& screens, instant since) {
    std::vector<service::channel_snapshots::snapshot> made;
    for (const auto& one : from.channels) {
        service::dialogue_channel next{one.name, what.organisations.at(one.organisation),
                                       form_of(one), since};
        for (const auto& [id, screen] : next.of->menu.screens()) {
            if (screen.index >= next.counted_as.size()) {
                next.counted_as.resize(screen.index + 1U, service::other_screens);
            }
            next.counted_as[screen.index] = screens[one.organisation].slot_of(id);
        }
        made.push_back(std::make_shared<const service::dialogue_channel>(std::move(next)));
    }
    return made;
}

/// A hop whose screen goes out by itself.
task<service::hop_result> counted_hop(ussd_channel& channel, sessions::inbound_turn turn,
                                      std::chrono::steady_clock::time_point received) {
    auto answering = channel.hop(std::move(turn));
    auto hop = co_await std::move(answering);
    channel.count(hop, received);
    co_return hop;
}

class product_shard final : public shard_backend {
public:
    product_shard(const shared_parts& shared, unsigned index, asio::io_context& context,
                  shard_metrics& metrics)
        : index_(index), on_(context.get_executor()), exceptions_(metrics.unhandled_exceptions),
          client_(on_, shared.client_tls, shared.from.outbound.limits),
          load_(std::make_shared<push_load>(shared.from.outbound.pushes_max,
                                            metrics.pushes_running)) {
        make_store(shared, context);
        for (const auto& one : shared.from.organisations) {
            add_organisation(shared, one);
        }
        const auto shown = snapshots_of(shared.from, shared.what, shared.screens, {});
        for (std::size_t i = 0; i < shared.from.channels.size(); ++i) {
            add_channel(shared, shared.from.channels[i], shown[i], metrics.channels[i]);
        }
        if (shared.from.opens_staff) {
            make_api(shared);
        }
    }

    /// Main thread. Hops that are under way and dialogues that began before keep what they have.
    void show(std::vector<service::channel_snapshots::snapshot> next) {
        asio::post(on_, [this, next = std::move(next)] {
            for (std::size_t i = 0; i < next.size(); ++i) {
                ussd_channels_[i]->add(next[i]);
                if (api_) {
                    api_->show(next[i]->of);
                }
            }
        });
    }

    channel_handler& channel(std::size_t index) override { return *channels_[index]; }
    http_handler* staff() override { return api_.get(); }

    void drain() override {
        for (auto* one : dialogues_) {
            one->close();
        }
    }
    bool busy() const override { return load_->running() > 0; }

    void stop() override {
        client_.stop();
        for (auto* one : dialogues_) {
            one->stop();
        }
        if (redis_) {
            redis_->stop();
        }
    }

    /// Any thread.
    const service::screen_counts& screens(const std::string& organisation) const {
        return parts_.at(organisation)->dialogues().screens();
    }
    /// Any thread.
    bool sessions_degraded() const noexcept {
        return redis_ && redis_->counters().ready.value() == 0;
    }
    void collect(metric_sink& into) const;

private:
    void make_store(const shared_parts& shared, asio::io_context& context) {
        if (shared.memory != nullptr) {
            store_ = shared.memory;
            return;
        }
        db::redis::connection_settings redis;
        redis.command_deadline = shared.from.sessions.redis_deadline;
        redis_ = std::make_unique<db::redis::connection>(
            context.get_executor(), shared.from.sessions.redis, redis, shared.random);
        redis_store_ = std::make_unique<db::redis::session_store>(*redis_);
        store_ = redis_store_.get();
        redis_->start();
    }

    void add_organisation(const shared_parts& shared, const organisation_settings& one) {
        parts_.emplace(one.code, std::make_unique<organisation_part>(shared, one, *store_));
    }

    /// For machines, where the staff listener is opened.
    void make_api(const shared_parts& shared) {
        const double rate = shared.from.staff_requests_per_second;
        const api::rate_limits limits{rate / shared.from.shards, std::max(rate, 1.0)};
        api_ = std::make_unique<api::handler>(
            api::key_ring{open_reader(shared.database), shared.key, limits}, api_metrics_);
        const auto* payments = &shared.payments;
        book_ = std::make_unique<db::sqlite::payment_desk>(
            shared.database.writing(), open_reader(shared.database),
            [payments](std::string_view organisation) {
                payments->find(organisation)->second->posted();
            });
        outbox_ = std::make_unique<db::sqlite::outbox>(shared.database.writing(),
                                                       open_reader(shared.database));
        const auto key = short_key_of(shared.key);
        for (const auto& one : shared.from.organisations) {
            auto& part = *parts_.at(one.code);
            api_->add(
                one.code,
                {shared.what.organisations.at(one.code),
                 std::make_unique<service::messages>(service::message_ports{
                     part.ledger(), part.registry(), *outbox_, shared.time, key, shared.wake}),
                 std::make_unique<service::payments>(service::payment_ports{
                     part.ledger(), part.registry(), *book_, shared.time, key, shared.wake})});
        }
    }

    void add_channel(const shared_parts& shared, const channel_settings& one,
                     service::channel_snapshots::snapshot shown, channel_metrics& metrics) {
        auto& part = *parts_.at(one.organisation);
        auto channel = std::make_unique<ussd_channel>(
            std::move(shown),
            std::set<std::string>{one.service_codes.begin(), one.service_codes.end()},
            part.ledger(), part.dialogues(), *store_, metrics);
        if (!one.network_operator.empty()) {
            channel->listen(
                [heard = shared.heard, of = &one](const address& who) { heard(*of, who); });
        }
        ussd_channels_.push_back(channel.get());
        channels_.push_back(make_handler(shared, one, std::move(channel)));
    }

    std::unique_ptr<channel_handler> make_handler(const shared_parts& shared,
                                                  const channel_settings& one,
                                                  std::unique_ptr<ussd_channel> channel) {
        const auto code = one.service_codes.empty() ? std::string{} : one.service_codes.front();
        if (const auto* as = std::get_if<bdapps_settings>(&one.link)) {
            auto turns = make_turns(shared, one, *channel, make_bdapps_format(*as));
            return std::make_unique<bdapps_link>(*as, code, std::move(channel), std::move(turns));
        }
        if (const auto* as = std::get_if<ussd_http_settings>(&one.link)) {
            std::unique_ptr<pushed_turns> turns;
            if (as->link.as.style == adapters::ussd_http::link_style::push) {
                turns = make_turns(shared, one, *channel, make_ussd_http_format(*as));
            }
            return std::make_unique<ussd_http_link>(*as, code, std::move(channel),
                                                    std::move(turns));
        }
        if (std::holds_alternative<smpp_link_settings>(one.link)) {
            return make_smpp(shared, one, std::move(channel));
        }
        return std::make_unique<africastalking_link>(std::move(channel));
    }

    std::unique_ptr<channel_handler> make_smpp(const shared_parts& shared,
                                               const channel_settings& one,
                                               std::unique_ptr<ussd_channel> channel) {
        const auto found = shared.exchanges.find(one.name);
        if (found == shared.exchanges.end()) {
            return std::make_unique<smpp_channel>(std::move(channel));
        }
        auto turns = make_turns(shared, one, *channel, nullptr);
        auto made =
            std::make_unique<smpp_dialogues>(on_, index_, *found->second, short_key_of(shared.key),
                                             std::move(channel), std::move(turns));
        dialogues_.push_back(made.get());
        // From the shard's own thread: it runs once all shards are made.
        asio::post(on_, [opened = made.get()] { opened->open(); });
        return made;
    }

    /// `format`: null where screens do not go out by HTTP.
    std::unique_ptr<pushed_turns> make_turns(const shared_parts& shared,
                                             const channel_settings& one, ussd_channel& channel,
                                             std::unique_ptr<push_format> format) {
        auto hop = [&channel](const sessions::inbound_turn& turn,
                              std::chrono::steady_clock::time_point received) {
            return counted_hop(channel, turn, received);
        };
        auto way = format == nullptr
                       ? nullptr
                       : std::make_unique<http_screens>(on_, client_, std::move(format),
                                                        channel.metrics().pushes);
        return std::make_unique<pushed_turns>(push_parts{.on = on_,
                                                         .channel = one.name,
                                                         .hop = std::move(hop),
                                                         .way = std::move(way),
                                                         .load = load_,
                                                         .metrics = channel.metrics(),
                                                         .exceptions = exceptions_,
                                                         .log = shared.log,
                                                         .budget = one.push_budget});
    }

    unsigned index_;
    executor on_;
    counter& exceptions_;
    http_client client_;
    std::shared_ptr<push_load> load_;
    std::unique_ptr<db::redis::connection> redis_;
    std::unique_ptr<db::redis::session_store> redis_store_;
    sessions::store* store_ = nullptr;
    std::map<std::string, std::unique_ptr<organisation_part>, std::less<>> parts_;
    api::api_metrics api_metrics_;
    std::unique_ptr<db::sqlite::payment_desk> book_;
    std::unique_ptr<db::sqlite::outbox> outbox_;
    std::unique_ptr<api::handler> api_; ///< null where the staff listener is not opened
    std::vector<std::unique_ptr<channel_handler>> channels_;
    std::vector<ussd_channel*> ussd_channels_; ///< the handlers', in the same order
    std::vector<smpp_dialogues*> dialogues_;   ///< among the handlers
};

void product_shard::collect(metric_sink& into) const {
    collect_outbound(client_.counters(), into);
    if (api_) {
        api::collect_api(api_metrics_, into);
    }
    if (redis_) {
        collect_redis(redis_->counters(), redis_store_->counters(), into);
    }
    into.gauge("uthan_sessions_degraded", "Shards whose session store does not answer.", {},
               sessions_degraded() ? 1 : 0);
    for (const auto& [code, part] : parts_) {
        collect_dialogues(part->dialogues().counters(), code, into);
    }
}

class product final : public backend {
public:
    product(const settings& from, content what, logs& log)
        : from_(from), what_(std::move(what)), log_(log),
          client_tls_(make_client_tls(from.outbound.ca_file)),
          key_(db::load_or_create_secret_key(from.pin_key_file, random_)) {
        open_database();
        open_ledgers();
        if (from.sessions.store == session_store_kind::memory) {
            memory_ = std::make_unique<db::memory::session_store>(time_, from.sessions.entries_max);
        }
        reloads_.loaded(time_.now());
        for (const auto& one : from.organisations) {
            screens_[one.code];
            payments_[one.code] = std::make_shared<db::sqlite::payments_presence>();
        }
        payments_looker_ =
            std::make_unique<db::sqlite::prepared_connection>(open_reader(*database_));
        polling_ = std::make_unique<poller>([this] { refresh(); });
        const request_clock_parts clocks{from_, *database_,  *published_,
                                         time_, clock_loop_, log_.logger()};
        clocks_ = std::make_unique<request_clocks>(clocks, what_);
        start_messaging();
    }

    std::unique_ptr<shard_backend> make_shard(unsigned index, asio::io_context& context,
                                              shard_metrics& metrics) override {
        const shared_parts shared{from_,     what_,      screens_,    time_,         random_,
                                  key_,      *database_, *published_, memory_.get(), client_tls_,
                                  payments_, exchanges_, wake_,       heard_,        log_.logger()};
        auto made = std::make_unique<product_shard>(shared, index, context, metrics);
        shards_.push_back(made.get());
        return made;
    }

    bool databases_answer() override {
        return health_ && health_->scalar("SELECT count(*) FROM sqlite_schema").has_value();
    }

    std::vector<std::string> degraded() override {
        std::vector<std::string> parts;
        for (const auto* one : shards_) {
            if (one->sessions_degraded()) {
                parts.emplace_back("sessions");
                break;
            }
        }
        for (const auto& channel : messaging_->stopped_channels()) {
            parts.push_back("channel " + channel);
        }
        for (const auto& one : from_.organisations) {
            const auto generation = published_->of(one.code);
            if (generation->number == 0 || generation->problem.load() != errc{}) {
                parts.push_back(fmt::format("ledger {}", one.code));
            }
        }
        return parts;
    }

    void collect(metric_sink& into) override {
        collect_writer(database_->writing().metrics(), into);
        collect_reloads(reloads_, time_.now(), into);
        if (clocks_) {
            clocks_->collect(into);
        }
        if (messaging_) {
            messaging_->collect(into);
        }
        for (const auto* one : shards_) {
            one->collect(into);
        }
        for (const auto& one : from_.organisations) {
            collect_screens_of(one.code, into);
            into.gauge("uthan_ledger_generation", "The number of the published generation.",
                       {{"organisation", one.code}}, published_->of(one.code)->number);
        }
    }

    bool reload() override {
        auto loaded = reload_content(from_, process_environment(), log_.logger());
        reloads_.last_refused.set(loaded ? 0 : 1);
        if (!loaded) {
            reloads_.refused.add();
            return false;
        }
        what_ = std::move(loaded->what);
        clocks_->show(what_);
        messaging_->show(std::move(loaded->now));
        messaging_->show(what_);
        const auto now = time_.now();
        for (auto* one : shards_) {
            one->show(snapshots_of(from_, what_, screens_, comes_into_force(now)));
        }
        reloads_.done.add();
        reloads_.loaded(now);
        return true;
    }

    void stop() override {
        polling_.reset();
        clocks_.reset();
        messaging_.reset();
        shards_.clear();
        database_->writing().stop();
    }

private:
    void open_database() {
        auto opened = db::sqlite::gateway_database::open(from_.database.gateway);
        if (!opened) {
            refuse_start(from_.database.gateway, opened.error());
        }
        database_ = std::move(*opened);
        auto beside = db::sqlite::open_beside(from_.database.gateway);
        if (!beside) {
            refuse_start(from_.database.gateway, beside.error());
        }
        const auto belongs = db::sqlite::key_belongs(*beside, key_);
        if (!belongs) {
            refuse_start(from_.database.gateway, belongs.error());
        }
        if (!*belongs) {
            throw std::runtime_error{
                fmt::format("{}: this is not the key that the PINs in {} were made with",
                            from_.pin_key_file, from_.database.gateway)};
        }
        auto reader = db::sqlite::open_reader(from_.database.gateway);
        if (!reader) {
            refuse_start(from_.database.gateway, reader.error());
        }
        health_ = std::make_unique<db::sqlite::connection>(std::move(*reader));
    }

    void start_messaging() {
        const messaging_parts parts{from_, *database_, *published_,     payments_,    what_,
                                    key_,  time_,      messaging_loop_, log_.logger()};
        messaging_ =
            std::make_unique<messaging>(parts, [this](const channel_settings& of, sms::inbox& in) {
                return make_link(of, in);
            });
    }

    std::unique_ptr<text_link> make_link(const channel_settings& of, sms::inbox& in) {
        const auto& as = std::get<smpp_link_settings>(of.link);
        const auto on = messaging_loop_.get_executor();
        auto& metrics = smpp_metrics_.emplace_back();
        smpp_link_ports ports{
            on, in, time_, random_, client_tls_, log_.logger(), metrics, short_key_of(key_)};
        if (!as.ussd) {
            return std::make_unique<smpp_link>(as, std::move(ports));
        }
        auto& exchange = exchanges_[of.name];
        exchange = std::make_unique<smpp_exchange>(as, of.service_codes, from_.shards,
                                                   from_.outbound.pushes_max, random_);
        return exchange->make_link(std::move(ports));
    }

    void open_ledgers() {
        std::vector<std::string> codes;
        for (const auto& one : from_.organisations) {
            codes.push_back(one.code);
        }
        auto opened = db::sqlite::published_generations::open(from_.database.gateway,
                                                              from_.database.ledger, codes);
        if (!opened) {
            refuse_start(from_.database.ledger, opened.error());
        }
        published_ = std::move(*opened);
        if (const auto failed = published_->refresh()) {
            refuse_start(from_.database.gateway, failed);
        }
        report_ledgers();
    }

    void collect_screens_of(const std::string& organisation, metric_sink& into) const {
        std::vector<const service::screen_counts*> counts;
        for (const auto* one : shards_) {
            counts.push_back(&one->screens(organisation));
        }
        collect_screens(organisation, screens_.at(organisation).all(), counts, time_.now(), into);
    }

    void refresh() {
        if (const auto failed = published_->refresh()) {
            log_.logger().warn("event=generation_poll_failed reason=\"{}\"", failed.message());
        }
        report_ledgers();
        look_for_payments();
    }

    /// After the generations: whoever finds none waiting reads the generation that holds them.
    void look_for_payments() {
        for (auto& [organisation, presence] : payments_) {
            const auto before = presence->before_look();
            const auto any = db::sqlite::any_payments(*payments_looker_, organisation);
            if (any.has_value()) {
                presence->looked(before, *any);
            }
        }
    }

    /// Once for each published generation that cannot be read.
    void report_ledgers() {
        for (const auto& one : from_.organisations) {
            const auto generation = published_->of(one.code);
            const auto number = generation->number.load();
            const auto problem = generation->problem.load();
            if (std::exchange(reported_[one.code], number) == number || problem == errc{}) {
                continue;
            }
            log_.logger().error("event=generation_unreadable organisation={} number={} "
                                "reason=\"{}\"",
                                one.code, number, make_error_code(problem).message());
        }
    }

    const settings& from_;
    screen_directory screens_; ///< one for each organisation from the start
    content what_;             ///< main thread: what new dialogues are shown
    reload_metrics reloads_;
    std::map<std::string, std::uint32_t> reported_; ///< the generations that were looked at
    logs& log_;
    const system_clock time_;
    secure_random random_;
    const std::shared_ptr<asio::ssl::context> client_tls_;
    const secret_key key_;
    asio::io_context clock_loop_{1};     ///< outlives the writer, which posts to it
    asio::io_context messaging_loop_{1}; ///< likewise
    std::unique_ptr<db::sqlite::gateway_database> database_;
    std::unique_ptr<db::sqlite::published_generations> published_;
    std::unique_ptr<db::sqlite::connection> health_; ///< control thread
    /// While a shard may call it, the messaging is there.
    const std::function<void()> wake_ = [this] { messaging_->wake(); };
    const heard_function heard_ = [this](const channel_settings& on, const address& who) {
        messaging_->heard(on.organisation, on.name, who);
    };
    payments_directory payments_; ///< one for each organisation from the start
    std::unique_ptr<db::sqlite::prepared_connection> payments_looker_; ///< the poller's thread
    std::unique_ptr<db::memory::session_store> memory_;
    std::vector<product_shard*> shards_; ///< owned by the application's shards
    std::unique_ptr<request_clocks> clocks_;
    std::deque<smpp_link_metrics> smpp_metrics_; ///< one for each SMPP channel
    exchange_directory exchanges_;
    std::unique_ptr<messaging> messaging_;
    std::unique_ptr<poller> polling_; ///< last: stops first
};

} // namespace

std::unique_ptr<backend> make_backend(const settings& from, content what, logs& log) {
    return std::make_unique<product>(from, std::move(what), log);
}

} // namespace uthan::gateway
