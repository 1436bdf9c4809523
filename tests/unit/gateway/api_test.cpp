#include "gateway/api/fields.hpp"
#include "gateway/api/handler.hpp"

#include "core/random.hpp"
#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/machine_tables.hpp"
#include "db/sqlite/outbox.hpp"
#include "tests/unit/db/gateway/fixture.hpp"

#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>

// The API for machines without a socket: who may ask, what is read, and what is answered.
namespace uthan::gateway::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
namespace json = boost::json;

const secret_key secret{1, 2, 3};
constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} +
                       std::chrono::hours{6}};

/// Two members, M1 of office B1 with a loan and two accounts, M2 of office B2.
class small_ledger final : public members::ledger {
public:
    std::uint32_t generation() const noexcept override { return 1; }
    task<result<std::vector<members::candidate>>> members_of(address of) override {
        co_return std::vector<members::candidate>(of.reveal() == "8801712345678" ? sharing : 0U);
    }
    task<result<std::shared_ptr<const members::member_facts>>> facts(std::string code) override {
        if (code != "M1" && code != "M2") {
            co_return errc::not_found;
        }
        auto made = std::make_shared<members::member_facts>();
        made->generation = 1;
        made->who.code = code;
        made->who.office_code = code == "M1" ? "B1" : "B2";
        made->who.name = {"রহিমা খাতুন", "Rahima Khatun"};
        made->who.msisdn = "8801712345678";
        made->who.sms_consent = consent;
        made->loans.resize(1);
        made->loans[0].outstanding_total = money::taka(500);
        made->loans[0].loan_no = "L1";
        made->savings.resize(2);
        made->savings[0].account_no = "S1";
        made->savings[0].balance = money::taka(100);
        made->savings[1].account_no = "S2";
        co_return std::shared_ptr<const members::member_facts>{std::move(made)};
    }
    task<result<std::shared_ptr<const members::member_activity>>> activity(std::string) override {
        co_return errc::not_found;
    }
    task<result<std::shared_ptr<const members::household>>> household_of(std::string) override {
        co_return errc::not_found;
    }
    task<result<std::shared_ptr<const members::ladder_source>>> ladder(std::string code) override {
        auto made = std::make_shared<members::ladder_source>();
        made->chain.resize(2);
        made->chain[0].code = code == "M1" ? "B1" : "B2";
        made->chain[1].code = "HO";
        co_return std::shared_ptr<const members::ladder_source>{std::move(made)};
    }

    std::size_t sharing = 1;
    std::optional<bool> consent = true;
};

/// One record for all.
class small_registry final : public access::registry {
public:
    task<result<access::member_record>> find(access::member_ref) override { co_return record; }
    task<result<std::vector<members::request>>> requests(access::member_ref) override {
        co_return std::vector<members::request>{};
    }
    task<result<access::outcome>> apply(access::effect_key, access::member_ref, access::change,
                                        instant) override {
        co_return access::outcome{};
    }
    task<result<std::optional<access::outcome>>> recorded(access::effect_key) override {
        co_return std::optional<access::outcome>{};
    }

    access::member_record record;
};

/// Remembers what it was told.
class small_book final : public service::payment_book {
public:
    task<result<service::posting_outcome>> post(service::payment_posting posting) override {
        if (fails) {
            co_return errc::queue_full;
        }
        const auto known = posted.find(posting.what.what.txn_id);
        if (known != posted.end()) {
            co_return service::posting_outcome{known->second.body == posting.body
                                                   ? service::posting_kind::same
                                                   : service::posting_kind::conflict};
        }
        const auto id = posting.what.what.txn_id;
        const std::uint64_t message = posting.receipt ? 7 : 0;
        posted.emplace(id, std::move(posting));
        co_return service::posting_outcome{service::posting_kind::posted, message};
    }
    result<std::optional<members::transaction>> find(std::string_view,
                                                     std::string_view txn_id) override {
        const auto known = posted.find(std::string{txn_id});
        return known == posted.end() ? std::optional<members::transaction>{}
                                     : std::optional{known->second.what.what};
    }

    std::map<std::string, service::payment_posting> posted;
    bool fails = false;
};

