#include "db/sqlite/gateway_database.hpp"

#include "access/decisions.hpp"
#include "db/sqlite/member_tables.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace uthan::db::sqlite {
namespace {

std::string lease_path(const std::string& path) {
    return path + ".serve";
}

/// The file and its directory, for the owner's eyes only; SQLite gives the WAL the same mode. A
/// file that is there is not opened: closing a descriptor of it would drop the POSIX locks that
/// SQLite holds on it in this process (SQLite, "How To Corrupt", 2.2), and the next program to
/// close the database would take the WAL away from under us.
error_code make_file(const std::string& path) {
    std::error_code failed;
    std::filesystem::create_directories(std::filesystem::absolute(path).parent_path(), failed);
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd >= 0) {
        ::close(fd);
        return {};
    }
    return errno == EEXIST ? error_code{} : make_error_code(errc::store_unavailable);
}

result<connection> open_for_writing(const std::string& path) {
    auto db = connection::open(path, open_mode::read_write);
    if (!db) {
        return db.error();
    }
    if (const auto failed = db->execute("PRAGMA synchronous=FULL")) {
        return failed;
    }
    return db;
}

} // namespace

result<lease> lease::take(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) {
        return errc::store_unavailable;
    }
    lease taken{fd};
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK ? errc::already_owned : errc::store_unavailable;
    }
    return taken;
}

lease::~lease() {
    // Closing releases the lock. The file stays: a name that is removed can be locked twice.
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

gateway_database::gateway_database(std::string path, lease owned, migrated done, connection db,
                                   writer_settings settings)
    : path_(std::move(path)), lease_(std::move(owned)), migrated_(std::move(done)),
      writer_(std::move(db), settings) {}

result<std::unique_ptr<gateway_database>> gateway_database::open(const std::string& path,
                                                                 writer_settings settings) {
    if (const auto failed = make_file(path)) {
        return failed;
    }
    auto owned = lease::take(lease_path(path));
    if (!owned) {
        return owned.error();
    }
    auto done = migrate(path, gateway_migrations());
    if (!done) {
        return done.error();
    }
    auto db = open_for_writing(path);
    if (!db) {
        return db.error();
    }
    return std::unique_ptr<gateway_database>{
        new gateway_database{path, std::move(*owned), std::move(*done), std::move(*db), settings}};
}

result<connection> open_reader(const std::string& path) {
    return connection::open(path, open_mode::read_only);
}

result<connection> open_beside(const std::string& path) {
    if (const auto failed = make_file(path)) {
        return failed;
    }
    const auto steps = gateway_migrations();
    const auto version = schema_version(path);
    if (!version) {
        return version.error();
    }
    if (*version > steps.back().to) {
        return errc::newer_database;
    }
    if (*version < steps.back().to) {
        const auto owned = lease::take(lease_path(path));
        if (!owned) {
            return owned.error();
        }
        if (const auto done = migrate(path, steps); !done) {
            return done.error();
        }
    }
    return open_for_writing(path);
}

result<bool> key_belongs(connection& db, const secret_key& key) {
    const auto mark = keyed_digest256(key, "installation", {});
    auto remember = db.prepare("INSERT INTO installation (name, value) VALUES ('pin_key', ?1) "
                               "ON CONFLICT DO NOTHING");
    auto recall = db.prepare("SELECT value FROM installation WHERE name = 'pin_key'");
    if (!remember || !recall) {
        return errc::store_unavailable;
    }
    remember->bind_blob(1, as_bytes(mark));
    if (remember->run()) {
        return errc::store_unavailable;
    }
    const row_scope scope{*recall};
    const auto found = recall->step();
    if (!found || !*found) {
        return errc::store_unavailable;
    }
    return recall->blob(0) == as_bytes(mark);
}

result<access::outcome> reset_pin_beside(connection db, access::member_ref who,
                                         access::pin_verifier one_time, access::pin_policy policy,
                                         instant now) {
    prepared_connection rows{std::move(db)};
    auto begun = transaction::begin(rows.db());
    if (!begun) {
        return begun.error();
    }
    const auto before = load_record(rows, who);
    if (!before) {
        return before.error();
    }
    const auto decided = access::decide(*before, access::reset_pin{one_time}, {}, policy, now);
    if (const auto failed = store_record(rows, who, decided.record)) {
        return failed;
    }
    if (const auto failed = begun->commit()) {
        return failed;
    }
    return decided.result;
}

} // namespace uthan::db::sqlite
