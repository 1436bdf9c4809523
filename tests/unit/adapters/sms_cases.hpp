#pragma once

#include "adapters/sms_registry.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// What the tables of the text-message adapters are run with.
namespace uthan::adapters::sms_cases {

using values = std::map<std::string, std::string, std::less<>>;

/// In its message_form, so that it goes out as it is.
inline const std::string bangla = "আপনার কিস্তি ৫০০ টাকা + ৫% \"ছুটি\" & 'বেশি' <১>";

inline sms_settings settings_of(values given) {
    sms_settings as;
    as.channel = "channel-1";
    as.account = "account-1";
    as.values = std::move(given);
    return as;
}

inline std::unique_ptr<const sms_translator> translator_from(std::string_view adapter,
                                                             sms_settings as) {
    std::vector<sms_problem> problems;
    const auto* const row = find_sms_adapter(adapter);
    EXPECT_NE(row, nullptr) << adapter;
    auto made = make_sms_translator(*row, std::move(as), problems);
    for (const auto& problem : problems) {
        ADD_FAILURE() << adapter << ": " << problem.key << " " << problem.says;
    }
    return made;
}

inline std::unique_ptr<const sms_translator> translator_of(std::string_view adapter, values given) {
    return translator_from(adapter, settings_of(std::move(given)));
}

inline address number(std::string_view digits) {
    return address::e164("+" + std::string{digits}).value();
}

inline sms_text text_to(std::string_view digits, std::string utf8, std::string key = "m1") {
    return {std::move(key), number(digits), std::move(utf8)};
}

inline std::string header_of(const sms_request& request, std::string_view name) {
    for (const auto& [known, value] : request.headers) {
        if (known == name) {
            return value;
        }
    }
    return {};
}

/// A row of an adapter's answers to one message.
struct answer_row {
    unsigned status;
    std::string body;
    sms_outcome what;
    std::string id = {};
    std::string code = {};
};

inline void expect_answers(const sms_translator& translator, const std::vector<answer_row>& rows,
                           const sms_text& message) {
    for (const auto& row : rows) {
        SCOPED_TRACE(std::to_string(row.status) + " " + row.body);
        const auto answer = translator.read_answer({row.status, row.body}, {&message, 1});
        ASSERT_EQ(answer.each.size(), 1U);
        EXPECT_EQ(static_cast<int>(answer.each[0].what), static_cast<int>(row.what));
        EXPECT_EQ(answer.each[0].external_id, row.id);
        EXPECT_EQ(answer.each[0].code, row.code);
    }
}

/// What no API documents, and yet comes: pages of proxies, nothing, half an answer.
inline void expect_honesty(const sms_translator& translator) {
    const std::vector<sms_text> one{text_to("8801712345678", "Due 500")};
    const auto lost =
        translator.capacity().is_idempotent ? sms_outcome::later : sms_outcome::unconfirmed;
    const std::string page = "<html><body>502 Bad Gateway</body></html>";
    const struct {
        unsigned status;
        std::string_view body;
        sms_outcome what;
    } rows[] = {{200, "", lost},
                {200, page, lost},
                {200, "{", lost},
                {200, "{\"", lost},
                {200, "\xff\xfe", lost},
                {200, "null", lost},
                {204, "", lost},
                {302, "", sms_outcome::later},
                {401, page, sms_outcome::credentials},
                {402, "", sms_outcome::balance},
                {404, page, sms_outcome::later},
                {408, "", lost},
                {429, page, sms_outcome::throttled},
                {502, page, lost},
                {503, page, sms_outcome::later},
                {504, "", lost}};
    for (const auto& row : rows) {
        SCOPED_TRACE(std::to_string(row.status) + " " + std::string{row.body});
        const auto answer = translator.read_answer({row.status, row.body, "7"}, one);
        ASSERT_EQ(answer.each.size(), 1U);
        EXPECT_EQ(static_cast<int>(answer.each[0].what), static_cast<int>(row.what));
        EXPECT_EQ(answer.each[0].external_id, "");
        const auto pause = row.status == 429 ? std::chrono::seconds{7} : std::chrono::seconds{0};
        EXPECT_EQ(answer.pause, pause);
    }
    const std::string huge(sms_translator::answer_bytes_max + 1, ' ');
    EXPECT_EQ(translator.read_answer({200, huge}, one).each.at(0).what, lost);
}

inline callback_request callback(callback_path at, std::string_view body,
                                 std::string_view query = {}) {
    return {at, query, body, {}};
}

inline constexpr instant noon{std::chrono::milliseconds{1'795'342'530'000}};

inline callback_reading read(const sms_translator& translator, callback_path at,
                             std::string_view body, std::string_view query = {}) {
    return translator.read_callback(callback(at, body, query), noon);
}

/// One row of an adapter's receipts.
struct receipt_row {
    std::string said;
    sms::receipt_state state;
};

inline void expect_one_receipt(const callback_reading& reading, std::string_view id,
                               sms::receipt_state state, std::string_view digits) {
    EXPECT_EQ(reading.status, 200U) << reading.reason;
    EXPECT_EQ(reading.passed_over, 0U);
    ASSERT_EQ(reading.receipts.size(), 1U);
    const auto& receipt = reading.receipts.front();
    EXPECT_EQ(receipt.account, "account-1");
    ASSERT_FALSE(receipt.candidates.empty());
    EXPECT_EQ(receipt.candidates.front(), id);
    EXPECT_EQ(receipt.state, state);
    EXPECT_EQ(receipt.number, digits);
    EXPECT_EQ(receipt.at, noon);
}

inline void expect_one_text(const callback_reading& reading, std::string_view digits,
                            std::string_view utf8, std::string_view id, std::string_view to) {
    EXPECT_EQ(reading.status, 200U) << reading.reason;
    ASSERT_EQ(reading.texts.size(), 1U);
    EXPECT_EQ(reading.texts[0].from, number(digits));
    EXPECT_EQ(reading.texts[0].utf8, utf8);
    EXPECT_EQ(reading.texts[0].id, id);
    EXPECT_EQ(reading.texts[0].to, to);
}

} // namespace uthan::adapters::sms_cases
