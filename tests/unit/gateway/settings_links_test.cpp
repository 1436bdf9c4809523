#include "gateway/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace uthan::gateway {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// The settings of channels of MSS, an organisation of the tree.
class LinkSettings : public ::testing::Test {
protected:
    LinkSettings() {
        std::string name = (fs::temp_directory_path() / "uthan-links-XXXXXX").string();
        directory_ = ::mkdtemp(name.data());
    }
    ~LinkSettings() override { fs::remove_all(directory_); }

    settings load(const std::string& channels) {
        const auto file = directory_ / "uthan.toml";
        std::ofstream(file) << channels << "\n[[organisations]]\ncode = \"mss\"\n[content]\n"
                            << "organisations = \"" << UTHAN_SOURCE_DIR
                            << "/config/organisations\"\n";
        problems.clear();
        const environment from = [this](const char* variable) -> const char* {
            const auto found = variables.find(variable);
            return found == variables.end() ? nullptr : found->second.c_str();
        };
        return load_settings(file, from, problems);
    }
    std::vector<std::string> said() const {
        std::vector<std::string> lines;
        for (const texts::problem& problem : problems) {
            lines.push_back(std::to_string(problem.at.line) + ":" +
                            std::to_string(problem.at.column) + ": " + problem.message);
        }
        return lines;
    }

    fs::path directory_;
    std::vector<texts::problem> problems;
    std::map<std::string, std::string> variables;
};

const std::string bdapps = R"([[channels]]
name = "bd-m"
adapter = "bdapps"
organisation = "mss"
service_codes = ["*213*77#"]
ussd_rendering = "en"
application_id = "APP_012345"
)";

const std::string link = R"([[channels]]
name = "link"
adapter = "ussd_http"
organisation = "mss"
service_codes = ["*384*1#"]
session_from = "s"
number_from = "n"
input_from = "i"
kind_from = "k"
begin_values = ["b"]
continue_value = "c"
end_value = "e"
)";

const std::string ussd_over_smpp = R"([[channels]]
name = "gw"
adapter = "smpp"
organisation = "mss"
service_codes = ["*384*1#"]
host = "127.0.0.1"
system_id = "mss"
)";

const std::string reply = "reply = '{\"t\":\"{{text}}\",\"s\":\"{{state}}\"}'\n";

TEST_F(LinkSettings, ReadBdapps) {
    const auto s = load(bdapps + R"(password = "p"
url = "http://localhost:7000/"
addresses = "masks"
push_budget_seconds = 7
[outbound]
ca_file = "/ca.pem"
connections_max = 3
waiting_max = 4
connect_timeout_ms = 500
idle_timeout_s = 6
pushes_max = 8
)");
    EXPECT_THAT(said(), IsEmpty());
    const auto& as = std::get<bdapps_settings>(s.channels.at(0).link);
    EXPECT_EQ(as.send_url, "http://localhost:7000/ussd/send");
    EXPECT_EQ(as.as.application_id, "APP_012345");
    EXPECT_EQ(as.as.password, "p");
    EXPECT_EQ(as.given, adapters::bdapps::addresses::masks);
    EXPECT_EQ(s.channels[0].push_budget, std::chrono::seconds{7});
    EXPECT_EQ(s.outbound.ca_file, "/ca.pem");
    EXPECT_EQ(s.outbound.limits.connections_max, 3U);
    EXPECT_EQ(s.outbound.limits.waiting_max, 4U);
    EXPECT_EQ(s.outbound.limits.connect_timeout, std::chrono::milliseconds{500});
    EXPECT_EQ(s.outbound.limits.idle_timeout, std::chrono::seconds{6});
    EXPECT_EQ(s.outbound.pushes_max, 8U);
}

TEST_F(LinkSettings, BdappsHasDefaults) {
    variables["UTHAN_CHANNEL_BD_M_PASSWORD"] = "from-environment";
    const auto s = load(bdapps + "password = \"in-file\"\n");
    EXPECT_THAT(said(), IsEmpty());
    const auto& as = std::get<bdapps_settings>(s.channels.at(0).link);
    EXPECT_EQ(as.send_url, "https://developer.bdapps.com/ussd/send");
    EXPECT_EQ(as.as.password, "from-environment");
    EXPECT_EQ(as.given, adapters::bdapps::addresses::numbers_or_masks);
    EXPECT_EQ(s.channels[0].push_budget, std::chrono::seconds{10});
}

