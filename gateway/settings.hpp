#pragma once

#include "access/record.hpp"
#include "adapters/bdapps/ussd.hpp"
#include "adapters/ussd_http/ussd.hpp"
#include "core/zone.hpp"
#include "db/redis/endpoint.hpp"
#include "gateway/http/server.hpp"
#include "gateway/links/http_client.hpp"
#include "gateway/links/smpp_link.hpp"
#include "gateway/networks.hpp"
#include "members/facts.hpp"
#include "members/rules.hpp"
#include "sms/verdict.hpp"
#include "texts/catalog.hpp"
#include "texts/rendering.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What an operator configures (docs/configuration.md): one TOML file for the process and one per
// organisation. Immutable once loaded. Relative paths are read from the working directory.
namespace uthan::gateway {

struct listener_settings {
    asio::ip::tcp::endpoint at;
    std::vector<network> trusted_proxies;
    /// PEM files; both or neither. With them the listener speaks HTTPS only.
    std::string tls_certificate;
    std::string tls_key;
    http_limits limits;
};

struct database_settings {
    std::string ledger = "var/ledger/"; ///< a directory of generation files
    std::string gateway = "var/gateway.db";
};

enum class session_store_kind : std::uint8_t { redis, memory };

struct session_settings {
    session_store_kind store = session_store_kind::redis;
    db::redis::endpoint redis;
    std::chrono::milliseconds redis_deadline{300};
    /// Of the memory store: dialogues that it holds at most.
    std::uint32_t entries_max = 20'000;
    /// How long a dropped dialogue can be taken up again.
    std::chrono::seconds time_to_live{600};
};

struct log_settings {
    std::string level = "info"; ///< debug, info, warn or error
    std::string file;           ///< empty: standard error
    std::uint32_t queue_max = 8192;
};

/// Where the data of screens are.
struct content_settings {
    std::string organisations = "config/organisations";
    std::string menus = "config/menus";
    std::string texts = "config/texts";
    std::string keywords = "config/keywords.toml"; ///< of members' text messages
};

/// Requests of our own to aggregators; of each shard.
struct outbound_settings {
    std::string ca_file; ///< PEM, beside the system's trust store; empty: none
    outbound_limits limits;
    /// Turns that were acknowledged and whose screen is not out yet; more are dropped.
    std::uint32_t pushes_max = 2048;
};

/// `adapter = "bdapps"`.
struct bdapps_settings {
    std::string send_url;
    adapters::bdapps::credentials as; ///< the password is a secret
    adapters::bdapps::addresses given = adapters::bdapps::addresses::numbers_or_masks;
};

/// `adapter = "ussd_http"`.
struct ussd_http_settings {
    adapters::ussd_http::prepared_link link;
    adapters::ussd_http::credentials as; ///< the api_key is a secret
};

struct channel_settings {
    std::string name; ///< its path: /channels/<name>/…
    std::string adapter;
    std::string organisation;
    std::vector<std::string> service_codes;
    std::string network_operator; ///< empty: any
    texts::rendering ussd_rendering = texts::rendering::bn;
    /// UCS-2 units that a screen may have; twice as many octets.
    std::uint32_t screen_units = 80;
    std::vector<network> allow_from; ///< empty: any source
    std::uint32_t tps = 50;          ///< segments per second
    /// The adapter's own keys as they were said. `api_key` and `password` are secrets.
    std::map<std::string, std::string> adapter_keys;
    std::map<std::string, std::vector<std::string>> adapter_lists;
    /// What they come to; nothing for Africa's Talking.
    std::variant<std::monostate, bdapps_settings, ussd_http_settings, smpp_link_settings> link;
    /// From a turn's first byte to its screen's last, where screens are pushed.
    std::chrono::milliseconds push_budget{10'000};
    /// What the dispatcher knows of it; none: it carries no text messages.
    std::optional<sms::channel_terms> texts;
    texts::position at; ///< of its table, for problems found later
};

/// An organisation's rules for its text messages.
struct message_settings {
    sms::quiet_rules quiet;
    sms::budget limit; ///< of a month
    sms::class_caps most = sms::default_caps();
};

enum class pin_enrolment : std::uint8_t {
    self,     ///< she chooses one on her first dial
    passbook, ///< the passbook number's last four digits first
    slip      ///< a one-time PIN from the branch first
};

/// A word of the organisation in the three renderings.
using organisation_word = std::array<std::string, 3>;

struct organisation_settings {
    std::string code;
    members::label name;
    std::string zone_name = "Asia/Dhaka";
    /// What members may choose from; the first is for those whose file row says nothing.
    std::vector<members::written_language> languages;
    std::string service_code; ///< as texts write it: "*384*2#"
    std::string help_phone;   ///< said where an office has no phone of its own
    /// By placeholder name (texts/catalog.hpp); only placeholders of kind name, place and word.
    std::map<std::string, organisation_word, std::less<>> words;
    /// A directory of texts that replace the common ones; empty: none.
    std::string texts;
    std::string menu = "standard.toml"; ///< in content_settings::menus
    std::string staff_menu;             ///< likewise; empty: staff have none on their own phones
    pin_enrolment enrolment = pin_enrolment::slip;
    /// Answers (menus/graph.hpp) that need the PIN.
    std::vector<std::string> pin_tiers{"due", "statement", "savings", "loan", "eligibility"};
    access::pin_policy pin_policy;
    /// From which a number that an import changed may become a member's.
    std::chrono::hours number_cool_off{24 * 7};
    members::organisation_rules rules;
    message_settings messages;
    /// Of a file's rows, in basis points; more bad ones refuse the delivery.
    std::uint32_t bad_rows_max_bp = 100;
    std::string file;
};

struct settings {
    std::string file;
    listener_settings public_listener;
    /// The API's; opened where the file has its table.
    listener_settings staff_listener;
    bool opens_staff = false;
    /// Of one API key, over all shards; 0: any number.
    std::uint32_t staff_requests_per_second = 1000;
    listener_settings admin_listener;
    std::uint32_t shards = 1;
    database_settings database;
    session_settings sessions;
    std::string pin_key_file = "var/pin.key";
    log_settings log;
    outbound_settings outbound;
    content_settings content;
    std::vector<organisation_settings> organisations;
    std::vector<channel_settings> channels;
    /// Which operator numbers were given out by (`[[operators]]`).
    std::vector<sms::operator_prefix> operator_prefixes;

    const organisation_settings* find_organisation(std::string_view code) const noexcept;
};

/// Reads a variable of the environment; null when it is not set.
using environment = std::function<const char*(const char*)>;
environment process_environment();

/// Reads and checks everything; every problem is appended, and what is returned then is for
/// nobody's use. From the environment come secrets alone: UTHAN_REDIS_PASSWORD,
/// UTHAN_CHANNEL_<NAME>_API_KEY and UTHAN_CHANNEL_<NAME>_PASSWORD (the channel's name in capitals,
/// '_' for '-').
settings load_settings(const std::filesystem::path& file, const environment& from,
                       std::vector<texts::problem>& problems);

/// One organisation's file.
organisation_settings load_organisation(const std::filesystem::path& file, std::string code,
                                        std::vector<texts::problem>& problems);

/// What is in force, as TOML, with secrets as "***".
std::string to_string(const settings& s);

} // namespace uthan::gateway
