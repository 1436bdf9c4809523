#include "texts/number_words.hpp"

#include "texts/tokens.hpp"

#include <array>
#include <string>
#include <unordered_map>

namespace uthan::texts {
namespace {

/// 1 … 99; of each the usual spellings, separated by spaces.
constexpr std::array bangla_values{
    std::string_view{"এক"},         std::string_view{"দুই দু"},
    std::string_view{"তিন"},        std::string_view{"চার"},
    std::string_view{"পাঁচ"},        std::string_view{"ছয়"},
    std::string_view{"সাত"},        std::string_view{"আট"},
    std::string_view{"নয়"},         std::string_view{"দশ"},
    std::string_view{"এগারো এগার"}, std::string_view{"বারো বার"},
    std::string_view{"তেরো তের"},   std::string_view{"চৌদ্দ চোদ্দ"},
    std::string_view{"পনেরো পনের"}, std::string_view{"ষোলো ষোল"},
    std::string_view{"সতেরো সতের"}, std::string_view{"আঠারো আঠার"},
    std::string_view{"উনিশ"},       std::string_view{"বিশ কুড়ি"},
    std::string_view{"একুশ"},        std::string_view{"বাইশ"},
    std::string_view{"তেইশ"},       std::string_view{"চব্বিশ"},
    std::string_view{"পঁচিশ"},       std::string_view{"ছাব্বিশ"},
    std::string_view{"সাতাশ"},      std::string_view{"আটাশ আঠাশ"},
    std::string_view{"ঊনত্রিশ"},     std::string_view{"ত্রিশ তিরিশ"},
    std::string_view{"একত্রিশ"},     std::string_view{"বত্রিশ"},
    std::string_view{"তেত্রিশ"},     std::string_view{"চৌত্রিশ"},
    std::string_view{"পঁয়ত্রিশ"},     std::string_view{"ছত্রিশ"},
    std::string_view{"সাঁইত্রিশ"},    std::string_view{"আটত্রিশ"},
    std::string_view{"ঊনচল্লিশ"},    std::string_view{"চল্লিশ"},
    std::string_view{"একচল্লিশ"},    std::string_view{"বিয়াল্লিশ"},
    std::string_view{"তেতাল্লিশ"},   std::string_view{"চুয়াল্লিশ"},
    std::string_view{"পঁয়তাল্লিশ"},   std::string_view{"ছেচল্লিশ"},
    std::string_view{"সাতচল্লিশ"},   std::string_view{"আটচল্লিশ"},
    std::string_view{"ঊনপঞ্চাশ"},    std::string_view{"পঞ্চাশ"},
    std::string_view{"একান্ন"},      std::string_view{"বায়ান্ন"},
    std::string_view{"তিপ্পান্ন"},    std::string_view{"চুয়ান্ন"},
    std::string_view{"পঞ্চান্ন"},     std::string_view{"ছাপ্পান্ন"},
    std::string_view{"সাতান্ন"},     std::string_view{"আটান্ন"},
    std::string_view{"ঊনষাট"},      std::string_view{"ষাট"},
    std::string_view{"একষট্টি"},     std::string_view{"বাষট্টি"},
    std::string_view{"তেষট্টি"},     std::string_view{"চৌষট্টি"},
    std::string_view{"পঁয়ষট্টি"},     std::string_view{"ছেষট্টি"},
    std::string_view{"সাতষট্টি"},    std::string_view{"আটষট্টি"},
    std::string_view{"ঊনসত্তর"},     std::string_view{"সত্তর"},
    std::string_view{"একাত্তর"},     std::string_view{"বাহাত্তর"},
    std::string_view{"তিয়াত্তর"},    std::string_view{"চুয়াত্তর"},
    std::string_view{"পঁচাত্তর"},     std::string_view{"ছিয়াত্তর"},
    std::string_view{"সাতাত্তর"},    std::string_view{"আটাত্তর"},
    std::string_view{"ঊনআশি"},      std::string_view{"আশি"},
    std::string_view{"একাশি"},      std::string_view{"বিরাশি"},
    std::string_view{"তিরাশি"},     std::string_view{"চুরাশি"},
    std::string_view{"পঁচাশি"},      std::string_view{"ছিয়াশি"},
    std::string_view{"সাতাশি"},     std::string_view{"আটাশি অষ্টাশি"},
    std::string_view{"ঊননব্বই"},     std::string_view{"নব্বই"},
    std::string_view{"একানব্বই"},    std::string_view{"বিরানব্বই"},
    std::string_view{"তিরানব্বই"},   std::string_view{"চুরানব্বই"},
    std::string_view{"পঁচানব্বই"},    std::string_view{"ছিয়ানব্বই"},
    std::string_view{"সাতানব্বই"},   std::string_view{"আটানব্বই"},
    std::string_view{"নিরানব্বই"},
};
static_assert(bangla_values.size() == 99);

/// Bangla in Latin letters, and English. "shat" may be 7 or 60 and is left out.
struct latin_values {
    std::int64_t value;
    std::string_view spellings;
};
constexpr std::array latin_numbers{
    latin_values{1, "ek one"},
    latin_values{2, "dui two"},
    latin_values{3, "tin three"},
    latin_values{4, "char four"},
    latin_values{5, "pach panch five"},
    latin_values{6, "choy choi six"},
    latin_values{7, "sat seven"},
    latin_values{8, "at eight"},
    latin_values{9, "noy noi nine"},
    latin_values{10, "dosh ten"},
    latin_values{11, "egaro agaro eleven"},
    latin_values{12, "baro twelve"},
    latin_values{13, "tero thirteen"},
    latin_values{14, "choddo fourteen"},
    latin_values{15, "ponero fifteen"},
    latin_values{16, "sholo sixteen"},
    latin_values{17, "sotero seventeen"},
    latin_values{18, "atharo eighteen"},
    latin_values{19, "unish nineteen"},
    latin_values{20, "bish kuri twenty"},
    latin_values{25, "pochish"},
    latin_values{30, "trish tirish thirty"},
    latin_values{40, "chollish forty fourty"},
    latin_values{50, "ponchash fifty"},
    latin_values{60, "sixty"},
    latin_values{70, "sottor seventy"},
    latin_values{75, "pochattor"},
    latin_values{80, "ashi eighty"},
    latin_values{90, "nobboi ninety"},
};

struct other_words {
    number_word is;
    std::string_view spellings;
};
constexpr std::array others{
    other_words{{number_word_kind::value, 150}, "দেড় der"},
    other_words{{number_word_kind::value, 250}, "আড়াই arai"},
    other_words{{number_word_kind::plus, 50}, "সাড়ে sare"},
    other_words{{number_word_kind::plus, 25}, "সোয়া sowa"},
    other_words{{number_word_kind::plus, -25}, "পৌনে poune"},
    other_words{{number_word_kind::hundred, 100}, "শ শো শত sho shoto hundred"},
    other_words{{number_word_kind::multiplier, 1'000}, "হাজার hajar thousand k"},
    other_words{{number_word_kind::multiplier, 100'000}, "লাখ লক্ষ lakh lac lokkho lakhs"},
    other_words{{number_word_kind::multiplier, 10'000'000}, "কোটি koti crore"},
};

using words_by_sound = std::unordered_map<std::string, number_word>;

/// Of one sound the first stays.
void add_spellings(words_by_sound& to, std::string_view spellings, number_word is) {
    while (!spellings.empty()) {
        const auto end = std::min(spellings.find(' '), spellings.size());
        const auto list = tokens_of(spellings.substr(0, end));
        to.emplace(sound_of(list.tokens.front().text), is);
        spellings.remove_prefix(std::min(end + 1, spellings.size()));
    }
}

words_by_sound make_words() {
    words_by_sound words;
    for (std::size_t i = 0; i < bangla_values.size(); ++i) {
        add_spellings(words, bangla_values[i],
                      {number_word_kind::value, (static_cast<std::int64_t>(i) + 1) * 100});
    }
    for (const auto& [value, spellings] : latin_numbers) {
        add_spellings(words, spellings, {number_word_kind::value, value * 100});
    }
    for (const auto& [is, spellings] : others) {
        add_spellings(words, spellings, is);
    }
    return words;
}

} // namespace

std::optional<number_word> number_word_of(std::string_view sound) {
    static const words_by_sound words = make_words();
    const auto found = words.find(std::string{sound});
    return found == words.end() ? std::nullopt : std::optional{found->second};
}

} // namespace uthan::texts
