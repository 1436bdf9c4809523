#include "core/calendar.hpp"
#include "core/zone.hpp"
#include "tests/integration/gateway_process.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

// A core system's machine at the API of the real binary: what it posts is on the member's phone,
// and still there when the process was killed.
namespace uthan::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// The demo data's first member and her general savings.
constexpr const char* member_code = "001000001";
constexpr const char* member_phone = "+8801810000001";
constexpr const char* account_no = "S0010000011";

calendar_day today() {
    const auto now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    return zone{"Asia/Dhaka"}.day_of(now);
}

class ApiOfTheGateway : public testing::Test {
protected:
    ApiOfTheGateway() : at_(200, "") {
        at_.generate(to_iso(today()));
        const auto imported = at_.import();
        EXPECT_EQ(imported.exit_code, 0) << imported.output;
        key_ = add_key("core", "HO");
    }

    std::string add_key(const char* login, const char* office) {
        const auto run =
            run_uthan({"staff", "add", "--config", at_.config(), "--organisation", "kmss",
                       "--login", login, "--role", "machine", "--office", office});
        EXPECT_EQ(run.exit_code, 0) << run.output;
        const auto from = run.output.find("uthan_");
        return run.output.substr(from, run.output.find('\n', from) - from);
    }

    static std::string deposit(const char* txn_id, const char* taka,
                               const std::string& on = to_iso(today())) {
        return fmt::format(R"({{"txn_id":"{}","member_code":"{}","account_no":"{}",)"
                           R"("kind":"sav_deposit","amount":"{}","txn_on":"{}"}})",
                           txn_id, member_code, account_no, taka, on);
    }
    int post(const gateway_process& to, const std::string& body, std::string* answer = nullptr) {
        int status = 0;
        auto said = to.api("POST", "/payments", key_, body, &status);
        if (answer != nullptr) {
            *answer = std::move(said);
        }
        return status;
    }

    deployment at_;
    std::string key_;
};

/// Her savings, as she reads them; the PIN is set on the first dial.
class member {
public:
    explicit member(const gateway_process& at) : at_(at) {}

    void enrol() {
        std::string history;
        turn("enrol", history);
        // The PIN twice; her instalment; the question about messages; the menu; its end.
        for (const char* key : {"4821", "4821", "0", "1", "00", "0"}) {
            history += history.empty() ? key : std::string{"*"} + key;
            turn("enrol", history);
        }
    }
    std::string savings(const std::string& session) {
        turn(session, "");
        turn(session, "3");
        auto shown = turn(session, "3*4821");
        turn(session, "3*4821*00");
        turn(session, "3*4821*00*0");
        return shown;
    }

private:
    std::string turn(const std::string& session, const std::string& history) {
        return at_.turn(session, member_phone, history);
    }
    const gateway_process& at_;
};

TEST_F(ApiOfTheGateway, APostedDepositIsOnHerPhoneOnce) {
    const gateway_process gateway(at_);
    member hers(gateway);
    hers.enrol();
    const auto before = hers.savings("s1");
    EXPECT_THAT(before, HasSubstr("৩৩,২")) << before;

    std::string answer;
    ASSERT_EQ(post(gateway, deposit("T1", "1000.50"), &answer), 202) << answer;
    const auto after = hers.savings("s2");
    EXPECT_NE(after, before);
    ASSERT_EQ(post(gateway, deposit("T1", "1000.50")), 202);
    EXPECT_EQ(hers.savings("s3"), after);
    EXPECT_EQ(post(gateway, deposit("T1", "1000.00"), &answer), 409);
    EXPECT_THAT(answer, HasSubstr("urn:uthan:problem:txn-reused"));
    EXPECT_EQ(hers.savings("s4"), after);

    const auto reversal =
        fmt::format(R"({{"txn_id":"R1","member_code":"{}","kind":"reversal","amount":"1000.50",)"
                    R"("txn_on":"{}","reverses_txn_id":"T1"}})",
                    member_code, to_iso(today()));
    ASSERT_EQ(post(gateway, reversal, &answer), 202) << answer;
    EXPECT_EQ(hers.savings("s5"), before);
    EXPECT_EQ(gateway.metric("uthan_api_payments_total"), 2);
}

TEST_F(ApiOfTheGateway, WhatWasAnsweredIsThereAfterAKill) {
    std::string after;
    {
        gateway_process gateway(at_);
        member hers(gateway);
        hers.enrol();
        ASSERT_EQ(post(gateway, deposit("T1", "1000")), 202);
        gateway.kill();
    }
    const gateway_process again(at_);
    ASSERT_EQ(post(again, deposit("T1", "1000")), 202);
    EXPECT_EQ(again.metric("uthan_api_payments_total"), 0); // the same one, not a new one
    ASSERT_EQ(post(again, deposit("T2", "1000")), 202);
    EXPECT_EQ(again.metric("uthan_api_payments_total"), 1);
}

