#pragma once

#include <string_view>

// What a text message may say. Pure.
namespace uthan::sms {

/// Whether a text asks its reader to answer it. Refused where no channel brings answers in: she
/// would write, pay for it, and nobody would read it.
bool asks_for_reply(std::string_view utf8);

} // namespace uthan::sms
