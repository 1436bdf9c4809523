#include "gateway/links/smpp_dialogues.hpp"

#include "adapters/smpp/unanswered_turns.hpp"
#include "gateway/http/server_state.hpp"

#include <map>
#include <unordered_map>
#include <utility>
#include <variant>

namespace uthan::gateway {

namespace {

namespace smpp = adapters::smpp;

/// A screen that the exchange has, in the frame of the coroutine that waits for its fate.
struct waiting_screen {
    waiting_screen(executor on, steady_time deadline) : gate(on, deadline) {}

    steady_timer gate;
    const adapters::ussd_turn* of = nullptr;
    smpp::unanswered_turns::turn_id turn;
    std::optional<smpp_screen_fate> fate;
    std::uint32_t status = 0;
};

push_outcome outcome_of_unanswered(const std::optional<smpp_screen_fate>& fate) noexcept {
    switch (fate.value_or(smpp_screen_fate::unanswered)) {
    case smpp_screen_fate::unsent:
        return push_outcome::unreachable;
    case smpp_screen_fate::late:
        return push_outcome::late;
    case smpp_screen_fate::unencodable:
        return push_outcome::unrenderable;
    case smpp_screen_fate::answered:
    case smpp_screen_fate::unanswered:
        break;
    }
    return push_outcome::unanswered;
}

} // namespace

struct smpp_dialogues_state {
    executor on;
    unsigned shard;
    smpp_exchange& through;
    smpp::unanswered_turns unanswered;
    std::uint64_t last_screen = 0;
    bool is_stopped = false;
    std::map<std::uint64_t, waiting_screen*> screens;
    /// A subscriber, as the peer writes her, waits for one at a time.
    std::unordered_map<std::string, waiting_screen*> by_number;
};

namespace {

using dialogues_pointer = std::shared_ptr<smpp_dialogues_state>;

/// The first word counts, and counts at once: her next turn may come before the coroutine goes on.
void settle(smpp_dialogues_state& state, waiting_screen& screen, smpp_screen_fate fate,
            std::uint32_t status) {
    if (screen.fate) {
        return;
    }
    screen.fate = fate;
    screen.status = status;
    if (fate == smpp_screen_fate::answered) {
        state.unanswered.answered(screen.turn);
    }
    screen.gate.cancel();
}

/// Known to the state for as long as it lives.
class known_screen {
public:
    known_screen(dialogues_pointer state, waiting_screen& it)
        : state_(std::move(state)), id_(++state_->last_screen), it_(it) {
        state_->screens.emplace(id_, &it_);
        state_->by_number.insert_or_assign(it_.of->number_as_sent, &it_);
    }
    ~known_screen() {
        state_->screens.erase(id_);
        const auto hers = state_->by_number.find(it_.of->number_as_sent);
        if (hers != state_->by_number.end() && hers->second == &it_) {
            state_->by_number.erase(hers);
        }
    }
    known_screen(const known_screen&) = delete;
    known_screen& operator=(const known_screen&) = delete;

    std::uint64_t id() const noexcept { return id_; }

private:
    dialogues_pointer state_;
    std::uint64_t id_;
    waiting_screen& it_;
};

/// The way back of one turn's screen. Answers the turn's delivery, where that waits, at its end.
class smpp_way final : public screen_way {
public:
    smpp_way(dialogues_pointer state, smpp::unanswered_turns::turn_id turn, const smpp_turn& of)
        : state_(std::move(state)), turn_(turn), back_(of.read.back), connection_(of.connection),
          answers_(of.answers) {}
    ~smpp_way() override {
        if (answers_) {
            state_->through.answer(connection_, *answers_);
        }
    }
    smpp_way(const smpp_way&) = delete;
    smpp_way& operator=(const smpp_way&) = delete;

