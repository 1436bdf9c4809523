#include "tests/integration/gateway_process.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace uthan::test {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
    std::ifstream in{path};
    std::stringstream content;
    content << in.rdbuf();
    return content.str();
}

/// The child's output goes to `log`; it dies with the test.
pid_t spawn(const std::vector<std::string>& arguments, const fs::path& log) {
    std::vector<char*> argv;
    std::vector<std::string> words{UTHAN_BINARY};
    words.insert(words.end(), arguments.begin(), arguments.end());
    argv.reserve(words.size() + 1);
    for (auto& word : words) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    const pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        dup2(out, 1);
        dup2(out, 2);
        // The test's own sockets are not the child's.
        close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
        if (chdir(UTHAN_SOURCE_DIR) != 0) {
            _exit(126);
        }
        execv(UTHAN_BINARY, argv.data());
        _exit(127);
    }
    return pid;
}

int wait_for(pid_t pid) {
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

constexpr const char* config_template = R"(
[public]
listen = "127.0.0.1:0"
[staff]
listen = "127.0.0.1:0"
[admin]
listen = "127.0.0.1:0"
[database]
ledger = "sqlite:{root}/ledger/"
gateway = "sqlite:{root}/gateway.db"
[sessions]
{sessions}
[secrets]
pin_key_file = "{root}/pin.key"
[[organisations]]
code = "kmss"
[[channels]]
name = "at-kmss"
adapter = "africastalking"
organisation = "kmss"
service_codes = ["*384*2#"]
ussd_rendering = "bn"
)";

std::string form_encode(const std::string& value) {
    std::string out;
    for (const char c : value) {
        out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

} // namespace

run_result run_uthan(std::vector<std::string> arguments) {
    std::string pattern = (fs::temp_directory_path() / "uthan-run-XXXXXX").string();
    close(mkstemp(pattern.data()));
    run_result result;
    result.exit_code = wait_for(spawn(arguments, pattern));
    result.output = read_file(pattern);
    fs::remove(pattern);
    return result;
}

deployment::deployment(unsigned members, const std::string& redis_url, const std::string& more)
    : members_(members) {
    std::string pattern = (fs::temp_directory_path() / "uthan-it-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("no temporary directory");
    }
    root_ = pattern;
    const auto sessions = redis_url.empty()
                              ? std::string{"store = \"memory\""}
                              : fmt::format("store = \"redis\"\nredis = \"{}\"", redis_url);
    std::ofstream{config()} << fmt::format(fmt::runtime(config_template),
                                           fmt::arg("root", root_.string()),
                                           fmt::arg("sessions", sessions))
                            << more;
}

deployment::~deployment() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
}

std::string deployment::log() const {
    return read_file(root_ / "serve.log");
}

void deployment::generate(const std::string& as_of) {
    fs::remove_all(delivery());
    const auto made =
        run_uthan({"demo-data", "--organisation", "kmss", "--members", std::to_string(members_),
                   "--seed", "1", "--as-of", as_of, "--out", delivery()});
    if (made.exit_code != 0) {
        throw std::runtime_error("demo-data: " + made.output);
    }
}

run_result deployment::import() const {
    return run_uthan({"import", "--config", config(), "--organisation", "kmss", delivery()});
}

gateway_process::gateway_process(const deployment& at) : at_(at) {
    const auto log = at.root() / "serve.log";
    fs::remove(log);
    pid_ = spawn({"serve", "--config", at.config()}, log);
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    unsigned public_port = 0;
    unsigned admin_port = 0;
    unsigned staff_port = 0;
    while (public_port == 0) {
        const auto text = read_file(log);
        const auto ready = text.find("event=ready");
        if (ready != std::string::npos && text.find('\n', ready) != std::string::npos) {
            const auto line = text.substr(ready, text.find('\n', ready) - ready);
            std::sscanf(line.c_str() + line.find("public="), "public=%u admin=%u staff=%u",
                        &public_port, &admin_port, &staff_port);
            break;
        }
        if (waitpid(pid_, nullptr, WNOHANG) != 0) {
            pid_ = -1;
            throw std::runtime_error("serve ended: " + text);
        }
        if (std::chrono::steady_clock::now() > give_up) {
            stop_child(SIGKILL);
            throw std::runtime_error("serve is not ready: " + text);
        }
        poll(nullptr, 0, 5);
    }
    public_port_ = static_cast<unsigned short>(public_port);
    admin_port_ = static_cast<unsigned short>(admin_port);
    staff_port_ = static_cast<unsigned short>(staff_port);
}

