#include "adapters/smpp/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace uthan::adapters::smpp {
namespace {

struct row {
    std::uint32_t status;
    std::string_view name;
    status_class what;
};

using enum status_class;
/// SMPP 3.4, 5.1.3, by value.
constexpr std::array table{row{0x00, "ESME_ROK", ok},
                           row{0x01, "ESME_RINVMSGLEN", permanent},
                           row{0x02, "ESME_RINVCMDLEN", permanent},
                           row{0x03, "ESME_RINVCMDID", permanent},
                           row{0x04, "ESME_RINVBNDSTS", session},
                           row{0x05, "ESME_RALYBND", session},
                           row{0x06, "ESME_RINVPRTFLG", permanent},
                           row{0x07, "ESME_RINVREGDLVFLG", permanent},
                           row{0x08, "ESME_RSYSERR", temporary},
                           row{0x0A, "ESME_RINVSRCADR", permanent},
                           row{0x0B, "ESME_RINVDSTADR", permanent},
                           row{0x0C, "ESME_RINVMSGID", permanent},
                           row{0x0D, "ESME_RBINDFAIL", session},
                           row{0x0E, "ESME_RINVPASWD", session},
                           row{0x0F, "ESME_RINVSYSID", session},
                           row{0x11, "ESME_RCANCELFAIL", permanent},
                           row{0x13, "ESME_RREPLACEFAIL", permanent},
                           row{0x14, "ESME_RMSGQFUL", throttle},
                           row{0x15, "ESME_RINVSERTYP", permanent},
                           row{0x33, "ESME_RINVNUMDESTS", permanent},
                           row{0x34, "ESME_RINVDLNAME", permanent},
                           row{0x40, "ESME_RINVDESTFLAG", permanent},
                           row{0x42, "ESME_RINVSUBREP", permanent},
                           row{0x43, "ESME_RINVESMCLASS", permanent},
                           row{0x44, "ESME_RCNTSUBDL", permanent},
                           row{0x45, "ESME_RSUBMITFAIL", unknown},
                           row{0x48, "ESME_RINVSRCTON", permanent},
                           row{0x49, "ESME_RINVSRCNPI", permanent},
                           row{0x50, "ESME_RINVDSTTON", permanent},
                           row{0x51, "ESME_RINVDSTNPI", permanent},
                           row{0x53, "ESME_RINVSYSTYP", session},
                           row{0x54, "ESME_RINVREPFLAG", permanent},
                           row{0x55, "ESME_RINVNUMMSGS", permanent},
                           row{0x58, "ESME_RTHROTTLED", throttle},
                           row{0x61, "ESME_RINVSCHED", permanent},
                           row{0x62, "ESME_RINVEXPIRY", permanent},
                           row{0x63, "ESME_RINVDFTMSGID", permanent},
                           row{0x64, "ESME_RX_T_APPN", temporary},
                           row{0x65, "ESME_RX_P_APPN", permanent},
                           row{0x66, "ESME_RX_R_APPN", permanent},
                           row{0x67, "ESME_RQUERYFAIL", permanent},
                           row{0xC0, "ESME_RINVOPTPARSTREAM", permanent},
                           row{0xC1, "ESME_ROPTPARNOTALLWD", permanent},
                           row{0xC2, "ESME_RINVPARLEN", permanent},
                           row{0xC3, "ESME_RMISSINGOPTPARAM", permanent},
                           row{0xC4, "ESME_RINVOPTPARAMVAL", permanent},
                           row{0xFE, "ESME_RDELIVERYFAILURE", unknown},
                           row{0xFF, "ESME_RUNKNOWNERR", unknown}};
static_assert(std::ranges::is_sorted(table, {}, &row::status));

const row* find(std::uint32_t status) noexcept {
    const auto* const at = std::ranges::lower_bound(table, status, {}, &row::status);
    return at != table.end() && at->status == status ? at : nullptr;
}

} // namespace

std::string_view status_name(std::uint32_t status) noexcept {
    const row* const found = find(status);
    return found == nullptr ? std::string_view{} : found->name;
}

std::string status_text(std::uint32_t status) {
    const auto name = status_name(status);
    return name.empty() ? fmt::format("0x{:08X}", status) : std::string{name};
}

status_class status_classes::of(std::uint32_t status) const noexcept {
    for (const auto& [excepted, what] : exceptions_) {
        if (excepted == status) {
            return what;
        }
    }
    if (const row* const found = find(status)) {
        return found->what;
    }
    // SMPP 5.0's additions are all about the request itself.
    return status >= 0x100 && status <= 0x112 ? permanent : unknown;
}

} // namespace uthan::adapters::smpp
