#include "texts/catalog.hpp"
#include "texts/weight.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

// The files of config/texts against each other.
namespace uthan::texts {
namespace {

using testing::ElementsAreArray;

const std::filesystem::path root{UTHAN_SOURCE_DIR "/config/texts"};

/// Every directory that holds texts: the common one and each organisation's own.
std::vector<std::filesystem::path> directories() {
    std::vector<std::filesystem::path> found{root};
    for (const auto& entry : std::filesystem::directory_iterator(root)) {
        if (entry.is_directory()) {
            found.push_back(entry.path());
        }
    }
    return found;
}

catalog texts_in(const std::filesystem::path& directory) {
    catalog loaded;
    std::vector<problem> problems;
    for (const auto in : all_renderings) {
        loaded.load(directory / (std::string{to_string(in)} + ".toml"), in, problems);
    }
    for (const auto& problem : problems) {
        ADD_FAILURE() << problem.to_string();
    }
    return loaded;
}

std::vector<std::string_view> sorted_names(const text_template& text) {
    auto names = text.names();
    std::ranges::sort(names);
    return names;
}

/// Of its row alone.
std::vector<std::string_view> sorted_row_names(const text_template& text) {
    std::vector<std::string_view> names;
    for (const auto& line : text.lines()) {
        for (const auto& segment : line.segments) {
            if (line.is_row && segment.is_placeholder) {
                names.push_back(segment.holds->name);
            }
        }
    }
    std::ranges::sort(names);
    return names;
}

/// The digits that begin its lines: options, in their order.
std::string option_keys(const text_template& text) {
    std::string keys;
    for (const auto& line : text.lines()) {
        const auto& first = line.segments.empty() ? std::string{} : line.segments.front().text;
        if (!line.is_row && first.size() > 1 && first[0] >= '0' && first[0] <= '9' &&
            first[1] == ' ') {
            keys.push_back(first[0]);
        }
    }
    return keys;
}

TEST(ShippedTexts, EveryTextIsThereInEveryRenderingAndSaysTheSame) {
    // Goal: a text that was added or changed in one rendering is not forgotten in another.
    for (const auto& directory : directories()) {
        const auto texts = texts_in(directory);
        const auto ids = texts.ids(rendering::bn);
        EXPECT_FALSE(ids.empty()) << directory;
        for (const auto in : all_renderings) {
            auto expected = ids;
            if (in == rendering::bn_latn) {
                // Text messages are never Bangla in Latin letters: the regulator forbids it.
                std::erase_if(expected, [](auto id) { return id.starts_with("message."); });
            }
            EXPECT_THAT(texts.ids(in), ElementsAreArray(expected))
                << directory << ' ' << to_string(in);
            for (const auto id : expected) {
                const auto* text = texts.find(id, in);
                if (text == nullptr) {
                    continue; // said above
                }
                SCOPED_TRACE(texts.position_of(id, in)->file + ": " + std::string{id});
                const auto& model = *texts.find(id, rendering::bn);
                EXPECT_EQ(sorted_names(*text), sorted_names(model));
                EXPECT_EQ(sorted_row_names(*text), sorted_row_names(model));
                EXPECT_EQ(option_keys(*text), option_keys(model));
            }
        }
    }
}

TEST(ShippedTexts, InLatinLettersAreOneSeptetACharacter) {
    for (const auto& directory : directories()) {
        const auto texts = texts_in(directory);
        for (const auto in : {rendering::bn_latn, rendering::en}) {
            for (const auto id : texts.ids(in)) {
                for (const auto& line : texts.find(id, in)->lines()) {
                    for (const auto& segment : line.segments) {
                        const auto weight = ussd_weight(segment.text);
                        EXPECT_EQ(weight.in, alphabet::gsm7) << id;
                        EXPECT_EQ(weight.units, segment.text.size()) << id;
                    }
                }
            }
        }
    }
}

TEST(ShippedTexts, WordsAreNotCut) {
    // Goal: a word of ours stays whole in the narrowest placeholder that shows one.
    const auto texts = texts_in(root);
    struct group {
        std::string_view prefix;
        std::string_view placeholder;
    };
    constexpr group groups[] = {{"word.sms_", "status"},       {"word.req_", "status"},
                                {"word.call_m", "way"},        {"word.call_a", "way"},
                                {"word.at_office", "way"},     {"word.reach_", "way"},
                                {"word.other_member", "name"}, {"word.", "kind"}};
    for (const auto in : all_renderings) {
        for (const auto id : texts.ids(in)) {
            const auto* of = std::ranges::find_if(
                groups, [&](const group& g) { return id.starts_with(g.prefix); });
            if (of == std::end(groups) || id == "word.refund" || id == "word.leaving" ||
                id == "word.call_me" || id == "word.number_change") {
                continue; // the last four are matters: at least as wide
            }
            const auto word = texts.find(id, in)->render({}, {}, in).front();
            EXPECT_LE(utf16_units(word), width_max(*find_placeholder(of->placeholder), in))
                << id << ' ' << to_string(in) << ' ' << word;
        }
    }
}

} // namespace
} // namespace uthan::texts
