#include "adapters/smpp/session.hpp"

#include "adapters/smpp/status.hpp"

#include <algorithm>
#include <utility>

namespace uthan::adapters::smpp {
namespace {

constexpr unsigned misses_max = 2;

template <class Bind>
void fill_bind(Bind& to, const session_options& as) {
    to.system_id = as.system_id;
    to.password = as.password;
    to.system_type = as.system_type;
    to.interface_version = as.interface_version;
    to.addresses = {as.addr_ton, as.addr_npi, as.address_range};
}

body bind_of(const session_options& as) {
    body made;
    switch (as.mode) {
    case bind_mode::transceiver:
        fill_bind(made.emplace<bind_transceiver>(), as);
        break;
    case bind_mode::transmitter:
        fill_bind(made.emplace<bind_transmitter>(), as);
        break;
    case bind_mode::receiver:
        fill_bind(made.emplace<bind_receiver>(), as);
        break;
    }
    return made;
}

bool is_bind_answer(command id) noexcept {
    return id == command::bind_transceiver_resp || id == command::bind_transmitter_resp ||
           id == command::bind_receiver_resp || id == command::generic_nack;
}

/// A generic_nack is a refusal, whatever status it was given.
std::uint32_t refusal_of(const header& head, std::uint32_t otherwise) noexcept {
    return head.id == command::generic_nack && head.status == 0 ? otherwise : head.status;
}

deliver_sm as_delivery(const data_sm& from) {
    deliver_sm made;
    made.service_type = from.service_type;
    made.source = from.source;
    made.destination = from.destination;
    made.esm_class = from.esm_class;
    made.registered_delivery = from.registered_delivery;
    made.data_coding = from.data_coding;
    made.parameters = from.parameters;
    return made;
}

} // namespace

session::session(session_options as)
    : as_(std::move(as)), frames_(as_.frame_octets_max), sequence_(as_.first_sequence - 1) {
    slots_.reserve(as_.window);
}

events session::on_connected(time_point now) {
    events_.clear();
    if (phase_ == phase::unconnected) {
        phase_ = phase::binding;
        phase_until_ = now + as_.bind_timeout;
        last_received_ = now;
        send_bind();
    }
    return events_;
}

events session::on_bytes(std::string_view octets, time_point now) {
    events_.clear();
    if (phase_ == phase::closed || phase_ == phase::unconnected) {
        return events_;
    }
    frames_.append(octets);
    while (phase_ != phase::closed) {
        const auto step = frames_.next();
        if (step.what == frame_splitter::found::need_more) {
            break;
        }
        if (step.what == frame_splitter::found::lost) {
            append_header(answers_, command::generic_nack, step.sequence,
                          status::invalid_command_length);
            close(close_reason::framing_lost);
            break;
        }
        take_frame(step.frame, now);
    }
    if (phase_ != phase::closed && answers_.size() > unread_octets_max) {
        close(close_reason::peer_not_reads);
    }
    proceed(now);
    return events_;
}

events session::on_timer(time_point now) {
    events_.clear();
    expire_submits(now);
    if (phase_ == phase::binding && now >= phase_until_) {
        close(close_reason::bind_timeout);
    } else if (phase_ == phase::bound || phase_ == phase::draining) {
        watch_peer(now);
    }
    proceed(now);
    return events_;
}

events session::on_closed(time_point /*now*/) {
    events_.clear();
    if (phase_ == phase::unbinding) {
        close(close_reason::drained);
    } else if (phase_ == phase::peer_unbinding) {
        close(close_reason::peer_unbound);
    } else if (phase_ != phase::closed) {
        close(close_reason::peer_closed);
    }
    return events_;
}

events session::drain(time_point now) {
    events_.clear();
    if (phase_ == phase::unconnected || phase_ == phase::binding) {
        close(close_reason::drained);
    } else if (phase_ == phase::bound) {
        phase_ = phase::draining;
        phase_until_ = now + as_.response_timeout;
        proceed(now);
    }
    return events_;
}

template <class Pdu>
submit_outcome session::submit_any(const Pdu& what, std::uint64_t token, time_point now) {
    if (phase_ != phase::bound || as_.mode == bind_mode::receiver) {
        return submit_outcome::not_bound;
    }
    if (slots_.size() >= as_.window) {
        return submit_outcome::window_full;
    }
    const auto sequence = next_sequence();
    if (append_pdu(submits_, what, sequence)) {
        return submit_outcome::unencodable;
    }
    slots_.push_back({sequence, false, token, now});
    return submit_outcome::taken;
}

submit_outcome session::submit(const submit_sm& what, std::uint64_t token, time_point now) {
    return submit_any(what, token, now);
}

submit_outcome session::submit(const data_sm& what, std::uint64_t token, time_point now) {
    return submit_any(what, token, now);
}

bool session::answer_deliver(std::uint32_t sequence, std::uint32_t status, time_point now,
                             answer_order goes) {
    const auto at = std::ranges::find(deliveries_, sequence, &delivery::sequence);
    if (at == deliveries_.end()) {
        return false;
    }
    auto& lane = goes == answer_order::first ? answers_ : submits_;
    if (at->answer == command::data_sm_resp) {
        static_cast<void>(append_pdu(lane, data_sm_resp{}, sequence, status));
    } else {
        static_cast<void>(append_pdu(lane, deliver_sm_resp{}, sequence, status));
    }
    deliveries_.erase(at);
    if (phase_ == phase::draining) {
        proceed(now);
    }
    return true;
}

bool session::take_output(std::string& to) {
    if (answers_.empty() && submits_.empty()) {
        return false;
    }
    to.append(answers_).append(submits_);
    answers_.clear();
    submits_.clear();
    for (auto at = slots_.rbegin(); at != slots_.rend() && !at->is_written; ++at) {
        at->is_written = true;
    }
    return true;
}

std::optional<time_point> session::next_deadline() const noexcept {
    if (phase_ == phase::unconnected || phase_ == phase::closed) {
        return std::nullopt;
    }
    auto next = time_point::max();
    if (phase_ != phase::bound) {
        next = phase_until_;
    }
    if (!slots_.empty()) {
        next = std::min(next, slots_.front().since + as_.response_timeout);
    }
    if (phase_ == phase::bound || phase_ == phase::draining) {
        next = std::min(next, enquire_until_.value_or(last_received_ + as_.idle));
    }
    return next;
}

std::size_t session::free_slots() const noexcept {
    const bool may = phase_ == phase::bound && as_.mode != bind_mode::receiver;
    return may ? as_.window - std::min(as_.window, slots_.size()) : 0;
}

void session::set_window(std::size_t window) {
    as_.window = window;
    slots_.reserve(window);
}

std::optional<time_point> session::oldest_submit() const noexcept {
    return slots_.empty() ? std::nullopt : std::optional{slots_.front().since};
}

bool session::is_used(std::uint32_t sequence) const noexcept {
    return sequence == enquire_sequence_ || sequence == own_sequence_ ||
           std::ranges::find(slots_, sequence, &slot::sequence) != slots_.end() ||
           std::ranges::find(late_, sequence, &late_slot::sequence) != late_.end();
}

std::uint32_t session::next_sequence() noexcept {
    do {
        if (sequence_ >= sequence_max) {
            sequence_ = 0;
            has_wrapped_ = true;
        }
        ++sequence_;
    } while (has_wrapped_ && is_used(sequence_));
    return sequence_;
}

void session::send_bind() {
    own_sequence_ = next_sequence();
    if (append_pdu(answers_, bind_of(as_), own_sequence_)) {
        // No peer could read it, so nobody need be asked.
        events_.emplace_back(bind_refused{status::invalid_system_id});
        close(close_reason::bind_refused);
    }
}

void session::take_frame(std::string_view frame, time_point now) {
    const auto read = decode(frame);
    ++counters_.received;
    last_received_ = now;
    enquire_until_.reset();
    misses_ = 0;
    if (is_response(read.head.id)) {
        take_response(read, now);
    } else {
        take_request(read, now);
    }
}

void session::take_request(const decoded& read, time_point now) {
    const auto [length, id, was, sequence] = read.head;
    if (read.what.index() == 0) {
        ++counters_.unknown_commands;
        append_header(answers_, command::generic_nack, sequence, read.fault);
        return;
    }
    if (id == command::alert_notification || id == command::outbind) {
        return; // neither has an answer
    }
    if (read.fault != 0) {
        ++counters_.malformed;
        append_header(answers_, response_to(id), sequence, read.fault);
    } else if (id == command::enquire_link) {
        append_header(answers_, command::enquire_link_resp, sequence, status::ok);
    } else if (id == command::unbind) {
        take_unbind(sequence, now);
    } else if (const auto* const message = std::get_if<deliver_sm>(&read.what)) {
        take_delivery(sequence, command::deliver_sm_resp, *message);
    } else if (const auto* const data = std::get_if<data_sm>(&read.what)) {
        take_delivery(sequence, command::data_sm_resp, as_delivery(*data));
    } else {
        append_header(answers_, response_to(id), sequence, status::invalid_command);
    }
}

void session::take_delivery(std::uint32_t sequence, command answer, const deliver_sm& message) {
    auto refusal = status::ok;
    if (phase_ == phase::binding) {
        refusal = status::invalid_bind_state;
    } else if (phase_ != phase::bound && phase_ != phase::draining) {
        refusal = status::receiver_temporary;
    } else if (deliveries_.size() >= deliveries_max) {
        refusal = status::queue_full;
    }
    if (refusal != status::ok) {
        ++counters_.refused_deliveries;
        append_header(answers_, answer, sequence, refusal);
        return;
    }
    counters_.ignored_parameters += message.parameters.ignored();
    deliveries_.push_back({sequence, answer});
    events_.emplace_back(delivered{sequence, message});
}

void session::take_unbind(std::uint32_t sequence, time_point now) {
    append_header(answers_, command::unbind_resp, sequence, status::ok);
    if (phase_ == phase::unbinding) {
        close(close_reason::drained);
    } else if (phase_ == phase::binding) {
        close(close_reason::peer_unbound);
    } else if (phase_ != phase::peer_unbinding) {
        phase_ = phase::peer_unbinding;
        phase_until_ = now + as_.unbind_timeout;
    }
}

void session::take_response(const decoded& read, time_point /*now*/) {
    const auto& head = read.head;
    if (read.fault != 0 && read.what.index() != 0) {
        ++counters_.malformed; // its status and what was read before count all the same
    }
    if (phase_ == phase::binding && is_bind_answer(head.id) &&
        (head.sequence == own_sequence_ || head.id == command::generic_nack)) {
        take_bind_answer(read);
    } else if (phase_ == phase::unbinding && head.sequence == own_sequence_ &&
               (head.id == command::unbind_resp || head.id == command::generic_nack)) {
        close(close_reason::drained);
    } else if (head.id == command::submit_sm_resp || head.id == command::data_sm_resp ||
               head.id == command::generic_nack) {
        take_submit_answer(read);
    } else if (head.id != command::enquire_link_resp) {
        ++counters_.unexpected_answers;
    }
}

void session::take_bind_answer(const decoded& read) {
    const auto refusal = refusal_of(read.head, status::bind_failed);
    if (refusal != status::ok) {
        events_.emplace_back(bind_refused{refusal});
        close(close_reason::bind_refused);
        return;
    }
    const bind_resp_fields* peer = std::get_if<bind_transceiver_resp>(&read.what);
    if (peer == nullptr) {
        peer = std::get_if<bind_transmitter_resp>(&read.what);
    }
    if (peer == nullptr) {
        peer = std::get_if<bind_receiver_resp>(&read.what);
    }
    phase_ = phase::bound;
    events_.emplace_back(
        bound{peer == nullptr ? std::string_view{} : peer->system_id,
              peer == nullptr ? std::nullopt : peer->parameters.u8(tag::sc_interface_version)});
}

void session::take_submit_answer(const decoded& read) {
    const auto& head = read.head;
    const auto status = refusal_of(head, status::unknown_error);
    std::string_view message_id;
    const message_resp_fields* answer = std::get_if<submit_sm_resp>(&read.what);
    if (answer == nullptr) {
        answer = std::get_if<data_sm_resp>(&read.what);
    }
    if (answer != nullptr) {
        message_id = answer->message_id;
        counters_.ignored_parameters += answer->parameters.ignored();
    }
    if (const auto at = std::ranges::find(slots_, head.sequence, &slot::sequence);
        at != slots_.end()) {
        events_.emplace_back(submit_answered{at->token, status, message_id});
        slots_.erase(at);
    } else if (const auto late = std::ranges::find(late_, head.sequence, &late_slot::sequence);
               late != late_.end()) {
        events_.emplace_back(late_answer{late->token, status, message_id});
        late_.erase(late);
    } else if (head.sequence != enquire_sequence_) {
        ++counters_.unexpected_answers;
    }
}

void session::expire_submits(time_point now) {
    while (!slots_.empty() && slots_.front().since + as_.response_timeout <= now) {
        const auto gone = slots_.front();
        slots_.erase(slots_.begin());
        events_.emplace_back(submit_timed_out{gone.token});
        if (late_.size() >= late_max) {
            late_.pop_front();
        }
        late_.push_back({gone.sequence, gone.token});
    }
}

void session::watch_peer(time_point now) {
    if (enquire_until_ && now < *enquire_until_) {
        return;
    }
    if (enquire_until_ && ++misses_ >= misses_max) {
        close(close_reason::peer_silent);
    } else if (enquire_until_ || last_received_ + as_.idle <= now) {
        enquire_sequence_ = next_sequence();
        append_header(answers_, command::enquire_link, enquire_sequence_, status::ok);
        enquire_until_ = now + as_.enquire_timeout;
    }
}

void session::proceed(time_point now) {
    const bool waited = now >= phase_until_;
    if (phase_ == phase::draining && (waited || (slots_.empty() && deliveries_.empty()))) {
        phase_ = phase::unbinding;
        phase_until_ = now + as_.unbind_timeout;
        own_sequence_ = next_sequence();
        append_header(answers_, command::unbind, own_sequence_, status::ok);
    } else if (phase_ == phase::unbinding && waited) {
        close(close_reason::drained);
    } else if (phase_ == phase::peer_unbinding && (waited || slots_.empty())) {
        close(close_reason::peer_unbound);
    }
}

void session::close(close_reason why) {
    closed last{why, {}, {}};
    for (const auto& one : slots_) {
        (one.is_written ? last.in_flight : last.unsent).push_back(one.token);
    }
    phase_ = phase::closed;
    slots_.clear();
    late_.clear();
    deliveries_.clear();
    // What was told as unsent must not be sent.
    submits_.clear();
    events_.emplace_back(std::move(last));
}

} // namespace uthan::adapters::smpp
