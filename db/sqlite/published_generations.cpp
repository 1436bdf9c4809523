#include "db/sqlite/published_generations.hpp"

#include "db/sqlite/generation_register.hpp"
#include "db/sqlite/ledger_reader.hpp"

namespace uthan::db::sqlite {

std::string published_generation::path(std::uint32_t of_number) const {
    return ledger_directory + '/' + generation_file(organisation, of_number);
}

result<std::unique_ptr<published_generations>>
published_generations::open(const std::string& gateway_path, const std::string& ledger_directory,
                            const std::vector<std::string>& organisations) {
    auto gateway = connection::open(gateway_path, open_mode::read_only);
    if (!gateway) {
        return gateway.error();
    }
    std::unique_ptr<published_generations> made{new published_generations{std::move(*gateway)}};
    auto version = made->gateway_.prepare("PRAGMA data_version");
    if (!version) {
        return version.error();
    }
    made->data_version_ = std::move(*version);
    for (const auto& organisation : organisations) {
        auto& one = *made->published_.emplace_back(std::make_shared<published_generation>());
        one.organisation = organisation;
        one.ledger_directory = ledger_directory;
    }
    if (const auto failed = made->refresh()) {
        return failed;
    }
    return made;
}

error_code published_generations::refresh() {
    std::int64_t version = 0;
    {
        const row_scope scope{data_version_};
        const auto row = data_version_.step();
        if (!row) {
            return row.error();
        }
        version = data_version_.integer(0);
    }
    if (version == seen_version_) {
        return {};
    }
    for (const auto& one : published_) {
        const auto current = current_generation(gateway_, one->organisation);
        if (!current) {
            return current.error();
        }
        set_current(*one, *current ? (*current)->number : 0);
    }
    // Taken before the numbers were read: a commit in between is seen by the next call.
    seen_version_ = version;
    return {};
}

void published_generations::set_current(published_generation& of, std::uint32_t number) {
    auto problem = errc{};
    if (number != 0) {
        const auto file = open_generation(of.path(number));
        problem = file ? errc{} : static_cast<errc>(file.error().value());
    }
    of.problem.store(problem, std::memory_order_release);
    of.number.store(number, std::memory_order_release);
}

std::shared_ptr<const published_generation>
published_generations::of(std::string_view organisation) const {
    for (const auto& one : published_) {
        if (one->organisation == organisation) {
            return one;
        }
    }
    return nullptr;
}

} // namespace uthan::db::sqlite
