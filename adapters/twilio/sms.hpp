#pragma once

#include "adapters/sms_adapter.hpp"

namespace uthan::adapters::twilio {

/// Twilio: text messages. README.md beside this file has the wire format.
extern const sms_adapter text_messages;

} // namespace uthan::adapters::twilio