texts::catalog shipped_texts() {
    texts::catalog loaded;
    std::vector<texts::problem> problems;
    for (const auto in : {texts::rendering::bn, texts::rendering::en}) {
        loaded.load(fmt::format(UTHAN_SOURCE_DIR "/config/texts/{}.toml", texts::to_string(in)), in,
                    problems);
    }
    EXPECT_TRUE(problems.empty());
    return loaded;
}

std::shared_ptr<const service::organisation> kmss() {
    using members::written_language;
    return std::make_shared<const service::organisation>(
        service::organisation{"kmss",
                              {},
                              {},
                              zone{"Asia/Dhaka"},
                              {},
                              shipped_texts(),
                              {},
                              {"কেএমএসএস", "KMSS"},
                              "*384*2#",
                              {written_language::bn, written_language::en}});
}

class ApiHandler : public ::testing::Test {
protected:
    ApiHandler() { remake({}); }

    void remake(rate_limits limits) {
        db::sqlite::connection reader = db::sqlite::open_beside(path_).value();
        handler_ = std::make_unique<handler>(key_ring{std::move(reader), secret, limits}, metrics_);
        const auto wake = [this] { ++woken_; };
        const auto hers = short_key_of(secret);
        handler_->add("kmss", {kmss(),
                               std::make_unique<service::messages>(service::message_ports{
                                   ledger_, registry_, outbox_, time_, hers, wake}),
                               std::make_unique<service::payments>(service::payment_ports{
                                   ledger_, registry_, book_, time_, hers, wake})});
    }

    std::string key(const char* login = "core", const char* office = "HO",
                    const char* organisation = "kmss") {
        const auto made = access::make_machine_key(random_);
        const access::machine_account account{
            made.id, organisation, login, office, access::digest_of(secret, made), noon, {}};
        EXPECT_FALSE(db::sqlite::add_machine_beside(db::sqlite::open_beside(path_).value(), secret,
                                                    account));
        return "Bearer " + access::to_string(made);
    }

    http_response ask(http_method method, std::string_view path, std::string_view authorization,
                      std::string_view body = {},
                      std::string_view type = "application/json; charset=utf-8") {
        boost::beast::http::fields headers;
        headers.set("Authorization", {authorization.data(), authorization.size()});
        headers.set("Content-Type", {type.data(), type.size()});
        http_request request;
        request.method = method;
        request.target = request.path = path;
        request.body = body;
        request.headers = &headers;
        request.received = now_;
        return db::sqlite::gateway_test::finish(loop_, handler_->handle(request));
    }
    http_response send(std::string_view authorization, std::string_view body) {
        return ask(http_method::post, "/api/v1/messages", authorization, body);
    }
    http_response pay(std::string_view authorization, std::string_view body) {
        return ask(http_method::post, "/api/v1/payments", authorization, body);
    }

    db::sqlite::gateway_test::temporary_directory directory_;
    std::string path_ = directory_.file("gateway.db");
    secure_random random_;
    asio::io_context loop_{1};
    small_ledger ledger_;
    small_registry registry_;
    small_book book_;
    std::unique_ptr<db::sqlite::gateway_database> database_ =
        db::sqlite::gateway_database::open(path_).value();
    db::sqlite::outbox outbox_{database_->writing(), db::sqlite::open_reader(path_).value()};
    int woken_ = 0;
    manual_clock time_{noon};
    std::chrono::steady_clock::time_point now_{std::chrono::hours{1}};
    api_metrics metrics_;
    std::unique_ptr<handler> handler_;
};

constexpr std::string_view whole =
    R"({"txn_id":"T1","member_code":"M1","account_no":"S1","kind":"sav_deposit",)"
    R"("amount":"50.50","txn_on":"2026-11-22"})";

std::string type_in(const http_response& response) {
    const auto body = json::parse(response.body);
    EXPECT_EQ(response.content_type, problem_json) << response.body;
    EXPECT_EQ(body.at("status").to_number<unsigned>(), response.status);
    const std::string type{body.at("type").as_string().c_str()};
    constexpr std::string_view urn = "urn:uthan:problem:";
    EXPECT_TRUE(type.starts_with(urn)) << type;
    return type.substr(urn.size());
}

