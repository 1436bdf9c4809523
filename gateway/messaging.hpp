#pragma once

#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/payment_desk.hpp"
#include "db/sqlite/published_generations.hpp"
#include "gateway/content.hpp"
#include "gateway/links/text_link.hpp"
#include "gateway/metrics.hpp"
#include "gateway/settings.hpp"

#include <boost/asio/io_context.hpp>
#include <spdlog/logger.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace uthan::gateway {

/// What text messages are sent with; all of it outlives them.
struct messaging_parts {
    const settings& from;
    db::sqlite::gateway_database& database;
    const db::sqlite::published_generations& published;
    const std::map<std::string, std::shared_ptr<db::sqlite::payments_presence>, std::less<>>&
        payments;
    const content& what; ///< at the start; later ones are shown
    const secret_key& key;
    const clock& time;
    asio::io_context& loop; ///< run by the messaging thread alone; outlives the database's writer
    spdlog::logger& log;
};

/// The link of a channel that carries texts, or dialogues by PDUs. `in`: where receipts and texts
/// are stored.
using link_factory =
    std::function<std::unique_ptr<text_link>(const channel_settings& of, sms::inbox& in)>;

/// Every organisation's dispatcher, the links of its channels – of dialogues alone too, of which no
/// dispatcher knows – and the reader of what subscribers write, on a thread of their own. Made,
/// stopped and destroyed on one thread; destroyed before the database.
class messaging {
public:
    /// Starts: first what a crash left behind is settled, then the links connect. Throws
    /// std::runtime_error when the database cannot be read (start-up only).
    messaging(const messaging_parts& parts, const link_factory& make_link);
    /// Drains: nothing more is claimed, what is under way gets drain_limit, what was reported is
    /// stored.
    ~messaging();
    messaging(const messaging&) = delete;
    messaging& operator=(const messaging&) = delete;

    /// What texts from subscribers are answered with from now on. Any thread.
    void show(const content& what);
    /// Something may be due. Any thread; cheap.
    void wake();
    /// A subscriber dialled on this channel, whose operator therefore serves the number. Any
    /// thread; cheap. What is heard faster than it is stored is passed over.
    void heard(const std::string& organisation, const std::string& channel, const address& who);
    /// From now on: the organisations' rules for messages, and of channels what a contract may
    /// change meanwhile (operator, price, speed, window). Organisations and channels that do not
    /// run are passed over. Any thread.
    void show(std::shared_ptr<const settings> next);
    /// Channels that an operator must look after: credentials refused. Any thread.
    std::vector<std::string> stopped_channels() const;
    /// Any thread.
    void collect(metric_sink& into) const;

    static constexpr std::chrono::seconds drain_limit{8};
    /// Numbers of an organisation that were heard and are not stored.
    static constexpr std::size_t heard_max = 4096;

private:
    struct inside;

    std::unique_ptr<inside> inside_;
};

} // namespace uthan::gateway
