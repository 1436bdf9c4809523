#pragma once

#include "core/calendar.hpp"
#include "core/money.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace uthan::members::exchange {

/// One CSV file (RFC 4180, "\n" lines) being written: rows are counted and the bytes digested on
/// the way through a fixed buffer. Throws std::runtime_error when the disk refuses.
class demo_output {
public:
    demo_output(const std::filesystem::path& directory, std::string name, std::string_view header);
    ~demo_output();
    demo_output(demo_output&&) = delete;

    demo_output& text(std::string_view field);
    demo_output& number(std::uint64_t field);
    demo_output& amount(money field); ///< decimal taka
    demo_output& day(calendar_day field);
    demo_output& day(const std::optional<calendar_day>& field);
    demo_output& empty() { return text({}); }
    void end_row();

    /// Flushes and closes; the digest of the whole file in hex. Nothing may be written afterwards.
    std::string close();

    const std::string& name() const noexcept { return name_; }
    std::uint64_t rows() const noexcept { return rows_; }

private:
    void separate();
    void flush();

    struct closer {
        void operator()(std::FILE* file) const noexcept;
        void operator()(evp_md_ctx_st* context) const noexcept;
    };
    std::string name_;
    std::unique_ptr<std::FILE, closer> file_;
    std::unique_ptr<evp_md_ctx_st, closer> digest_;
    std::string buffer_;
    bool in_row_ = false;
    std::uint64_t rows_ = 0;
};

} // namespace uthan::members::exchange
