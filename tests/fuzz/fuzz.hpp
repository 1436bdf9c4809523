#pragma once

#include <string_view>

// One program for each reader of bytes that strangers send. Under clang it is libFuzzer's; in every
// other build replay.cpp runs the kept corpus and seeded mutations of it.
namespace uthan {

/// Defined once in each program: reads the input as its format and asserts what must hold.
void fuzz_one(std::string_view input);

} // namespace uthan
