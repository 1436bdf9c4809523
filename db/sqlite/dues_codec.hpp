#pragma once

#include "core/error.hpp"
#include "members/facts.hpp"

#include <string>
#include <string_view>
#include <vector>

// A loan's instalments as facts hold them (seq, due_on, total_due, paid), packed: reading dozens of
// rows for every member costs more than all the rest of her facts. Each row is four differences to
// the row before it, of seq, of due_on (days), of total_due and of paid (poisha); most are one
// byte. A number is zigzag LEB128. A row that follows no other is preceded by a 0, which no
// difference of seq is, and counts from seq 0, 1970-01-01 and nothing: pieces that are joined are
// an encoding again.
namespace uthan::db::sqlite {

/// Appends a row. `previous`: the one that was appended before it; null at a piece's beginning.
void append_due(std::string& to, const members::instalment& row,
                const members::instalment* previous);

/// Reads all rows into the empty `into`, sorted by seq. corrupt for anything that append_due did
/// not write, for seqs that are there twice or outside 1 … instalments_per_loan_max; `into` is
/// then of no use.
error_code read_dues(std::string_view rows, std::vector<members::instalment>& into);

} // namespace uthan::db::sqlite
