#pragma once

#include "texts/rendering.hpp"

#include <array>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

// The sentences, as data: config/texts/{bn,bn-Latn,en}.toml, one key a text. A text is lines; a
// placeholder is {name}; a row template, repeated for each item of a list, is a line "{row: …}".
namespace uthan::texts {

/// What a placeholder holds. Decides its form and its greatest width.
enum class value_kind : unsigned char {
    money,
    count,
    date,
    weekday,
    time,
    phone,
    name,
    place,
    word,
    code
};

/// One row of the placeholder table. A placeholder's name is one fact everywhere.
struct placeholder {
    std::string_view name;
    value_kind kind;
    /// UTF-16 units; the renderer truncates a name, place or word to it at a grapheme boundary. For
    /// the other kinds it is what the widest allowed value needs, and the proof's worst case.
    std::size_t width_max_bn;
    std::size_t width_max_latin;
};
/// The whole table, by name.
std::span<const placeholder> placeholders() noexcept;
const placeholder* find_placeholder(std::string_view name) noexcept;
std::size_t width_max(const placeholder& p, rendering in) noexcept;
/// The widest text that the placeholder can become in this rendering ("৯,৯৯,৯৯,৯৯৯.৯৯"-like; names
/// made of wide conjuncts): what the menu proof fills in.
std::string widest_value(const placeholder& p, rendering in);

/// Values by placeholder name, already in the rendering's form.
class values {
public:
    /// A name that the table does not know is a programmer's error (asserted). A later text
    /// replaces an earlier one.
    values& set(std::string_view name, std::string text);
    const std::string* find(std::string_view name) const noexcept;

private:
    std::vector<std::pair<std::string_view, std::string>> items_; ///< few; names are table literals
};

/// Where in a file something stands; 1-based.
struct position {
    std::string file;
    std::size_t line = 0;
    std::size_t column = 0;
};

/// One problem, printed as `file:line:col: message`.
struct problem {
    position at;
    std::string message;
    std::string to_string() const;
};

/// One text, parsed. Lines keep their order; a row line repeats per item.
class text_template {
public:
    struct segment {
        bool is_placeholder = false;
        std::string text;                   ///< the literal, or the placeholder's name
        const placeholder* holds = nullptr; ///< the placeholder's row of the table; null: a literal
    };
    struct line {
        bool is_row = false;
        std::vector<segment> segments;
    };

    /// `{{` and `}}` are literal braces. Errors: unbalanced braces, an unknown placeholder, one
    /// repeated in the text, a row inside a line, a second row, a row without a placeholder.
    /// `message` says which and in which line.
    static std::optional<text_template> parse(std::string_view source, std::string& message);

    /// The lines filled in, each a text of its own so that paging never breaks one. `rows`: values
    /// of each item for the row line, before the shared ones. Row keys and menu digits stay as
    /// written; whoever pages a list writes its items' keys. Names, places and words are cut to
    /// their width, everything else is whole. A missing value is a programmer's error (asserted).
    std::vector<std::string> render(const values& shared, std::span<const values> rows,
                                    rendering in) const;

    const std::vector<line>& lines() const noexcept { return lines_; }
    /// Names in order of appearance, the row's included.
    std::vector<std::string_view> names() const;

private:
    std::vector<line> lines_;
};

class catalog {
public:
    /// Reads one rendering's file: TOML with flat quoted keys ("menu.main" = "…") or tables, whose
    /// names are joined with '.'. Texts are brought into their shortest form; one line end at the
    /// end of a text is dropped. Problems are appended, each with its position, and the texts that
    /// have one are left out: a file that cannot be read or is larger than 1 MiB, is not TOML (not
    /// UTF-8), a value that is not a string, an id given twice, an empty text, a character that no
    /// phone shows, a vowel sign without its letter, in bn-Latn a character outside GSM-7's default
    /// alphabet, a template's errors. A later file (an organisation's own overrides) replaces texts
    /// of the same id. Not thread-safe; a loaded
    /// catalog is read by any thread.
    void load(const std::filesystem::path& file, rendering in, std::vector<problem>& problems);

    /// Null when the rendering has no such text.
    const text_template* find(std::string_view id, rendering in) const noexcept;
    /// Where the text was read; for problems about it.
    const position* position_of(std::string_view id, rendering in) const noexcept;
    /// All ids of one rendering, sorted.
    std::vector<std::string_view> ids(rendering in) const;

private:
    struct entry {
        text_template text;
        position at;
    };
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const noexcept {
            return std::hash<std::string_view>{}(s);
        }
    };
    using entries = std::unordered_map<std::string, entry, hash, std::equal_to<>>;

    const entry* entry_of(std::string_view id, rendering in) const noexcept;

    std::array<entries, all_renderings.size()> by_rendering_;
};

} // namespace uthan::texts