gateway_process::~gateway_process() {
    kill();
}

void gateway_process::stop_child(int signal) {
    if (pid_ > 0) {
        ::kill(pid_, signal);
    }
}

void gateway_process::hang_up() const {
    ::kill(pid_, SIGHUP);
}

void gateway_process::kill() {
    if (pid_ > 0) {
        stop_child(SIGKILL);
        wait_for(pid_);
        pid_ = -1;
    }
}

int gateway_process::terminate() {
    stop_child(SIGTERM);
    const int code = wait_for(pid_);
    pid_ = -1;
    return code;
}

std::string gateway_process::whole_exchange(unsigned short port, const std::string& request,
                                            int* status) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval limit{10, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string answer;
    if (connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0 &&
        send(fd, request.data(), request.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(request.size())) {
        char buffer[4096];
        ssize_t got = 0;
        while ((got = recv(fd, buffer, sizeof buffer, 0)) > 0) {
            answer.append(buffer, static_cast<std::size_t>(got));
        }
    }
    close(fd);
    if (status != nullptr) {
        // "HTTP/1.1 200 ..."
        *status = 0;
        if (answer.size() > 12) {
            std::from_chars(answer.data() + 9, answer.data() + 12, *status);
        }
    }
    return answer;
}

std::string gateway_process::exchange(unsigned short port, const std::string& request,
                                      int* status) const {
    const auto answer = whole_exchange(port, request, status);
    const auto body = answer.find("\r\n\r\n");
    return body == std::string::npos ? "" : answer.substr(body + 4);
}

std::string gateway_process::api(const std::string& method, const std::string& path,
                                 const std::string& key, const std::string& body,
                                 int* status) const {
    return whole_exchange(staff_port_,
                          fmt::format("{} /api/v1{} HTTP/1.1\r\nHost: localhost\r\n"
                                      "Connection: close\r\nAuthorization: Bearer {}\r\n"
                                      "Content-Type: application/json\r\nContent-Length: {}\r\n"
                                      "\r\n{}",
                                      method, path, key, body.size(), body),
                          status);
}

std::string gateway_process::post(const std::string& path, const std::string& body,
                                  int* status) const {
    return call("POST", path, body, status);
}

std::string gateway_process::call(const std::string& method, const std::string& path,
                                  const std::string& body, int* status) const {
    return exchange(public_port_,
                    fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                "Content-Type: application/x-www-form-urlencoded\r\n"
                                "Content-Length: {}\r\n\r\n{}",
                                method, path, body.size(), body),
                    status);
}

std::string gateway_process::admin(const std::string& path, int* status) const {
    return exchange(
        admin_port_,
        fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path),
        status);
}

double gateway_process::metric(const std::string& name) const {
    std::istringstream lines{admin("/metrics")};
    double sum = 0;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(name)) {
            sum += std::stod(line.substr(line.rfind(' ') + 1));
        }
    }
    return sum;
}

std::string gateway_process::turn(const std::string& session, const std::string& msisdn,
                                  const std::string& history) const {
    return post("/channels/at-kmss/ussd",
                fmt::format("sessionId={}&phoneNumber={}&networkCode=99999&serviceCode={}&text={}",
                            form_encode(session), form_encode(msisdn), form_encode("*384*2#"),
                            form_encode(history)));
}

} // namespace uthan::test
