#include "adapters/fields.hpp"
#include "adapters/form.hpp"
#include "core/assert.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "texts/weight.hpp"

// The bodies of aggregators' callbacks: form, JSON or XML, as the first byte says.
namespace {

using namespace uthan;

/// What came through is UTF-8 and within the limits.
void check(const adapters::parsed<adapters::fields>& read) {
    const auto* fields = std::get_if<adapters::fields>(&read);
    if (fields == nullptr) {
        return;
    }
    for (const std::string_view path : {"a", "a/b", "a/@b", ""}) {
        const auto* found = fields->find(path);
        UTHAN_ASSERT(found == nullptr || texts::is_valid_utf8(found->value));
    }
}

void check(const adapters::parsed<adapters::form>& read) {
    const auto* form = std::get_if<adapters::form>(&read);
    if (form == nullptr) {
        return;
    }
    for (const std::string_view name : {"a", "text", "phoneNumber", ""}) {
        const auto found = form->find(name);
        UTHAN_ASSERT(!found || texts::is_valid_utf8(*found));
    }
}

} // namespace

void uthan::fuzz_one(std::string_view input) {
    if (input.empty()) {
        return;
    }
    const char format = input.front();
    input.remove_prefix(1);
    switch (format) {
    case 'j':
        return check(adapters::read_json(input));
    case 'x':
        return check(adapters::read_xml(input));
    default:
        return check(adapters::form::parse(input));
    }
}
