#include "adapters/escape.hpp"
#include "adapters/sms_fields.hpp"
#include "tests/unit/adapters/sms_cases.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

// What holds for every aggregator of text messages.
namespace uthan::adapters::sms_common {
namespace {

using namespace sms_cases;

/// Settings with which each row makes a translator.
sms_settings good_settings(const sms_adapter& row) {
    auto as = settings_of({});
    for (const auto& key : row.keys) {
        if (key.kind == sms_key_kind::list) {
            continue;
        }
        if (key.kind == sms_key_kind::url) {
            as.values[std::string{key.name}] = "https://host.example/path/";
        } else if (key.kind == sms_key_kind::secret && key.name != "callback_secret") {
            as.values[std::string{key.name}] = "secret-of-" + std::string{key.name};
        } else if (key.name == "username" || key.name == "sender" || key.is_needed) {
            as.values[std::string{key.name}] = "some";
        }
    }
    if (row.name == "http") {
        as.lists["accepted_codes"] = {"0"};
        as.values["url"] = "https://host.example/send?key={{api_key}}&p={{password}}";
        as.values["body"] = "s={{api_secret}}&to={{to}}&text={{text}}&from={{sender}}";
        as.values["code_from"] = "code";
    } else {
        as.lists.clear();
    }
    return as;
}

TEST(SmsRegistry, HasEveryNameOnceAndMakesEach) {
    std::set<std::string_view> names;
    for (const auto* row : sms_adapters()) {
        SCOPED_TRACE(row->name);
        EXPECT_TRUE(names.insert(row->name).second);
        EXPECT_EQ(find_sms_adapter(row->name), row);
        EXPECT_NE(translator_from(row->name, good_settings(*row)), nullptr);
        std::set<std::string_view> keys;
        for (const auto& key : row->keys) {
            EXPECT_TRUE(keys.insert(key.name).second) << key.name;
        }
        EXPECT_TRUE(keys.contains("callback_secret"));
    }
    EXPECT_EQ(names, (std::set<std::string_view>{"bdapps", "sslwireless", "http", "kannel",
                                                 "africastalking", "infobip", "twilio", "jasmin"}));
    EXPECT_EQ(find_sms_adapter("odd"), nullptr);
}

TEST(SmsRegistry, NamesWhatIsMissingOrUnknown) {
    for (const auto* row : sms_adapters()) {
        for (const auto& key : row->keys) {
            if (!key.is_needed || key.kind == sms_key_kind::list) {
                continue;
            }
            SCOPED_TRACE(std::string{row->name} + " " + std::string{key.name});
            auto as = good_settings(*row);
            as.values.erase(std::string{key.name});
            std::vector<sms_problem> problems;
            if (key.fallback.empty()) {
                EXPECT_EQ(make_sms_translator(*row, as, problems), nullptr);
                ASSERT_FALSE(problems.empty());
                EXPECT_EQ(problems.front().key, key.name);
            }
        }
        auto as = good_settings(*row);
        as.values["odd"] = "x";
        as.values["sender"] = "a\nb";
        std::vector<sms_problem> problems;
        EXPECT_EQ(make_sms_translator(*row, as, problems), nullptr);
        EXPECT_GE(problems.size(), 2U);
    }
}

TEST(SmsTranslators, ShowNoSecretAndNoNumber) {
    for (const auto* row : sms_adapters()) {
        SCOPED_TRACE(row->name);
        const auto it = translator_from(row->name, good_settings(*row));
        const auto secrets = it->secrets();
        EXPECT_FALSE(secrets.empty());
        const std::vector<sms_text> one{text_to("8801712345678", "Due 500")};
        // An answer that repeats the request.
        const auto made = it->build(one);
        ASSERT_TRUE(made);
        for (const unsigned status : {200U, 400U, 401U, 500U}) {
            const auto answer = it->read_answer({status, made->body}, one);
            for (const auto& secret : secrets) {
                EXPECT_EQ(answer.each.at(0).code.find(secret), std::string::npos);
            }
        }
        for (const auto at : {callback_path::sms, callback_path::receipts, callback_path::events}) {
            const auto reading = read(*it, at, made->body, "from=8801712345678&id=8801712345678");
            EXPECT_EQ(reading.reason.find("8801712345678"), std::string::npos);
            for (const auto& secret : secrets) {
                EXPECT_EQ(reading.reason.find(secret), std::string::npos);
            }
        }
    }
}

TEST(SmsTranslators, RefuseWhatNoApiTakes) {
    for (const auto* row : sms_adapters()) {
        SCOPED_TRACE(row->name);
        const auto it = translator_from(row->name, good_settings(*row));
        EXPECT_EQ(it->build({}).error(), errc::malformed);
        const auto most = it->capacity().messages_per_request;
        const std::vector<sms_text> many(most + 1, text_to("8801712345678", "x"));
        EXPECT_EQ(it->build(many).error(), errc::malformed);
        const auto broken = text_to("8801712345678", "\xff");
        EXPECT_EQ(it->build({&broken, 1}).error(), errc::invalid_utf8);
        const auto long_text = text_to("8801712345678", std::string(153 * 8 + 1, 'a'));
        EXPECT_EQ(it->build({&long_text, 1}).error(), errc::too_large);
        const sms_text masked{"m1", address::opaque("elsewhere", "tel:x"), "x"};
        EXPECT_EQ(it->build({&masked, 1}).error(), errc::invalid_msisdn);
        const std::string huge(sms_translator::callback_bytes_max + 1, 'a');
        EXPECT_EQ(read(*it, callback_path::sms, huge).status, 413U);
    }
}

TEST(SmsTranslators, CountAsTheBillDoes) {
    for (const auto* row : sms_adapters()) {
        SCOPED_TRACE(row->name);
        const auto it = translator_from(row->name, good_settings(*row));
        const auto wide = text_to("8801712345678", std::string(71, 'a') + "১");
        EXPECT_EQ(it->build({&wide, 1})->segments, 2U);
        const auto plain = text_to("8801712345678", std::string(160, 'a'));
        EXPECT_EQ(it->build({&plain, 1})->segments, 1U);
    }
}

TEST(SmsTranslators, WantTheSecretOfTheirAddress) {
    for (const auto* row : sms_adapters()) {
        SCOPED_TRACE(row->name);
        auto as = good_settings(*row);
        as.values["callback_secret"] = "s&3+c";
        const auto it = translator_from(row->name, as);
        for (const auto* query : {"", "secret=s", "secret=s&3+c", "secret=s%263%2Bc&secret=x"}) {
            EXPECT_EQ(read(*it, callback_path::receipts, "a=b", query).status, 403U) << query;
        }
        const bool is_signed = row->name == "twilio";
        const auto with = read(*it, callback_path::receipts, "a=b", "secret=s%263%2Bc");
        EXPECT_EQ(with.status == 403U, is_signed);
    }
}

TEST(SmsReports, OfEachOutcome) {
    const instant until = noon + std::chrono::seconds{3};
    const auto of = [&](sms_outcome what) {
        return report_of({what, "x1", "E1325"}, 17, 0, "a", until);
    };
    const auto refusal = [](sms::refusal_kind kind) -> sms::report {
        return sms::part_refused{17, 0, kind, 1325, 0};
    };
    using enum sms_outcome;
    EXPECT_EQ(of(accepted), sms::report(sms::part_submitted{17, 0, "x1", "a", 0}));
    for (const auto never : {refused, blocked, defect}) {
        EXPECT_EQ(of(never), refusal(sms::refusal_kind::permanent));
    }
    EXPECT_EQ(of(later), refusal(sms::refusal_kind::temporary));
    EXPECT_EQ(of(throttled), refusal(sms::refusal_kind::throttled));
    EXPECT_EQ(of(unknown), refusal(sms::refusal_kind::unknown));
    EXPECT_EQ(of(credentials), sms::report(sms::part_returned{17, 0, until}));
    EXPECT_EQ(of(balance), sms::report(sms::part_returned{17, 0, until}));
    EXPECT_EQ(of(unconfirmed), sms::report(sms::part_unconfirmed{17, 0, sms::reason::no_answer}));
}

TEST(SmsReports, ALostAnswerIsUnconfirmedUnlessRepeatingIsHarmless) {
    EXPECT_EQ(result_of_loss(false, false).what, sms_outcome::later);
    EXPECT_EQ(result_of_loss(true, false).what, sms_outcome::unconfirmed);
    EXPECT_EQ(result_of_loss(true, true).what, sms_outcome::later);
}

TEST(SmsReports, PausesAreWholeSecondsUpToAnHour) {
    using std::chrono::seconds;
    EXPECT_EQ(pause_of("7"), seconds{7});
    EXPECT_EQ(pause_of("999999"), seconds{3600});
    for (const auto* odd :
         {"", "-1", "1.5", "7s", "Sat, 21 Nov 2026 10:15:30 GMT", "99999999999"}) {
        EXPECT_EQ(pause_of(odd), seconds{0}) << odd;
    }
}

TEST(InboundTexts, AreStoredAsUtf16) {
    const inbound_text text{number("8801712345678"), "77000", "ক😀a", "t1"};
    const auto part = part_of(text, "ch", noon).value();
    EXPECT_EQ(part.user_data, std::string_view("\x09\x95\xD8\x3D\xDE\x00\x00"
                                               "a",
                                               8));
    EXPECT_EQ(part.coding, texts::user_data_coding::ucs2);
    EXPECT_EQ(part.external_id, "t1");
    const auto read_again = texts::parse_user_data(part.user_data, false, part.coding);
    EXPECT_EQ(texts::text_of(read_again), text.utf8);
    auto longer = text;
    longer.utf8.assign(2049, 'a');
    EXPECT_EQ(part_of(longer, "ch", noon).error(), errc::too_large);
}

/// Texts of Bangla, signs with a meaning in some format, control characters and emoji.
std::string random_text(std::mt19937& random) {
    static const std::vector<std::string> pieces{
        "ক",  "্",   "ষ",  "১", "ড়", " ",   "+",  "%",  "&",  "=", "\"", "'", "<",           ">",
        "\\", "\n", "\t", "/", ";", "%2B", "&#", "{{", "}}", "😀", "a",  "Z", "\xE2\x80\x8D"};
    std::string out;
    for (std::size_t i = random() % 40; i > 0; --i) {
        out += pieces[random() % pieces.size()];
    }
    return out;
}

TEST(Escapes, AreReadBackAsTheyWere) {
    std::mt19937 random{20261127};
    for (int round = 0; round < 2000; ++round) {
        const auto text = random_text(random);
        const auto body = write_form({{"a", "1"}, {"text", text}, {"z", text}});
        const auto pairs = read_pairs(body);
        ASSERT_TRUE(pairs);
        EXPECT_EQ(only_value(*pairs, "text"), text);
        const auto in = std::get<field_set>(field_set::read(field_format::form, body));
        EXPECT_EQ(in.text("z"), text);
        const auto json = boost::json::parse("{\"t\":\"" + escape(text, escaping::json) + "\"}");
        EXPECT_EQ(json.at("t").as_string(), text);
        const auto xml = "<r t=\"" + escape(text, escaping::xml) + "\"><b>x" +
                         escape(text, escaping::xml) + "x</b></r>";
        const auto document = std::get<field_set>(field_set::read(field_format::xml, xml));
        EXPECT_EQ(document.text("r/@t"), text);
        EXPECT_EQ(document.text("r/b"), "x" + text + "x");
    }
}

TEST(Escapes, OfEveryTranslatorKeepTheText) {
    std::mt19937 random{7};
    for (const auto* row : sms_adapters()) {
        SCOPED_TRACE(row->name);
        const auto it = translator_from(row->name, good_settings(*row));
        for (int round = 0; round < 50; ++round) {
            const auto message = text_to("8801712345678", "x" + random_text(random) + "x");
            const auto made = it->build({&message, 1});
            if (!made) { // lone marks may make it longer than the limit
                EXPECT_EQ(made.error(), errc::too_large);
                continue;
            }
            const bool is_json = made->content_type == "application/json";
            EXPECT_EQ(read_json_tree(made->body).has_value(), is_json);
            const auto& form = made->post ? made->body : made->url;
            EXPECT_TRUE(is_json || read_pairs(form.substr(form.find('?') + 1)).has_value());
            const auto bytes = made->url + made->body;
            const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
            EXPECT_TRUE(std::ranges::none_of(bytes, is_control));
        }
    }
}

/// The words between backticks that name something of the tree.
std::vector<std::string> paths_in(std::string_view text) {
    std::vector<std::string> out;
    for (auto open = text.find('`'); open != std::string_view::npos;) {
        const auto close = text.find('`', open + 1);
        const auto word = text.substr(open + 1, close - open - 1);
        for (const std::string_view root : {"adapters/", "config/", "tests/", "docs/"}) {
            if (word.starts_with(root) && word.find(' ') == std::string_view::npos) {
                out.emplace_back(word);
            }
        }
        open = close == std::string_view::npos ? close : text.find('`', close + 1);
    }
    return out;
}

TEST(AddingAnAggregator, NamesWhatThereIs) {
    const std::filesystem::path root = UTHAN_SOURCE_DIR;
    std::ifstream file{root / "docs/adding-an-aggregator.md"};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    std::size_t seen = 0;
    for (const auto& path : paths_in(text)) {
        if (path.find("acme") == std::string::npos) {
            EXPECT_TRUE(std::filesystem::exists(root / path)) << path;
            ++seen;
        }
    }
    EXPECT_GE(seen, 10U);
    for (const auto* word : {"accepted", "refused", "blocked", "defect", "later", "throttled",
                             "credentials", "balance", "unknown", "unconfirmed"}) {
        EXPECT_NE(text.find("`" + std::string{word} + "`"), std::string::npos) << word;
    }
}

} // namespace
} // namespace uthan::adapters::sms_common
