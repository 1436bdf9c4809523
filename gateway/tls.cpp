#include "gateway/tls.hpp"

#include <boost/system/system_error.hpp>

#include <stdexcept>

namespace uthan::gateway {

std::shared_ptr<asio::ssl::context> make_tls(const listener_settings& from) {
    if (from.tls_certificate.empty()) {
        return nullptr;
    }
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                         asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression);
    boost::system::error_code error;
    context->use_certificate_chain_file(from.tls_certificate, error);
    if (error) {
        throw std::runtime_error("tls_certificate " + from.tls_certificate + ": " +
                                 error.message());
    }
    context->use_private_key_file(from.tls_key, asio::ssl::context::pem, error);
    if (error) {
        throw std::runtime_error("tls_key " + from.tls_key + ": " + error.message());
    }
    return context;
}

} // namespace uthan::gateway
