#include "members/exchange/demo_shape.hpp"

#include <array>

namespace uthan::members::exchange {

namespace {

constexpr std::array<demo_product, 3> mss_products{{
    {"JAGORON", money::taka(20'000), money::taka(127'000), money::taka(1'000), 2400,
     charge_method::declining, "24", 46, repayment_period::weekly, 85},
    {"AGROSOR", money::taka(100'000), money::taka(1'000'000), money::taka(10'000), 2400,
     charge_method::declining, "24", 46, repayment_period::weekly, 8},
    {"BUNIAD", money::taka(3'000), money::taka(15'000), money::taka(500), 2000,
     charge_method::declining, "20", 46, repayment_period::weekly, 7},
}};

constexpr std::array<demo_product, 1> kmss_products{{
    {"KMSS-46", money::taka(10'000), money::taka(500'000), money::taka(1'000), 1250,
     charge_method::flat, "12.5", 46, repayment_period::weekly, 100},
}};

constexpr std::array<demo_product, 4> rss_products{{
    {"RSS-10", money::taka(5'000), money::taka(50'000), money::taka(1'000), 500,
     charge_method::service_charge, "5", 10, repayment_period::monthly, 88},
    {"RSS-1", money::taka(5'000), money::taka(50'000), money::taka(1'000), 500,
     charge_method::service_charge, "5", 1, repayment_period::irregular, 4},
    {"RSS-2", money::taka(5'000), money::taka(50'000), money::taka(1'000), 500,
     charge_method::service_charge, "5", 2, repayment_period::irregular, 4},
    {"RSS-3", money::taka(5'000), money::taka(50'000), money::taka(1'000), 500,
     charge_method::service_charge, "5", 3, repayment_period::irregular, 4},
}};

constexpr std::array<demo_place, 16> mss_places{{
    {{"মোহাম্মদপুর", "Mohammadpur"}, {"ঢাকা", "Dhaka"}, "", ""},
    {{"টঙ্গী", "Tongi"}, {"গাজীপুর", "Gazipur"}, "", ""},
    {{"ফতুল্লা", "Fatullah"}, {"নারায়ণগঞ্জ", "Narayanganj"}, "", ""},
    {{"মাধবদী", "Madhabdi"}, {"নরসিংদী", "Narsingdi"}, "", ""},
    {{"সিংগাইর", "Singair"}, {"মানিকগঞ্জ", "Manikganj"}, "", ""},
    {{"সিরাজদিখান", "Sirajdikhan"}, {"মুন্সীগঞ্জ", "Munshiganj"}, "", ""},
    {{"মির্জাপুর", "Mirzapur"}, {"টাঙ্গাইল", "Tangail"}, "", ""},
    {{"ভালুকা", "Bhaluka"}, {"ময়মনসিংহ", "Mymensingh"}, "", ""},
    {{"দাউদকান্দি", "Daudkandi"}, {"কুমিল্লা", "Cumilla"}, "", ""},
    {{"হালিশহর", "Halishahar"}, {"চট্টগ্রাম", "Chattogram"}, "", ""},
    {{"বোয়ালিয়া", "Boalia"}, {"রাজশাহী", "Rajshahi"}, "", ""},
    {{"শেরপুর", "Sherpur"}, {"বগুড়া", "Bogura"}, "", ""},
    {{"সিংড়া", "Singra"}, {"নাটোর", "Natore"}, "", ""},
    {{"ঈশ্বরদী", "Ishwardi"}, {"পাবনা", "Pabna"}, "", ""},
    {{"খালিশপুর", "Khalishpur"}, {"খুলনা", "Khulna"}, "", ""},
    {{"ঝিকরগাছা", "Jhikargachha"}, {"যশোর", "Jashore"}, "", ""},
}};

constexpr demo_word khulna{"খুলনা", "Khulna"};
constexpr demo_word bagerhat{"বাগেরহাট", "Bagerhat"};
constexpr demo_word jashore{"যশোর", "Jashore"};

constexpr std::array<demo_place, 14> kmss_places{{
    {{"খুলনা", "Khulna"}, khulna, "", ""},
    {{"বটিয়াঘাটা", "Batiaghata"}, khulna, "", ""},
    {{"রূপসা", "Rupsha"}, khulna, "", ""},
    {{"ডুমুরিয়া", "Dumuria"}, khulna, "", ""},
    {{"শিরোমণি", "Siromoni"}, khulna, "", ""},
    {{"রাজাপুর", "Rajapur"}, khulna, "", ""},
    {{"দৌলতপুর", "Daulatpur"}, khulna, "", ""},
    {{"বাগেরহাট সদর", "Bagerhat Sadar"}, bagerhat, "", ""},
    {{"রামপাল", "Rampal"}, bagerhat, "", ""},
    {{"মোরেলগঞ্জ", "Morelganj"}, bagerhat, "", ""},
    {{"ফকিরহাট", "Fakirhat"}, bagerhat, "", ""},
    {{"মোংলা", "Mongla"}, bagerhat, "", ""},
    {{"যশোর সদর", "Jessore Sadar"}, jashore, "", ""},
    {{"বসুন্দিয়া", "Basundia"}, jashore, "", ""},
}};

constexpr std::array<demo_place, 16> rss_places{{
    {{"সুনামগঞ্জ সদর", "Sunamganj Sadar"}, {"সুনামগঞ্জ", "Sunamganj"}, "সিলেট", "Sylhet"},
    {{"ছাতক", "Chhatak"}, {"সুনামগঞ্জ", "Sunamganj"}, "সিলেট", "Sylhet"},
    {{"দিরাই", "Derai"}, {"সুনামগঞ্জ", "Sunamganj"}, "সিলেট", "Sylhet"},
    {{"বিয়ানীবাজার", "Beanibazar"}, {"সিলেট", "Sylhet"}, "সিলেট", "Sylhet"},
    {{"চাঁদপুর সদর", "Chandpur Sadar"}, {"চাঁদপুর", "Chandpur"}, "চট্টগ্রাম", "Chattogram"},
    {{"পটিয়া", "Patiya"}, {"চট্টগ্রাম", "Chattogram"}, "চট্টগ্রাম", "Chattogram"},
    {{"নেছারাবাদ", "Nesarabad"}, {"পিরোজপুর", "Pirojpur"}, "বরিশাল", "Barishal"},
    {{"ভোলা সদর", "Bhola Sadar"}, {"ভোলা", "Bhola"}, "বরিশাল", "Barishal"},
    {{"ঝিকরগাছা", "Jhikargachha"}, {"যশোর", "Jashore"}, "খুলনা", "Khulna"},
    {{"ডুমুরিয়া", "Dumuria"}, {"খুলনা", "Khulna"}, "খুলনা", "Khulna"},
    {{"সাভার", "Savar"}, {"ঢাকা", "Dhaka"}, "ঢাকা", "Dhaka"},
    {{"মির্জাপুর", "Mirzapur"}, {"টাঙ্গাইল", "Tangail"}, "ঢাকা", "Dhaka"},
    {{"পুঠিয়া", "Puthia"}, {"রাজশাহী", "Rajshahi"}, "রাজশাহী", "Rajshahi"},
    {{"সিংড়া", "Singra"}, {"নাটোর", "Natore"}, "রাজশাহী", "Rajshahi"},
    {{"পীরগঞ্জ", "Pirganj"}, {"রংপুর", "Rangpur"}, "রংপুর", "Rangpur"},
    {{"ফুলপুর", "Phulpur"}, {"ময়মনসিংহ", "Mymensingh"}, "ময়মনসিংহ", "Mymensingh"},
}};

constexpr std::array<std::string_view, 8> mss_assumed{
    "the names of the sixteen districts and of the branches",
    "products beside the general loan, their limits and their names",
    "46 weekly instalments",
    "the charge: 24 % a year, declining",
    "loan sizes around the published average of Tk 73,683",
    "members per kendra, their meeting days, times and places",
    "savings products and the weekly deposit",
    "holidays other than those with a fixed day in law",
};
constexpr std::array<std::string_view, 5> kmss_assumed{
    "the charge: flat 12.5 %",
    "the spread of members over the fourteen working areas",
    "meeting days, times and places",
    "savings products beside the group's fund and the weekly deposit",
    "holidays other than those with a fixed day in law",
};
constexpr std::array<std::string_view, 7> rss_assumed{
    "the names of upazila offices after the first sixteen",
    "members per karmadal and how often it meets",
    "the dates of loans repaid in one, two or three instalments",
    "the first instalment two months after receipt",
    "shares of the schemes among the loans",
    "the deposit that a karmadal fixes",
    "holidays other than those with a fixed day in law",
};

constexpr std::array<unsigned, 1> friday_alone{5};
constexpr std::array<unsigned, 2> friday_and_saturday{5, 6}; // a government office

constexpr std::array<demo_shape, 3> shapes{{
    // 207,000 members in 136 branches of 16 districts; 172 members to one of the staff.
    {"mss",
     {"মানবিক সাহায্য সংস্থা", "Manabik Shahajya Sangstha"},
     "8801710000000",
     office_level::branch,
     1522,
     6,
     136,
     200,
     172,
     group_kind::kendra,
     {"কেন্দ্র", "Kendra"},
     meeting_frequency::weekly,
     holiday_rule::carry_to_next,
     friday_alone,
     mss_products,
     80,
     mss_places,
     money::taka(1'000),
     money::taka(14'000),
     money::taka(100),
     mss_assumed},
    // 11,000 members in 700 groups of 14 working areas.
    {"kmss",
     {"কেএমএসএস", "KMSS"},
     "8801810000000",
     office_level::branch,
     786,
     14,
     14,
     157,
     172,
     group_kind::group,
     {"সমিতি", "Samity"},
     meeting_frequency::weekly,
     holiday_rule::carry_to_next,
     friday_alone,
     kmss_products,
     80,
     kmss_places,
     money::taka(800),
     money::taka(30'000),
     money::taka(50),
     kmss_assumed},
    // 968,000 borrowers in 492 upazilas, Tk 164 of savings each.
    {"rss",
     {"পল্লী সমাজসেবা", "Rural Social Services"},
     "8801510000000",
     office_level::upazila,
     1967,
     8,
     492,
     120,
     400,
     group_kind::karmadal,
     {"কর্মদল", "Karmadal"},
     meeting_frequency::monthly,
     holiday_rule::next_working_day,
     friday_and_saturday,
     rss_products,
     92,
     rss_places,
     money::taka(20),
     money::taka(308),
     money::taka(20),
     rss_assumed},
}};

} // namespace

const demo_shape* find_demo_shape(std::string_view organisation) noexcept {
    for (const demo_shape& shape : shapes) {
        if (shape.organisation == organisation) {
            return &shape;
        }
    }
    return nullptr;
}

} // namespace uthan::members::exchange
