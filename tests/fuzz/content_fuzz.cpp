#include "core/assert.hpp"
#include "menus/graph.hpp"
#include "menus/shortcuts.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "texts/catalog.hpp"

#include <fmt/format.h>

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

// What an operator edits: menus, shortcuts, texts; the first byte says which.
namespace {

using namespace uthan;

/// A file of the input that lives in memory alone.
class memory_file {
public:
    explicit memory_file(std::string_view text) : fd_(memfd_create("fuzz", 0)) {
        UTHAN_ASSERT(fd_ >= 0);
        UTHAN_ASSERT(write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }
    ~memory_file() { close(fd_); }
    memory_file(const memory_file&) = delete;
    memory_file& operator=(const memory_file&) = delete;

    std::string path() const { return fmt::format("/proc/self/fd/{}", fd_); }

private:
    int fd_;
};

/// toml++ 3.3 asks whether a character outside strings is a space, and has no answer (undefined
/// behaviour) for U+00A1–0499, 2C5E–3057 and FB26–FEFE; these leads hold them all. Bangla has
/// others.
bool puzzles_tomlplusplus(std::string_view text) {
    return std::ranges::any_of(text, [](char octet) {
        const auto lead = static_cast<unsigned char>(octet);
        return (lead >= 0xC2 && lead <= 0xD2) || lead == 0xE2 || lead == 0xE3 || lead == 0xEF;
    });
}

void read_template(std::string_view text) {
    std::string message;
    const auto read = texts::text_template::parse(text, message);
    UTHAN_ASSERT(read.has_value() == message.empty());
}

} // namespace

void uthan::fuzz_one(std::string_view input) {
    if (input.empty()) {
        return;
    }
    const char kind = input.front();
    input.remove_prefix(1);
    if (kind == '{') {
        return read_template(input);
    }
    if (puzzles_tomlplusplus(input)) {
        return;
    }
    const memory_file file{input};
    std::vector<texts::problem> problems;
    if (kind == 't') {
        texts::catalog catalog;
        catalog.load(file.path(), texts::rendering::bn, problems);
        return;
    }
    const auto menu = menus::graph::load(file.path(), problems);
    if (kind == 's') {
        menus::prove(menus::shortcuts::load(file.path(), "standard", problems), menu, problems);
    }
}
