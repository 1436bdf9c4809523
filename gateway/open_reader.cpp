#include "gateway/open_reader.hpp"

#include <stdexcept>
#include <utility>

namespace uthan::gateway {

db::sqlite::connection open_reader(const db::sqlite::gateway_database& of) {
    auto reader = db::sqlite::open_reader(of.path());
    if (!reader) {
        throw std::runtime_error{of.path() + ": " + reader.error().message()};
    }
    return std::move(*reader);
}

} // namespace uthan::gateway
