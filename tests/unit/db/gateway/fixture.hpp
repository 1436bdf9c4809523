#pragma once

#include "core/task.hpp"
#include "db/sqlite/prepared_connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <latch>
#include <optional>
#include <string>

namespace uthan::db::sqlite::gateway_test {

/// A directory that is removed with all that is in it.
class temporary_directory {
public:
    temporary_directory() {
        std::string name = std::filesystem::temp_directory_path() / "uthan-gateway-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) {
            std::abort();
        }
        path_ = name;
    }
    ~temporary_directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;

    std::string file(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

/// Where a started coroutine leaves its value.
template <class T>
using eventually = std::shared_ptr<std::optional<T>>;

/// Starts a coroutine on the loop; it runs when the loop does.
template <class T>
eventually<T> start(asio::io_context& loop, task<T> work) {
    auto place = std::make_shared<std::optional<T>>();
    auto keep = [place](std::exception_ptr failed, T value) {
        ASSERT_FALSE(failed);
        place->emplace(std::move(value));
    };
    asio::co_spawn(loop.get_executor(), std::move(work), keep);
    return place;
}

/// Runs a coroutine to its end.
template <class T>
T finish(asio::io_context& loop, task<T> work) {
    const auto place = start(loop, std::move(work));
    loop.restart();
    loop.run();
    return std::move(place->value());
}

/// An operation that keeps the writer busy until the test lets it go on.
struct hold_writer {
    using value_type = int;

    std::shared_ptr<std::latch> started = std::make_shared<std::latch>(1);
    std::shared_ptr<std::latch> released = std::make_shared<std::latch>(1);

    result<int> run(prepared_connection&) {
        started->count_down();
        released->wait();
        return 0;
    }
};

inline void execute(const std::string& path, const char* sql) {
    auto db = connection::open(path, open_mode::read_write_create);
    ASSERT_TRUE(db);
    ASSERT_FALSE(db->execute(sql)) << db->last_error();
}

inline std::int64_t scalar(const std::string& path, const char* sql) {
    auto db = connection::open(path, open_mode::read_only);
    return db.value().scalar(sql).value();
}

} // namespace uthan::db::sqlite::gateway_test
