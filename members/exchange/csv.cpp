#include "members/exchange/csv.hpp"

#include <algorithm>
#include <cstring>

namespace uthan::members::exchange {
namespace {

constexpr std::size_t buffer_bytes = 4 * csv_record_bytes_max;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

} // namespace

result<std::size_t> text_source::read(std::span<char> out) {
    const auto n = std::min(out.size(), rest_.size());
    std::copy_n(rest_.data(), n, out.data());
    rest_.remove_prefix(n);
    return n;
}

csv_reader::csv_reader(byte_source& source) : source_(source), buffer_(buffer_bytes) {
    fields_.reserve(csv_columns_max);
}

bool csv_reader::fill() {
    if (source_ended_ || source_failed_) {
        return false;
    }
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    if (end_ == buffer_.size()) {
        return false;
    }
    const auto read = source_.read(std::span{buffer_}.subspan(end_));
    if (!read) {
        source_failed_ = true;
        return false;
    }
    source_ended_ = *read == 0;
    end_ += *read;
    return *read > 0;
}

csv_reader::extent csv_reader::measure() const noexcept {
    const char* const first = buffer_.data() + begin_;
    const auto available = end_ - begin_;
    const auto* newline = static_cast<const char*>(std::memchr(first, '\n', available));
    const auto plain = newline == nullptr ? available : static_cast<std::size_t>(newline - first);
    if (std::memchr(first, '"', plain) == nullptr) {
        return {newline == nullptr ? available : plain + 1, newline != nullptr, false};
    }
    bool inside = false;
    bool may_open = true; // At a field's start; behind a closing quote a second one is a quote.
    for (std::size_t i = 0; i < available; ++i) {
        const char c = first[i];
        if (inside) {
            inside = c != '"';
            may_open = true;
            continue;
        }
        if (c == '\n') {
            return {i + 1, true, true};
        }
        inside = c == '"' && may_open;
        may_open = c == ',';
    }
    return {available, !inside && source_ended_, true};
}

csv_outcome csv_reader::bad_line(std::string_view problem) {
    // Only the first line is given up, so that one lost quote does not swallow what follows.
    const char* const first = buffer_.data() + begin_;
    const auto* newline = static_cast<const char*>(std::memchr(first, '\n', end_ - begin_));
    if (newline == nullptr) {
        return skip_long_line();
    }
    begin_ += static_cast<std::size_t>(newline - first) + 1;
    line_ = next_line_++;
    problem_ = problem;
    return csv_outcome::bad;
}

csv_outcome csv_reader::skip_long_line() {
    line_ = next_line_++;
    problem_ = "is longer than 65536 bytes";
    if (end_ - begin_ <= csv_record_bytes_max) {
        problem_ = "has a quote that is not closed";
    }
    do {
        const char* const first = buffer_.data() + begin_;
        const auto* newline = static_cast<const char*>(std::memchr(first, '\n', end_ - begin_));
        if (newline != nullptr) {
            begin_ += static_cast<std::size_t>(newline - first) + 1;
            return csv_outcome::bad;
        }
        begin_ = end_;
    } while (fill());
    return source_failed_ ? csv_outcome::failed : csv_outcome::bad;
}

void csv_reader::skip_byte_order_mark() {
    started_ = true;
    while (end_ - begin_ < byte_order_mark.size() && fill()) {
    }
    if (std::string_view{buffer_.data() + begin_, end_ - begin_}.starts_with(byte_order_mark)) {
        begin_ += byte_order_mark.size();
    }
}

csv_outcome csv_reader::next() {
    if (!started_) {
        skip_byte_order_mark();
    }
    fields_.clear();
    for (;;) {
        auto record = measure();
        while (!record.complete && record.bytes <= csv_record_bytes_max && fill()) {
            record = measure();
        }
        if (source_failed_) {
            return csv_outcome::failed;
        }
        if (record.bytes == 0) {
            return csv_outcome::end;
        }
        if (record.bytes > csv_record_bytes_max) {
            return record.quoted ? bad_line("has a quote that is not closed") : skip_long_line();
        }
        if (record.quoted && !record.complete && !(record = measure()).complete) {
            return bad_line("has a quote that is not closed");
        }
        char* const first = buffer_.data() + begin_;
        char* last = first + record.bytes;
        last -= last > first && last[-1] == '\n' ? 1 : 0;
        last -= last > first && last[-1] == '\r' ? 1 : 0;
        fields_.clear();
        // Splitting unescapes in place: the lines are counted before.
        const auto lines = record.quoted ? std::count(first, last, '\n') : 0;
        const auto problem = record.quoted              ? split_quoted(first, last)
                             : split_plain(first, last) ? std::string_view{}
                                                        : "has more than 200 columns";
        begin_ += record.bytes;
        line_ = next_line_;
        next_line_ += static_cast<std::uint64_t>(lines) + 1;
        if (!problem.empty()) {
            problem_ = problem;
            fields_.clear();
            return csv_outcome::bad;
        }
        if (!blank()) {
            return csv_outcome::record;
        }
    }
}

bool csv_reader::split_plain(char* at, const char* end) {
    const char* start = at;
    for (const char* p = at; p != end; ++p) {
        if (*p == ',') {
            fields_.emplace_back(start, static_cast<std::size_t>(p - start));
            start = p + 1;
            if (fields_.size() == csv_columns_max) {
                return false;
            }
        }
    }
    fields_.emplace_back(start, static_cast<std::size_t>(end - start));
    return true;
}

std::string_view csv_reader::split_quoted(char* at, char* end) {
    for (;;) {
        if (fields_.size() == csv_columns_max) {
            return "has more than 200 columns";
        }
        char* const start = at;
        char* written = at;
        if (at != end && *at == '"') {
            ++at;
            while (at != end && !(*at == '"' && (at + 1 == end || at[1] != '"'))) {
                at += *at == '"' ? 1 : 0;
                *written++ = *at++;
            }
            if (at == end) {
                return "has a quote that is not closed";
            }
            ++at;
            if (at != end && *at != ',') {
                return "has text behind a closing quote";
            }
        } else {
            at = std::find(at, end, ',');
            written = at;
        }
        fields_.emplace_back(start, static_cast<std::size_t>(written - start));
        if (at == end) {
            return {};
        }
        ++at;
    }
}

bool csv_reader::blank() const noexcept {
    return std::all_of(fields_.begin(), fields_.end(), [](std::string_view field) {
        return field.find_first_not_of(" \t") == std::string_view::npos;
    });
}

bool is_utf8(std::string_view text) noexcept {
    const auto* p = reinterpret_cast<const unsigned char*>(text.data());
    const auto* const end = p + text.size();
    const auto continues = [end](const unsigned char* at, int count) {
        for (int i = 0; i < count; ++i) {
            if (at + i >= end || (at[i] & 0xC0U) != 0x80U) {
                return false;
            }
        }
        return true;
    };
    while (p != end) {
        const unsigned lead = *p++;
        if (lead < 0x80) {
            continue;
        }
        const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
        if (lead < 0xC2 || lead > 0xF4 || !continues(p, more)) {
            return false;
        }
        // Overlong forms, surrogates and what lies above U+10FFFF.
        const unsigned second = *p;
        if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
            (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
            return false;
        }
        p += more;
    }
    return true;
}

void append_csv_record(std::string& out, std::span<const std::string_view> fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i > 0) {
            out.push_back(',');
        }
        if (fields[i].find_first_of(",\"\r\n") == std::string_view::npos &&
            !fields[i].starts_with(byte_order_mark)) {
            out.append(fields[i]);
            continue;
        }
        out.push_back('"');
        for (const char c : fields[i]) {
            out.append(c == '"' ? 2 : 1, c);
        }
        out.push_back('"');
    }
    out.append("\r\n");
}

} // namespace uthan::members::exchange
