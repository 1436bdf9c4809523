#pragma once

#include "gateway/backend.hpp"
#include "gateway/content.hpp"
#include "gateway/log.hpp"
#include "gateway/settings.hpp"

#include <memory>

namespace uthan::gateway {

/// The product behind the sockets: opens the gateway database (and takes its lease), finds the
/// published generations, and connects stores, ledgers and use cases for each shard. Throws
/// std::runtime_error with a sentence for the operator. `from` and `log` must outlive it.
std::unique_ptr<backend> make_backend(const settings& from, content what, logs& log);

} // namespace uthan::gateway
