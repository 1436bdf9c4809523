#pragma once

#include "adapters/ussd_http/ussd.hpp"
#include "texts/toml.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The examples in config/channels as descriptions.
namespace uthan::adapters::ussd_http::link_files {

inline constexpr std::string_view formats[] = {"form", "json", "xml", "query", "text"};

/// Reads one [[channels]] table. A key that no member of a description and no channel has fails the
/// test.
class table_reader {
public:
    explicit table_reader(const toml::table& table) : table_(table) {}

    void text(std::string_view key, std::string& target) {
        seen_.insert(key);
        if (table_.contains(key)) {
            target = table_[key].value<std::string>().value();
        }
    }
    void texts(std::string_view key, std::vector<std::string>& target) {
        seen_.insert(key);
        if (const auto* list = table_[key].as_array()) {
            for (const auto& item : *list) {
                target.push_back(item.value<std::string>().value());
            }
        }
    }
    template <class Value>
    void word(std::string_view key, Value& target, std::span<const std::string_view> words) {
        std::string written;
        text(key, written);
        if (written.empty()) {
            return;
        }
        const auto found = std::ranges::find(words, written);
        ASSERT_NE(found, words.end()) << key;
        target = static_cast<Value>(found - words.begin());
    }
    void finish() {
        for (const auto* key :
             {"name", "adapter", "organisation", "service_codes", "operator", "ussd_rendering",
              "screen_units", "allow_from", "tps", "username", "api_key"}) {
            seen_.insert(key);
        }
        for (const auto& [key, value] : table_) {
            EXPECT_TRUE(seen_.contains(key.str())) << "unknown key " << key.str();
        }
    }

private:
    const toml::table& table_;
    std::set<std::string_view> seen_;
};

inline description description_of(const toml::table& table) {
    table_reader in{table};
    description as;
    in.word("style", as.style, std::vector<std::string_view>{"reply", "push"});
    in.word("request_format", as.request_format, formats);
    in.text("session_from", as.session_from);
    in.text("number_from", as.number_from);
    in.text("input_from", as.input_from);
    in.text("kind_from", as.kind_from);
    in.text("request_id_from", as.request_id_from);
    in.text("service_code_from", as.service_code_from);
    in.text("network_from", as.network_from);
    in.texts("begin_values", as.begin_values);
    in.texts("continue_values", as.continue_values);
    in.texts("end_values", as.end_values);
    in.word("first_input", as.first, std::vector<std::string_view>{"dialled", "ignored"});
    in.word("reply_format", as.reply_format, formats);
    in.text("reply", as.reply);
    in.text("reply_type", as.reply_type);
    in.texts("reply_headers", as.reply_headers);
    in.text("continue_value", as.continue_value);
    in.text("end_value", as.end_value);
    in.text("line_break", as.line_break);
    in.text("end_reply", as.end_reply);
    in.text("acknowledgement", as.acknowledgement);
    in.text("acknowledgement_type", as.acknowledgement_type);
    in.word("push_method", as.method, std::vector<std::string_view>{"POST", "GET"});
    in.text("push_url", as.push_url);
    in.text("push_ok_from", as.push_ok_from);
    in.texts("push_ok_values", as.push_ok_values);
    in.finish();
    return as;
}

inline prepared_link prepared(description as) {
    std::vector<problem> problems;
    auto link = prepare(std::move(as), problems);
    for (const auto& p : problems) {
        ADD_FAILURE() << p.key << " " << p.says;
    }
    return link;
}

/// The example's `index`th block.
inline description example(const std::string& name, std::size_t index = 0) {
    const auto file = toml::parse_file(UTHAN_SOURCE_DIR "/config/channels/" + name + ".toml");
    return description_of(*file["channels"][index].as_table());
}

} // namespace uthan::adapters::ussd_http::link_files
