#pragma once

#include "core/error.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace uthan::gateway {

/// One dialogue as Africa's Talking would carry it: the whole history with each turn. One thread;
/// each call waits for the answer, ten seconds at most.
class phone_client {
public:
    struct screen {
        std::string text;
        bool final = false;
    };

    /// `url`: a channel's, up to and including /ussd; http only. Throws std::invalid_argument for
    /// anything else.
    phone_client(const std::string& url, std::string msisdn, std::string dialled,
                 std::string session_id);
    ~phone_client();
    phone_client(const phone_client&) = delete;
    phone_client& operator=(const phone_client&) = delete;

    struct outcome {
        screen shown;
        /// Empty, or why there is no screen: a sentence.
        std::string failure;
    };
    outcome dial();
    outcome answer(std::string_view typed);

private:
    outcome turn();

    struct connection;
    std::unique_ptr<connection> connection_;
    std::string target_;
    std::string host_;
    std::string msisdn_;
    std::string dialled_;
    std::string session_id_;
    std::string history_;
    bool begun_ = false;
};

} // namespace uthan::gateway
