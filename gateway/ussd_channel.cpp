#include "gateway/ussd_channel.hpp"

namespace uthan::gateway {
namespace {

hop_outcome outcome_of(const service::hop_result& hop, bool store_answers) noexcept {
    if (hop.apology) {
        return hop_outcome::failed;
    }
    if (hop.repeated) {
        return hop_outcome::repeated;
    }
    if (!store_answers) {
        return hop_outcome::degraded;
    }
    return hop.screen.final ? hop_outcome::ended : hop_outcome::continued;
}

} // namespace

bool take_code(const std::set<std::string>& codes, sessions::inbound_turn& turn) {
    const std::string& dialled = turn.dialled.empty() ? turn.service_code : turn.dialled;
    const std::string* longest = nullptr;
    std::string tail;
    for (const auto& code : codes) {
        const auto behind = sessions::split_dialled(dialled, code);
        if (behind && (longest == nullptr || code.size() > longest->size())) {
            longest = &code;
            tail = *behind;
        }
    }
    if (longest != nullptr) {
        turn.service_code = *longest;
        turn.tail = std::move(tail);
        return true;
    }
    return codes.empty() || codes.contains(turn.service_code);
}

http_response ussd_channel::refuse(std::string_view reason,
                                   std::chrono::steady_clock::time_point received) {
    metrics_.hop_done(hop_outcome::refused, received);
    return plain_response(400, reason);
}

void ussd_channel::count(const service::hop_result& hop,
                         std::chrono::steady_clock::time_point received) noexcept {
    metrics_.hop_done(outcome_of(hop, store_.healthy()), received);
}

} // namespace uthan::gateway
