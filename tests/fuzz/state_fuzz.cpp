#include "core/assert.hpp"
#include "sessions/state.hpp"
#include "tests/fuzz/fuzz.hpp"

// A dialogue's state as the session store gives it back.
void uthan::fuzz_one(std::string_view input) {
    const auto read = sessions::decode(input, 7);
    if (!read) {
        UTHAN_ASSERT(read.error() == errc::corrupt);
        return;
    }
    const auto again = sessions::decode(sessions::encode(*read), 7);
    UTHAN_ASSERT(again.has_value());
    UTHAN_ASSERT(*again == *read);
}
