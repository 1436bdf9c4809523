#pragma once

#include "db/sqlite/prepared_connection.hpp"
#include "sms/outbox.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

// What is known of subscribers for their messages: which operator serves a number, and what has
// gone to whom. Inside the caller's transaction. Errors of every function: store_unavailable.
namespace uthan::db::sqlite {

/// Channels that reach the subscribers of one operator alone, with its name. Immutable once shared.
using channel_operators = std::map<std::string, std::string, std::less<>>;
using shared_channel_operators = std::shared_ptr<const channel_operators>;

/// What is learnt is believed for so long, and written again at most so often.
inline constexpr std::chrono::hours operator_known_for{24 * 180};
inline constexpr std::chrono::hours operator_refreshed_after{24 * 7};
/// Numbers that are remembered; the oldest go.
inline constexpr std::int64_t known_numbers_max = 2'000'000;

/// This operator serves the number. `most`: known_numbers_max, but in tests.
error_code learn_operator(prepared_connection& db, std::string_view number,
                          std::string_view network_operator, instant now,
                          std::int64_t most = known_numbers_max);
/// It does not. What was learnt of another operator stays.
error_code deny_operator(prepared_connection& db, std::string_view number,
                         std::string_view network_operator, instant now);
/// Empty where nothing is known, or not any more.
result<sms::served_by> load_operator(prepared_connection& db, std::string_view number, instant now);

/// How many messages like this one, of its class and to whom it is for, were first claimed on `day`
/// and in the week that ends with it.
result<sms::sent_counts> load_sent(prepared_connection& db, const sms::message_record& message,
                                   calendar_day day);
error_code count_sent(prepared_connection& db, const sms::message_record& message,
                      calendar_day day);

/// Drops at most `rows` of what is too old to matter of each; how many went.
result<std::size_t> drop_old_knowledge(prepared_connection& db, instant now, std::size_t rows);

} // namespace uthan::db::sqlite
