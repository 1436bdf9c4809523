#include "gateway/reload.hpp"
#include "gateway/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace uthan::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view good_organisation = R"(zone = "Asia/Dhaka"
weekly_holidays = [5]
eligibility_product = "P"
[name]
bn = "ক"
en = "K"
[pin]
enrolment = "passbook"
tiers = ["due"]
tries_max = 4
lock_minutes = 60
[import]
bad_rows_max_percent = 0.5
[groups]
members_min = 20
[[products]]
code = "P"
effective_from = 2020-01-01
principal_min = 5_000
principal_max = "50000.50"
charge_percent = 12.5
method = "flat"
instalments = 46
period = "weekly"
assumed = ["charge_percent"]
)";

class Settings : public ::testing::Test {
protected:
    Settings() {
        std::string name = (std::filesystem::temp_directory_path() / "uthan-settings-XXXXXX");
        directory_ = ::mkdtemp(name.data());
        std::filesystem::create_directory(directory_ / "organisations");
        organisation(good_organisation);
    }
    ~Settings() override { std::filesystem::remove_all(directory_); }

    void organisation(std::string_view text) {
        std::ofstream(directory_ / "organisations" / "k.toml") << text;
    }
    /// The settings of this text with [content] in front; positions count from the text's line 1.
    settings load(std::string_view text) {
        const auto file = directory_ / "uthan.toml";
        std::ofstream(file) << text << "\n[content]\norganisations = \""
                            << (directory_ / "organisations").string() << "\"\n";
        problems.clear();
        const environment from = [this](const char* name) -> const char* {
            const auto found = variables.find(name);
            return found == variables.end() ? nullptr : found->second.c_str();
        };
        return load_settings(file, from, problems);
    }
    /// "line:column: message" of each problem, without its file.
    std::vector<std::string> said() const {
        std::vector<std::string> lines;
        for (const texts::problem& problem : problems) {
            lines.push_back(std::to_string(problem.at.line) + ":" +
                            std::to_string(problem.at.column) + ": " + problem.message);
        }
        return lines;
    }

    std::filesystem::path directory_;
    std::vector<texts::problem> problems;
    std::map<std::string, std::string> variables;
};

constexpr std::string_view smallest = R"([[organisations]]
code = "k"
[[channels]]
name = "at-k"
adapter = "africastalking"
organisation = "k"
)";

TEST_F(Settings, HaveDefaultsForWhatIsNotSaid) {
    const settings s = load(smallest);
    EXPECT_THAT(said(), IsEmpty());
    EXPECT_EQ(s.public_listener.at.port(), 8080);
    EXPECT_TRUE(s.public_listener.at.address().is_loopback());
    EXPECT_EQ(s.admin_listener.at.port(), 8082);
    EXPECT_EQ(s.database.gateway, "var/gateway.db");
    EXPECT_EQ(s.sessions.store, session_store_kind::redis);
    EXPECT_EQ(s.sessions.redis.path, "/run/redis/redis.sock");
    EXPECT_GE(s.shards, 1U);
    ASSERT_EQ(s.channels.size(), 1U);
    EXPECT_EQ(s.channels[0].screen_units, 80U);
    EXPECT_EQ(s.channels[0].ussd_rendering, texts::rendering::bn);
}

