#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace uthan {

namespace asio = boost::asio;

/// A shard is one thread with one io_context; its executor is concrete because any_io_executor
/// costs 5–10 % of a hop (docs/performance.md).
using executor = asio::io_context::executor_type;

/// A coroutine of a shard. Ports return it, so that a store may answer at once or wait.
/// g++ 12: no capturing lambda inside co_spawn's arguments, parameters by value.
template <class T>
using task = asio::awaitable<T, executor>;

/// The completion token of every asynchronous call: the error comes back as a value.
inline constexpr auto as_result = asio::as_tuple(asio::use_awaitable_t<executor>{});

} // namespace uthan