TEST_F(LinkSettings, ReadUssdOverSmpp) {
    const auto s = load(ussd_over_smpp + R"(push_budget_seconds = 7
[channels.ussd]
session_key = "session_number"
code_in = "both"
begin_ops = [1, 0]
input_ops = [0x12]
end_ops = [0x81]
continue_op = 3
final_op = 0x17
end_bit = false
seven_bit_coding = 0x0F
ucs2_coding = 0x48
seven_bit = "latin1"
its_reply_type = 5
service_type = "U"
screen_pdu = "data_sm"
acknowledge = "after_screen"
)");
    EXPECT_THAT(said(), IsEmpty());
    const auto& channel = s.channels.at(0);
    EXPECT_FALSE(channel.texts) << "without a sender it carries no texts";
    EXPECT_EQ(channel.push_budget, std::chrono::seconds{7});
    const auto& account = std::get<smpp_link_settings>(channel.link);
    EXPECT_FALSE(account.carries_texts);
    ASSERT_TRUE(account.ussd);
    const auto& as = *account.ussd;
    namespace smpp = adapters::smpp;
    using octets = std::vector<std::uint8_t>;
    EXPECT_EQ(as.key, smpp::ussd_session_key::session_number);
    EXPECT_EQ(as.code, smpp::ussd_code_place::both);
    EXPECT_EQ(as.begin_ops, (octets{1, 0}));
    EXPECT_EQ(as.input_ops, octets{18});
    EXPECT_EQ(as.end_ops, octets{0x81});
    EXPECT_EQ(as.continue_op, 3);
    EXPECT_EQ(as.final_op, 23);
    EXPECT_FALSE(as.end_bit);
    EXPECT_EQ(as.seven_bit_coding, 15);
    EXPECT_EQ(as.ucs2_coding, 72);
    EXPECT_EQ(as.seven_bit, texts::user_data_coding::latin1);
    EXPECT_EQ(as.its_reply_type, 5);
    EXPECT_EQ(as.service_type, "U");
    EXPECT_EQ(as.screen_pdu, smpp::ussd_screen_pdu::data_sm);
    EXPECT_EQ(as.acknowledgement, smpp::ussd_acknowledgement::after_screen);
    // What is printed can be read again, and says the same.
    const auto printed = to_string(s);
    const auto again = load(printed.substr(printed.find("\n[[channels]]")));
    EXPECT_EQ(said().size(), 0U);
    EXPECT_EQ(to_string(again).substr(to_string(again).find("\n[[channels]]")),
              printed.substr(printed.find("\n[[channels]]")));
}

TEST_F(LinkSettings, OneSmppAccountMayCarryBoth) {
    const auto s = load(ussd_over_smpp + "sender = \"MSS\"\n[channels.ussd]\n");
    EXPECT_THAT(said(), IsEmpty());
    EXPECT_TRUE(s.channels.at(0).texts);
    const auto& account = std::get<smpp_link_settings>(s.channels[0].link);
    EXPECT_TRUE(account.carries_texts);
    ASSERT_TRUE(account.ussd);
    EXPECT_EQ(account.ussd->final_op, 17);
    EXPECT_EQ(s.channels[0].push_budget, std::chrono::seconds{10});
}

TEST_F(LinkSettings, PrintNoSecret) {
    variables["UTHAN_CHANNEL_LINK_API_KEY"] = "api-secret";
    const auto s =
        load(bdapps + "password = \"bd-secret\"\n" + link + reply +
             "style = \"push\"\npush_url = \"https://h.example/\"\nline_break = \"\\n\\n\"\n");
    EXPECT_THAT(said(), IsEmpty());
    const auto printed = to_string(s);
    EXPECT_THAT(printed, Not(HasSubstr("-secret")));
    EXPECT_THAT(printed, HasSubstr("password = \"***\""));
    EXPECT_THAT(printed, HasSubstr("api_key = \"***\""));
    EXPECT_THAT(printed, HasSubstr("begin_values = [\"b\"]"));
    EXPECT_THAT(printed, HasSubstr("line_break = \"\\u000A\\u000A\""));
    EXPECT_THAT(printed, HasSubstr("push_budget_seconds = 10"));
    // What is printed can be read again.
    variables["UTHAN_CHANNEL_BD_M_PASSWORD"] = "p";
    std::ofstream(directory_ / "again.toml") << printed.substr(printed.find("\n[[channels]]"));
    std::stringstream again;
    again << std::ifstream(directory_ / "again.toml").rdbuf();
    load(again.str());
    EXPECT_THAT(said(), IsEmpty());
}