TEST_F(Settings, ReadEverythingThatIsSaid) {
    const settings s = load(std::string(R"([public]
listen = "[::1]:9000"
trusted_proxies = ["10.0.0.0/8", "127.0.0.1"]
shards = 3
body_bytes_max = 4096
connections_max = 7
idle_timeout_s = 5
request_timeout_s = 2
[database]
ledger = "sqlite:/l/"
gateway = "sqlite:/g.db"
[sessions]
store = "memory"
redis = "tcp://127.0.0.1:6400/3"
redis_deadline_ms = 50
time_to_live_s = 120
[secrets]
pin_key_file = "/k"
[log]
level = "warn"
)") + std::string(smallest) +
                            R"(service_codes = ["*384*2#", "*16412#"]
operator = "47001"
ussd_rendering = "en"
screen_units = 60
allow_from = ["192.0.2.0/24"]
tps = 10
)");
    EXPECT_THAT(said(), IsEmpty());
    EXPECT_TRUE(s.public_listener.at.address().is_v6());
    EXPECT_EQ(s.public_listener.at.port(), 9000);
    EXPECT_EQ(s.public_listener.trusted_proxies.size(), 2U);
    EXPECT_EQ(s.shards, 3U);
    EXPECT_EQ(s.public_listener.limits.body_bytes_max, 4096U);
    EXPECT_EQ(s.public_listener.limits.idle_timeout.count(), 5000);
    EXPECT_EQ(s.public_listener.limits.request_timeout.count(), 2000);
    EXPECT_EQ(s.sessions.store, session_store_kind::memory);
    EXPECT_EQ(s.sessions.redis.port, 6400);
    EXPECT_EQ(s.sessions.redis.database, 3U);
    EXPECT_EQ(s.sessions.redis_deadline.count(), 50);
    EXPECT_EQ(s.pin_key_file, "/k");
    EXPECT_EQ(s.channels[0].service_codes.size(), 2U);
    EXPECT_EQ(s.channels[0].ussd_rendering, texts::rendering::en);
    EXPECT_EQ(s.channels[0].allow_from[0].to_string(), "192.0.2.0/24");
}

TEST_F(Settings, ReadAnOrganisation) {
    const settings s = load(smallest);
    const organisation_settings* k = s.find_organisation("k");
    ASSERT_NE(k, nullptr);
    EXPECT_EQ(k->enrolment, pin_enrolment::passbook);
    EXPECT_THAT(k->pin_tiers, ElementsAre("due"));
    EXPECT_EQ(k->pin_policy.tries_max, 4U);
    EXPECT_EQ(k->pin_policy.lock_for.count(), 60);
    EXPECT_EQ(k->bad_rows_max_bp, 50U);
    EXPECT_EQ(k->rules.groups.members_min, 20U);
    ASSERT_EQ(k->rules.products.size(), 1U);
    const auto& product = k->rules.products[0];
    EXPECT_EQ(product.principal_min, money::taka(5000));
    EXPECT_EQ(product.principal_max, (money{5'000'050}));
    EXPECT_EQ(product.charge_bp, 1250U);
    EXPECT_EQ(to_iso(product.effective_from), "2020-01-01");
}

