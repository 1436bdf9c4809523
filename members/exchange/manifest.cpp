#include "members/exchange/manifest.hpp"

#include "members/exchange/digest.hpp"
#include "members/exchange/fields.hpp"
#include "members/exchange/table.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <array>

namespace uthan::members::exchange {
namespace {

namespace json = boost::json;

std::optional<digest256> parse_hex(std::string_view text) {
    digest256 digest{};
    if (text.size() != 2 * digest.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const int value = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (value < 0) {
            return std::nullopt;
        }
        digest[i / 2] = static_cast<std::uint8_t>(digest[i / 2] * 16 + value);
    }
    return digest;
}

/// Reads the parts of one manifest; says what is wrong with each.
class manifest_parser {
public:
    manifest_parser(const json::object& root, findings& said) : root_(root), said_(said) {}

    std::optional<manifest> parse() {
        read_organisation();
        out_.as_of = read_day(root_, "as_of", "as_of").value_or(calendar_day{});
        read_offices();
        read_files();
        return wrong_ ? std::nullopt : std::optional{std::move(out_)};
    }

private:
    void refuse(std::string text) {
        wrong_ = true;
        said_.refuse(manifest_name, 0, std::move(text));
    }

    void read_organisation() {
        const auto* value = root_.if_contains("organisation");
        if (value == nullptr || !value->is_string() ||
            read_required_code(value->get_string(), out_.organisation) != nullptr) {
            refuse("\"organisation\" must be the organisation's code");
        }
    }

    std::optional<calendar_day> read_day(const json::object& in, std::string_view key,
                                         std::string_view shown) {
        const auto* value = in.if_contains(key);
        const auto day = value != nullptr && value->is_string()
                             ? parse_day(std::string_view{value->get_string()})
                             : std::nullopt;
        if (!day) {
            refuse(fmt::format("\"{}\" must be a date like \"2026-12-31\"", clipped(shown)));
        }
        return day;
    }

    void read_offices() {
        const auto* value = root_.if_contains("offices");
        if (value == nullptr || value->is_null()) {
            return;
        }
        if (!value->is_object() || value->get_object().size() > offices_max) {
            refuse("\"offices\" must be an object of office codes and dates");
            return;
        }
        out_.partial = true;
        for (const auto& item : value->get_object()) {
            std::string code;
            if (read_required_code(item.key(), code) != nullptr) {
                refuse("\"offices\" has a code that is empty or too long");
                continue;
            }
            if (const auto day = read_day(value->get_object(), item.key(), item.key())) {
                out_.offices[code] = *day;
            }
        }
        if (out_.offices.empty()) {
            refuse("\"offices\" is empty: leave it out to replace all offices");
        }
    }

    void read_files() {
        const auto* value = root_.if_contains("files");
        if (value == nullptr || !value->is_object()) {
            refuse("\"files\" must be an object of file names");
            return;
        }
        for (const auto& item : value->get_object()) {
            const std::string_view name = item.key();
            if (!file_named(name)) {
                said_.add(severity::warning, manifest_name, 0, "unknown files",
                          fmt::format("the file {} is not known and is not read", clipped(name)));
                continue;
            }
            read_file(name, item.value());
        }
        for (std::size_t i = 0; i < file_kinds; ++i) {
            const auto kind = static_cast<file_kind>(i);
            if (out_.files.contains(std::string{name_of(kind)})) {
                continue;
            }
            if (is_required(kind)) {
                refuse(fmt::format("\"files\" must name {}", name_of(kind)));
            } else {
                said_.add(severity::note, manifest_name, 0, name_of(kind),
                          fmt::format("the delivery has no {}", name_of(kind)));
            }
        }
    }

    void read_file(std::string_view name, const json::value& value) {
        const auto* object = value.if_object();
        const auto* rows = object == nullptr ? nullptr : object->if_contains("rows");
        const auto* digest = object == nullptr ? nullptr : object->if_contains("sha256");
        if (rows == nullptr || digest == nullptr || !digest->is_string()) {
            refuse(fmt::format("{} must have \"rows\" and \"sha256\"", name));
            return;
        }
        error_code failed;
        const auto count = rows->is_number() ? rows->to_number<std::int64_t>(failed) : -1;
        const auto sha256 = parse_hex(std::string_view{digest->get_string()});
        if (failed || count < 0 || static_cast<std::uint64_t>(count) > file_rows_max) {
            refuse(fmt::format("\"rows\" of {} must be a number of rows", name));
        } else if (!sha256) {
            refuse(fmt::format("\"sha256\" of {} must be 64 hexadecimal digits", name));
        } else {
            out_.files[std::string{name}] = {static_cast<std::uint64_t>(count), *sha256};
        }
    }

    const json::object& root_;
    findings& said_;
    manifest out_;
    bool wrong_ = false;
};

} // namespace

const manifest::file* manifest::find(file_kind kind) const {
    const auto found = files.find(std::string{name_of(kind)});
    return found == files.end() ? nullptr : &found->second;
}

std::uint64_t manifest::rows() const {
    std::uint64_t sum = 0;
    for (const auto& [name, one] : files) {
        sum += one.rows;
    }
    return sum;
}

calendar_day manifest::as_of_office(const std::string& code) const {
    const auto found = offices.find(code);
    return found == offices.end() ? as_of : found->second;
}

std::optional<manifest> parse_manifest(std::string_view text, findings& said) {
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.remove_prefix(3);
    }
    error_code failed;
    const auto root = json::parse(text, failed);
    if (failed || !root.is_object()) {
        said.refuse(manifest_name, 0, "the file is not a JSON object");
        return std::nullopt;
    }
    return manifest_parser{root.get_object(), said}.parse();
}

void refuse_days_after(calendar_day today, const manifest& delivery, findings& said) {
    const auto check = [&](calendar_day day, std::string_view what) {
        if (day > today) {
            said.refuse(manifest_name, 0,
                        fmt::format("{} is {}, but today is {}", what, to_iso(day), to_iso(today)));
        }
    };
    check(delivery.as_of, "\"as_of\"");
    for (const auto& [code, day] : delivery.offices) {
        check(day, fmt::format("the day of office {}", code));
    }
}

std::string digest_of(const manifest& delivery) {
    sha256_stream digest;
    // Codes and names hold no control characters, so a line feed ends each part.
    digest.update(delivery.organisation + '\n' + to_iso(delivery.as_of) + '\n');
    for (const auto& [code, day] : delivery.offices) {
        digest.update(fmt::format("{}\n{}\n", code, to_iso(day)));
    }
    for (const auto& [name, file] : delivery.files) {
        digest.update(fmt::format("{}\n{}\n{}\n", name, file.rows, to_hex(as_bytes(file.sha256))));
    }
    return to_hex(as_bytes(digest.finish()));
}

} // namespace uthan::members::exchange
