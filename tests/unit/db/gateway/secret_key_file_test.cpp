#include "db/secret_key_file.hpp"

#include "tests/unit/db/gateway/fixture.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <sys/stat.h>

namespace uthan::db::sqlite::gateway_test {
namespace {

/// Bytes that a test knows.
class counting_random final : public random_source {
public:
    void fill(std::span<std::byte> out) override {
        for (auto& byte : out) {
            byte = static_cast<std::byte>(next_++);
        }
    }
    std::uint32_t below(std::uint32_t bound) override { return next_++ % bound; }

private:
    std::uint32_t next_ = 1;
};

class secret_key_file_test : public ::testing::Test {
protected:
    void expect_refused(const std::string& why) {
        try {
            load_or_create_secret_key(path_, random_);
            ADD_FAILURE() << "accepted";
        } catch (const std::runtime_error& refused) {
            EXPECT_THAT(refused.what(), ::testing::HasSubstr(path_));
            EXPECT_THAT(refused.what(), ::testing::HasSubstr(why));
        }
    }

    void write(const std::string& bytes, mode_t mode) {
        std::filesystem::create_directories(std::filesystem::path{path_}.parent_path());
        std::ofstream{path_, std::ios::binary} << bytes;
        ::chmod(path_.c_str(), mode);
    }

    temporary_directory directory_;
    std::string path_ = directory_.file("var/pin.key");
    counting_random random_;
};

TEST_F(secret_key_file_test, IsMadeOnceAndReadEverAfter) {
    const auto made = load_or_create_secret_key(path_, random_);
    EXPECT_EQ(made[0], 1);
    EXPECT_EQ(made[31], 32);
    EXPECT_EQ(load_or_create_secret_key(path_, random_), made);
    struct stat about {};
    ASSERT_EQ(::stat(path_.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 07777U, 0600U);
    EXPECT_EQ(about.st_size, 32);
    // No draft of it stays behind.
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{directory_.file("var")}, {}), 1);
}

TEST_F(secret_key_file_test, IsReadByteForByte) {
    write(std::string(31, '\n') + '\0', 0400);
    const auto key = load_or_create_secret_key(path_, random_);
    EXPECT_EQ(key[0], '\n');
    EXPECT_EQ(key[31], 0);
}

TEST_F(secret_key_file_test, OfAnotherSizeIsRefused) {
    for (const std::size_t size : {0U, 31U, 33U, 64U}) {
        write(std::string(size, 'k'), 0600);
        expect_refused("holds " + std::to_string(size) + " bytes, not 32");
    }
}

TEST_F(secret_key_file_test, ThatOthersMayReadIsRefused) {
    for (const mode_t mode : {0640U, 0604U, 0660U, 0644U}) {
        write(std::string(32, 'k'), mode);
        expect_refused("chmod 600");
    }
}

TEST_F(secret_key_file_test, ThatIsNoFileIsRefused) {
    std::filesystem::create_directories(path_);
    expect_refused("is not a regular file");
}

TEST_F(secret_key_file_test, ThatCannotBeMadeIsRefused) {
    std::ofstream{directory_.file("var")} << "a file where the directory should be";
    EXPECT_THROW(load_or_create_secret_key(path_, random_), std::exception);
}

} // namespace
} // namespace uthan::db::sqlite::gateway_test
