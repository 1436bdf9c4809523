#pragma once

#include "core/error.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

// A thin, typed skin over sqlite3.h: bound parameters only, errors as values, statements reset by
// scope. One connection belongs to one thread.
namespace uthan::db::sqlite {

class connection;

/// A prepared statement. Bind, step, read; `reset` before the next use (row_scope does it).
/// Text and blobs bound with `bind_view` must outlive the step.
class statement {
public:
    statement() = default;

    void bind(int index, std::int64_t value) noexcept;
    void bind_null(int index) noexcept;
    void bind_view(int index, std::string_view text) noexcept;
    void bind_blob(int index, std::string_view bytes) noexcept;
    void bind_optional(int index, std::optional<std::int64_t> value) noexcept;

    /// True: a row is there. False: done. store_unavailable on anything else.
    result<bool> step() noexcept;
    /// Steps a statement that returns no rows and resets it.
    error_code run() noexcept;
    void reset() noexcept;

    std::int64_t integer(int column) const noexcept;
    bool is_null(int column) const noexcept;
    std::optional<std::int64_t> optional_integer(int column) const noexcept;
    /// Valid until the next step or reset.
    std::string_view text(int column) const noexcept;
    std::string_view blob(int column) const noexcept;

    explicit operator bool() const noexcept { return handle_ != nullptr; }
    /// sqlite's code and message of the last failure, for a log; holds no bound value.
    std::string last_error() const;

private:
    friend class connection;
    struct finalizer {
        void operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }
    };
    std::unique_ptr<sqlite3_stmt, finalizer> handle_;
};

/// Resets a statement at the end of a scope.
class row_scope {
public:
    explicit row_scope(statement& s) noexcept : statement_(s) {}
    ~row_scope() { statement_.reset(); }
    row_scope(const row_scope&) = delete;
    row_scope& operator=(const row_scope&) = delete;

private:
    statement& statement_;
};

/// Steps through the rows of a bound statement and resets it. `read` takes each row and returns
/// nothing, or an error_code that ends the walk.
template <class Read>
error_code each_row(statement& rows, Read read) {
    const row_scope scope{rows};
    for (;;) {
        const auto row = rows.step();
        if (!row) {
            return row.error();
        }
        if (!*row) {
            return {};
        }
        if constexpr (std::is_void_v<std::invoke_result_t<Read&, const statement&>>) {
            read(rows);
        } else if (const error_code failed = read(rows)) {
            return failed;
        }
    }
}

/// The first column of each row of a bound statement; resets it.
template <class Id>
result<std::vector<Id>> ids_of(statement& rows) {
    std::vector<Id> ids;
    if (const auto failed = each_row(
            rows, [&](const statement& row) { ids.push_back(static_cast<Id>(row.integer(0))); })) {
        return failed;
    }
    return ids;
}

enum class open_mode {
    read_write_create,
    read_write,
    read_only,
    immutable ///< a published generation: no locks at all; the file must never change
};

class connection {
public:
    /// Opens; sets busy_timeout 5 s, foreign_keys on, trusted_schema off. Never throws.
    static result<connection> open(const std::string& path, open_mode mode);

    /// A statement that lives long. Throws std::logic_error when the SQL is wrong (our own text:
    /// a programmer's error), returns store_unavailable when the file does not answer.
    result<statement> prepare(std::string_view sql);
    /// Statements without parameters or results, several at once.
    error_code execute(const char* sql) noexcept;
    /// The first column of the first row of our own constant SQL.
    result<std::int64_t> scalar(const char* sql);

    std::int64_t last_insert_rowid() const noexcept;
    std::int64_t changes() const noexcept;
    std::string last_error() const;
    sqlite3* native() noexcept { return handle_.get(); }

private:
    struct closer {
        void operator()(sqlite3* h) const noexcept { sqlite3_close_v2(h); }
    };
    explicit connection(sqlite3* handle) : handle_(handle) {}
    std::unique_ptr<sqlite3, closer> handle_;
};

/// BEGIN IMMEDIATE … COMMIT; rolls back when it goes out of scope uncommitted.
class transaction {
public:
    static result<transaction> begin(connection& on);
    ~transaction();
    transaction(transaction&& other) noexcept : on_(std::exchange(other.on_, nullptr)) {}
    transaction& operator=(transaction&&) = delete;
    error_code commit();

private:
    explicit transaction(connection& on) : on_(&on) {}
    connection* on_;
};

} // namespace uthan::db::sqlite
