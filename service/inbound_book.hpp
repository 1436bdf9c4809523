#pragma once

#include "core/error.hpp"
#include "core/task.hpp"
#include "sms/inbound.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace uthan::service {

/// A text that is dealt with.
struct inbound_settlement {
    std::vector<std::uint64_t> parts; ///< never empty
    std::string organisation;
    std::string from; ///< E.164 digits
    sms::answered_as as = sms::answered_as::silent;
    instant at{};
    std::optional<sms::new_message> reply = {};
};

/// The port to texts that came in and wait. One thread. Errors: store_unavailable, queue_full,
/// corrupt.
class inbound_book {
public:
    virtual ~inbound_book() = default;

    /// Parts of a channel that are not taken up, oldest first, at most `limit`.
    virtual result<std::vector<sms::waiting_part>> waiting(const std::string& channel,
                                                           std::size_t limit) = 0;
    /// What was done about this number's texts since then, at most past_texts_max, newest first.
    virtual result<std::vector<sms::past_text>> history(const std::string& organisation,
                                                        const std::string& from, instant since) = 0;

    /// In one commit: the parts are taken up and their words forgotten, what was done is noted, and
    /// the reply is accepted. Parts that are taken up already change nothing. Returns when it is
    /// durable.
    virtual task<error_code> settle(inbound_settlement what) = 0;
};

inline constexpr std::size_t past_texts_max = 64;

} // namespace uthan::service
