#pragma once

#include "core/calendar.hpp"
#include "core/digest.hpp"
#include "members/exchange/report.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace uthan::members::exchange {

inline constexpr std::string_view manifest_name = "manifest.json";
inline constexpr std::size_t manifest_bytes_max = 1024 * 1024;
inline constexpr std::size_t offices_max = 5000;
/// Keeps row numbers in 31 bits.
inline constexpr std::uint64_t file_rows_max = 2'000'000'000;

/// What a delivery says of itself.
struct manifest {
    struct file {
        std::uint64_t rows = 0;
        digest256 sha256{};
    };
    std::string organisation;
    calendar_day as_of{};
    /// The offices that the delivery replaces, each with its own as-of; none = all of them.
    std::map<std::string, calendar_day> offices;
    bool partial = false;
    std::map<std::string, file> files;

    const file* find(file_kind kind) const;
    std::uint64_t rows() const;
    /// As-of of an office of this delivery.
    calendar_day as_of_office(const std::string& code) const;
};

/// Reads manifest.json; every mistake is said and refuses. None when refused.
std::optional<manifest> parse_manifest(std::string_view json, findings& said);

/// Refuses a manifest with a day after today: members would be shown figures of a day that has not
/// come, and every right delivery until then would be an older one.
void refuse_days_after(calendar_day today, const manifest& delivery, findings& said);

/// SHA-256 over what a manifest says, in one order and spelling: equal for equal deliveries.
std::string digest_of(const manifest& delivery);

} // namespace uthan::members::exchange
