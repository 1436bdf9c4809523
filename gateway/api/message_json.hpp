#pragma once

#include "sms/message.hpp"

#include <string>

namespace uthan::gateway::api {

/// {id, state, class, segments, why, events}: no number and no text of it.
std::string message_json(const sms::message_record& message);

} // namespace uthan::gateway::api
