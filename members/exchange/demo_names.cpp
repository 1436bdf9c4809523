#include "members/exchange/demo_names.hpp"

#include <array>

namespace uthan::members::exchange {

std::span<const demo_word> women_names() noexcept {
    static constexpr std::array<demo_word, 40> words{{
        {"আমেনা", "Amena"},      {"রহিমা", "Rahima"},      {"করিমা", "Karima"},
        {"ফাতেমা", "Fatema"},    {"সালমা", "Salma"},       {"নাসিমা", "Nasima"},
        {"শেফালী", "Shefali"},   {"জরিনা", "Jarina"},      {"মরিয়ম", "Mariam"},
        {"হাসিনা", "Hasina"},    {"রোকেয়া", "Rokeya"},     {"সুফিয়া", "Sufia"},
        {"আছিয়া", "Asia"},       {"জাহানারা", "Jahanara"}, {"মমতাজ", "Momtaz"},
        {"শিউলি", "Shiuli"},     {"লাকি", "Lucky"},        {"পারভীন", "Parveen"},
        {"নূরজাহান", "Nurjahan"}, {"রেহানা", "Rehana"},     {"শাহিদা", "Shahida"},
        {"কুলসুম", "Kulsum"},      {"মাহমুদা", "Mahmuda"},    {"তাসলিমা", "Taslima"},
        {"অঞ্জলি", "Anjali"},     {"সন্ধ্যা", "Sandhya"},     {"মালতী", "Malati"},
        {"কৃষ্ণা", "Krishna"},     {"দীপালী", "Dipali"},     {"লক্ষ্মী", "Lakshmi"},
        {"জোছনা", "Jochhna"},    {"ময়না", "Moyna"},        {"বিউটি", "Beauty"},
        {"শাহনাজ", "Shahnaz"},   {"রাবেয়া", "Rabeya"},     {"খোদেজা", "Khodeja"},
        {"হালিমা", "Halima"},    {"মনোয়ারা", "Monowara"},  {"আনোয়ারা", "Anowara"},
        {"ছালেহা", "Saleha"},
    }};
    return words;
}

std::span<const demo_word> family_names() noexcept {
    static constexpr std::array<demo_word, 16> words{{
        {"বেগম", "Begum"},
        {"খাতুন", "Khatun"},
        {"আক্তার", "Akter"},
        {"বিবি", "Bibi"},
        {"সুলতানা", "Sultana"},
        {"ইয়াসমিন", "Yasmin"},
        {"পারভীন", "Parveen"},
        {"খানম", "Khanam"},
        {"রানী দাস", "Rani Das"},
        {"মন্ডল", "Mondal"},
        {"রায়", "Roy"},
        {"বিশ্বাস", "Biswas"},
        {"নেছা", "Nesa"},
        {"জাহান", "Jahan"},
        {"শেখ", "Sheikh"},
        {"হালদার", "Halder"},
    }};
    return words;
}

std::span<const demo_word> officer_names() noexcept {
    static constexpr std::array<demo_word, 16> words{{
        {"রফিক", "Rafiq"},
        {"সেলিম", "Selim"},
        {"নাজমা", "Nazma"},
        {"হারুন", "Harun"},
        {"মিতা", "Mita"},
        {"কামাল", "Kamal"},
        {"শিল্পী", "Shilpi"},
        {"জাহিদ", "Zahid"},
        {"রুমা", "Ruma"},
        {"বাবুল", "Babul"},
        {"আরিফ", "Arif"},
        {"সোহেল", "Sohel"},
        {"লিপি", "Lipi"},
        {"মাসুদ", "Masud"},
        {"ঝর্ণা", "Jharna"},
        {"তপন", "Tapan"},
    }};
    return words;
}

std::span<const demo_word> group_names() noexcept {
    static constexpr std::array<demo_word, 16> words{{
        {"শাপলা", "Shapla"},
        {"গোলাপ", "Golap"},
        {"জবা", "Joba"},
        {"বেলি", "Beli"},
        {"শিউলি", "Shiuli"},
        {"পদ্মা", "Padma"},
        {"মেঘনা", "Meghna"},
        {"যমুনা", "Jamuna"},
        {"রূপসা", "Rupsha"},
        {"ভৈরব", "Bhairab"},
        {"সূর্যমুখী", "Surjomukhi"},
        {"রজনীগন্ধা", "Rojonigondha"},
        {"একতা", "Ekota"},
        {"আশা", "Asha"},
        {"প্রগতি", "Progoti"},
        {"জোনাকি", "Jonaki"},
    }};
    return words;
}

std::span<const demo_word> meeting_places() noexcept {
    static constexpr std::array<demo_word, 12> words{{
        {"রহিমার উঠান", "Rahima's yard"},
        {"করিমার উঠান", "Karima's yard"},
        {"স্কুলের মাঠ", "School field"},
        {"পুকুর পাড়", "Pond side"},
        {"শেফালীর বাড়ি", "Shefali's home"},
        {"বটতলা", "Banyan tree"},
        {"বাজারের পাশে", "By the market"},
        {"৩ নং গলি", "Lane 3"},
        {"মালতীর উঠান", "Malati's yard"},
        {"ক্লাব ঘর", "Club house"},
        {"বস্তির মোড়", "Slum corner"},
        {"শাখা অফিস", "Branch office"},
    }};
    return words;
}

demo_word longest_name() noexcept {
    return {"মোছাম্মৎ জান্নাতুল ফেরদৌসী নূরজাহান বেগম রাজিয়া সুলতানা শাহানশাহ লক্ষ্মীপুরী চৌধুরানী খানম মণি",
            "Mosammat Jannatul Ferdousi Nurjahan Begum Razia Sultana Moni"};
}

std::string bangla_digits(std::uint32_t value) {
    std::string out;
    for (const char digit : std::to_string(value)) {
        // U+09E6 … U+09EF
        out += "\xE0\xA7";
        out.push_back(static_cast<char>(0xA6 + (digit - '0')));
    }
    return out;
}

} // namespace uthan::members::exchange
