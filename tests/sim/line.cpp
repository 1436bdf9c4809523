#include "tests/sim/line.hpp"

#include "adapters/smpp/receipt.hpp"
#include "adapters/smpp/status.hpp"

#include <boost/asio/co_spawn.hpp>

#include <stdexcept>

namespace uthan::sim {

namespace smpp = adapters::smpp;

namespace {

void rethrow(std::exception_ptr failed) {
    if (failed) {
        std::rethrow_exception(failed);
    }
}

} // namespace

line::line(timeline& time, chance& luck, smsc& centre, sms::inbox& box, asio::io_context& loop,
           smpp::text_terms text, std::size_t window)
    : time_(time), luck_(luck), centre_(centre), box_(box), loop_(loop), text_(std::move(text)),
      window_(window) {}

line::~line() {
    *alive_ = false;
    if (it_) {
        centre_.gone(connection_);
    }
}

template <class What>
void line::later(milliseconds wait, What what) {
    time_.after(wait, [alive = alive_, what = std::move(what)] {
        if (*alive) {
            what();
        }
    });
}

void line::start(sms::link_events& to) {
    events_ = &to;
    later(luck_.between(1, 500), [this] { connect(); });
}

void line::connect() {
    if (centre_.is_away()) {
        later(luck_.between(500, 3000), [this] { connect(); });
        return;
    }
    smpp::session_options as;
    as.system_id = "uthan";
    as.window = window_;
    it_ = std::make_unique<smpp::session>(as);
    connection_ = centre_.connect(
        {[this, alive = alive_](std::string octets) {
             if (!*alive) {
                 return;
             }
             returns_ = std::max(returns_, time_.since() + luck_.between(1, 30));
             later(returns_ - time_.since(), [this, octets = std::move(octets), of = connection_] {
                 if (it_ && of == connection_) {
                     hear(octets);
                 }
             });
         },
         [this, alive = alive_] {
             if (*alive) {
                 later(luck_.between(0, 30), [this, of = connection_] {
                     if (it_ && of == connection_) {
                         lose();
                     }
                 });
             }
         }});
    take(it_->on_connected(time_.steady()));
    flush();
}

void line::lose() {
    take(it_->on_closed(time_.steady()));
    it_.reset();
    centre_.gone(connection_);
    events_->changed();
    later(luck_.between(500, 3000), [this] { connect(); });
}

void line::hear(std::string_view octets) {
    take(it_->on_bytes(octets, time_.steady()));
    flush();
}

sms::link_state line::state() const noexcept {
    return it_ && it_->is_bound() ? sms::link_state::up : sms::link_state::down;
}

std::size_t line::free_slots() const noexcept {
    return it_ ? it_->free_slots() : 0;
}

void line::submit(std::vector<sms::outgoing_part> parts) {
    for (const auto& one : parts) {
        const auto made = smpp::render_text(
            text_, {one.text, one.reference, one.to, one.valid_until}, time_.now());
        if (!made) {
            throw std::logic_error{"a text that was planned cannot be rendered"};
        }
        const auto token = ++last_token_;
        if (it_->submit(made->pdu(one.part), token, time_.steady()) !=
            smpp::submit_outcome::taken) {
            throw std::logic_error{"more was handed over than there were slots"};
        }
        given_[token] = {one.id, one.part, one.reference};
    }
    flush();
}

void line::take_answer(std::uint64_t token, std::uint32_t status, std::string_view message_id,
                       bool late) {
    auto& known = late ? late_ : given_;
    const auto part = known.extract(token);
    if (part.empty()) {
        return;
    }
    const auto id = part.mapped().id;
    const auto number = part.mapped().part;
    const auto of = part.mapped().reference;
    using enum smpp::status_class;
    switch (smpp::status_classes{}.of(status)) {
    case ok:
        events_->reported(
            sms::part_submitted{id, number, std::string{message_id}, centre_.name(), of});
        return;
    case throttle:
        events_->throttled();
        events_->reported(sms::part_refused{id, number, sms::refusal_kind::throttled, status, of});
        return;
    case permanent:
        events_->reported(sms::part_refused{id, number, sms::refusal_kind::permanent, status, of});
        return;
    case unknown:
        events_->reported(sms::part_refused{id, number, sms::refusal_kind::unknown, status, of});
        return;
    case temporary:
    case session:
    case no_money:
        events_->reported(sms::part_refused{id, number, sms::refusal_kind::temporary, status, of});
        return;
    }
}

void line::end(const smpp::closed& how) {
    for (const auto token : how.in_flight) {
        const auto part = given_.extract(token);
        if (!part.empty()) {
            events_->reported(sms::part_unconfirmed{part.mapped().id, part.mapped().part,
                                                    sms::reason::link_lost});
        }
    }
    for (const auto token : how.unsent) {
        const auto part = given_.extract(token);
        if (!part.empty()) {
            events_->reported(
                sms::part_returned{part.mapped().id, part.mapped().part, time_.now()});
        }
    }
    late_.clear();
}

void line::keep(const smpp::delivered& told) {
    const auto read = smpp::read_receipt(told.message);
    if (!read) {
        throw std::logic_error{"a receipt that is not read as one"};
    }
    const smpp::inbound_terms terms{
        centre_.name(), centre_.name(), texts::user_data_coding::gsm7, {}, {}};
    auto receipt = smpp::receipt_of(told.message, *read, terms, time_.now());
    asio::co_spawn(loop_.get_executor(),
                   keep_receipt(std::move(receipt), told.sequence, connection_), rethrow);
}

task<void> line::keep_receipt(sms::receipt what, std::uint32_t sequence, std::uint64_t connection) {
    std::vector<sms::receipt> one;
    one.push_back(std::move(what));
    const auto stored = co_await box_.receive(std::move(one), time_.now());
    if (it_ && connection == connection_) {
        it_->answer_deliver(sequence, stored ? 0 : smpp::status::receiver_temporary,
                            time_.steady());
        flush();
    }
}

void line::take(smpp::events told) {
    for (const auto& one : told) {
        if (std::holds_alternative<smpp::bound>(one)) {
            events_->changed();
        } else if (const auto* answered = std::get_if<smpp::submit_answered>(&one)) {
            take_answer(answered->token, answered->status, answered->message_id, false);
        } else if (const auto* after = std::get_if<smpp::late_answer>(&one)) {
            take_answer(after->token, after->status, after->message_id, true);
        } else if (const auto* timed_out = std::get_if<smpp::submit_timed_out>(&one)) {
            auto part = given_.extract(timed_out->token);
            const auto name = part.mapped();
            late_.insert(std::move(part));
            events_->reported(sms::part_unconfirmed{name.id, name.part, sms::reason::no_answer});
        } else if (const auto* text = std::get_if<smpp::delivered>(&one)) {
            keep(*text);
        } else if (const auto* how = std::get_if<smpp::closed>(&one)) {
            end(*how);
        }
    }
}

void line::flush() {
    std::string octets;
    while (it_ && it_->take_output(octets)) {
    }
    if (!octets.empty()) {
        arrives_ = std::max(arrives_, time_.since() + luck_.between(1, 30));
        later(arrives_ - time_.since(), [this, octets = std::move(octets), to = connection_] {
            centre_.receive(to, octets);
        });
    }
    arm();
}

void line::arm() {
    if (!it_) {
        return;
    }
    if (it_->wants_close()) {
        later(milliseconds{0}, [this, of = connection_] {
            if (it_ && of == connection_) {
                lose();
            }
        });
        return;
    }
    const auto next = it_->next_deadline();
    if (!next) {
        return;
    }
    const auto at = std::max(std::chrono::ceil<milliseconds>(next->time_since_epoch()),
                             time_.since() + milliseconds{1});
    if (armed_ && *armed_ <= at) {
        return;
    }
    armed_ = at;
    later(at - time_.since(), [this, at] {
        if (armed_ != at) {
            return;
        }
        armed_.reset();
        if (it_) {
            take(it_->on_timer(time_.steady()));
            flush();
        }
    });
}

} // namespace uthan::sim