TEST_F(ApiHandler, APaymentIsPostedOnce) {
    const auto hers = key();
    EXPECT_EQ(pay(hers, whole).status, 202U);
    ASSERT_EQ(book_.posted.size(), 1U);
    const auto& posted = book_.posted.at("T1");
    EXPECT_EQ(posted.organisation, "kmss");
    EXPECT_EQ(posted.office_code, "B1");
    EXPECT_EQ(posted.what.what.amount, money{5050});
    EXPECT_EQ(to_iso(posted.what.what.txn_on), "2026-11-22");
    EXPECT_EQ(pay(hers, whole).status, 202U);
    std::string other{whole};
    other.replace(other.find("50.50"), 5, "50.51");
    const auto conflict = pay(hers, other);
    EXPECT_EQ(conflict.status, 409U);
    EXPECT_EQ(type_in(conflict), "txn-reused");
    EXPECT_EQ(metrics_.payments.value(), 1U);
}

TEST_F(ApiHandler, WhatIsWrongIsSaidInItsType) {
    struct example {
        std::string_view change; ///< of `whole`: what is replaced
        std::string_view by;
        unsigned status;
        std::string_view type;
        std::string_view detail;
    };
    const example table[] = {
        {"{", "", 400, "malformed", ""},
        {"}", "", 400, "malformed", ""},
        {"}", "}}", 400, "malformed", ""},
        {whole, "[]", 400, "malformed", ""},
        {whole, "7", 400, "malformed", ""},
        {whole, "", 400, "malformed", ""},
        {"}", R"(,"amount":"60.50"})", 400, "malformed", ""},
        {whole, "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}", 400, "malformed", ""},
        {whole, "{\"txn_id\":\"\xFF\"}", 400, "malformed", ""},
        {"txn_on", "txn_no", 422, "unknown-key", "txn_no"},
        {R"(,"txn_on":"2026-11-22")", "", 422, "missing-key", "txn_on"},
        {R"("M1")", R"("")", 422, "missing-key", "member_code"},
        {R"("M1")", "null", 422, "missing-key", "member_code"},
        {R"("50.50")", "50.5", 422, "wrong-value", "amount"},
        {"50.50", "50.505", 422, "wrong-value", "amount"},
        {"50.50", "0", 422, "amount-not-positive", "amount"},
        {"50.50", "-1", 422, "amount-not-positive", "amount"},
        {"sav_deposit", "gift", 422, "wrong-value", "kind"},
        {"sav_deposit", "disburse", 422, "kind-not-posted", "kind"},
        {"sav_deposit", "interest", 422, "kind-not-posted", "kind"},
        {"2026-11-22", "2026-02-30", 422, "wrong-value", "txn_on"},
        {"2026-11-22", "2026-11-23", 422, "day-not-yet", "txn_on"},
        {"2026-11-22", "2026-09-01", 422, "day-too-old", "txn_on"},
        {"M1", "M9", 422, "unknown-member", "member_code"},
        {"S1", "S9", 422, "unknown-account", "account_no"},
        {"S1", "", 422, "unknown-account", "account_no"},
        {R"("S1")", R"("L1")", 422, "unknown-account", "account_no"},
        {"sav_deposit", "reversal", 422, "unknown-reversed", "reverses_txn_id"},
        {"}", R"(,"reverses_txn_id":"T0"})", 422, "unknown-reversed", "reverses_txn_id"},
        {"}", R"(,"organisation":"mss"})", 422, "wrong-value", "organisation"},
        {"}", R"(,"channel":"barter"})", 422, "wrong-value", "channel"}};
    const auto hers = key();
    for (const auto& one : table) {
        std::string body{whole};
        body.replace(body.find(one.change), one.change.size(), one.by);
        SCOPED_TRACE(body);
        const auto response = pay(hers, body);
        EXPECT_EQ(response.status, one.status);
        EXPECT_EQ(type_in(response), one.type);
        EXPECT_THAT(response.body, HasSubstr(std::string{one.detail}));
    }
    EXPECT_TRUE(book_.posted.empty());
}

TEST_F(ApiHandler, ALoneLoanNeedsNoName) {
    std::string body{whole};
    body.replace(body.find("sav_deposit"), 11, "loan_repay");
    body.replace(body.find(R"("account_no":"S1",)"), 18, "");
    EXPECT_EQ(pay(key(), body).status, 202U);
    EXPECT_EQ(book_.posted.at("T1").what.what.account_no, "L1");
}