TEST_F(Settings, NameEveryProblemWithItsPlace) {
    struct row {
        std::string_view label;
        std::string text;
        std::string problem;
    };
    const std::string tail(smallest);
    const row rows[] = {
        {"syntax", "a = \n", "1:5: "},
        {"unknown table", "[publik]\n" + tail, "1:2: configuration: unknown key \"publik\""},
        {"unknown key", "[public]\nlisen = 1\n" + tail, "2:1: [public]: unknown key \"lisen\""},
        {"a name for an address", "[public]\nlisten = \"localhost:80\"\n" + tail,
         "2:10: [public] listen: must be a numeric address"},
        {"no port", "[public]\nlisten = \"127.0.0.1\"\n" + tail, "2:10: [public] listen"},
        {"a port too large", "[public]\nlisten = \"127.0.0.1:70000\"\n" + tail,
         "2:10: [public] listen"},
        {"wrong type", "[public]\nshards = \"two\"\n" + tail,
         "2:10: [public] shards: must be a whole number from 1 to 64"},
        {"out of range", "[public]\nshards = 0\n" + tail, "2:10: [public] shards"},
        {"no network", "[public]\ntrusted_proxies = [\"10.0.0.1/8\"]\n" + tail,
         "2:19: [public] trusted_proxies: \"10.0.0.1/8\" is no address or network"},
        {"half of TLS", "[public]\ntls_key = \"k.pem\"\n" + tail, "2:11: [public] tls_key"},
        {"another database", "[database]\ngateway = \"postgres:x\"\n" + tail,
         "2:11: [database] gateway: must be \"sqlite:\" and a path"},
        {"another store", "[sessions]\nstore = \"disk\"\n" + tail,
         "2:9: [sessions] store: \"disk\" is none of: redis, memory"},
        {"no Redis", "[sessions]\nredis = \"http://x\"\n" + tail, "2:9: [sessions] redis"},
        {"a table that is none", "public = 1\n" + tail,
         "1:10: configuration public: must be a table"},
        {"no organisations", "[log]\n", "there are no [[organisations]]"},
        {"organisation twice", "[[organisations]]\ncode = \"k\"\n" + tail,
         "4:8: [[organisations]] code: \"k\" is there twice"},
        {"a path for a code", "[[organisations]]\ncode = \"../k\"\n",
         "2:8: [[organisations]] code"},
        {"channel's unknown key", tail + "colour = 1\n",
         "7:1: [[channels]]: unknown key \"colour\""},
        {"an adapter of another version",
         "[[organisations]]\ncode = \"k\"\n[[channels]]\nname = "
         "\"x\"\nadapter = \"kannel\"\norganisation = \"k\"\n",
         "5:11: [[channels]] adapter: \"kannel\" is not an adapter of this version"},
        {"nobody's channel",
         "[[organisations]]\ncode = \"k\"\n[[channels]]\nname = "
         "\"x\"\nadapter = \"africastalking\"\norganisation = \"z\"\n",
         "6:16: [[channels]] organisation: no [[organisations]] has the code \"z\""},
        {"a channel without name",
         "[[organisations]]\ncode = \"k\"\n[[channels]]\nadapter = "
         "\"africastalking\"\norganisation = \"k\"\n",
         "3:1: [[channels]] needs name"},
        {"a code that nobody dials", tail + "service_codes = [\"384\"]\n",
         "7:17: [[channels]] service_codes: \"384\" is not dialled"},
        {"a screen too large", tail + "screen_units = 200\n", "7:16: [[channels]] screen_units"},
        {"a rendering that is none", tail + "ussd_rendering = \"fr\"\n",
         "7:18: [[channels]] ussd_rendering"},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.label);
        load(r.text);
        EXPECT_THAT(said(), ::testing::Contains(HasSubstr(r.problem)));
    }
}

TEST_F(Settings, AnSmppChannelCarriesTexts) {
    const auto loaded = load("[[organisations]]\ncode = \"k\"\n[[channels]]\nname = \"s\"\n"
                             "adapter = \"smpp\"\norganisation = \"k\"\nhost = \"127.0.0.1\"\n"
                             "system_id = \"u\"\npassword = \"secret12\"\nsender = \"KMSS\"\n"
                             "window = 50\nconcatenation = \"udh16\"\nreceipts = \"submit_only\"\n"
                             "price_per_segment = \"0.35\"\ntps = 20\n"
                             "throttle_statuses = [1025]\nno_money_statuses = [1026]\n");
    EXPECT_THAT(said(), ::testing::Each(::testing::Not(HasSubstr("[[channels]]"))));
    const auto& channel = loaded.channels.at(0);
    ASSERT_TRUE(channel.texts);
    EXPECT_EQ(channel.texts->tps, 20U);
    EXPECT_EQ(channel.texts->price_per_segment, (money{35}));
    const auto& link = std::get<smpp_link_settings>(channel.link);
    EXPECT_EQ(link.account, "s");
    EXPECT_EQ(link.session.window, 50U);
    EXPECT_FALSE(link.text.asks_receipt);
    EXPECT_EQ(link.text.sender_ton, 5U);
    EXPECT_EQ(link.classes.of(1025), adapters::smpp::status_class::throttle);
    EXPECT_EQ(link.classes.of(1026), adapters::smpp::status_class::no_money);
    const auto shown = to_string(loaded);
    EXPECT_THAT(shown, HasSubstr("window = 50"));
    EXPECT_THAT(shown, ::testing::Not(HasSubstr("secret12")));
}

