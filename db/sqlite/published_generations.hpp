#pragma once

#include "db/sqlite/connection.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace uthan::db::sqlite {

/// The number of an organisation's published generation, shared by the thread that polls and all
/// shards. 0 = nothing published yet.
struct published_generation {
    std::string organisation;
    std::string ledger_directory;
    std::atomic<std::uint32_t> number{0};
    /// Why that generation's file could not be opened when it was published; errc{} when it could.
    std::atomic<errc> problem{errc{}};

    std::string path(std::uint32_t of_number) const;
};

/// Polls the gateway database for what is published. One thread calls refresh (a timer, and once
/// before serving); what it found is read by the shards without a lock.
class published_generations {
public:
    static result<std::unique_ptr<published_generations>>
    open(const std::string& gateway_path, const std::string& ledger_directory,
         const std::vector<std::string>& organisations);

    /// Cheap when nothing was committed since the last call (PRAGMA data_version). On an error the
    /// numbers stay as they were.
    error_code refresh();

    /// Lives as long as somebody holds it. Null for an organisation that was not named at the
    /// start.
    std::shared_ptr<const published_generation> of(std::string_view organisation) const;

private:
    explicit published_generations(connection gateway) : gateway_(std::move(gateway)) {}

    static void set_current(published_generation& of, std::uint32_t number);

    connection gateway_;
    statement data_version_;
    std::int64_t seen_version_ = -1;
    std::vector<std::shared_ptr<published_generation>> published_;
};

} // namespace uthan::db::sqlite
