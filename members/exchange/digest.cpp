#include "members/exchange/digest.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace uthan::members::exchange {

void sha256_stream::closer::operator()(evp_md_ctx_st* context) const noexcept {
    EVP_MD_CTX_free(context);
}

sha256_stream::sha256_stream() : context_(EVP_MD_CTX_new()) {
    if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("SHA-256 is not available");
    }
}

void sha256_stream::update(std::string_view bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

digest256 sha256_stream::finish() {
    digest256 digest{};
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    return digest;
}

result<std::size_t> digesting_source::read(std::span<char> out) {
    auto n = inner_.read(out);
    if (n) {
        digest_.update({out.data(), *n});
    }
    return n;
}

} // namespace uthan::members::exchange
