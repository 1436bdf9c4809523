#pragma once

#include "core/digest.hpp"
#include "core/random.hpp"

#include <string>

namespace uthan::db {

/// Reads the installation's secret (32 raw bytes) or, when there is no such file, makes it with
/// mode 0600, directory included; it is on disk when this returns. Start-up only: throws
/// std::runtime_error with a sentence for the operator when the file has another size, may be read
/// by others (group or world bits), is no regular file, or cannot be read or made.
secret_key load_or_create_secret_key(const std::string& path, random_source& random);

} // namespace uthan::db