TEST_F(ApiOfTheGateway, AnAcceptedMessageIsThereAfterAKill) {
    const auto body = fmt::format(R"({{"member":"{}","template":"loan_closed","class":"answer",)"
                                  R"("idempotency_key":"k1"}})",
                                  member_code);
    const auto id_of = [](const std::string& answer) {
        const auto from = answer.find("{\"id\":\"");
        EXPECT_NE(from, std::string::npos) << answer;
        return answer.substr(from + 7, answer.find('"', from + 7) - from - 7);
    };
    std::string id;
    {
        gateway_process gateway(at_);
        int status = 0;
        id = id_of(gateway.api("POST", "/messages", key_, body, &status));
        EXPECT_EQ(status, 202);
        gateway.kill();
    }
    const gateway_process again(at_);
    int status = 0;
    EXPECT_EQ(id_of(again.api("POST", "/messages", key_, body, &status)), id);
    const auto told = again.api("GET", "/messages/" + id, key_, "", &status);
    EXPECT_EQ(status, 200);
    EXPECT_THAT(told, HasSubstr("\"class\":\"answer\""));
    EXPECT_THAT(told, HasSubstr("\"state\":\"accepted\""));

    // A payment's receipt is a message like any other.
    std::string answer;
    ASSERT_EQ(post(again, deposit("T1", "1000"), &answer), 202);
    EXPECT_THAT(again.api("GET", "/messages/" + id_of(answer), key_, ""),
                HasSubstr("\"class\":\"receipt\""));
    EXPECT_EQ(again.metric("uthan_api_receipts_total"), 1);
}

TEST_F(ApiOfTheGateway, AKeyIsNeededAndEndsWhenItIsRevoked) {
    const gateway_process gateway(at_);
    auto wrong = key_;
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    for (const auto& bad : {std::string{}, wrong, std::string{"uthan_"}}) {
        int status = 0;
        const auto answer = gateway.api("POST", "/payments", bad, deposit("T1", "1"), &status);
        EXPECT_EQ(status, 401) << answer;
        EXPECT_THAT(answer, HasSubstr("WWW-Authenticate: Bearer"));
        EXPECT_THAT(answer, HasSubstr("application/problem+json"));
    }
    EXPECT_EQ(post(gateway, deposit("T1", "1")), 202);
    EXPECT_EQ(gateway.metric("uthan_api_requests_total{outcome=\"unauthorised\"}"), 3);

    const auto listed =
        run_uthan({"staff", "list", "--config", at_.config(), "--organisation", "kmss"});
    EXPECT_THAT(listed.output, HasSubstr("core role=machine"));
    EXPECT_THAT(listed.output, Not(HasSubstr(key_)));
    const auto revoked = run_uthan(
        {"staff", "revoke", "--config", at_.config(), "--organisation", "kmss", "--login", "core"});
    EXPECT_EQ(revoked.exit_code, 0) << revoked.output;
    // Within a second; asked again and again until then.
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    int status = 202;
    while (status != 401 && std::chrono::steady_clock::now() < give_up) {
        status = post(gateway, deposit("T1", "1"));
    }
    EXPECT_EQ(status, 401);
    const auto audit =
        run_uthan({"staff", "audit", "--config", at_.config(), "--organisation", "kmss"});
    EXPECT_EQ(audit.exit_code, 0) << audit.output;
    EXPECT_THAT(audit.output, HasSubstr("key.add"));
    EXPECT_THAT(audit.output, HasSubstr("key.revoke"));
    EXPECT_THAT(audit.output, Not(HasSubstr("core")));
}

TEST_F(ApiOfTheGateway, AKeyIsForItsOfficeAlone) {
    const auto other = add_key("branch", "002");
    const gateway_process gateway(at_);
    int status = 0;
    const auto answer = gateway.api("POST", "/payments", other, deposit("T1", "1"), &status);
    EXPECT_EQ(status, 403) << answer;
    EXPECT_THAT(answer, Not(HasSubstr(member_code)));
    const auto run = run_uthan({"staff", "add", "--config", at_.config(), "--organisation", "kmss",
                                "--login", "x", "--role", "officer", "--office", "HO"});
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_THAT(run.output, HasSubstr("console"));
}

} // namespace
} // namespace uthan::test
