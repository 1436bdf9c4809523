#include "db/secret_key_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace uthan::db {
namespace {

class file_descriptor {
public:
    explicit file_descriptor(int fd) : fd_(fd) {}
    ~file_descriptor() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }
    file_descriptor(const file_descriptor&) = delete;
    file_descriptor& operator=(const file_descriptor&) = delete;
    int get() const noexcept { return fd_; }

private:
    int fd_;
};

[[noreturn]] void refuse(const std::string& path, std::string_view why) {
    throw std::runtime_error{fmt::format("the key file {} {}", path, why)};
}

std::string reason() {
    return std::strerror(errno);
}

std::optional<secret_key> read_key(const std::string& path) {
    const file_descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (file.get() < 0) {
        if (errno == ENOENT) {
            return std::nullopt;
        }
        refuse(path, "cannot be read: " + reason());
    }
    struct stat about {};
    if (::fstat(file.get(), &about) != 0) {
        refuse(path, "cannot be read: " + reason());
    }
    if (!S_ISREG(about.st_mode)) {
        refuse(path, "is not a regular file");
    }
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        refuse(path, "is open to others; make its mode 0600 (chmod 600)");
    }
    secret_key key{};
    if (about.st_size != static_cast<off_t>(key.size())) {
        refuse(path, fmt::format("holds {} bytes, not {}", about.st_size, key.size()));
    }
    if (::read(file.get(), key.data(), key.size()) != static_cast<ssize_t>(key.size())) {
        refuse(path, "cannot be read: " + reason());
    }
    return key;
}

/// A new name in a directory is durable only when the directory is.
void sync_directory(const std::string& path) {
    const auto parent = std::filesystem::absolute(path).parent_path();
    const file_descriptor directory{::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (directory.get() < 0 || ::fsync(directory.get()) != 0) {
        refuse(path, "cannot be made: " + reason());
    }
}

/// Writes the key under another name and links it to its own, so that of two processes that start
/// together both end with the same, whole key.
void make_key(const std::string& path, random_source& random) {
    std::filesystem::create_directories(std::filesystem::absolute(path).parent_path());
    secret_key key{};
    random.fill(std::as_writable_bytes(std::span{key}));
    const std::string draft = fmt::format("{}.{}", path, ::getpid());
    {
        const file_descriptor file{
            ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR)};
        if (file.get() < 0 || ::fchmod(file.get(), S_IRUSR | S_IWUSR) != 0 ||
            ::write(file.get(), key.data(), key.size()) != static_cast<ssize_t>(key.size()) ||
            ::fsync(file.get()) != 0) {
            const auto why = reason();
            ::unlink(draft.c_str());
            refuse(path, "cannot be made: " + why);
        }
    }
    const bool linked = ::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST;
    const auto why = reason();
    ::unlink(draft.c_str());
    if (!linked) {
        refuse(path, "cannot be made: " + why);
    }
    sync_directory(path);
}

} // namespace

secret_key load_or_create_secret_key(const std::string& path, random_source& random) {
    if (const auto known = read_key(path)) {
        return *known;
    }
    make_key(path, random);
    const auto made = read_key(path);
    if (!made) {
        refuse(path, "vanished while it was made");
    }
    return *made;
}

} // namespace uthan::db