TEST_F(ApiHandler, AReversalTakesTheAccountOfWhatItReverses) {
    const auto hers = key();
    ASSERT_EQ(pay(hers, whole).status, 202U);
    constexpr std::string_view reversal =
        R"({"txn_id":"R1","member_code":"M1","kind":"reversal","amount":"50.50",)"
        R"("txn_on":"2026-11-22","reverses_txn_id":"T1"})";
    EXPECT_EQ(pay(hers, reversal).status, 202U);
    const auto& posted = book_.posted.at("R1");
    EXPECT_EQ(posted.what.what.account_no, "S1");
    EXPECT_EQ(posted.what.takes_back, members::transaction_kind::savings_deposit);
    std::string other{reversal};
    other.replace(other.find("50.50"), 5, "50.00");
    EXPECT_EQ(type_in(pay(hers, other)), "differs-from-reversed");
}

TEST_F(ApiHandler, WhoeverHasNoKeyLearnsNothing) {
    const auto hers = key();
    const auto of_others = key("core", "HO", "mss");
    std::string guessed = hers;
    guessed.back() = guessed.back() == '0' ? '1' : '0';
    for (const std::string& bad : {std::string{}, std::string{"Bearer"}, std::string{"Bearer x"},
                                   "Basic " + hers.substr(7), guessed, hers + "0", of_others}) {
        const auto response = pay(bad, whole);
        EXPECT_EQ(response.status, 401U) << bad;
        EXPECT_EQ(type_in(response), "unauthorised");
    }
    EXPECT_EQ(metrics_.outcomes[static_cast<std::size_t>(api_outcome::unauthorised)].value(), 7U);
    EXPECT_EQ(pay("bearer " + hers.substr(7), whole).status, 202U); // a scheme has no case
}

TEST_F(ApiHandler, ARevokedKeyEndsWithinASecond) {
    const auto hers = key();
    ASSERT_EQ(pay(hers, whole).status, 202U);
    ASSERT_FALSE(db::sqlite::revoke_machine_beside(db::sqlite::open_beside(path_).value(), secret,
                                                   "kmss", "core", noon));
    now_ += key_ring::trusted_for;
    EXPECT_EQ(pay(hers, whole).status, 401U);
}

TEST_F(ApiHandler, AKeyIsForItsOfficeAndAllBelow) {
    const auto branch = key("branch", "B2");
    const auto response = pay(branch, whole);
    EXPECT_EQ(response.status, 403U);
    EXPECT_EQ(type_in(response), "outside-of-scope");
    EXPECT_THAT(response.body, Not(HasSubstr("M1")));
    EXPECT_EQ(pay(branch, whole).status, 403U); // as it remembers
    EXPECT_EQ(pay(key("own", "B1"), whole).status, 202U);
}

TEST_F(ApiHandler, ManyRequestsOfOneKeyWait) {
    remake({.requests_per_second = 10, .burst = 3});
    const auto hers = key("one");
    const auto other = key("two");
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(pay(hers, whole).status, 202U);
    }
    const auto response = pay(hers, whole);
    EXPECT_EQ(response.status, 429U);
    EXPECT_EQ(type_in(response), "rate-limited");
    ASSERT_FALSE(response.headers.empty());
    EXPECT_EQ(response.headers[0].first, "Retry-After");
    EXPECT_EQ(pay(other, whole).status, 202U);
    now_ += std::chrono::milliseconds{101};
    EXPECT_EQ(pay(hers, whole).status, 202U);
    EXPECT_EQ(pay(hers, whole).status, 429U);
}

TEST_F(ApiHandler, PathMethodTypeAndSizeAreLookedAtFirst) {
    const auto hers = key();
    EXPECT_EQ(ask(http_method::post, "/api/v1/nothing", hers, whole).status, 404U);
    EXPECT_EQ(ask(http_method::post, "/payments", hers, whole).status, 404U);
    EXPECT_EQ(ask(http_method::get, "/", hers).status, 404U);
    const auto method = ask(http_method::get, "/api/v1/payments", hers);
    EXPECT_EQ(method.status, 405U);
    EXPECT_EQ(method.headers.at(0).second, "POST");
    EXPECT_EQ(ask(http_method::post, "/api/v1/payments", hers, whole, "text/plain").status, 415U);
    const std::string large(body_bytes_max + 1, ' ');
    EXPECT_EQ(pay(hers, large).status, 413U);
}

