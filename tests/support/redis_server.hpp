#pragma once

#include <hiredis/hiredis.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace uthan::test {

/// A private redis-server on a unix socket in a directory of its own, without persistence; killed
/// and removed at the end. Every method throws std::runtime_error when it cannot do what it says:
/// a test without redis-server fails, it does not skip. Ignores SIGPIPE process-wide, as hiredis
/// needs. The server dies with the thread that started it.
class redis_server {
public:
    explicit redis_server(std::vector<std::string> more_options = {})
        : more_options_(std::move(more_options)) {
        std::signal(SIGPIPE, SIG_IGN);
        std::string pattern = (std::filesystem::temp_directory_path() / "redis-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("no temporary directory for redis-server");
        }
        directory_ = pattern;
        start();
    }
    ~redis_server() {
        kill();
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }
    redis_server(const redis_server&) = delete;
    redis_server& operator=(const redis_server&) = delete;

    std::string socket() const { return (directory_ / "redis.sock").string(); }
    std::string url() const { return "unix:" + socket(); }
    const std::filesystem::path& directory() const { return directory_; }

    /// At once, as a crash. Nothing when it does not run.
    void kill() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            waitpid(pid_, nullptr, 0);
            pid_ = -1;
        }
    }

    /// On the same socket, empty; returns when it answers.
    void start() {
        std::filesystem::remove(socket());
        launch();
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!answers()) {
            if (waitpid(pid_, nullptr, WNOHANG) != 0) {
                pid_ = -1;
                throw std::runtime_error("redis-server did not start (is it installed?)");
            }
            if (std::chrono::steady_clock::now() > give_up) {
                throw std::runtime_error("redis-server does not answer");
            }
            poll(nullptr, 0, 2);
        }
    }

    void restart() {
        kill();
        start();
    }

    /// Returns when it is stopped: it keeps its connections and answers nothing.
    void stop() {
        int status = 0;
        ::kill(pid_, SIGSTOP);
        if (waitpid(pid_, &status, WUNTRACED) != pid_ || !WIFSTOPPED(status)) {
            throw std::runtime_error("redis-server did not stop");
        }
    }

    void cont() { ::kill(pid_, SIGCONT); }

    /// One command on a connection of its own, for looking and meddling. The text of the answer; an
    /// integer in decimal; "" for nil. Waits at most five seconds.
    std::string command(const std::vector<std::string>& arguments) {
        const auto link = connected();
        if (!link) {
            throw std::runtime_error("redis-server cannot be reached");
        }
        std::vector<const char*> texts;
        std::vector<std::size_t> sizes;
        for (const auto& each : arguments) {
            texts.push_back(each.data());
            sizes.push_back(each.size());
        }
        const std::unique_ptr<void, void (*)(void*)> answer(
            redisCommandArgv(link.get(), static_cast<int>(texts.size()), texts.data(),
                             sizes.data()),
            &freeReplyObject);
        if (!answer) {
            throw std::runtime_error("redis-server did not answer");
        }
        const auto& read = *static_cast<const redisReply*>(answer.get());
        if (read.type == REDIS_REPLY_INTEGER) {
            return std::to_string(read.integer);
        }
        return read.str == nullptr ? std::string() : std::string(read.str, read.len);
    }

private:
    using context = std::unique_ptr<redisContext, void (*)(redisContext*)>;

    context connected() const {
        context made(redisConnectUnixWithTimeout(socket().c_str(), timeval{5, 0}), &redisFree);
        if (made && (made->err != 0 || redisSetTimeout(made.get(), timeval{5, 0}) != REDIS_OK)) {
            made.reset();
        }
        return made;
    }

    bool answers() {
        const auto made = connected();
        if (!made) {
            return false;
        }
        const std::unique_ptr<void, void (*)(void*)> answer(redisCommand(made.get(), "PING"),
                                                            &freeReplyObject);
        // With a password the answer is an error: it runs.
        return answer != nullptr;
    }

    void launch() {
        std::vector<std::string> words{"redis-server",
                                       "--port",
                                       "0",
                                       "--unixsocket",
                                       socket(),
                                       "--save",
                                       "",
                                       "--appendonly",
                                       "no",
                                       "--daemonize",
                                       "no",
                                       "--dir",
                                       directory_,
                                       "--loglevel",
                                       "warning",
                                       "--logfile",
                                       (directory_ / "log").string()};
        words.insert(words.end(), more_options_.begin(), more_options_.end());
        std::vector<char*> arguments;
        for (auto& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        pid_ = fork();
        if (pid_ == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            execvp(arguments.front(), arguments.data());
            _exit(127);
        }
        if (pid_ < 0) {
            throw std::runtime_error("cannot fork for redis-server");
        }
    }

    std::vector<std::string> more_options_;
    std::filesystem::path directory_;
    pid_t pid_ = -1;
};

} // namespace uthan::test
