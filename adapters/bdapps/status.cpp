#include "adapters/bdapps/ussd.hpp"

#include <algorithm>
#include <array>

// The status codes of hSenid TAP and what they mean for a screen.
namespace uthan::adapters::bdapps {
namespace {

struct row {
    std::string_view code;
    push_class what;
};

using enum push_class;

/// Sorted by code.
constexpr std::array table{
    row{"E1301", config},    // application not allowed
    row{"E1302", config},    // service provider not allowed
    row{"E1303", config},    // source IP not allowed
    row{"E1304", config},    // application not found
    row{"E1305", config},    // application id invalid
    row{"E1306", config},    // routing key invalid
    row{"E1307", config},    // service provider not found
    row{"E1308", client},    // charging error
    row{"E1309", config},    // service not provisioned
    row{"E1310", config},    // MO flow not allowed
    row{"E1311", config},    // MT flow not allowed
    row{"E1312", client},    // invalid request
    row{"E1313", config},    // authentication failure
    row{"E1315", config},    // network capability not available
    row{"E1316", transient}, // application temporarily unavailable
    row{"E1317", user},      // number in an invalid state
    row{"E1318", transient}, // temporarily unavailable
    row{"E1319", transient}, // temporarily unavailable
    row{"E1322", config},    // sender not allowed
    row{"E1323", config},    // recipients not allowed
    row{"E1324", config},    // HTTP subscription not allowed
    row{"E1325", client},    // bad address format
    row{"E1326", user},      // balance insufficient for MO
    row{"E1327", config},    // application not allowed to charge
    row{"E1328", config},    // charging operation not allowed
    row{"E1329", config},    // amount too high
    row{"E1330", config},    // amount too low
    row{"E1331", config},    // bad source address
    row{"E1332", transient}, // delivery failed
    row{"E1333", user},      // held for approval
    row{"E1334", client},    // too long
    row{"E1335", client},    // too long
    row{"E1336", config},    // no service code for the amount
    row{"E1337", user},      // subscriber authentication failed
    row{"E1340", client},    // invalid request
    row{"E1341", transient}, // delivery failed for destinations
    row{"E1342", user},      // blacklisted
    row{"E1343", user},      // not whitelisted
    row{"E1344", user},      // not processed, check balance
    row{"E1351", user},      // already registered
    row{"E1356", user},      // not registered
    row{"E1357", user},      // user unauthorised for the application
    row{"E1360", transient}, // SDP-SBL error reply
    row{"E1361", client},    // rejected by SDP-SBL
    row{"E1362", client},    // invalid request
    row{"E1363", transient}, // SDP-SBL no or late reply
    row{"E1364", transient}, // SDP-SBL not reached
    row{"E1365", user},      // subscriber not registered to the application
    row{"E1366", transient}, // MT delivery failed
    row{"E1367", client},    // quality of service unsupported
    row{"E1368", client},    // service type unsupported
    row{"E1370", client},    // bad reservation id
    row{"E1371", config},    // payment instrument refused by the application
    row{"E1372", user},      // no default payment instrument
    row{"E1373", user},      // invalid payer
    row{"E1374", client},    // invalid payee
    row{"E1375", client},    // transfer across instruments
    row{"E1376", client},    // unknown charging error
    row{"E1377", client},    // bad instrument name
    row{"E1378", user},      // insufficient balance
    row{"E1379", ok},        // transaction already completed
    row{"E1380", client},    // currency unsupported
    row{"E1381", config},    // IP not allowed for the service
    row{"E1382", user},      // instrument barred
    row{"E1383", config},    // network-initiated USSD not allowed
    row{"E1384", config},    // international SMS disabled
    row{"E1387", config},    // merchant id missing
    row{"E1400", transient}, // card module down
    row{"E1401", client},    // NFC or charging
    row{"E1402", client},    // NFC or charging
    row{"E1404", client},    // NFC or charging
    row{"E1405", user},      // charging authorisation timed out
    row{"E1406", user},      // charging authorisation rejected
    row{"E1600", transient}, // system error
    row{"E1601", transient}, // system error
    row{"E1602", transient}, // system error
    row{"E1603", transient}, // system error
    row{"E1605", client},    // bad charging request
    row{"E1606", client},    // bad charging amount
    row{"E1825", client},    // unsupported operation
    row{"E1830", user},      // not for this type of user
    row{"E1850", client},    // one-time password invalid
    row{"E1851", client},    // expired
    row{"E1852", client},    // too many attempts
    row{"E1853", client},    // no request
    row{"S1000", ok},
};
static_assert(std::ranges::is_sorted(table, {}, &row::code));

} // namespace

push_class class_of(std::string_view status_code) noexcept {
    const auto found = std::ranges::lower_bound(table, status_code, {}, &row::code);
    return found != table.end() && found->code == status_code ? found->what : unknown;
}

} // namespace uthan::adapters::bdapps
