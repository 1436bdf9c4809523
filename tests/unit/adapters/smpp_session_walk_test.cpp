#include "adapters/smpp/session.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace uthan::adapters::smpp {
namespace {

using namespace std::chrono_literals;

/// What the machine must hold, whatever happens: each token that was taken is reported once as
/// answered, timed out or lost, late only after a time-out, and the window holds.
class model {
public:
    explicit model(std::uint32_t seed) : random_(seed), it_(make()) {}

    void run() {
        keep(it_.on_connected(now_));
        flush();
        keep(it_.on_bytes(answer(bind_transceiver_resp{}, 1), now_));
        for (int i = 0; i < 2000 && !ended_; ++i) {
            step();
            ASSERT_LE(it_.in_flight(), 5U);
            ASSERT_EQ(it_.in_flight(), open_.size());
        }
        if (!ended_) {
            keep(it_.on_closed(now_));
        }
        ASSERT_TRUE(ended_);
        ASSERT_TRUE(open_.empty());
        ASSERT_EQ(taken_, answered_ + timed_out_ + lost_);
    }

    std::size_t taken_ = 0;
    std::size_t late_ = 0;
    std::size_t lost_ = 0;
    std::size_t timed_out_ = 0;

private:
    static session_options make() {
        session_options as;
        as.window = 5;
        as.response_timeout = 5s;
        return as;
    }
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(random_() % bound);
    }
    template <class Pdu>
    static std::string answer(const Pdu& what, std::uint32_t sequence, std::uint32_t status = 0) {
        std::string out;
        EXPECT_FALSE(append_pdu(out, what, sequence, status));
        return out;
    }

    void step() {
        const auto what = below(1000);
        if (what < 450) {
            if (it_.submit(submit_sm{}, next_token_, now_) == submit_outcome::taken) {
                open_.insert(next_token_++);
                ++taken_;
            }
        } else if (what < 750) {
            if (!wire_.empty()) {
                respond(wire_[below(static_cast<std::uint32_t>(wire_.size()))]);
            }
        } else if (what < 850) {
            now_ += std::chrono::milliseconds{below(3000)};
            keep(it_.on_timer(now_));
        } else if (what < 950) {
            flush();
        } else if (what < 998) {
            keep(it_.on_bytes(answer(deliver_sm{}, below(4)), now_));
            it_.answer_deliver(below(4), 0, now_);
        } else {
            const auto how = below(3);
            keep(how == 0   ? it_.drain(now_)
                 : how == 1 ? it_.on_bytes(answer(unbind{}, 1), now_)
                            : it_.on_closed(now_));
        }
    }

    /// Sometimes twice, sometimes as a refusal.
    void respond(std::uint32_t sequence) {
        const auto how = below(10);
        keep(it_.on_bytes(how == 0 ? answer(generic_nack{}, sequence, 3)
                                   : answer(submit_sm_resp{}, sequence, how == 1 ? 0x58 : 0),
                          now_));
        if (how != 2) {
            std::erase(wire_, sequence);
        }
    }

    void flush() {
        std::string out;
        it_.take_output(out);
        frame_splitter cut;
        cut.append(out);
        for (auto at = cut.next(); at.what == frame_splitter::found::frame; at = cut.next()) {
            const auto read = decode(at.frame);
            if (read.head.id == command::submit_sm) {
                wire_.push_back(read.head.sequence);
            }
        }
    }

    void keep(events told) {
        for (const auto& one : told) {
            ASSERT_FALSE(ended_);
            if (const auto* const done = std::get_if<submit_answered>(&one)) {
                ASSERT_EQ(open_.erase(done->token), 1U);
                ++answered_;
            } else if (const auto* const gone = std::get_if<submit_timed_out>(&one)) {
                ASSERT_EQ(open_.erase(gone->token), 1U);
                ASSERT_TRUE(overdue_.insert(gone->token).second);
                ++timed_out_;
            } else if (const auto* const late = std::get_if<late_answer>(&one)) {
                ASSERT_EQ(overdue_.erase(late->token), 1U);
                ++late_;
            } else if (const auto* const last = std::get_if<closed>(&one)) {
                for (const auto* const tokens : {&last->in_flight, &last->unsent}) {
                    for (const auto token : *tokens) {
                        ASSERT_EQ(open_.erase(token), 1U);
                        ++lost_;
                    }
                }
                ended_ = true;
            }
        }
    }

    std::mt19937 random_;
    session it_;
    time_point now_{1h};
    std::uint64_t next_token_ = 100;
    std::set<std::uint64_t> open_;
    std::set<std::uint64_t> overdue_;
    std::vector<std::uint32_t> wire_;
    std::size_t answered_ = 0;
    bool ended_ = false;
};

TEST(SmppSessionWalk, EverySubmitIsReportedExactlyOnceWhateverHappens) {
    std::size_t taken = 0;
    std::size_t late = 0;
    std::size_t lost = 0;
    std::size_t timed_out = 0;
    for (std::uint32_t seed = 0; seed < 300; ++seed) {
        model one{seed};
        one.run();
        ASSERT_FALSE(HasFatalFailure()) << seed;
        taken += one.taken_;
        late += one.late_;
        lost += one.lost_;
        timed_out += one.timed_out_;
    }
    // The walk went everywhere.
    EXPECT_GT(taken, 10'000U);
    EXPECT_GT(late, 100U);
    EXPECT_GT(lost, 100U);
    EXPECT_GT(timed_out, 100U);
}

} // namespace
} // namespace uthan::adapters::smpp
