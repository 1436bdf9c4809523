#pragma once

#include "core/digest.hpp"
#include "members/exchange/csv.hpp"

#include <memory>
#include <string_view>

struct evp_md_ctx_st;

namespace uthan::members::exchange {

/// SHA-256 of a stream. Throws std::runtime_error when OpenSSL has no SHA-256.
class sha256_stream {
public:
    sha256_stream();
    void update(std::string_view bytes);
    digest256 finish();

private:
    struct closer {
        void operator()(evp_md_ctx_st* context) const noexcept;
    };
    std::unique_ptr<evp_md_ctx_st, closer> context_;
};

/// Passes a source's bytes on and digests them on the way.
class digesting_source final : public byte_source {
public:
    explicit digesting_source(byte_source& inner) : inner_(inner) {}
    result<std::size_t> read(std::span<char> out) override;
    /// Once, after the last byte.
    digest256 finish() { return digest_.finish(); }

private:
    byte_source& inner_;
    sha256_stream digest_;
};

} // namespace uthan::members::exchange
