#include "members/exchange/demo_output.hpp"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <stdexcept>

namespace uthan::members::exchange {

namespace {

constexpr std::size_t file_buffer_bytes = 256 * 1024;

void append_number(std::string& out, std::uint64_t value, std::size_t width) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    const auto count = static_cast<std::size_t>(end - digits.data());
    out.append(count < width ? width - count : 0, '0');
    out.append(digits.data(), count);
}

} // namespace

void demo_output::closer::operator()(std::FILE* file) const noexcept {
    std::fclose(file);
}

void demo_output::closer::operator()(evp_md_ctx_st* context) const noexcept {
    EVP_MD_CTX_free(context);
}

demo_output::demo_output(const std::filesystem::path& directory, std::string name,
                         std::string_view header)
    : name_(std::move(name)), file_(std::fopen((directory / name_).c_str(), "wb")),
      digest_(EVP_MD_CTX_new()) {
    if (!file_) {
        throw std::runtime_error("cannot write " + (directory / name_).string());
    }
    if (!digest_ || EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("SHA-256 is not available");
    }
    buffer_.reserve(file_buffer_bytes + 4096);
    buffer_.append(header).push_back('\n');
}

demo_output::~demo_output() = default;

void demo_output::separate() {
    if (in_row_) {
        buffer_.push_back(',');
    }
    in_row_ = true;
}

demo_output& demo_output::text(std::string_view field) {
    separate();
    if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
        buffer_.append(field);
        return *this;
    }
    buffer_.push_back('"');
    for (const char c : field) {
        if (c == '"') {
            buffer_.push_back('"');
        }
        buffer_.push_back(c);
    }
    buffer_.push_back('"');
    return *this;
}

demo_output& demo_output::number(std::uint64_t field) {
    separate();
    append_number(buffer_, field, 1);
    return *this;
}

demo_output& demo_output::amount(money field) {
    separate();
    if (field.poisha < 0) {
        buffer_.push_back('-');
    }
    const auto poisha = static_cast<std::uint64_t>(field.poisha < 0 ? -field.poisha : field.poisha);
    append_number(buffer_, poisha / 100, 1);
    if (poisha % 100 != 0) {
        buffer_.push_back('.');
        append_number(buffer_, poisha % 100, 2);
    }
    return *this;
}

demo_output& demo_output::day(calendar_day field) {
    separate();
    const std::chrono::year_month_day date{field};
    append_number(buffer_, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
    buffer_.push_back('-');
    append_number(buffer_, static_cast<unsigned>(date.month()), 2);
    buffer_.push_back('-');
    append_number(buffer_, static_cast<unsigned>(date.day()), 2);
    return *this;
}

demo_output& demo_output::day(const std::optional<calendar_day>& field) {
    return field ? day(*field) : empty();
}

void demo_output::end_row() {
    buffer_.push_back('\n');
    in_row_ = false;
    ++rows_;
    if (buffer_.size() >= file_buffer_bytes) {
        flush();
    }
}

void demo_output::flush() {
    if (std::fwrite(buffer_.data(), 1, buffer_.size(), file_.get()) != buffer_.size() ||
        EVP_DigestUpdate(digest_.get(), buffer_.data(), buffer_.size()) != 1) {
        throw std::runtime_error("cannot write " + name_);
    }
    buffer_.clear();
}

std::string demo_output::close() {
    flush();
    if (std::fclose(file_.release()) != 0) {
        throw std::runtime_error("cannot write " + name_);
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    EVP_DigestFinal_ex(digest_.get(), digest.data(), &size);
    std::string hex;
    for (unsigned i = 0; i < size; ++i) {
        constexpr std::string_view digits = "0123456789abcdef";
        hex.push_back(digits[digest[i] >> 4]);
        hex.push_back(digits[digest[i] & 0xF]);
    }
    return hex;
}

} // namespace uthan::members::exchange