TEST_F(Settings, CapsHaveDefaultsAndAreRead) {
    const auto cap_of = [](const settings& s, sms::message_class of) {
        return s.organisations.at(0).messages.most[static_cast<std::size_t>(of)];
    };
    const auto plain = load(smallest);
    EXPECT_EQ(cap_of(plain, sms::message_class::reminder),
              (sms::class_cap{.per_day = 2, .per_week = 6}));
    EXPECT_EQ(cap_of(plain, sms::message_class::receipt), sms::class_cap{});
    organisation(std::string(good_organisation) +
                 "\n[messages]\nreminders_per_day = 5\nreminders_per_week = 0\n"
                 "answers_per_day = 30\n");
    const auto other = load(smallest);
    EXPECT_THAT(said(), IsEmpty());
    EXPECT_EQ(cap_of(other, sms::message_class::reminder), (sms::class_cap{.per_day = 5}));
    EXPECT_EQ(cap_of(other, sms::message_class::answer), (sms::class_cap{.per_day = 30}));
    EXPECT_EQ(cap_of(other, sms::message_class::broadcast),
              (sms::class_cap{.per_day = 1, .per_week = 3}));
}

TEST_F(Settings, OperatorsHavePrefixes) {
    const auto good = load(std::string(smallest) +
                           "[[operators]]\nname = \"gp\"\nprefixes = [\"017\", \"88013\"]\n"
                           "[[operators]]\nname = \"robi\"\nprefixes = [\"018\"]\n");
    EXPECT_THAT(said(), IsEmpty());
    EXPECT_THAT(good.operator_prefixes, ElementsAre(sms::operator_prefix{"88017", "gp"},
                                                    sms::operator_prefix{"88013", "gp"},
                                                    sms::operator_prefix{"88018", "robi"}));
    for (const auto* const bad :
         {"\"17\"", "\"0\"", "\"+88017\"", "\"01x\"", "\"017\", \"88017\""}) {
        load(std::string(smallest) + "[[operators]]\nname = \"gp\"\nprefixes = [" + bad + "]\n");
        EXPECT_THAT(said(), ::testing::Contains(HasSubstr("[[operators]] prefixes"))) << bad;
    }
}

TEST_F(Settings, WhatAReloadDoesNotTakeOverIsNamed) {
    const std::string before = "[[organisations]]\ncode = \"k\"\n[[channels]]\nname = \"s\"\n"
                               "adapter = \"smpp\"\norganisation = \"k\"\nhost = \"127.0.0.1\"\n"
                               "system_id = \"u\"\nsender = \"KMSS\"\n";
    const auto now = load(before + "password = \"one\"\nthrottle_statuses = [1025]\nport = 2775\n");
    EXPECT_THAT(waiting_for_restart(now, now), IsEmpty());
    const auto file = load("[log]\nlevel = \"warn\"\n" + before +
                           "password = \"two\"\nthrottle_statuses = [1026]\nport = 2776\n");
    const auto changed = waiting_for_restart(now, file);
    EXPECT_EQ(changed, (std::map<std::string, std::set<std::string>>{
                           {"log", {"level"}}, {"channels s", {"password", "port", "statuses"}}}));
}

TEST_F(Settings, AnSmppChannelNeedsItsPeerAndASenderThatPhonesShow) {
    load("[[organisations]]\ncode = \"k\"\n[[channels]]\nname = \"s\"\nadapter = \"smpp\"\n"
         "organisation = \"k\"\nsender = \"\u09ae\u09be\"\npassword = \"longer than 8\"\n");
    EXPECT_THAT(said(), ::testing::Contains(HasSubstr("needs host")));
    EXPECT_THAT(said(), ::testing::Contains(HasSubstr("needs system_id")));
    EXPECT_THAT(said(), ::testing::Contains(HasSubstr("[[channels]] sender")));
    EXPECT_THAT(said(), ::testing::Contains(HasSubstr("[[channels]] password")));
}

