#pragma once

#include "adapters/sms_adapter.hpp"

// A text-message API as configuration describes it: `adapter = "http"`. README.md beside this file
// explains the keys; config/channels/sms has a file for each known provider.
namespace uthan::adapters::http_sms {

extern const sms_adapter text_messages;

} // namespace uthan::adapters::http_sms
