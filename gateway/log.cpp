#include "gateway/log.hpp"

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace uthan::gateway {
namespace {

spdlog::sink_ptr make_sink(const log_settings& from) {
    if (from.file.empty()) {
        return std::make_shared<spdlog::sinks::stderr_sink_mt>();
    }
    return std::make_shared<spdlog::sinks::basic_file_sink_mt>(from.file);
}

} // namespace

logs::logs(const log_settings& from)
    : pool_(std::make_shared<spdlog::details::thread_pool>(from.queue_max, 1)),
      logger_(std::make_shared<spdlog::async_logger>(
          "uthan", make_sink(from), pool_, spdlog::async_overflow_policy::overrun_oldest)) {
    logger_->set_level(spdlog::level::from_str(from.level));
    // The writing thread alone pays for it; a file that is read while it grows is worth it.
    logger_->flush_on(spdlog::level::debug);
    logger_->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "time=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v", spdlog::pattern_time_type::utc));
}

logs::~logs() {
    // The pool's destructor posts its end behind what waits and joins (spdlog 1.10: flush() of an
    // asynchronous logger is no barrier).
    logger_.reset();
    pool_.reset();
}

std::uint64_t logs::dropped() const {
    return pool_->overrun_counter();
}

} // namespace uthan::gateway
