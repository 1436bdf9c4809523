#include "tests/integration/busy_centre.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>
#include <variant>

namespace uthan::test {
namespace smpp = adapters::smpp;

namespace {

/// A link that says nothing for so long is silent.
constexpr int look_up_ms = 2;

bool has_input(int fd) {
    pollfd one{fd, POLLIN, 0};
    return ::poll(&one, 1, look_up_ms) > 0;
}

} // namespace

busy_centre::busy_centre(std::uint32_t seed)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), luck_(seed) {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&here), size) != 0 ||
        ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size) != 0) {
        throw std::runtime_error{"the message centre has no port"};
    }
    port_ = ntohs(here.sin_port);
    thread_ = std::thread{[this] { run(); }};
}

busy_centre::~busy_centre() {
    ended_ = true;
    thread_.join();
    ::close(listener_);
}

void busy_centre::at(centre_moment moment, unsigned nth, std::function<void()> then) {
    const std::lock_guard lock{mutex_};
    moment_ = moment;
    countdown_ = nth;
    then_ = std::move(then);
}

std::map<std::string, centre_text> busy_centre::texts() const {
    const std::lock_guard lock{mutex_};
    return texts_;
}

void busy_centre::run() {
    while (!ended_) {
        if (!has_input(listener_)) {
            continue;
        }
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd >= 0) {
            serve(fd);
            ::close(fd);
        }
    }
}

void busy_centre::serve(int fd) {
    for (auto& [sequence, one] : std::exchange(unanswered_, {})) {
        waiting_.push_back(std::move(one));
    }
    is_bound_ = false;
    smpp::frame_splitter frames;
    while (!ended_) {
        const auto step = frames.next();
        if (step.what == smpp::frame_splitter::found::frame) {
            const std::string frame{step.frame};
            if (!take(fd, smpp::decode(frame))) {
                return;
            }
            continue;
        }
        if (step.what == smpp::frame_splitter::found::lost) {
            return;
        }
        if (!has_input(fd)) {
            if (is_bound_) {
                send_receipts(fd);
            }
            continue;
        }
        char buffer[4096];
        const auto count = ::recv(fd, buffer, sizeof buffer, 0);
        if (count <= 0) {
            return;
        }
        frames.append({buffer, static_cast<std::size_t>(count)});
    }
}

bool busy_centre::take(int fd, const smpp::decoded& pdu) {
    const auto id = pdu.head.id;
    if (id == smpp::command::submit_sm) {
        return take_submit(fd, pdu);
    }
    if (id == smpp::command::deliver_sm_resp) {
        take_receipt_answer(pdu.head.sequence);
        return true;
    }
    if (id == smpp::command::generic_nack) {
        return true;
    }
    std::string answer;
    smpp::append_header(answer, smpp::response_to(id), pdu.head.sequence, 0);
    is_bound_ = is_bound_ || id == smpp::command::bind_transceiver;
    return write(fd, answer) && id != smpp::command::unbind;
}

bool busy_centre::take_submit(int fd, const smpp::decoded& pdu) {
    const auto& submit = std::get<smpp::submit_sm>(pdu.what);
    const std::string text{submit.short_message};
    {
        const std::lock_guard lock{mutex_};
        ++texts_[text].submits;
    }
    passed(centre_moment::submit_came);
    const auto name = fmt::format("{:X}", ++last_id_ + 0xA000);
    waiting_.push_back({name, text, std::string{submit.destination.address}});
    if (luck_() % 4 == 0) {
        send_receipts(fd);
    }
    smpp::submit_sm_resp answer;
    answer.message_id = name;
    std::string frame;
    if (smpp::append_pdu(frame, answer, pdu.head.sequence, 0) || !write(fd, frame)) {
        return false;
    }
    passed(centre_moment::submit_answered);
    return true; // its receipt goes when the link is silent, or before the next answer
}

void busy_centre::send_receipts(int fd) {
    for (auto& one : std::exchange(waiting_, {})) {
        const auto says = fmt::format("id:{} sub:001 dlvrd:001 submit date:2611270000 "
                                      "done date:2611270000 stat:DELIVRD err:000 text:",
                                      one.id);
        smpp::deliver_sm told;
        told.source = {1, 1, one.to};
        told.destination = {5, 0, "KMSS"};
        told.esm_class = 0x04;
        told.short_message = says;
        std::string frame;
        const auto sequence = ++last_sequence_;
        const bool wrong = static_cast<bool>(smpp::append_pdu(frame, told, sequence, 0));
        unanswered_.emplace(sequence, std::move(one));
        if (wrong || !write(fd, frame)) {
            continue; // with what is unanswered, on the next connection
        }
        passed(centre_moment::receipt_sent);
    }
}

void busy_centre::take_receipt_answer(std::uint32_t sequence) {
    const auto found = unanswered_.find(sequence);
    if (found == unanswered_.end()) {
        return;
    }
    {
        const std::lock_guard lock{mutex_};
        texts_[found->second.text].receipt_answered = true;
    }
    unanswered_.erase(found);
    passed(centre_moment::receipt_answered);
}

void busy_centre::passed(centre_moment moment) {
    std::function<void()> then;
    {
        const std::lock_guard lock{mutex_};
        if (countdown_ == 0 || moment != moment_ || --countdown_ > 0) {
            return;
        }
        then = std::exchange(then_, {});
    }
    then();
}

bool busy_centre::write(int fd, std::string_view octets) {
    return ::send(fd, octets.data(), octets.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(octets.size());
}

} // namespace uthan::test
