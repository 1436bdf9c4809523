#pragma once

#include "core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Comma-separated values as RFC 4180 has them, read as a stream, and what spreadsheets add to them.
namespace uthan::members::exchange {

/// Where bytes come from. Errors: store_unavailable.
class byte_source {
public:
    virtual ~byte_source() = default;
    /// Reads at least one byte into `out`; 0 at the end.
    virtual result<std::size_t> read(std::span<char> out) = 0;
};

/// Bytes of a text that the caller keeps.
class text_source final : public byte_source {
public:
    explicit text_source(std::string_view text) : rest_(text) {}
    result<std::size_t> read(std::span<char> out) override;

private:
    std::string_view rest_;
};

/// The bytes of a record, its line ends included; above it the record is bad.
inline constexpr std::size_t csv_record_bytes_max = 64 * 1024;
inline constexpr std::size_t csv_columns_max = 200;

enum class csv_outcome : std::uint8_t {
    record, ///< fields() holds one
    bad,    ///< problem() says what is wrong; reading may go on
    end,    ///< no further record
    failed  ///< the source does not answer
};

/// Reads records. UTF-8; a byte order mark, CRLF, quotes, line ends in quotes and blank lines
/// (also lines of separators only) are understood. A record that is too long or whose quote is not
/// closed is bad, and reading goes on at the line after its first. Memory: one fixed buffer.
class csv_reader {
public:
    explicit csv_reader(byte_source& source);

    csv_outcome next();

    /// Of the last record, empty when it was bad; valid until the next call of next().
    std::span<const std::string_view> fields() const noexcept { return fields_; }
    /// The line on which the last record began, from 1.
    std::uint64_t line() const noexcept { return line_; }
    /// Why the last record is bad: the rest of a sentence that begins with "the line".
    std::string_view problem() const noexcept { return problem_; }

private:
    struct extent {
        std::size_t bytes = 0; ///< with the line end
        bool complete = false;
        bool quoted = false;
    };
    bool fill();
    extent measure() const noexcept;
    csv_outcome bad_line(std::string_view problem);
    csv_outcome skip_long_line();
    bool split_plain(char* at, const char* end);
    std::string_view split_quoted(char* at, char* end);
    bool blank() const noexcept;
    void skip_byte_order_mark();

    byte_source& source_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    bool source_ended_ = false;
    bool source_failed_ = false;
    bool started_ = false;
    std::uint64_t line_ = 0;
    std::uint64_t next_line_ = 1;
    std::vector<std::string_view> fields_;
    std::string_view problem_;
};

/// Well-formed UTF-8 without surrogates (RFC 3629).
bool is_utf8(std::string_view text) noexcept;

/// Appends one record with CRLF; quotes what needs it. What csv_reader reads back.
void append_csv_record(std::string& out, std::span<const std::string_view> fields);

} // namespace uthan::members::exchange