TEST_F(LinkSettings, NameEveryProblemWithItsPlace) {
    struct row {
        std::string_view label;
        std::string text;
        std::string problem;
    };
    const std::string with_password = bdapps + "password = \"p\"\n";
    auto in_bangla = with_password;
    in_bangla.replace(in_bangla.find("\"en\""), 4, "\"bn\"");
    auto by_default = with_password;
    by_default.erase(by_default.find("ussd_rendering"), 22);
    auto nameless = with_password;
    nameless.replace(nameless.find("APP_012345"), 10, "");
    auto codeless = with_password;
    codeless.erase(codeless.find("service_codes"), 30);
    const row rows[] = {
        {"Bangla on bdapps", in_bangla, "6:18: [[channels]] ussd_rendering: bdapps carries ASCII"},
        {"Bangla by default", by_default, "1:1: [[channels]] ussd_rendering: bdapps carries ASCII"},
        {"no password", bdapps,
         "1:1: [[channels]] password: is missing; better than here it stands in "
         "UTHAN_CHANNEL_BD_M_PASSWORD"},
        {"no application", nameless, "7:18: [[channels]] application_id: is missing or empty"},
        {"no code", codeless, "[[channels]] service_codes: is needed"},
        {"no URL", with_password + "url = \"developer.bdapps.com\"\n", "9:7: [[channels]] url"},
        {"a user in the URL", with_password + "url = \"https://u:p@h/\"\n",
         "9:7: [[channels]] url"},
        {"a query in the URL", with_password + "url = \"https://h/?a\"\n", "9:7: [[channels]] url"},
        {"addresses", with_password + "addresses = \"both\"\n",
         "9:13: [[channels]] addresses: \"both\" is none of: numbers_or_masks, masks"},
        {"no word", with_password + "addresses = \"\"\n", "9:13: [[channels]] addresses"},
        {"a budget too large", with_password + "push_budget_seconds = 61\n",
         "9:23: [[channels]] push_budget_seconds: must be a whole number from 1 to 60"},
        {"another adapter's key", with_password + "username = \"u\"\n",
         "9:1: [[channels]]: unknown key \"username\""},
        {"bdapps's key elsewhere", link + reply + "application_id = \"APP_1\"\n",
         "unknown key \"application_id\""},
        {"a template without text", link + "reply = '{\"s\":\"{{state}}\"}'\n",
         "13:9: [[channels]] reply: has no {{text}}"},
        {"an unknown style", link + reply + "style = \"C\"\n", "[[channels]] style: \"C\" is none"},
        {"a source that is none", link + reply + "network_from = \"path:0\"\n",
         "14:16: [[channels]] network_from"},
        {"a push without URL", link + reply + "style = \"push\"\n", "[[channels]] push_url"},
        {"a push to a user",
         link + reply + "style = \"push\"\npush_url = \"https://u:p@h.example/\"\n",
         "15:12: [[channels]] push_url: is no URL when it is filled in"},
        {"wrong type", link + reply + "begin_values = \"b\"\n", ":"},
        {"neither texts nor USSD", ussd_over_smpp, "1:1: [[channels]] needs sender"},
        {"a budget without USSD", ussd_over_smpp + "sender = \"M\"\npush_budget_seconds = 5\n",
         "unknown key \"push_budget_seconds\""},
        {"USSD without a code",
         std::string{ussd_over_smpp}.erase(ussd_over_smpp.find("service_codes"), 28) +
             "[channels.ussd]\n",
         "[[channels]] service_codes: is needed"},
        {"an operation with two meanings", ussd_over_smpp + "[channels.ussd]\nbegin_ops = [1, 2]\n",
         "9:13: [channels.ussd] begin_ops: has a value"},
        {"no last screen", ussd_over_smpp + "[channels.ussd]\nfinal_op = 2\nend_bit = false\n",
         "9:12: [channels.ussd] final_op: is continue_op"},
        {"an operation too large", ussd_over_smpp + "[channels.ussd]\ncontinue_op = 256\n",
         "9:15: [channels.ussd] continue_op"},
        {"an unknown way", ussd_over_smpp + "[channels.ussd]\nacknowledge = \"never\"\n",
         "[channels.ussd] acknowledge: \"never\" is none of: first, after_screen"},
        {"USSD's unknown key", ussd_over_smpp + "[channels.ussd]\nop = 1\n",
         "9:1: [channels.ussd]: unknown key \"op\""},
        {"outbound's unknown key", with_password + "[outbound]\ncafile = \"x\"\n",
         "10:1: [outbound]: unknown key \"cafile\""},
        {"outbound's range", with_password + "[outbound]\nconnections_max = 0\n",
         "10:19: [outbound] connections_max: must be a whole number from 1 to 1024"},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.label);
        load(r.text);
        EXPECT_THAT(said(), Contains(HasSubstr(r.problem)));
    }
}

TEST_F(LinkSettings, OfTheExamplesAreRight) {
    variables["UTHAN_CHANNEL_OPERATOR_PUSH_E07B64_API_KEY"] = "k";
    unsigned seen = 0;
    for (const auto& entry :
         fs::directory_iterator(fs::path(UTHAN_SOURCE_DIR) / "config/channels")) {
        SCOPED_TRACE(entry.path());
        if (entry.is_directory()) { // of text messages: adapters' own tests read them
            continue;
        }
        std::stringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        const auto s = load(text.str());
        EXPECT_THAT(said(), IsEmpty());
        EXPECT_GE(s.channels.size(), 1U);
        ++seen;
    }
    EXPECT_GE(seen, 5U);
}

} // namespace
} // namespace uthan::gateway
