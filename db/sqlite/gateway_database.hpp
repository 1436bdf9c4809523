#pragma once

#include "access/record.hpp"
#include "core/error.hpp"
#include "db/sqlite/connection.hpp"
#include "db/sqlite/migrations.hpp"
#include "db/sqlite/writer.hpp"

#include <memory>
#include <string>

namespace uthan::db::sqlite {

/// An exclusive lock of a file beside the database that the kernel releases when the process ends,
/// however it ends.
class lease {
public:
    /// errc::already_owned when another process (or another lease of this one) holds it.
    static result<lease> take(const std::string& path);
    ~lease();
    lease(lease&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    lease& operator=(lease&&) = delete;

private:
    explicit lease(int fd) : fd_(fd) {}
    int fd_;
};

/// What only the gateway knows, as `serve` holds it: the lease on `<path>.serve`, the migrated file
/// and its writer. Its readers are made with `open_reader`.
class gateway_database {
public:
    /// Makes directory and file when missing. Errors: already_owned (another `serve`),
    /// newer_database, corrupt, store_unavailable.
    static result<std::unique_ptr<gateway_database>> open(const std::string& path,
                                                          writer_settings settings = {});

    writer& writing() noexcept { return writer_; }
    /// What the start did to the schema.
    const migrated& migration() const noexcept { return migrated_; }
    const std::string& path() const noexcept { return path_; }

private:
    gateway_database(std::string path, lease owned, migrated done, connection db,
                     writer_settings settings);

    std::string path_;
    lease lease_;
    migrated migrated_;
    writer writer_;
};

/// A read-only connection of a shard; it sees every commit made before its statement begins.
/// Errors: store_unavailable (also when there is no such file).
result<connection> open_reader(const std::string& path);

/// A connection for a subcommand that writes in short transactions, beside a running server or
/// without one. Makes and migrates the file when no server holds the lease. Errors: already_owned
/// (the file needs a migration and an older server runs on it), newer_database, corrupt,
/// store_unavailable.
result<connection> open_beside(const std::string& path);

/// Whether `key` is the one that this database's PINs were made with. The first key asked about is
/// recorded (as a keyed digest) and is right; so a lost key file is found at the start and not by
/// every member. Errors: store_unavailable.
result<bool> key_belongs(connection& db, const secret_key& key);

/// `pin reset`: applies reset_pin in its own short transaction, also beside a running server; `db`
/// comes from open_beside. Errors: store_unavailable, corrupt.
result<access::outcome> reset_pin_beside(connection db, access::member_ref who,
                                         access::pin_verifier one_time, access::pin_policy policy,
                                         instant now);

} // namespace uthan::db::sqlite
