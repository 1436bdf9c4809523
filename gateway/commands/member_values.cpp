#include "gateway/commands/member_values.hpp"

#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/generation_register.hpp"
#include "db/sqlite/ledger_reader.hpp"
#include "db/sqlite/member_codes.hpp"
#include "gateway/progress_bar.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <set>
#include <stdexcept>

namespace uthan::gateway {
namespace {

[[noreturn]] void give_up(const std::string& what, const error_code& why) {
    throw std::runtime_error{fmt::format("{}: {}", what, why.message())};
}

/// The file of an organisation's published generation and its number; an empty name: none.
std::pair<std::string, std::uint32_t> published(const settings& in, const std::string& code) {
    if (!std::filesystem::exists(in.database.gateway)) {
        return {};
    }
    auto gateway = db::sqlite::open_reader(in.database.gateway);
    if (!gateway) {
        give_up(in.database.gateway, gateway.error());
    }
    const auto current = db::sqlite::current_generation(*gateway, code);
    if (!current) {
        give_up(in.database.gateway, current.error());
    }
    if (!*current) {
        return {};
    }
    return {(std::filesystem::path(in.database.ledger) / (*current)->file).string(),
            (*current)->number};
}

/// One organisation's members, one after the other.
class member_walk {
public:
    member_walk(const std::string& file, std::uint32_t number, const proof_parts& of, instant now)
        : file_(file), of_(of), moment_(zone{of.organisation.zone_name}.at(now)) {
        auto reader = db::sqlite::ledger_reader::open(file, number);
        auto codes = db::sqlite::open_generation(file);
        if (!reader || !codes) {
            give_up(file, reader ? codes.error() : reader.error());
        }
        reader_ = std::move(*reader);
        codes_.emplace(std::move(*codes));
        for (const auto& form : of.forms) {
            renderings_.insert(form.in);
        }
    }

    menus::real_values run() {
        const auto total = codes_->scalar("SELECT count(*) FROM members");
        progress_bar bar(of_.organisation.code, std::cerr, ::isatty(STDERR_FILENO) == 1);
        std::uint64_t done = 0;
        error_code failed;
        const auto ended = db::sqlite::each_member_code(*codes_, [&](std::string_view code) {
            failed = note(code);
            ++done;
            bar.update(done, total ? static_cast<std::uint64_t>(*total) : done);
            return !failed;
        });
        if (failed || ended) {
            give_up(file_, failed ? failed : ended);
        }
        return std::move(values_);
    }

private:
    error_code note(std::string_view code) {
        const auto facts = reader_->facts(code);
        if (!facts) {
            return facts.error();
        }
        const auto activity = reader_->activity(code);
        if (!activity) {
            return activity.error();
        }
        const access::member_record record;
        menus::question asked{.facts = **facts,
                              .activity = activity->get(),
                              .rules = of_.organisation.rules,
                              .record = record,
                              .texts = of_.texts,
                              .today = moment_.day,
                              .now = moment_.since_midnight,
                              .chosen = {},
                              .amount = std::nullopt,
                              .requests = &no_requests_,
                              .ladder = &no_ladder_,
                              .help_phone = of_.organisation.help_phone,
                              .meeting_changes = &no_changes_};
        for (const auto in : renderings_) {
            asked.in = in;
            values_.note(of_.menu, asked);
        }
        return {};
    }

    std::string file_;
    const proof_parts& of_;
    zone::wall_time moment_;
    std::unique_ptr<db::sqlite::ledger_reader> reader_;
    std::optional<db::sqlite::connection> codes_;
    std::set<texts::rendering> renderings_;
    // What only the gateway knows is not in a delivery.
    const std::vector<members::request> no_requests_;
    const members::ladder_source no_ladder_;
    const std::vector<members::meeting_change> no_changes_;
    menus::real_values values_;
};

} // namespace

member_values values_of_members(const settings& in, instant now, std::string& without) {
    return [&in, now, &without](const proof_parts& of) -> std::optional<menus::real_values> {
        const auto [file, number] = published(in, of.organisation.code);
        if (file.empty()) {
            without += (without.empty() ? "" : ", ") + of.organisation.code;
            return std::nullopt;
        }
        return member_walk{file, number, of, now}.run();
    };
}

} // namespace uthan::gateway
