#include "gateway/commands/commands.hpp"
#include "gateway/commands/loading.hpp"

#include "access/decisions.hpp"
#include "core/clock.hpp"
#include "core/random.hpp"
#include "db/sqlite/ledger_reader.hpp"
#include "db/sqlite/pin_issue.hpp"
#include "gateway/commands/pin_desk.hpp"
#include "gateway/slips.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <unistd.h>
#include <vector>

namespace uthan::gateway {
namespace {

/// A running server's commits wait as long as one batch takes: a few milliseconds.
constexpr std::size_t batch_rows = 500;

/// The page while it is written: readable to its owner alone, never over another file.
class page_file {
public:
    explicit page_file(const std::string& name) : name_(name), part_(name + ".part") {}

    /// Empty, or a sentence.
    std::string create() {
        std::error_code unknown;
        if (std::filesystem::exists(name_, unknown)) {
            return name_ + ": is there already";
        }
        const int fd = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0) {
            return part_ + ": " +
                   (errno == EEXIST
                        ? "is there already: an issue was interrupted; some of its slips "
                          "may be good, so remove it and issue --again"
                        : std::generic_category().message(errno));
        }
        ::close(fd);
        out_.open(part_, std::ios::binary);
        return out_ ? std::string{} : part_ + ": cannot be written";
    }

    std::ostream& out() { return out_; }

    /// On the disk, under its temporary name.
    bool flush() {
        out_.close();
        const int fd = ::open(part_.c_str(), O_RDONLY | O_CLOEXEC);
        const bool synced = fd >= 0 && ::fsync(fd) == 0;
        if (fd >= 0) {
            ::close(fd);
        }
        return out_ && synced;
    }
    bool publish() { return std::rename(part_.c_str(), name_.c_str()) == 0; }
    void discard() {
        out_.close();
        std::error_code ignored;
        std::filesystem::remove(part_, ignored);
    }

private:
    std::string name_;
    std::string part_;
    std::ofstream out_;
};

/// One run of the command.
class issue_run {
public:
    issue_run(const organisation_settings& organisation, const pin_issue_options& options,
              pin_desk desk)
        : organisation_(organisation), options_(options), key_(desk.key),
          generation_(std::move(desk.generation)), store_(std::move(desk.gateway)),
          page_(options.out), now_(system_clock{}.now()) {}

    /// First the page, whole and on the disk; then the PINs. A PIN that nobody can read would lock
    /// a member out; a slip without its PIN only fails.
    int run() {
        if (const auto problem = page_.create(); !problem.empty()) {
            return complain("pin issue", problem);
        }
        if (const auto problem = write_page(); !problem.empty()) {
            page_.discard();
            return complain("pin issue", problem);
        }
        if (pins_.empty()) {
            page_.discard();
            return complain(
                "pin issue",
                fmt::format("nobody needs a slip; {} have a PIN or a good slip", left_));
        }
        const auto failed = store();
        if (failed) {
            return complain("pin issue",
                            fmt::format("{}; {} of {} PINs were stored, their slips are in {}.part",
                                        failed.message(), stored_, pins_.size(), options_.out));
        }
        if (!page_.publish()) {
            return complain("pin issue", options_.out + ": the page stays as .part");
        }
        std::cerr << fmt::format(
            "{} slips, valid for {} days; {} members have a PIN or a good slip\n", pins_.size(),
            valid_days(), left_);
        return exit_ok;
    }

private:
    int valid_days() const {
        return static_cast<int>(organisation_.pin_policy.one_time_valid_for.count() / 24);
    }

    std::string write_page() {
        auto generation = db::sqlite::open_generation(generation_);
        if (!generation) {
            return generation_ + ": " + generation.error().message();
        }
        const auto have = store_.without_need(organisation_.code, !options_.again, now_);
        if (!have) {
            return have.error().message();
        }
        slip_sheet sheet{page_.out(),
                         {organisation_.name.bn, organisation_.service_code, valid_days()}};
        sheet.begin();
        std::optional<std::string> group;
        const auto failed = db::sqlite::each_slip_member(
            *generation, options_.office, options_.group, [&](db::sqlite::slip_member one) {
                if (have->contains(one.code)) {
                    ++left_;
                    return true;
                }
                auto place = one.office_code + '\n' + one.group_code;
                if (group != place) {
                    sheet.begin_group({one.office_name.bn, one.group_name.bn});
                    group = std::move(place);
                }
                sheet.add(draw(one));
                return true;
            });
        if (failed) {
            return failed == errc::not_found ? "no office " + options_.office : failed.message();
        }
        sheet.end();
        return page_.flush() ? std::string{} : options_.out + ".part: cannot be written";
    }

    slip draw(const db::sqlite::slip_member& one) {
        auto pin = access::draw_pin(random_, one.code);
        pins_.push_back({one.code, seal_pin(key_, {organisation_.code, one.code}, pin, random_)});
        return {one.code, one.name.bn, std::move(pin)};
    }

    error_code store() {
        for (std::span rest{pins_}; !rest.empty();) {
            const auto batch = rest.first(std::min(batch_rows, rest.size()));
            const auto done =
                store_.store(organisation_.code, batch, organisation_.pin_policy, now_);
            if (!done) {
                return done.error();
            }
            stored_ += batch.size();
            rest = rest.subspan(batch.size());
        }
        return {};
    }

    const organisation_settings& organisation_;
    const pin_issue_options& options_;
    secret_key key_;
    std::string generation_;
    db::sqlite::pin_issue store_;
    page_file page_;
    instant now_;
    secure_random random_;
    std::vector<db::sqlite::issued_pin> pins_;
    std::size_t left_ = 0;
    std::size_t stored_ = 0;
};

} // namespace

int run_pin_issue(const pin_issue_options& options) {
    return run_for_organisation(
        "pin issue", options.config, options.organisation,
        [&](const settings& in, const organisation_settings& organisation) {
            secure_random random;
            auto opened = open_pin_desk(in, organisation.code, random);
            if (const auto* problem = std::get_if<std::string>(&opened)) {
                return complain("pin issue", *problem);
            }
            return issue_run{organisation, options, std::move(std::get<pin_desk>(opened))}.run();
        });
}

} // namespace uthan::gateway
