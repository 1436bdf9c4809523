#pragma once

#include "adapters/sms_http.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace uthan::adapters {

enum class sms_key_kind : std::uint8_t {
    text,
    secret, ///< never shown; better in the environment than in the file
    url,    ///< http or https, without user, query and fragment; a slash at its end is dropped
    list
};

/// A key of a [[channels]] table.
struct sms_key {
    std::string_view name;
    sms_key_kind kind = sms_key_kind::text;
    bool is_needed = false;
    std::string_view fallback = {};
};

/// An aggregator's row in the registry.
struct sms_adapter {
    std::string_view name; ///< as `adapter` says it
    std::span<const sms_key> keys;
    /// Of settings whose keys are known, present where needed, and of their kind. Whatever else is
    /// wrong is appended; what is returned then is for nobody's use.
    std::unique_ptr<const sms_translator> (*make)(sms_settings as,
                                                  std::vector<sms_problem>& problems);
};

/// Where the provider reaches us: https://HOST/channels/NAME.
inline constexpr sms_key callback_url_key{"callback_url", sms_key_kind::url};
/// Must stand as `secret` in the query of every callback.
inline constexpr sms_key callback_secret_key{"callback_secret", sms_key_kind::secret};

template <class Translator>
std::unique_ptr<const sms_translator> make_translator(sms_settings as,
                                                      std::vector<sms_problem>& /*problems*/) {
    return std::make_unique<const Translator>(std::move(as));
}

} // namespace uthan::adapters
