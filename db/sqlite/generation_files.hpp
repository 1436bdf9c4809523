#pragma once

#include "members/exchange/csv.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace uthan::db::sqlite {

/// A file as a stream of bytes, read from start to end.
class file_source final : public members::exchange::byte_source {
public:
    /// Errors: not_found; store_unavailable, also for what is not a regular file.
    static result<file_source> open(const std::filesystem::path& path);
    ~file_source() override;
    file_source(file_source&& other) noexcept;
    file_source& operator=(file_source&&) = delete;

    result<std::size_t> read(std::span<char> out) override;
    std::uint64_t bytes() const noexcept { return bytes_; }

private:
    file_source(int descriptor, std::uint64_t bytes) : descriptor_(descriptor), bytes_(bytes) {}
    int descriptor_;
    std::uint64_t bytes_;
};

/// A whole small file. too_large above `bytes_max`.
result<std::string> read_whole(const std::filesystem::path& path, std::size_t bytes_max);

/// An exclusive lock on a file of its own, released with the object or by the end of the process.
class directory_lock {
public:
    /// already_owned when another process holds it.
    static result<directory_lock> acquire(const std::filesystem::path& directory);
    ~directory_lock();
    directory_lock(directory_lock&& other) noexcept;
    directory_lock& operator=(directory_lock&&) = delete;

private:
    explicit directory_lock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

} // namespace uthan::db::sqlite
