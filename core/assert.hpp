#pragma once

#include <cstdio>
#include <cstdlib>

// For programmer errors (an impossible state, a negative length), in release builds too. Never for
// what comes from outside: bad input gets an error, not an abort.
#define UTHAN_ASSERT(condition)                                                                    \
    do {                                                                                           \
        if (!(condition)) [[unlikely]] {                                                           \
            std::fprintf(stderr, "%s:%d: assertion failed: %s\n", __FILE__, __LINE__, #condition); \
            std::abort();                                                                          \
        }                                                                                          \
    } while (false)
