#include "adapters/sms_registry.hpp"

#include "adapters/africastalking/sms.hpp"
#include "adapters/bdapps/sms.hpp"
#include "adapters/http_sms/sms.hpp"
#include "adapters/infobip/sms.hpp"
#include "adapters/jasmin/sms.hpp"
#include "adapters/kannel/sms.hpp"
#include "adapters/sslwireless/sms.hpp"
#include "adapters/twilio/sms.hpp"

#include <algorithm>
#include <array>

namespace uthan::adapters {
namespace {

const std::array<const sms_adapter*, 8> registry{
    &bdapps::text_messages, &sslwireless::text_messages,    &http_sms::text_messages,
    &kannel::text_messages, &africastalking::text_messages, &infobip::text_messages,
    &twilio::text_messages, &jasmin::text_messages};

/// Templates of the configurable adapter are the longest values.
constexpr std::size_t value_bytes_max = 4096;

bool has_control(std::string_view value) noexcept {
    return std::ranges::any_of(
        value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool is_plain_url(std::string_view url) noexcept {
    const bool is_web = url.starts_with("https://") || url.starts_with("http://");
    const auto host = is_web ? url.substr(url.find("://") + 3) : std::string_view{};
    return !host.empty() && host.front() != '/' &&
           url.find_first_of("?#@ {}") == std::string_view::npos;
}

class key_check {
public:
    key_check(sms_settings& as, std::vector<sms_problem>& problems)
        : as_(as), problems_(problems) {}

    void known(std::span<const sms_key> keys) {
        const auto has = [&](std::string_view name, bool is_list) {
            return std::ranges::any_of(keys, [&](const sms_key& key) {
                return key.name == name && (key.kind == sms_key_kind::list) == is_list;
            });
        };
        for (const auto& [name, value] : as_.values) {
            if (!has(name, false)) {
                complain(name, "is not a key of this adapter");
            }
        }
        for (const auto& [name, value] : as_.lists) {
            if (!has(name, true)) {
                complain(name, "is not a list of this adapter");
            }
        }
    }

    void one(const sms_key& key) {
        if (key.kind == sms_key_kind::list) {
            if (key.is_needed && as_.list(key.name).empty()) {
                complain(key.name, "is missing");
            }
            return;
        }
        auto& value = as_.values[std::string{key.name}];
        if (value.empty()) {
            value = key.fallback;
        }
        if (key.is_needed && value.empty()) {
            complain(key.name, "is missing");
        }
        if (value.size() > value_bytes_max || has_control(value)) {
            complain(key.name, "is too long or has a control character");
        }
        if (key.kind == sms_key_kind::secret) {
            as_.secret_keys.emplace_back(key.name);
        }
        if (key.kind == sms_key_kind::url && !value.empty()) {
            url(key.name, value);
        }
    }

private:
    void url(std::string_view name, std::string& value) {
        if (!is_plain_url(value)) {
            complain(name, "must be like \"https://host/path\", without user or query");
        }
        value.erase(value.find_last_not_of('/') + 1);
    }

    void complain(std::string_view key, std::string says) {
        problems_.push_back({std::string{key}, std::move(says)});
    }

    sms_settings& as_;
    std::vector<sms_problem>& problems_;
};

} // namespace

std::span<const sms_adapter* const> sms_adapters() noexcept {
    return registry;
}

const sms_adapter* find_sms_adapter(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(registry, name, &sms_adapter::name);
    return found == registry.end() ? nullptr : *found;
}

std::unique_ptr<const sms_translator> make_sms_translator(const sms_adapter& row, sms_settings as,
                                                          std::vector<sms_problem>& problems) {
    const auto before = problems.size();
    key_check check{as, problems};
    check.known(row.keys);
    for (const auto& key : row.keys) {
        check.one(key);
    }
    if (problems.size() != before) {
        return nullptr;
    }
    auto made = row.make(std::move(as), problems);
    return problems.size() == before ? std::move(made) : nullptr;
}

} // namespace uthan::adapters