TEST_F(ApiHandler, WhatCannotBeDoneNowIsToBeTriedAgain) {
    book_.fails = true;
    const auto response = pay(key(), whole);
    EXPECT_EQ(response.status, 503U);
    EXPECT_EQ(type_in(response), "busy");
    EXPECT_EQ(response.headers.at(0).first, "Retry-After");
}

constexpr std::string_view to_member =
    R"({"member":"M1","text":"অফিসে আসুন","class":"answer","idempotency_key":"k1"})";

/// The body's id.
std::string id_in(const http_response& response) {
    EXPECT_EQ(response.status, 202U) << response.body;
    return std::string{json::parse(response.body).at("id").as_string().c_str()};
}

TEST_F(ApiHandler, AMessageIsAcceptedOnceAndTold) {
    const auto hers = key();
    const auto id = id_in(send(hers, to_member));
    EXPECT_EQ(id_in(send(hers, to_member)), id);
    EXPECT_EQ(woken_, 1);
    std::string other{to_member};
    other.replace(other.find("answer"), 6, "receipt");
    const auto conflict = send(hers, other);
    EXPECT_EQ(conflict.status, 409U);
    EXPECT_EQ(type_in(conflict), "key-reused");

    const auto told = ask(http_method::get, "/api/v1/messages/" + id, hers);
    ASSERT_EQ(told.status, 200U);
    const auto body = json::parse(told.body);
    EXPECT_EQ(body.at("id").as_string().c_str(), id);
    EXPECT_EQ(body.at("state").as_string(), "accepted");
    EXPECT_EQ(body.at("class").as_string(), "answer");
    EXPECT_EQ(body.at("segments").to_number<int>(), 1);
    EXPECT_FALSE(body.at("why").as_string().empty());
    ASSERT_EQ(body.at("events").as_array().size(), 1U);
    EXPECT_EQ(body.at("events").at(0).at("at").as_string(), "2026-11-22T06:00:00Z");
    EXPECT_THAT(told.body, Not(HasSubstr("1712345678")));
    EXPECT_THAT(told.body, Not(HasSubstr("অফিসে")));

    EXPECT_EQ(ask(http_method::get, "/api/v1/messages/" + id, key("branch", "B2")).status, 404U);
    for (const char* nobody : {"999", "x", "", "1/2", "-1", "18446744073709551616"}) {
        EXPECT_EQ(ask(http_method::get, std::string{"/api/v1/messages/"} + nobody, hers).status,
                  404U)
            << nobody;
    }
}

TEST_F(ApiHandler, AMessageSaysWhoWritesAndGoesToHerOwnNumber) {
    access::number_binding bound;
    bound.number = "8801811111111";
    registry_.record.binding = bound;
    const auto id = id_in(send(key(), to_member));
    const auto kept = db::sqlite::gateway_test::finish(
        loop_, outbox_.find("kmss", std::strtoull(id.c_str(), nullptr, 10)));
    EXPECT_EQ(kept->to.reveal(), "8801811111111");
    EXPECT_EQ(kept->text, "অফিসে আসুন -কেএমএসএস");
    EXPECT_EQ(kept->office_code, "B1");
}

