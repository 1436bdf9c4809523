#include "adapters/fields.hpp"

#include <algorithm>

namespace uthan::adapters {

bool fields::add(std::string path, std::string value, kind what) {
    const auto known = std::ranges::find(fields_, path, &field::path);
    if (known != fields_.end()) {
        known->what = kind::twice;
        known->value.clear();
        return true;
    }
    if (fields_.size() == fields_max) {
        return false;
    }
    fields_.push_back({std::move(path), std::move(value), what});
    return true;
}

const fields::field* fields::find(std::string_view path) const noexcept {
    const auto found = std::ranges::find(fields_, path, &field::path);
    return found == fields_.end() ? nullptr : &*found;
}

} // namespace uthan::adapters
