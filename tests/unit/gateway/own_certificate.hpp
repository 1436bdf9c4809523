#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace uthan::gateway::testing {

/// A certificate for "localhost" alone that it has signed itself, and its key, as files.
class own_certificate {
public:
    own_certificate() {
        std::string name = (std::filesystem::temp_directory_path() / "uthan-tls-XXXXXX").string();
        directory_ = ::mkdtemp(name.data());
        const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_EC_gen("P-256"),
                                                                      &EVP_PKEY_free};
        const std::unique_ptr<X509, decltype(&X509_free)> made{X509_new(), &X509_free};
        X509_set_version(made.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
        X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
        X509_set_pubkey(made.get(), key.get());
        X509_NAME* of = X509_get_subject_name(made.get());
        X509_NAME_add_entry_by_txt(of, "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
        X509_set_issuer_name(made.get(), of);
        extend(made.get(), NID_subject_alt_name, "DNS:localhost");
        extend(made.get(), NID_basic_constraints, "critical,CA:TRUE");
        EXPECT_GT(X509_sign(made.get(), key.get(), EVP_sha256()), 0);
        FILE* out = std::fopen(certificate().c_str(), "w");
        PEM_write_X509(out, made.get());
        std::fclose(out);
        out = std::fopen(private_key().c_str(), "w");
        PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(out);
    }
    ~own_certificate() { std::filesystem::remove_all(directory_); }
    own_certificate(const own_certificate&) = delete;
    own_certificate& operator=(const own_certificate&) = delete;

    std::string certificate() const { return (directory_ / "certificate.pem").string(); }
    std::string private_key() const { return (directory_ / "key.pem").string(); }

private:
    static void extend(X509* made, int what, const char* value) {
        X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
        X509_add_ext(made, extension, -1);
        X509_EXTENSION_free(extension);
    }
    std::filesystem::path directory_;
};

} // namespace uthan::gateway::testing