TEST_F(ApiHandler, WhatIsWrongWithAMessageIsSaidInItsType) {
    struct example {
        std::string_view body;
        unsigned status;
        std::string_view type;
    };
    const std::string long_text(1200, 'a');
    const auto too_long = fmt::format(
        R"({{"member":"M1","text":"{}","class":"answer","idempotency_key":"k"}})", long_text);
    const example table[] = {
        {R"({"text":"a","class":"answer","idempotency_key":"k"})", 422, "missing-key"},
        {R"({"member":"M1","to":"01811111111","text":"a","class":"answer","idempotency_key":"k"})",
         422, "missing-key"},
        {R"({"member":"M1","class":"answer","idempotency_key":"k"})", 422, "missing-key"},
        {R"({"member":"M1","text":"a","template":"meeting","class":"answer","idempotency_key":"k"})",
         422, "missing-key"},
        {R"({"member":"M1","text":"a","class":"answer"})", 422, "missing-key"},
        {R"({"member":"M1","text":"a","idempotency_key":"k"})", 422, "missing-key"},
        {R"({"member":"M1","text":"a","class":"gossip","idempotency_key":"k"})", 422,
         "wrong-value"},
        {R"({"member":1,"text":"a","class":"answer","idempotency_key":"k"})", 422, "wrong-value"},
        {R"({"member":"M1","text":"a","values":{},"klass":"a","idempotency_key":"k"})", 422,
         "unknown-key"},
        {R"({"member":"M1","text":"a","values":{"a":"b"},"class":"answer","idempotency_key":"k"})",
         422, "wrong-value"},
        {R"({"member":"M1","template":"loan_closed","values":[],"class":"answer","idempotency_key":"k"})",
         422, "wrong-value"},
        {R"({"member":"M9","text":"a","class":"answer","idempotency_key":"k"})", 422,
         "unknown-member"},
        {R"({"to":"0171","text":"a","class":"answer","idempotency_key":"k"})", 422,
         "invalid-number"},
        {R"({"to":"01712345678","text":"a","class":"answer","idempotency_key":"k"})", 422,
         "number-of-member"},
        {R"({"member":"M1","text":"Please REPLY yes","class":"answer","idempotency_key":"k"})", 422,
         "asks-for-reply"},
        {R"({"member":"M1","template":"nothing","class":"answer","idempotency_key":"k"})", 422,
         "unknown-template"},
        {R"({"member":"M1","template":"loan_approved","values":{"office":"B"},"class":"answer","idempotency_key":"k"})",
         422, "values-do-not-fit"},
        {R"({"member":"M1","template":"loan_approved","values":{"office":"B","date":"tomorrow"},"class":"answer","idempotency_key":"k"})",
         422, "values-do-not-fit"},
        {R"({"member":"M1","template":"loan_closed","values":{"office":"B"},"class":"answer","idempotency_key":"k"})",
         422, "values-do-not-fit"},
        {too_long, 422, "text-too-long"}};
    const auto hers = key();
    for (const auto& one : table) {
        SCOPED_TRACE(one.body);
        const auto response = send(hers, one.body);
        EXPECT_EQ(response.status, one.status);
        EXPECT_EQ(type_in(response), one.type);
    }
    EXPECT_EQ(woken_, 0);
}

TEST_F(ApiHandler, WhoeverWantsNoMessagesGetsThoseAboutSecurityAndMoneyAlone) {
    const auto hers = key();
    registry_.record.sms = access::sms_choice::none;
    ledger_.consent.reset();
    EXPECT_EQ(type_in(send(hers, to_member)), "opted-out");
    std::string security{to_member};
    security.replace(security.find("answer"), 6, "security");
    EXPECT_EQ(send(hers, security).status, 202U);
}

TEST_F(ApiHandler, ATemplateSpeaksHerLanguage) {
    const auto hers = key();
    constexpr std::string_view body =
        R"({"member":"M1","template":"loan_approved","values":{"office":"B1","date":"2026-11-27"},)"
        R"("class":"answer","idempotency_key":"k"})";
    registry_.record.language = members::written_language::en;
    const auto id = id_in(send(hers, body));
    const auto kept = db::sqlite::gateway_test::finish(
        loop_, outbox_.find("kmss", std::strtoull(id.c_str(), nullptr, 10)));
    EXPECT_EQ(kept->text, "Application approved. Come to B1 on 27/11. There is no fee. -KMSS");
}

TEST_F(ApiHandler, APaymentTakesAReceiptWithIt) {
    registry_.record.sms = access::sms_choice::with_amounts;
    const auto hers = key();
    EXPECT_EQ(id_in(pay(hers, whole)), "7");
    const auto& receipt = book_.posted.at("T1").receipt;
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->idempotency_key, "receipt:T1");
    EXPECT_EQ(receipt->of, sms::message_class::receipt);
    EXPECT_EQ(receipt->to.reveal(), "8801712345678");
    EXPECT_EQ(receipt->text, "৫০.৫০ টাকা সঞ্চয় জমা ২২/১১। মোট ১৫০.৫০। ভুল হলে *384*2# -কেএমএসএস");
    EXPECT_EQ(woken_, 1);
}

