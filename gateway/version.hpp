#pragma once

#include <string>
#include <string_view>

namespace uthan::gateway {

std::string_view version() noexcept;
/// The commit that it was built from; "unknown" outside a repository.
std::string_view commit() noexcept;
/// One library a line, with the version that is linked.
std::string libraries();

} // namespace uthan::gateway
