#include "db/sqlite/connection.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace uthan::db::sqlite {
namespace {

constexpr int busy_timeout_ms = 5000;

int flags_of(open_mode mode) {
    switch (mode) {
    case open_mode::read_write_create:
        return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case open_mode::read_write:
        return SQLITE_OPEN_READWRITE;
    case open_mode::read_only:
    case open_mode::immutable:
        return SQLITE_OPEN_READONLY;
    }
    return SQLITE_OPEN_READONLY;
}

/// SQLite's URI form needs '%', '?' and '#' of a path escaped.
std::string immutable_uri(const std::string& path) {
    std::string uri = "file:";
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#') {
            uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        } else {
            uri.push_back(c);
        }
    }
    return uri + "?immutable=1";
}

/// What a savepoint needs to undo its work is kept in memory up to here, then in a temporary file,
/// which would be made for nearly every commit of many rows.
constexpr int undo_octets_max = 4 << 20;

/// Before SQLite's first use: it need not count its memory, which takes a lock and a sum for each
/// piece (Debian builds it without lookaside, so every text of a row is such a piece).
bool configure_sqlite() noexcept {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK &&
           sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, undo_octets_max) == SQLITE_OK;
}

} // namespace

void statement::bind(int index, std::int64_t value) noexcept {
    sqlite3_bind_int64(handle_.get(), index, value);
}

void statement::bind_null(int index) noexcept {
    sqlite3_bind_null(handle_.get(), index);
}

void statement::bind_view(int index, std::string_view text) noexcept {
    // A null pointer would bind NULL; an empty text is not NULL.
    sqlite3_bind_text(handle_.get(), index, text.data() == nullptr ? "" : text.data(),
                      static_cast<int>(text.size()), SQLITE_STATIC);
}

void statement::bind_blob(int index, std::string_view bytes) noexcept {
    sqlite3_bind_blob(handle_.get(), index, bytes.data() == nullptr ? "" : bytes.data(),
                      static_cast<int>(bytes.size()), SQLITE_STATIC);
}

void statement::bind_optional(int index, std::optional<std::int64_t> value) noexcept {
    if (value) {
        bind(index, *value);
    } else {
        bind_null(index);
    }
}

result<bool> statement::step() noexcept {
    switch (sqlite3_step(handle_.get())) {
    case SQLITE_ROW:
        return true;
    case SQLITE_DONE:
        return false;
    default:
        return errc::store_unavailable;
    }
}

error_code statement::run() noexcept {
    const auto stepped = step();
    reset();
    return stepped ? error_code{} : stepped.error();
}

void statement::reset() noexcept {
    sqlite3_reset(handle_.get());
}

std::int64_t statement::integer(int column) const noexcept {
    return sqlite3_column_int64(handle_.get(), column);
}

bool statement::is_null(int column) const noexcept {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

std::optional<std::int64_t> statement::optional_integer(int column) const noexcept {
    return is_null(column) ? std::nullopt : std::optional{integer(column)};
}

/// By sqlite3_column_blob: sqlite3_column_text would copy each text to put a zero behind it. The
/// characters are the same, as our files are UTF-8.
std::string_view statement::text(int column) const noexcept {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
    return {bytes == nullptr ? "" : bytes,
            static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

std::string_view statement::blob(int column) const noexcept {
    return text(column);
}

std::string statement::last_error() const {
    auto* db = sqlite3_db_handle(handle_.get());
    return fmt::format("{} ({})", sqlite3_errstr(sqlite3_extended_errcode(db)),
                       sqlite3_extended_errcode(db));
}

result<connection> connection::open(const std::string& path, open_mode mode) {
    [[maybe_unused]] static const bool configured = configure_sqlite();
    const bool immutable = mode == open_mode::immutable;
    const std::string name = immutable ? immutable_uri(path) : path;
    const int flags = flags_of(mode) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (immutable ? SQLITE_OPEN_URI : 0);
    sqlite3* handle = nullptr;
    const int opened = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
    connection made{handle};
    if (opened != SQLITE_OK) {
        return errc::store_unavailable;
    }
    sqlite3_busy_timeout(handle, busy_timeout_ms);
    if (const auto failed = made.execute("PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF")) {
        return failed;
    }
    return made;
}

result<statement> connection::prepare(std::string_view sql) {
    statement made;
    sqlite3_stmt* handle = nullptr;
    const int prepared = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                            SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if ((prepared & 0xFF) == SQLITE_ERROR) {
        throw std::logic_error{fmt::format("{} in: {}", sqlite3_errmsg(handle_.get()), sql)};
    }
    if (prepared != SQLITE_OK) {
        return errc::store_unavailable;
    }
    made.handle_.reset(handle);
    return made;
}

error_code connection::execute(const char* sql) noexcept {
    return sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK
               ? error_code{}
               : make_error_code(errc::store_unavailable);
}

result<std::int64_t> connection::scalar(const char* sql) {
    auto prepared = prepare(sql);
    if (!prepared) {
        return prepared.error();
    }
    const auto row = prepared->step();
    if (!row) {
        return row.error();
    }
    if (!*row) {
        return errc::not_found;
    }
    return prepared->integer(0);
}

std::int64_t connection::last_insert_rowid() const noexcept {
    return sqlite3_last_insert_rowid(handle_.get());
}

std::int64_t connection::changes() const noexcept {
    return sqlite3_changes64(handle_.get());
}

std::string connection::last_error() const {
    return fmt::format("{} ({})", sqlite3_errmsg(handle_.get()),
                       sqlite3_extended_errcode(handle_.get()));
}

result<transaction> transaction::begin(connection& on) {
    if (const auto failed = on.execute("BEGIN IMMEDIATE")) {
        return failed;
    }
    return transaction{on};
}

transaction::~transaction() {
    if (on_ != nullptr) {
        on_->execute("ROLLBACK");
    }
}

error_code transaction::commit() {
    const auto failed = on_->execute("COMMIT");
    if (!failed) {
        on_ = nullptr;
    }
    return failed;
}

} // namespace uthan::db::sqlite
