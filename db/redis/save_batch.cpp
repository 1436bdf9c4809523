#include "db/redis/save_batch.hpp"

#include "core/assert.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace uthan::db::redis {
namespace {

// KEYS: the keys; ARGV: the time to live in seconds, then for each key its expected version's bytes
// and its new value. Answers 1, or of each save that lost its position, the size of what is there,
// and that.
//
// It swaps first and puts the other value back when that was not the expected one: nobody sees the
// moment between, and the usual save costs one command instead of two. The price: a lost save gives
// the winner's state its own time to live. A value too short for a version, or a key of another
// type (v.err), is overwritten.
//
// No command of Redis 7 does it without a script: SET with GET tells what was there only after
// having overwritten it, and WATCH belongs to a connection, which all dialogues of a shard share.
// Lua hashes every octet of what it is given and of what it reads: few and short arguments count.
constexpr std::string_view script =
    "local ttl,lost=ARGV[1],{} for i,k in ipairs(KEYS) do local a=i*2 local n=ARGV[a+1] "
    "local v=redis.pcall('SET',k,n,'EX',ttl,'GET') "
    "if v then if v.err then redis.call('SET',k,n,'EX',ttl) "
    "elseif #v>7 and v:sub(1,8)~=ARGV[a] then redis.call('SET',k,v,'EX',ttl) "
    "lost[#lost+1]=i..','..#v..','..v end end end "
    "if #lost==0 then return 1 end return table.concat(lost)";
// SHA-1 of the text: Redis's name for it. Were it wrong, every batch would send the text.
constexpr std::string_view script_sha1 = "580a0b53d81a8bf96859005da3f14f0dd4ab7059";

static_assert(4 + 3 * save_batch::orders_max <= connection::arguments_max);

bool is_unknown_script(const result<reply>& answer) {
    return answer && answer->type == reply::kind::error && answer->text.starts_with("NOSCRIPT");
}

/// A number and the comma behind it.
std::optional<std::size_t> take_number(std::string_view& from) {
    std::size_t number = 0;
    const auto* const end = from.data() + from.size();
    const auto read = std::from_chars(from.data(), end, number);
    if (read.ec != std::errc{} || read.ptr == end || *read.ptr != ',') {
        return std::nullopt;
    }
    from.remove_prefix(static_cast<std::size_t>(read.ptr - from.data()) + 1);
    return number;
}

/// Of each order what is there instead; none when the answer is not the script's.
std::optional<std::vector<std::optional<std::string>>> outcomes_of(const reply& answer,
                                                                   std::size_t orders) {
    std::vector<std::optional<std::string>> there(orders);
    if (answer.type == reply::kind::integer) {
        return answer.integer == 1 ? std::optional{std::move(there)} : std::nullopt;
    }
    if (answer.type != reply::kind::string) {
        return std::nullopt;
    }
    std::string_view rest = answer.text;
    while (!rest.empty()) {
        const auto position = take_number(rest);
        const auto size = position ? take_number(rest) : std::nullopt;
        if (!size || *position == 0 || *position > orders || *size > rest.size()) {
            return std::nullopt;
        }
        there[*position - 1].emplace(rest.substr(0, *size));
        rest.remove_prefix(*size);
    }
    return there;
}

} // namespace

task<save_answer> save_batch::save(const save_order& order) {
    auto initiate = [](auto handler, save_batch* to, const save_order* what) {
        to->enlist(*what, waiter(std::move(handler)));
    };
    const asio::use_awaitable_t<executor> token;
    return asio::async_initiate<const asio::use_awaitable_t<executor>, void(save_answer)>(
        initiate, token, this, &order);
}

void save_batch::enlist(const save_order& order, waiter who) {
    if (outstanding_ == outstanding_max) {
        // Never inline: the caller is still suspending.
        asio::post(link_.shard(), [who = std::move(who)]() mutable {
            std::move(who)(errc::session_store_unavailable);
        });
        return;
    }
    ++outstanding_;
    waiting_.push_back({&order, std::move(who)});
    if (!flush_posted_) {
        flush_posted_ = true;
        asio::post(link_.shard(), [this] {
            flush_posted_ = false;
            flush();
        });
    }
}

void save_batch::flush() {
    auto orders = std::exchange(waiting_, {});
    // A script has one time to live. That orders may pass one another does not matter: of two of
    // one key either may win. Boost 1.81's any_completion_handler recurses without an end when it
    // is assigned, so orders are only ever constructed.
    while (!orders.empty()) {
        std::vector<pending> same;
        std::vector<pending> others;
        same.reserve(orders.size());
        const auto seconds = orders.front().order->seconds;
        for (auto& one : orders) {
            (one.order->seconds == seconds ? same : others).push_back(std::move(one));
        }
        send_all(std::move(same));
        orders = std::move(others);
    }
}

void save_batch::send_all(std::vector<pending> orders) {
    for (std::size_t first = 0; first < orders.size(); first += orders_max) {
        std::vector<pending> batch;
        const auto last = std::min(first + orders_max, orders.size());
        batch.reserve(last - first);
        for (auto i = first; i < last; ++i) {
            batch.push_back(std::move(orders[i]));
        }
        asio::co_spawn(link_.shard(), send(std::move(batch)), asio::detached);
    }
}

task<void> save_batch::send(std::vector<pending> orders) {
    const auto answer = co_await ask(orders);
    outstanding_ -= orders.size();
    auto there = answer ? outcomes_of(*answer, orders.size()) : std::nullopt;
    for (std::size_t i = 0; i < orders.size(); ++i) {
        std::move(orders[i].who)(there ? save_answer{std::move((*there)[i])}
                                       : save_answer{errc::session_store_unavailable});
    }
}

task<result<reply>> save_batch::ask(std::span<const pending> orders) {
    std::array<char, 8> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), orders.size()).ptr;
    std::vector<std::string_view> command{
        "EVALSHA", script_sha1, {digits.data(), static_cast<std::size_t>(end - digits.data())}};
    command.reserve(4 + 3 * orders.size());
    for (const auto& one : orders) {
        command.push_back(one.order->key);
    }
    command.push_back(orders.front().order->seconds);
    for (const auto& one : orders) {
        command.insert(command.end(), {one.order->expected, one.order->value});
    }
    auto answer = co_await link_.command(command);
    if (is_unknown_script(answer)) {
        scripts_sent_.add();
        command[0] = "EVAL";
        command[1] = script;
        answer = co_await link_.command(command);
    }
    co_return answer;
}

} // namespace uthan::db::redis
