#pragma once

#include "adapters/smpp/codec.hpp"
#include "own_certificate.hpp"
#include "rude_server.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

// A message centre that the test plays, in its own thread: it says what the test says and nothing
// by itself.
namespace uthan::gateway::testing {

namespace smpp = adapters::smpp;

/// A PDU with the octets that it points to. Neither copied nor moved.
struct received_pdu {
    explicit received_pdu(std::string_view octets) : frame(octets), read(smpp::decode(frame)) {}
    received_pdu(const received_pdu&) = delete;
    received_pdu& operator=(const received_pdu&) = delete;

    smpp::command id() const { return read.head.id; }
    std::uint32_t sequence() const { return read.head.sequence; }
    std::uint32_t status() const { return read.head.status; }
    const smpp::submit_sm& submit() const { return std::get<smpp::submit_sm>(read.what); }

    std::string frame;
    smpp::decoded read;
};

/// One accepted connection.
class smsc_peer {
public:
    explicit smsc_peer(int fd, SSL* tls = nullptr) : fd_(fd), tls_(tls, &SSL_free) {}
    smsc_peer(smsc_peer&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)), tls_(std::move(other.tls_)),
          frames_(std::move(other.frames_)) {}
    smsc_peer& operator=(smsc_peer&&) = delete;
    ~smsc_peer() { close(); }

    /// The next PDU; null when the link closed the connection, or said nothing for 20 s.
    std::unique_ptr<received_pdu> next() {
        for (;;) {
            const auto step = frames_.next();
            if (step.what == smpp::frame_splitter::found::frame) {
                return std::make_unique<received_pdu>(step.frame);
            }
            char buffer[4096];
            const auto count = receive(buffer, sizeof buffer);
            if (count <= 0 || step.what == smpp::frame_splitter::found::lost) {
                return nullptr;
            }
            frames_.append({buffer, static_cast<std::size_t>(count)});
        }
    }
    /// The next PDU, which must be this one.
    std::unique_ptr<received_pdu> expect(smpp::command id) {
        auto got = next();
        if (got == nullptr || got->id() != id) {
            ADD_FAILURE() << "wanted " << static_cast<std::uint32_t>(id) << ", got "
                          << (got == nullptr ? 0 : static_cast<std::uint32_t>(got->id()));
            return std::make_unique<received_pdu>(std::string_view{});
        }
        return got;
    }
    bool is_closed() { return next() == nullptr; }

    void send_octets(std::string_view octets) {
        if (tls_ != nullptr) {
            EXPECT_GT(SSL_write(tls_.get(), octets.data(), static_cast<int>(octets.size())), 0);
            return;
        }
        EXPECT_EQ(::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(octets.size()));
    }
    template <class Pdu>
    void send(const Pdu& what, std::uint32_t sequence, std::uint32_t status = 0) {
        std::string frame;
        EXPECT_FALSE(smpp::append_pdu(frame, what, sequence, status));
        send_octets(frame);
    }
    /// Answers the next PDU, which must be a bind, and says how it was bound.
    smpp::command bind(std::uint32_t status = 0) {
        const auto got = next();
        if (got == nullptr) {
            ADD_FAILURE() << "no bind";
            return smpp::command::generic_nack;
        }
        std::string frame;
        smpp::append_header(frame, smpp::response_to(got->id()), got->sequence(), status);
        send_octets(frame);
        return got->id();
    }
    void accept(std::uint32_t sequence, std::string_view id) {
        smpp::submit_sm_resp answer;
        answer.message_id = id;
        send(answer, sequence);
    }
    void close() {
        if (fd_ >= 0) {
            ::close(fd_);
            fd_ = -1;
        }
    }

private:
    ssize_t receive(char* to, std::size_t size) {
        return tls_ != nullptr ? SSL_read(tls_.get(), to, static_cast<int>(size))
                               : ::recv(fd_, to, size, 0);
    }
    int fd_;
    std::unique_ptr<SSL, decltype(&SSL_free)> tls_;
    smpp::frame_splitter frames_;
};

class scripted_smsc {
public:
    scripted_smsc() = default;
    explicit scripted_smsc(const own_certificate& as)
        : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free) {
        EXPECT_EQ(SSL_CTX_use_certificate_file(context_.get(), as.certificate().c_str(),
                                               SSL_FILETYPE_PEM),
                  1);
        EXPECT_EQ(
            SSL_CTX_use_PrivateKey_file(context_.get(), as.private_key().c_str(), SSL_FILETYPE_PEM),
            1);
    }

    std::uint16_t port() const { return listener_.port(); }
    bool has_caller() const { return listener_.has_caller(); }
    smsc_peer accept() {
        const int fd = listener_.accept().release();
        EXPECT_GE(fd, 0) << "nobody connected";
        if (context_ == nullptr) {
            return smsc_peer{fd};
        }
        SSL* const tls = SSL_new(context_.get());
        SSL_set_fd(tls, fd);
        shook_hands = SSL_accept(tls) == 1;
        return smsc_peer{fd, tls};
    }
    void close() { listener_.close(); }

    bool shook_hands = false; ///< the last accepted one

private:
    rude_server listener_;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, &SSL_CTX_free};
};

} // namespace uthan::gateway::testing