TEST_F(ApiHandler, AReceiptSaysAsMuchAsSheWantsOnThePhone) {
    struct example {
        access::sms_choice choice;
        std::size_t sharing;
        std::string_view on;
        std::string_view text; ///< empty: none goes out
    };
    const example table[] = {{access::sms_choice::without_amounts, 1, "2026-11-22",
                              "২২/১১ আপনার হিসাবে লেখা হয়েছে। দেখুন *384*2# -কেএমএসএস"},
                             {access::sms_choice::unasked, 1, "2026-11-22",
                              "২২/১১ আপনার হিসাবে লেখা হয়েছে। দেখুন *384*2# -কেএমএসএস"},
                             {access::sms_choice::without_amounts, 2, "2026-11-22",
                              "রহিমা: ২২/১১ আপনার হিসাবে লেখা হয়েছে। দেখুন *384*2# -কেএমএসএস"},
                             {access::sms_choice::none, 1, "2026-11-22", ""},
                             {access::sms_choice::with_amounts, 1, "2026-11-20",
                              "৫০.৫০ টাকা সঞ্চয় জমা ২০/১১। মোট ১৫০.৫০। ভুল হলে *384*2# -কেএমএসএস"},
                             {access::sms_choice::with_amounts, 1, "2026-11-19", ""}};
    ledger_.consent.reset();
    const auto hers = key();
    for (const auto& one : table) {
        registry_.record.sms = one.choice;
        ledger_.sharing = one.sharing;
        book_.posted.clear();
        std::string body{whole};
        body.replace(body.find("2026-11-22"), 10, one.on);
        EXPECT_EQ(pay(hers, body).status, 202U);
        const auto& receipt = book_.posted.at("T1").receipt;
        EXPECT_EQ(receipt ? receipt->text : "", one.text);
    }
}

TEST_F(ApiHandler, TheDocumentNamesEveryRouteAndNoOther) {
    const auto response = ask(http_method::get, "/api/v1/openapi.json", {});
    ASSERT_EQ(response.status, 200U);
    const auto document = json::parse(response.body);
    std::set<std::string> documented;
    for (const auto& path : document.at("paths").as_object()) {
        for (const auto& method : path.value().as_object()) {
            documented.insert(
                fmt::format("{} {}", std::string{method.key()}, std::string{path.key()}));
        }
    }
    std::set<std::string> served;
    for (const auto& one : routes()) {
        served.insert(
            fmt::format("{} {}", one.method == http_method::get ? "get" : "post", one.path));
    }
    EXPECT_EQ(documented, served);
}

TEST(ApiProblems, EveryTypeIsInIntegration) {
    std::ifstream file{UTHAN_SOURCE_DIR "/docs/integration.md"};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    std::set<std::string_view> types;
    for (int i = 0; i <= static_cast<int>(request_fault::rate_limited); ++i) {
        types.insert(type_of(static_cast<request_fault>(i)));
    }
    for (int i = 0; i <= static_cast<int>(service::refusal::too_many_waiting); ++i) {
        types.insert(type_of(static_cast<service::refusal>(i)));
    }
    EXPECT_EQ(types.size(), 33U); // no two share one
    for (const auto type : types) {
        EXPECT_THAT(text, HasSubstr(fmt::format("`{}`", type)));
    }
}

TEST_F(ApiHandler, TheDocumentNamesEveryColumnOfAPayment) {
    const auto document = json::parse(openapi_document());
    const auto& properties =
        document.at("components").at("schemas").at("Payment").at("properties").as_object();
    std::string body = "{";
    for (const auto& property : properties) {
        body +=
            fmt::format("{}\"{}\":\"\"", body.size() > 1 ? "," : "", std::string{property.key()});
    }
    // Every one is known: the first fault is a missing value, not an unknown key.
    EXPECT_EQ(type_in(pay(key(), body + "}")), "missing-key");
    EXPECT_EQ(properties.size(), 12U);
}

} // namespace
} // namespace uthan::gateway::api
