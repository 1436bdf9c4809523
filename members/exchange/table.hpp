#pragma once

#include "members/exchange/csv.hpp"
#include "members/exchange/fields.hpp"
#include "members/exchange/report.hpp"
#include "members/exchange/rows.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

// CSV records → typed rows, by the names in the header row.
namespace uthan::members::exchange {

enum class column_use : std::uint8_t {
    required, ///< a file without it is refused
    optional, ///< a file without it is read, and that is said
    ignored   ///< known, but nothing is kept of it
};

template <class Row>
struct column {
    std::string_view name;
    column_use use = column_use::optional;
    field_problem (*read)(std::string_view field, Row& row) = nullptr;
    std::string_view alias{};
};

/// The columns of a file, in the order of docs/import.md; the first one is the row's own key.
template <class Row>
std::span<const column<Row>> columns_of() noexcept;

enum class table_outcome : std::uint8_t {
    row,
    bad, ///< said in the findings; reading may go on
    end,
    failed ///< the file cannot be read further; said in the findings
};

/// Reads one file. Fields whose column is missing have their default.
template <class Row>
class table_reader {
public:
    /// `organisation`: what the column of that name must say in every row.
    table_reader(byte_source& source, std::string organisation, findings& said);

    /// Reads the header. False when the file is refused.
    bool open();
    table_outcome next(Row& row);
    /// Whether the header has this column.
    bool has(std::string_view name) const noexcept;
    /// The key of the last bad row; empty when it cannot be read.
    const std::string& bad_key() const noexcept { return bad_key_; }

private:
    bool refuse(std::string text);
    bool bind(std::size_t at, std::string_view name);
    bool say_missing();
    table_outcome bad(std::string_view kind, std::string text);

    csv_reader csv_;
    std::string organisation_;
    findings& said_;
    /// By position in the record; null where the column is not known.
    std::vector<const column<Row>*> bound_;
    std::size_t organisation_at_ = csv_columns_max;
    std::size_t key_at_ = csv_columns_max;
    std::string bad_key_;
};

/// At most 40 bytes of a field, cut between characters, for a message.
std::string_view clipped(std::string_view field) noexcept;

} // namespace uthan::members::exchange
