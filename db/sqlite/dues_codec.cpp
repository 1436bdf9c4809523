#include "db/sqlite/dues_codec.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>

namespace uthan::db::sqlite {
namespace {

constexpr unsigned bits_per_byte = 7;
constexpr std::uint8_t more_follows = 0x80;
/// What a 64-bit number's tenth and last byte can hold.
constexpr unsigned last_shift = 63;
constexpr auto seq_max = static_cast<std::int64_t>(members::instalments_per_loan_max);

void append_number(std::string& to, std::int64_t value) {
    auto rest = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
    while (rest >= more_follows) {
        to.push_back(static_cast<char>(rest | more_follows));
        rest >>= bits_per_byte;
    }
    to.push_back(static_cast<char>(rest));
}

std::int64_t unzigzag(std::uint64_t all) noexcept {
    return static_cast<std::int64_t>(all >> 1) ^ -static_cast<std::int64_t>(all & 1);
}

/// take_number, for any length.
bool take_long_number(std::string_view& from, std::int64_t& value) noexcept {
    std::uint64_t all = 0;
    std::size_t used = 0;
    for (unsigned shift = 0; shift <= last_shift && used < from.size(); shift += bits_per_byte) {
        const auto byte = static_cast<std::uint8_t>(from[used]);
        ++used;
        all |= std::uint64_t{byte & 0x7FU} << shift;
        if ((byte & more_follows) != 0) {
            continue;
        }
        if ((shift == last_shift && byte > 1) || (shift != 0 && byte == 0)) {
            return false;
        }
        from.remove_prefix(used);
        value = unzigzag(all);
        return true;
    }
    return false;
}

/// Takes a number from the front. False when there is none, when it is longer than 64 bits or than
/// it need be. Nearly all are one byte.
bool take_number(std::string_view& from, std::int64_t& value) noexcept {
    if (from.empty()) {
        return false;
    }
    const auto first = static_cast<std::uint8_t>(from.front());
    if ((first & more_follows) != 0) {
        return take_long_number(from, value);
    }
    from.remove_prefix(1);
    value = unzigzag(first);
    return true;
}

/// A sum that is out of range for what follows is refused there, not undefined here; one of amounts
/// comes back as it went.
std::int64_t add(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

std::int64_t difference(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

std::int64_t days(calendar_day day) noexcept {
    return day.time_since_epoch().count();
}

bool is_day(std::int64_t since_1970) noexcept {
    using range = std::numeric_limits<std::int32_t>;
    return since_1970 >= range::min() && since_1970 <= range::max();
}

/// Most rows: four numbers of one byte each, behind another row. False leaves `from` as it is.
bool take_short_row(std::string_view& from, const members::instalment& previous,
                    members::instalment& row) noexcept {
    std::array<std::uint8_t, 4> bytes{};
    if (from.size() < bytes.size()) {
        return false;
    }
    std::memcpy(bytes.data(), from.data(), bytes.size());
    const auto seq = unzigzag(bytes[0]) + std::int64_t{previous.seq};
    const bool is_short = ((bytes[0] | bytes[1] | bytes[2] | bytes[3]) & more_follows) == 0;
    if (!is_short || bytes[0] == 0 || seq < 1 || seq > seq_max) {
        return false;
    }
    const auto due_on = days(previous.due_on) + unzigzag(bytes[1]);
    if (!is_day(due_on)) {
        return false;
    }
    row.seq = static_cast<unsigned>(seq);
    row.due_on = calendar_day{std::chrono::days{due_on}};
    row.total_due = {add(previous.total_due.poisha, unzigzag(bytes[2]))};
    row.paid = {add(previous.paid.poisha, unzigzag(bytes[3]))};
    from.remove_prefix(bytes.size());
    return true;
}

/// The row behind `previous`. False when there is no right one.
bool take_row(std::string_view& from, const members::instalment* previous,
              members::instalment& row) noexcept {
    std::int64_t seq = 0;
    std::int64_t due_on = 0;
    std::int64_t total_due = 0;
    std::int64_t paid = 0;
    if (!take_number(from, seq)) {
        return false;
    }
    const bool starts = seq == 0;
    if (starts ? !take_number(from, seq) : previous == nullptr) {
        return false;
    }
    if (!take_number(from, due_on) || !take_number(from, total_due) || !take_number(from, paid)) {
        return false;
    }
    if (!starts) {
        seq = add(seq, previous->seq);
        due_on = add(due_on, days(previous->due_on));
        total_due = add(total_due, previous->total_due.poisha);
        paid = add(paid, previous->paid.poisha);
    }
    if (seq < 1 || seq > seq_max || !is_day(due_on)) {
        return false;
    }
    row.seq = static_cast<unsigned>(seq);
    row.due_on = calendar_day{std::chrono::days{due_on}};
    row.total_due = {total_due};
    row.paid = {paid};
    return true;
}

} // namespace

void append_due(std::string& to, const members::instalment& row,
                const members::instalment* previous) {
    if (previous == nullptr) {
        append_number(to, 0);
        append_number(to, row.seq);
        append_number(to, days(row.due_on));
        append_number(to, row.total_due.poisha);
        append_number(to, row.paid.poisha);
        return;
    }
    append_number(to, std::int64_t{row.seq} - previous->seq);
    append_number(to, (row.due_on - previous->due_on).count());
    append_number(to, difference(row.total_due.poisha, previous->total_due.poisha));
    append_number(to, difference(row.paid.poisha, previous->paid.poisha));
}

error_code read_dues(std::string_view rows, std::vector<members::instalment>& into) {
    bool sorted = true;
    while (!rows.empty()) {
        const auto* previous = into.empty() ? nullptr : &into.back();
        members::instalment row;
        const bool taken = (previous != nullptr && take_short_row(rows, *previous, row)) ||
                           take_row(rows, previous, row);
        if (!taken || into.size() == members::instalments_per_loan_max) {
            return errc::corrupt;
        }
        sorted = sorted && (previous == nullptr || previous->seq < row.seq);
        into.push_back(row);
    }
    if (sorted) {
        return {};
    }
    std::ranges::sort(into, {}, &members::instalment::seq);
    const auto twice = std::ranges::adjacent_find(into, {}, &members::instalment::seq);
    return twice == into.end() ? error_code{} : make_error_code(errc::corrupt);
}

} // namespace uthan::db::sqlite
