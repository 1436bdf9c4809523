#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

// replay LAST CORPUS ROUNDS SEED: every file of the corpus, then ROUNDS seeded mutations of them.
// LAST holds the input that was being read when the program dies.
namespace {

std::string read_file(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::string> read_corpus(const std::filesystem::path& directory) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{directory}) {
        files.push_back(entry.path());
    }
    std::ranges::sort(files);
    std::vector<std::string> inputs;
    std::ranges::transform(files, std::back_inserter(inputs), read_file);
    return inputs;
}

using generator = std::mt19937_64;

std::size_t below(generator& random, std::size_t bound) {
    return bound == 0 ? 0 : static_cast<std::size_t>(random() % bound);
}

void mutate_once(std::string& input, const std::vector<std::string>& others, generator& random) {
    const std::size_t at = below(random, input.size() + 1);
    const auto byte = static_cast<char>(random());
    switch (below(random, 6)) {
    case 0:
        input.insert(input.begin() + static_cast<std::ptrdiff_t>(at), byte);
        return;
    case 1:
        input.erase(at, below(random, 9));
        return;
    case 2: {
        const auto& other = others[below(random, others.size())];
        const std::size_t from = below(random, other.size() + 1);
        input.insert(at, other, from, below(random, 65));
        return;
    }
    case 3:
        input.resize(at);
        return;
    default:
        if (at < input.size()) {
            input[at] = static_cast<char>(input[at] ^ (1 << below(random, 8)));
        }
    }
}

struct last_input {
    std::FILE* file;

    void run(const std::string& input) const {
        std::rewind(file);
        const auto length = static_cast<std::uint64_t>(input.size());
        std::fwrite(&length, sizeof length, 1, file);
        std::fwrite(input.data(), 1, input.size(), file);
        std::fflush(file);
        uthan::fuzz_one(input);
    }
};

unsigned long number(std::string_view text) {
    unsigned long value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

} // namespace

int main(int count, char** arguments) {
    if (count != 5) {
        return 2;
    }
    const last_input last{std::fopen(arguments[1], "wb")};
    const auto corpus = read_corpus(arguments[2]);
    if (last.file == nullptr || corpus.empty()) {
        std::fputs("no file for the last input, or an empty corpus\n", stderr);
        return 2;
    }
    for (const auto& input : corpus) {
        last.run(input);
    }
    generator random{number(arguments[4])};
    const auto rounds = number(arguments[3]);
    for (unsigned long round = 0; round < rounds; ++round) {
        std::string input = corpus[below(random, corpus.size())];
        for (std::size_t step = 1 + below(random, 8); step > 0; --step) {
            mutate_once(input, corpus, random);
        }
        last.run(input);
    }
    std::printf("%zu kept inputs, %lu mutations\n", corpus.size(), rounds);
    std::fclose(last.file);
    return 0;
}
