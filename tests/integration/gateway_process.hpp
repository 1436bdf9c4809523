#pragma once

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

// The real binary as an operator runs it, in a directory of its own, on loopback ports that the
// kernel chose.
namespace uthan::test {

struct run_result {
    int exit_code = -1;
    std::string output; ///< standard output and error together
};

/// Runs `uthan` with these arguments to its end (at most a minute).
run_result run_uthan(std::vector<std::string> arguments);

/// A directory with a configuration of KMSS and generated members.
class deployment {
public:
    /// `redis_url`: empty for the memory store. `more`: further tables of the configuration.
    deployment(unsigned members, const std::string& redis_url, const std::string& more = {});
    ~deployment();
    deployment(const deployment&) = delete;
    deployment& operator=(const deployment&) = delete;

    const std::filesystem::path& root() const { return root_; }
    std::string config() const { return (root_ / "uthan.toml").string(); }
    std::string delivery() const { return (root_ / "import").string(); }
    std::string log() const;

    /// Writes the files of a delivery; another as-of makes another delivery.
    void generate(const std::string& as_of);
    run_result import() const;

private:
    std::filesystem::path root_;
    unsigned members_;
};

/// `serve`, from start to end. The constructor returns when it is ready; the destructor kills.
class gateway_process {
public:
    explicit gateway_process(const deployment& at);
    ~gateway_process();
    gateway_process(const gateway_process&) = delete;
    gateway_process& operator=(const gateway_process&) = delete;

    pid_t pid() const { return pid_; }
    unsigned short public_port() const { return public_port_; }

    /// SIGKILL; returns when it is gone.
    void kill();
    /// SIGHUP.
    void hang_up() const;
    /// SIGTERM; the exit code.
    int terminate();

    /// The body of an HTTP answer; `status` receives its code (0: no answer within ten seconds).
    std::string post(const std::string& path, const std::string& body, int* status = nullptr) const;
    std::string call(const std::string& method, const std::string& path, const std::string& body,
                     int* status = nullptr) const;
    std::string admin(const std::string& path, int* status = nullptr) const;
    /// On the staff listener, with an API key; `body` is JSON. The whole answer, its head included.
    std::string api(const std::string& method, const std::string& path, const std::string& key,
                    const std::string& body, int* status = nullptr) const;
    /// The value of a metric's line that begins with `name`; sums several; 0 when there is none.
    double metric(const std::string& name) const;
    /// One turn of a dialogue on at-kmss.
    std::string turn(const std::string& session, const std::string& msisdn,
                     const std::string& history) const;

private:
    void stop_child(int signal);
    std::string exchange(unsigned short port, const std::string& request, int* status) const;
    static std::string whole_exchange(unsigned short port, const std::string& request, int* status);

    const deployment& at_;
    pid_t pid_ = -1;
    unsigned short public_port_ = 0;
    unsigned short admin_port_ = 0;
    unsigned short staff_port_ = 0;
};

} // namespace uthan::test