    task<push_result> push(const adapters::ussd_turn& of, std::string text, bool final,
                           steady_time deadline) override {
        const auto& settings = state_->through.settings();
        auto screen = smpp::render_ussd(back_, *settings.ussd, text, final);
        if (!screen) {
            co_return push_result{push_outcome::unrenderable, {}};
        }
        if (state_->is_stopped) {
            co_return push_result{push_outcome::unreachable, {}};
        }
        const auto waiting = std::make_unique<waiting_screen>(state_->on, deadline);
        waiting->of = &of;
        waiting->turn = turn_;
        const known_screen known{state_, *waiting};
        state_->through.send(state_->shard, {known.id(), connection_, std::move(*screen), deadline,
                                             std::exchange(answers_, std::nullopt)});
        co_await waiting->gate.async_wait(as_result);
        if (waiting->fate != smpp_screen_fate::answered) {
            co_return push_result{outcome_of_unanswered(waiting->fate), {}};
        }
        auto said = smpp::read_screen_answer(waiting->status, settings.classes);
        co_return push_result{push_outcome_of(said.what), std::move(said.code)};
    }

private:
    dialogues_pointer state_;
    smpp::unanswered_turns::turn_id turn_;
    smpp::ussd_return back_;
    std::uint32_t connection_;
    std::optional<std::uint32_t> answers_;
};

/// `session` null: whichever it is of.
void settle_hers(smpp_dialogues_state& state, const std::string& number_as_sent,
                 const std::string* session, smpp_screen_fate fate) {
    const auto found = state.by_number.find(number_as_sent);
    if (found != state.by_number.end() &&
        (session == nullptr || found->second->of->turn.session_id == *session)) {
        settle(state, *found->second, fate, smpp::status::ok);
    }
}

} // namespace

smpp_dialogues::smpp_dialogues(executor on, unsigned shard, smpp_exchange& through,
                               const short_key& key, std::unique_ptr<ussd_channel> channel,
                               std::unique_ptr<pushed_turns> turns)
    : smpp_channel(std::move(channel)),
      state_(std::make_shared<smpp_dialogues_state>(
          smpp_dialogues_state{on, shard, through, smpp::unanswered_turns{key}, 0, false, {}, {}})),
      turns_(std::move(turns)) {}

smpp_dialogues::~smpp_dialogues() = default;

void smpp_dialogues::open() {
    state_->through.open(state_->shard, state_->on, *this);
}

void smpp_dialogues::close() {
    state_->through.close(state_->shard);
}

void smpp_dialogues::stop() {
    state_->is_stopped = true;
    for (const auto& [id, screen] : state_->screens) {
        screen->gate.cancel();
    }
}

void smpp_dialogues::take(smpp_turn turn) {
    if (auto* const made = std::get_if<adapters::ussd_turn>(&turn.read.event)) {
        auto taken = std::move(*made);
        take_turn(std::move(taken), turn);
        return;
    }
    end(std::get<adapters::ussd_ended>(turn.read.event));
}

void smpp_dialogues::take_turn(adapters::ussd_turn turn, const smpp_turn& of) {
    const auto known = state_->unanswered.take(turn.turn, of.received);
    if (!known.repeats && turn.turn.begins) {
        // A phone has one dialogue: the one before is over, whatever was said of it.
        settle_hers(*state_, turn.number_as_sent, nullptr, smpp_screen_fate::unanswered);
        turns_->end(turn.number_as_sent, nullptr);
    } else if (!known.repeats) {
        // She answers the screen, so it was shown, whenever the peer says so.
        settle_hers(*state_, turn.number_as_sent, &turn.turn.session_id,
                    smpp_screen_fate::answered);
    }
    turns_->take(std::move(turn), of.received, std::make_unique<smpp_way>(state_, known.id, of));
}

void smpp_dialogues::end(const adapters::ussd_ended& what) {
    channel().metrics().events.add();
    if (what.how != adapters::end_notice::told) {
        return;
    }
    if (what.subscriber) {
        state_->unanswered.end(*what.subscriber);
    }
    const auto* const session = what.session_id.empty() ? nullptr : &what.session_id;
    settle_hers(*state_, what.number_as_sent, session, smpp_screen_fate::unanswered);
    turns_->end(what.number_as_sent, session);
}

void smpp_dialogues::refused(std::chrono::steady_clock::time_point received) {
    channel().metrics().hop_done(hop_outcome::refused, received);
}

void smpp_dialogues::told(std::uint64_t screen, smpp_screen_fate fate, std::uint32_t status) {
    const auto found = state_->screens.find(screen);
    if (found != state_->screens.end()) {
        settle(*state_, *found->second, fate, status);
    }
}

} // namespace uthan::gateway
