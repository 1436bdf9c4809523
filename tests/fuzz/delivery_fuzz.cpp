#include "core/assert.hpp"
#include "members/exchange/csv.hpp"
#include "members/exchange/manifest.hpp"
#include "members/exchange/table.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <string>
#include <vector>

// A delivery's files: CSV records, rows of two files, the manifest; the first byte says which.
namespace {

using namespace uthan;
using namespace uthan::members::exchange;

/// What was read and written again reads as the same.
void check_record(csv_reader& reader) {
    const std::vector<std::string> fields(reader.fields().begin(), reader.fields().end());
    const std::vector<std::string_view> views(fields.begin(), fields.end());
    std::string written;
    append_csv_record(written, views);
    if (written.size() > csv_record_bytes_max) {
        return;
    }
    text_source source{written};
    csv_reader again{source};
    UTHAN_ASSERT(again.next() == csv_outcome::record);
    UTHAN_ASSERT(
        std::equal(views.begin(), views.end(), again.fields().begin(), again.fields().end()));
}

void read_records(std::string_view text) {
    text_source source{text};
    csv_reader reader{source};
    for (auto outcome = reader.next(); outcome != csv_outcome::end; outcome = reader.next()) {
        if (outcome == csv_outcome::record) {
            check_record(reader);
        }
    }
}

template <class Row>
void read_rows(std::string_view text) {
    findings said;
    text_source source{text};
    table_reader<Row> table{source, "kmss", said};
    Row row;
    if (!table.open()) {
        return;
    }
    while (table.next(row) != table_outcome::end) {
        row = Row{};
    }
}

} // namespace

void uthan::fuzz_one(std::string_view input) {
    if (input.empty()) {
        return;
    }
    const char file = input.front();
    input.remove_prefix(1);
    switch (file) {
    case 'm':
        return read_rows<member_row>(input);
    case 't':
        return read_rows<transaction_row>(input);
    case 'j': {
        findings said;
        const auto read = parse_manifest(input, said);
        UTHAN_ASSERT(read.has_value() || said.refused());
        return;
    }
    default:
        return read_records(input);
    }
}
