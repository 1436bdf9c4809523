#include "db/sqlite/generation_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace uthan::db::sqlite {

result<file_source> file_source::open(const std::filesystem::path& path) {
    // Without O_NONBLOCK a FIFO would wait for a writer before it could be refused.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        return errno == ENOENT ? errc::not_found : errc::store_unavailable;
    }
    file_source made{descriptor, 0};
    struct stat about {};
    if (::fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
        return errc::store_unavailable;
    }
    made.bytes_ = static_cast<std::uint64_t>(about.st_size);
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    return made;
}

file_source::~file_source() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

file_source::file_source(file_source&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), bytes_(other.bytes_) {}

result<std::size_t> file_source::read(std::span<char> out) {
    for (;;) {
        const auto n = ::read(descriptor_, out.data(), out.size());
        if (n >= 0) {
            return static_cast<std::size_t>(n);
        }
        if (errno != EINTR) {
            return errc::store_unavailable;
        }
    }
}

result<std::string> read_whole(const std::filesystem::path& path, std::size_t bytes_max) {
    auto file = file_source::open(path);
    if (!file) {
        return file.error();
    }
    if (file->bytes() > bytes_max) {
        return errc::too_large;
    }
    std::string text(static_cast<std::size_t>(file->bytes()), '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const auto n = file->read(std::span{text}.subspan(size));
        if (!n) {
            return n.error();
        }
        if (*n == 0) {
            break;
        }
        size += *n;
    }
    text.resize(size);
    return text;
}

result<directory_lock> directory_lock::acquire(const std::filesystem::path& directory) {
    const auto path = directory / ".lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return errc::store_unavailable;
    }
    directory_lock made{descriptor};
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK ? errc::already_owned : errc::store_unavailable;
    }
    return made;
}

directory_lock::~directory_lock() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

directory_lock::directory_lock(directory_lock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

} // namespace uthan::db::sqlite