TEST_F(Settings, NameTheProblemsOfAnOrganisation) {
    struct row {
        std::string_view label;
        std::string_view from;
        std::string_view to;
        std::string problem;
    };
    const row rows[] = {
        {"unknown zone", "Asia/Dhaka", "Asia/Daka", "1:8: k zone: the system knows no time zone"},
        {"unknown key", "[import]", "[imports]", "k: unknown key \"imports\""},
        {"no such product", "product = \"P\"", "product = \"Q\"",
         "3:23: k eligibility_product: no [[products]] has this code"},
        {"no such screen", "[\"due\"]", "[\"dues\"]", "9:9: [pin] tiers: no screen shows \"dues\""},
        {"no such way", "passbook", "phone", "8:13: [pin] enrolment"},
        {"a weekday too many", "[5]", "[8]", "2:19: k weekly_holidays"},
        {"a part of a percent", "= 0.5", "= 0.505", "13:24: [import] bad_rows_max_percent"},
        {"no day", "2020-01-01", "\"2020-02-30\"", "18:18: [[products]] effective_from"},
        {"less than nothing", "= 5_000", "= -1", "19:17: [[products]] principal_min"},
        {"most below least", "\"50000.50\"", "10",
         "20:17: [[products]] principal_max: is below principal_min"},
        {"an assumed key that is none", "[\"charge_percent\"]", "[\"charge\"]",
         "[[products]] assumed: \"charge\" is no key of this product"},
        {"no name", "[name]\nbn = \"ক\"", "[name]\nbm = \"ক\"", "name needs bn"},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.label);
        std::string text(good_organisation);
        const auto at = text.find(r.from);
        ASSERT_NE(at, std::string::npos);
        organisation(text.replace(at, r.from.size(), r.to));
        load(smallest);
        EXPECT_THAT(said(), ::testing::Contains(HasSubstr(r.problem)));
    }
}

TEST_F(Settings, CollectAllProblemsAtOnce) {
    load("[public]\nshards = 0\nlisten = 5\n[log]\nlevel = \"loud\"\n" + std::string(smallest) +
         "tps = 0\n");
    EXPECT_EQ(problems.size(), 4U);
}

TEST_F(Settings, AMissingFileIsAProblem) {
    load_settings(directory_ / "none.toml", process_environment(), problems);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_THAT(problems[0].to_string(), HasSubstr("none.toml:1:1: "));
}

TEST_F(Settings, TakeSecretsFromTheEnvironmentAndPrintNone) {
    variables["UTHAN_REDIS_PASSWORD"] = "redis-secret";
    variables["UTHAN_CHANNEL_AT_K_API_KEY"] = "api-secret";
    variables["UTHAN_PUBLIC_LISTEN"] = "0.0.0.0:1";
    const settings s = load(std::string(smallest) + "username = \"u\"\napi_key = \"in-file\"\n");
    EXPECT_THAT(said(), IsEmpty());
    EXPECT_EQ(s.sessions.redis.password, "redis-secret");
    EXPECT_EQ(s.channels[0].adapter_keys.at("api_key"), "api-secret");
    EXPECT_EQ(s.public_listener.at.port(), 8080);
    const std::string printed = to_string(s);
    EXPECT_THAT(printed, Not(HasSubstr("-secret")));
    EXPECT_THAT(printed, Not(HasSubstr("in-file")));
    EXPECT_THAT(printed, HasSubstr("api_key = \"***\""));
    EXPECT_THAT(printed, HasSubstr("name = \"at-k\""));
}

TEST_F(Settings, OfTheDemoAreRight) {
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(UTHAN_SOURCE_DIR);
    std::vector<texts::problem> found;
    const settings s = load_settings("config/demo/uthan.toml", process_environment(), found);
    std::filesystem::current_path(before);
    for (const texts::problem& problem : found) {
        ADD_FAILURE() << problem.to_string();
    }
    EXPECT_EQ(s.organisations.size(), 3U);
    EXPECT_EQ(s.channels.size(), 4U);
}

} // namespace
} // namespace uthan::gateway
