#include "menus/proof.hpp"
#include "menus/staff_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace uthan::menus {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// The shipped members' menu with a staff menu that was changed, proved with the shipped texts.
class StaffMenu : public testing::Test {
protected:
    StaffMenu()
        : file_(fs::temp_directory_path() /
                ("uthan-staff-menu-" + std::to_string(getpid()) + ".toml")) {
        std::ifstream in{UTHAN_SOURCE_DIR "/config/menus/staff.toml"};
        shipped_.assign(std::istreambuf_iterator<char>{in}, {});
    }
    ~StaffMenu() override { fs::remove(file_); }

    std::string replaced(std::string_view what, std::string_view by) const {
        auto text = shipped_;
        const auto at = text.find(what);
        EXPECT_NE(at, std::string::npos);
        return text.replace(at, what.size(), by);
    }

    std::string problems_of(std::string_view staff_menu) const {
        std::ofstream{file_} << staff_menu;
        std::vector<texts::problem> problems;
        auto menu = graph::load(UTHAN_SOURCE_DIR "/config/menus/standard.toml", problems);
        menu.add_staff(file_, problems);
        texts::catalog texts;
        std::vector<channel_form> forms;
        for (const auto in : texts::all_renderings) {
            const auto name = std::string{texts::to_string(in)} + ".toml";
            texts.load(fs::path{UTHAN_SOURCE_DIR "/config/texts"} / name, in, problems);
            forms.push_back({in, 160});
        }
        prove(menu, texts, forms, problems);
        std::string all;
        for (const auto& one : problems) {
            all += one.to_string() + "\n";
        }
        return all;
    }

    std::string shipped_;
    fs::path file_;
};

TEST_F(StaffMenu, TheShippedOneHolds) {
    EXPECT_EQ(problems_of(shipped_), "");
}

TEST_F(StaffMenu, NothingLeadsFromOneMenuIntoTheOther) {
    EXPECT_THAT(problems_of(replaced("4 = \"staff_requests\"", "4 = \"requests\"")),
                HasSubstr("is of the other menu"));
}

TEST_F(StaffMenu, AMembersFactIsNoScreenOfStaff) {
    EXPECT_THAT(problems_of(replaced("answer = \"staff_requests\"", "answer = \"savings\"")),
                HasSubstr("is one of the members' menu"));
}

TEST_F(StaffMenu, ItsFaultsAreFoundLikeThoseOfAnyMenu) {
    EXPECT_THAT(problems_of(replaced("next = \"staff_group\"", "next = \"nowhere\"")),
                HasSubstr("which is no screen"));
    EXPECT_THAT(problems_of(replaced("[screens.staff_requests]", "[screens.savings]")),
                HasSubstr("the members' menu has a screen \"savings\" too"));
    EXPECT_THAT(problems_of(replaced("3 = \"staff_restored\"", "4 = \"staff_restored\"")),
                HasSubstr("offers key 3"));
}

TEST(MeetingSubject, IsReadAsItWasWritten) {
    const meeting_subject subject{"a group 1\x1F", parse_day("2026-11-24").value(),
                                  parse_day("2026-11-25").value()};
    const auto read = parse_meeting(written(subject));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->group_code, subject.group_code);
    EXPECT_EQ(read->regular_on, subject.regular_on);
    EXPECT_EQ(read->new_on, subject.new_on);
    const auto whole = written(subject);
    for (const std::string_view broken :
         {std::string_view{}, std::string_view{"G1"}, std::string_view{whole}.substr(12)}) {
        EXPECT_FALSE(parse_meeting(broken).has_value());
    }
}

} // namespace
} // namespace uthan::menus
