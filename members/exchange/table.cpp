#include "members/exchange/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace uthan::members::exchange {
namespace {

constexpr std::size_t message_field_bytes_max = 40;

/// Whether a message may repeat what the column holds.
constexpr bool is_private(std::string_view column) noexcept {
    return column == "msisdn" || column == "phone" || column == "officer_phone";
}

std::string header_hint(std::span<const std::string_view> fields) {
    if (fields[0].starts_with("\xFF\xFE") || fields[0].starts_with("\xFE\xFF")) {
        return "the file is UTF-16: save it as CSV UTF-8";
    }
    if (fields.size() == 1 && fields[0].find(';') != std::string_view::npos) {
        return "the columns are separated by semicolons: save the file with commas";
    }
    if (fields.size() == 1 && fields[0].find('\t') != std::string_view::npos) {
        return "the columns are separated by tabs: save the file with commas";
    }
    return {};
}

} // namespace

std::string_view clipped(std::string_view field) noexcept {
    if (field.size() <= message_field_bytes_max) {
        return field;
    }
    auto size = message_field_bytes_max;
    while (size > 0 && (static_cast<unsigned char>(field[size]) & 0xC0U) == 0x80U) {
        --size;
    }
    return field.substr(0, size);
}

template <class Row>
table_reader<Row>::table_reader(byte_source& source, std::string organisation, findings& said)
    : csv_(source), organisation_(std::move(organisation)), said_(said) {}

template <class Row>
bool table_reader<Row>::refuse(std::string text) {
    said_.refuse(name_of(Row::kind), 1, std::move(text));
    return false;
}

template <class Row>
bool table_reader<Row>::open() {
    if (csv_.next() != csv_outcome::record) {
        return refuse("there is no header row with the names of the columns");
    }
    const auto header = csv_.fields();
    if (const auto hint = header_hint(header); !hint.empty()) {
        return refuse(hint);
    }
    std::vector<std::string> unknown;
    for (std::size_t at = 0; at < header.size(); ++at) {
        bound_.push_back(nullptr);
        const lowered name{header[at]};
        if (name.view() == "organisation") {
            organisation_at_ = at;
        } else if (!name.view().empty() && !bind(at, name.view())) {
            unknown.emplace_back(is_utf8(header[at]) ? clipped(header[at]) : "?");
        }
    }
    if (!unknown.empty()) {
        said_.add(severity::warning, name_of(Row::kind), 1, "unknown columns",
                  fmt::format("these columns are not known and are not read: {}",
                              fmt::join(unknown, ", ")));
    }
    return say_missing() && !said_.refused();
}

template <class Row>
bool table_reader<Row>::bind(std::size_t at, std::string_view name) {
    const auto columns = columns_of<Row>();
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& c) {
        return c.name == name || (!c.alias.empty() && c.alias == name);
    });
    if (found == columns.end()) {
        return false;
    }
    if (std::find(bound_.begin(), bound_.end(), &*found) != bound_.end()) {
        refuse(fmt::format("the column {} is there twice", found->name));
    }
    bound_[at] = &*found;
    key_at_ = found == columns.begin() ? at : key_at_;
    return true;
}

template <class Row>
bool table_reader<Row>::say_missing() {
    std::vector<std::string_view> missing;
    std::vector<std::string_view> absent;
    for (const auto& column : columns_of<Row>()) {
        if (has(column.name) || column.use == column_use::ignored) {
            continue;
        }
        (column.use == column_use::required ? missing : absent).push_back(column.name);
    }
    if (!absent.empty()) {
        said_.add(
            severity::note, name_of(Row::kind), 1, "missing columns",
            fmt::format("these columns are not there and stay empty: {}", fmt::join(absent, ", ")));
    }
    return missing.empty() ||
           refuse(fmt::format("these columns must be there: {}", fmt::join(missing, ", ")));
}

template <class Row>
bool table_reader<Row>::has(std::string_view name) const noexcept {
    return std::any_of(bound_.begin(), bound_.end(),
                       [&](const auto* c) { return c != nullptr && c->name == name; });
}

template <class Row>
table_outcome table_reader<Row>::bad(std::string_view kind, std::string text) {
    said_.add(severity::error, name_of(Row::kind), csv_.line(), kind, std::move(text));
    const auto fields = csv_.fields();
    if (key_at_ >= fields.size() || read_code(fields[key_at_], bad_key_) != nullptr) {
        bad_key_.clear();
    }
    return table_outcome::bad;
}

template <class Row>
table_outcome table_reader<Row>::next(Row& row) {
    switch (csv_.next()) {
    case csv_outcome::record:
        break;
    case csv_outcome::bad:
        return bad(csv_.problem(), fmt::format("the line {}", csv_.problem()));
    case csv_outcome::end:
        return table_outcome::end;
    case csv_outcome::failed:
        said_.refuse(name_of(Row::kind), 0, "the file cannot be read");
        return table_outcome::failed;
    }
    const auto fields = csv_.fields();
    row = Row{};
    row.line = csv_.line();
    for (std::size_t at = bound_.size(); at < fields.size(); ++at) {
        if (!trimmed(fields[at]).empty()) {
            return bad("number of fields", fmt::format("the line has {} fields, the header {}",
                                                       fields.size(), bound_.size()));
        }
    }
    if (organisation_at_ < fields.size() && trimmed(fields[organisation_at_]) != organisation_) {
        return bad("another organisation", fmt::format("organisation is not {}", organisation_));
    }
    for (std::size_t at = 0; at < bound_.size(); ++at) {
        if (bound_[at] == nullptr || bound_[at]->read == nullptr) {
            continue;
        }
        // Spreadsheets leave out empty fields at the end of a line.
        const auto field = at < fields.size() ? fields[at] : std::string_view{};
        if (!is_utf8(field)) {
            return bad("not UTF-8", fmt::format("{} is not UTF-8 text", bound_[at]->name));
        }
        if (const auto problem = bound_[at]->read(field, row)) {
            return bad(
                fmt::format("{} {}", bound_[at]->name, problem),
                field.empty() || is_private(bound_[at]->name)
                    ? fmt::format("{} {}", bound_[at]->name, problem)
                    : fmt::format("{} \"{}\" {}", bound_[at]->name, clipped(field), problem));
        }
    }
    return table_outcome::row;
}

template class table_reader<office_row>;
template class table_reader<staff_row>;
template class table_reader<group_row>;
template class table_reader<member_row>;
template class table_reader<savings_row>;
template class table_reader<loan_row>;
template class table_reader<instalment_row>;
template class table_reader<transaction_row>;
template class table_reader<holiday_row>;
template class table_reader<moratorium_row>;
template class table_reader<application_row>;
template class table_reader<ladder_row>;

} // namespace uthan::members::exchange
