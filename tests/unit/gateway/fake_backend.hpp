#pragma once

#include "gateway/backend.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

// A product that says which channel was asked and what it was told.
namespace uthan::gateway::testing {

class echo_channel final : public channel_handler {
public:
    explicit echo_channel(std::string name) : name_(std::move(name)) {}
    task<http_response> ussd(http_request request) override { return say("ussd", request); }
    task<http_response> events(http_request request) override { return say("events", request); }

private:
    task<http_response> say(std::string_view kind, const http_request& request) {
        http_response response;
        response.body = name_ + "/" + std::string(kind) + "|" + std::string(request.body);
        return answer(std::move(response));
    }
    std::string name_;
};

class fake_shard final : public shard_backend {
public:
    fake_shard(const std::vector<std::string>& names, std::atomic<int>* stopped)
        : stopped_(stopped) {
        for (const std::string& name : names) {
            channels_.push_back(std::make_unique<echo_channel>(name));
        }
    }
    channel_handler& channel(std::size_t index) override { return *channels_[index]; }
    void stop() override {
        if (stopped_ != nullptr) {
            ++*stopped_;
        }
    }

private:
    std::vector<std::unique_ptr<echo_channel>> channels_;
    std::atomic<int>* stopped_;
};

class fake_backend final : public backend {
public:
    explicit fake_backend(std::vector<std::string> names) : names_(std::move(names)) {}

    std::unique_ptr<shard_backend> make_shard(unsigned, asio::io_context&,
                                              shard_metrics&) override {
        return std::make_unique<fake_shard>(names_, &shards_stopped);
    }
    bool databases_answer() override { return answers; }
    std::vector<std::string> degraded() override {
        return sessions_degraded ? std::vector<std::string>{"sessions"}
                                 : std::vector<std::string>{};
    }
    void collect(metric_sink& into) override { into.counter("uthan_fake_total", "Fake.", {}, 7); }
    bool reload() override { return false; }
    void stop() override { shards_stopped_at_stop = shards_stopped.load(); }

    std::atomic<bool> answers{true};
    std::atomic<bool> sessions_degraded{false};
    std::atomic<int> shards_stopped{0};
    int shards_stopped_at_stop = -1;

private:
    std::vector<std::string> names_;
};

} // namespace uthan::gateway::testing
