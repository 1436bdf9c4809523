#pragma once

#include "adapters/rejection.hpp"
#include "adapters/ussd_event.hpp"
#include "core/error.hpp"

#include <string>
#include <string_view>

// bdapps (Robi and Airtel; hSenid TAP): a style-B aggregator. The callback is acknowledged at once,
// the screen is pushed by a request of our own. README.md beside this file has the wire format.
namespace uthan::adapters::bdapps {

/// One application at bdapps. `password` is a secret; nothing here shows it but the send's body.
struct credentials {
    std::string application_id; ///< "APP_012345"
    std::string password;
};

/// Whether the application is given numbers or masks. Where both may come, a value that is no
/// number of the plan is taken as a mask.
enum class addresses : unsigned char { numbers_or_masks, masks };

/// The JSON body of a callback. mo-init begins, mo-cont goes on; mo-fin, mo-cancel and whatever
/// else there may be are ended sessions. Unknown fields are passed over. Even a rejected callback
/// is answered with acknowledgement().
parsed<ussd_event> parse_ussd(std::string_view body, const channel_context& on,
                              std::string_view application_id,
                              addresses given = addresses::numbers_or_masks);

inline constexpr std::string_view content_type = "application/json";

/// What every callback is answered with.
std::string acknowledgement();

/// Beyond this bdapps cuts.
inline constexpr std::size_t message_bytes_max = 182;

/// The body of POST {base}/ussd/send. Holds the password: never for a log. errc::malformed for a
/// text that is not printable ASCII and newlines (there is no Bangla here, so it is a defect of the
/// channel's rendering), errc::too_large above message_bytes_max.
result<std::string> render_send(const credentials& as, const ussd_turn& to, std::string_view text,
                                bool final);

/// What the answer to a send means. bdapps says 200 even when it fails; only S1000 is success.
push_answer read_send_answer(unsigned http_status, std::string_view body);

/// The class of a status code; unknown where the code is not listed.
push_class class_of(std::string_view status_code) noexcept;

} // namespace uthan::adapters::bdapps
