#include "tests/tidy/checks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

// The checks over the tree itself.
namespace uthan::tidy {
namespace {

const std::vector<source>& tree() {
    static const std::vector<source> sources = sources_below(UTHAN_SOURCE_DIR);
    return sources;
}

template <class Check>
void expect_clean(Check look) {
    ASSERT_GT(tree().size(), 50U) << "the tree was not found";
    for (const auto& file : tree()) {
        for (const auto& v : look(file)) {
            ADD_FAILURE() << v.path << ":" << v.line << ": " << v.rule;
        }
    }
}

TEST(Tree, EveryRoomIncludesOnlyWhatItMay) {
    expect_clean(check_include_graph);
}

TEST(Tree, EveryLibraryStaysInItsRooms) {
    expect_clean(check_third_party);
}

TEST(Tree, NoBannedCalls) {
    expect_clean(check_banned_calls);
}

TEST(Tree, NothingIsLeftBehind) {
    expect_clean(check_leftovers);
}

TEST(Tree, FilesLinesAndFunctionsAreShort) {
    expect_clean(check_lengths);
}

TEST(Tree, NoCapturingLambdaInACoroutinesExpression) {
    expect_clean(check_coroutine_lambdas);
}

TEST(Tree, HeadersComeFirstAndOnce) {
    std::set<std::string> paths;
    for (const auto& file : tree()) {
        paths.insert(file.path);
    }
    expect_clean([&](const source& file) {
        const auto own = file.path.substr(0, file.path.size() - 4) + ".hpp";
        return check_header_habits(file, paths.contains(own));
    });
}

} // namespace
} // namespace uthan::tidy
