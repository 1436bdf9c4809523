// smpp_codec: the gateway's encoder and reader of submit_sm against functions that know one layout
// and check nothing. Prints one JSON object: PDUs a second, and how the slower of the two compares.
//
//   bench_codec [--rounds N] [--seconds S]

#include "adapters/smpp/codec.hpp"
#include "bench/sample_message.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <arpa/inet.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::bench {
namespace {

namespace smpp = adapters::smpp;

/// PDUs that are written before the buffer is emptied, as a window's are.
constexpr std::size_t batch = 64;

/// What differs from one message to the next: what is written by hand, and what is read.
struct sample {
    std::string_view source;
    std::string_view destination;
    std::string_view validity;
    std::string_view text;
};

char* put(char* at, std::string_view value) {
    std::memcpy(at, value.data(), value.size());
    return at + value.size();
}

char* put_u32(char* at, std::uint32_t value) {
    const std::uint32_t wire = htonl(value);
    std::memcpy(at, &wire, sizeof wire);
    return at + sizeof wire;
}

/// As one writes it for this PDU and no other.
__attribute__((noinline)) void append_by_hand(std::string& to, const sample& of,
                                              std::uint32_t sequence) {
    const auto length = 16 + 3 + of.source.size() + 3 + of.destination.size() + 5 +
                        of.validity.size() + 6 + of.text.size();
    const auto begin = to.size();
    to.resize(begin + length);
    char* at = to.data() + begin;
    at = put_u32(at, static_cast<std::uint32_t>(length));
    at = put_u32(at, 0x4);
    at = put_u32(at, 0);
    at = put_u32(at, sequence);
    at = put(at, {"\0\5\0", 3}); // service_type, ton, npi
    at = put(at, of.source);
    at = put(at, {"\0\1\1", 3});
    at = put(at, of.destination);
    at = put(at, {"\0\0\0\0\0", 5}); // esm_class, protocol_id, priority_flag, schedule
    at = put(at, of.validity);
    at = put(at, {"\0\1\0\0\0", 5}); // registered_delivery, replace, data_coding, default id
    *at++ = static_cast<char>(of.text.size());
    put(at, of.text);
}

smpp::submit_sm submit_of(const sample& from) {
    smpp::submit_sm made;
    made.source = {5, 0, from.source};
    made.destination = {1, 1, from.destination};
    made.validity_period = from.validity;
    made.registered_delivery = 1;
    made.short_message = from.text;
    return made;
}

__attribute__((noinline)) void append_ours(std::string& to, const smpp::submit_sm& what,
                                           std::uint32_t sequence) {
    if (smpp::append_pdu(to, what, sequence)) {
        throw std::runtime_error("not encoded");
    }
}

std::string_view take_string(const char*& at, const char* end) {
    const auto* const stop =
        static_cast<const char*>(std::memchr(at, 0, static_cast<std::size_t>(end - at)));
    if (stop == nullptr) {
        throw std::runtime_error("a string without an end");
    }
    const std::string_view value{at, static_cast<std::size_t>(stop - at)};
    at = stop + 1;
    return value;
}

__attribute__((noinline)) sample read_by_hand(std::string_view frame) {
    sample read;
    const char* at = frame.data() + 16;
    const char* const end = frame.data() + frame.size();
    take_string(at, end);
    at += 2;
    read.source = take_string(at, end);
    at += 2;
    read.destination = take_string(at, end);
    at += 3;
    take_string(at, end);
    read.validity = take_string(at, end);
    at += 4;
    const auto length = static_cast<unsigned char>(*at++);
    if (end - at < length) {
        throw std::runtime_error("cut off");
    }
    read.text = {at, length};
    return read;
}

__attribute__((noinline)) sample read_ours(std::string_view frame) {
    const auto read = smpp::decode(frame);
    const auto* const submit = std::get_if<smpp::submit_sm>(&read.what);
    if (submit == nullptr || read.fault != 0) {
        throw std::runtime_error("not read");
    }
    return {submit->source.address, submit->destination.address, submit->validity_period,
            submit->short_message};
}

/// Of this thread: what else the machine does falls on neither side.
std::uint64_t busy_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(now.tv_nsec);
}

/// Calls a second of `work`, which does `batch` of them.
template <class Work>
double rate_of(double seconds, Work work) {
    const auto start = busy_ns();
    const auto until = start + static_cast<std::uint64_t>(seconds * 1e9);
    std::uint64_t done = 0;
    auto now = start;
    while (now < until) {
        for (int i = 0; i < 64; ++i) {
            work();
        }
        done += 64 * batch;
        now = busy_ns();
    }
    return static_cast<double>(done) * 1e9 / static_cast<double>(now - start);
}

template <class Value, class Append>
double write_rate(const std::vector<Value>& values, double seconds, Append append) {
    std::string out;
    std::uint32_t sequence = 0;
    return rate_of(seconds, [&] {
        out.clear();
        for (const auto& one : values) {
            append(out, one, ++sequence);
        }
    });
}

template <class Read>
double read_rate(const std::vector<std::string>& frames, double seconds, Read read) {
    std::size_t octets = 0;
    const auto rate = rate_of(seconds, [&] {
        for (const auto& one : frames) {
            octets += read(one).text.size();
        }
    });
    if (octets == 0) {
        throw std::runtime_error("nothing was read");
    }
    return rate;
}

double median(std::vector<double> of) {
    std::ranges::sort(of);
    return of[of.size() / 2];
}

int run(int argc, char** argv) {
    CLI::App app{"The SMPP codec against functions for one PDU"};
    int rounds = 51;
    double seconds = 0.01;
    app.add_option("--rounds", rounds)->check(CLI::Range(1, 1000));
    app.add_option("--seconds", seconds, "of each measurement");
    CLI11_PARSE(app, argc, argv);

    std::vector<std::string> numbers;
    std::vector<std::string> texts;
    for (std::size_t n = 0; n < batch; ++n) {
        numbers.push_back(sample_number(n));
        texts.push_back(sample_text(n));
    }
    std::vector<sample> samples;
    std::vector<smpp::submit_sm> submits;
    std::vector<std::string> frames;
    for (std::size_t n = 0; n < batch; ++n) {
        samples.push_back({"KMSS", numbers[n], "000001000000000R", texts[n]});
        submits.push_back(submit_of(samples[n]));
        auto& frame = frames.emplace_back();
        append_ours(frame, submits[n], 7);
        std::string same;
        append_by_hand(same, samples[n], 7);
        if (frame != same || read_by_hand(frame).text != read_ours(frame).text) {
            throw std::runtime_error("the two are not of the same PDU");
        }
    }
    std::vector<double> written;
    std::vector<double> write_ratios;
    std::vector<double> read;
    std::vector<double> read_ratios;
    for (int round = 0; round < rounds; ++round) {
        const auto hand_writes = write_rate(samples, seconds, append_by_hand);
        written.push_back(write_rate(submits, seconds, append_ours));
        write_ratios.push_back(written.back() / hand_writes);
        const auto hand_reads = read_rate(frames, seconds, read_by_hand);
        read.push_back(read_rate(frames, seconds, read_ours));
        read_ratios.push_back(read.back() / hand_reads);
    }
    fmt::print(
        "{{\"written\":{:.0f},\"write_ratio\":{:.4f},\"read\":{:.0f},\"read_ratio\":{:.4f}}}\n",
        median(written), median(write_ratios), median(read), median(read_ratios));
    return 0;
}

} // namespace
} // namespace uthan::bench

int main(int argc, char** argv) {
    try {
        return uthan::bench::run(argc, argv);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "bench_codec: {}\n", problem.what());
        return 1;
    }
}
