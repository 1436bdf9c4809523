#pragma once

#include "adapters/sms_adapter.hpp"

namespace uthan::adapters::sslwireless {

/// SSL Wireless iSMS Plus: text messages. README.md beside this file has the wire format.
extern const sms_adapter text_messages;

} // namespace uthan::adapters::sslwireless
