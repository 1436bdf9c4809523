#pragma once

#include "adapters/smpp/reconnect.hpp"
#include "adapters/smpp/session.hpp"
#include "adapters/smpp/text.hpp"
#include "sms/link.hpp"
#include "tests/sim/smsc.hpp"

#include <boost/asio/io_context.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace uthan::sim {

/// A link of one connection at a time: the real session machine over a simulated wire. When it is
/// destroyed, as by a crash, the message centre finds the connection gone.
class line final : public sms::link {
public:
    line(timeline& time, chance& luck, smsc& centre, sms::inbox& box, asio::io_context& loop,
         adapters::smpp::text_terms text, std::size_t window);
    ~line() override;
    line(const line&) = delete;
    line& operator=(const line&) = delete;

    void start(sms::link_events& to);

    sms::link_state state() const noexcept override;
    std::size_t free_slots() const noexcept override;
    std::size_t in_flight() const noexcept override { return given_.size(); }
    void submit(std::vector<sms::outgoing_part> parts) override;

private:
    struct part_name {
        std::uint64_t id = 0;
        std::uint8_t part = 0;
        std::uint16_t reference = 0;
    };

    void connect();
    void lose();
    void hear(std::string_view octets);
    void take(adapters::smpp::events told);
    void take_answer(std::uint64_t token, std::uint32_t status, std::string_view message_id,
                     bool late);
    void end(const adapters::smpp::closed& how);
    void keep(const adapters::smpp::delivered& told);
    task<void> keep_receipt(sms::receipt what, std::uint32_t sequence, std::uint64_t connection);
    void flush();
    void arm();
    /// Whatever is scheduled for this line does nothing when it is gone.
    template <class What>
    void later(milliseconds wait, What what);

    timeline& time_;
    chance& luck_;
    smsc& centre_;
    sms::inbox& box_;
    asio::io_context& loop_;
    adapters::smpp::text_terms text_;
    std::size_t window_;
    sms::link_events* events_ = nullptr;
    std::unique_ptr<adapters::smpp::session> it_; ///< null while nothing is connected
    smsc::connection connection_ = 0;
    milliseconds arrives_{0};           ///< the last octets, there
    milliseconds returns_{0};           ///< and here
    std::optional<milliseconds> armed_; ///< the session's timer
    std::uint64_t last_token_ = 0;
    std::map<std::uint64_t, part_name> given_;
    std::map<std::uint64_t, part_name> late_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace uthan::sim
