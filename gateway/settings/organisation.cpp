#include "gateway/settings.hpp"
#include "gateway/settings/requests.hpp"
#include "gateway/settings/toml_reader.hpp"
#include "menus/graph.hpp"
#include "texts/weight.hpp"

#include <array>
#include <exception>

namespace uthan::gateway {
namespace {

using members::charge_method;
using members::holiday_rule;
using members::income_class;
using members::product_rules;
using members::repayment_period;

void read_words(toml_reader& root, organisation_settings& target, problem_list& problems) {
    const toml::table* table = root.table("words");
    if (table == nullptr) {
        return;
    }
    toml_reader from(*table, target.file, "[words]", problems);
    for (const auto& [key, node] : *table) {
        const std::string name(key.str());
        const texts::placeholder* known = texts::find_placeholder(name);
        const bool is_word = known != nullptr && (known->kind == texts::value_kind::word ||
                                                  known->kind == texts::value_kind::place ||
                                                  known->kind == texts::value_kind::name);
        if (!is_word) {
            continue; // finish() names it: nothing asked for it.
        }
        const toml::table* forms = from.table(name);
        if (forms == nullptr) {
            continue;
        }
        toml_reader word(*forms, target.file, "words." + name, problems);
        organisation_word& value = target.words[name];
        word.require("bn");
        word.require("en");
        word.text("bn", value[0]);
        word.text("en", value[2]);
        value[1] = value[2];
        word.text("bn-Latn", value[1]);
        for (const texts::rendering in : texts::all_renderings) {
            const auto& form = value[static_cast<std::size_t>(in)];
            if (!texts::is_valid_utf8(form) ||
                texts::utf16_units(form) > texts::width_max(*known, in)) {
                word.complain(texts::to_string(in),
                              "may have " + std::to_string(texts::width_max(*known, in)) +
                                  " UTF-16 units");
            }
        }
        word.finish();
    }
    from.finish();
}

void read_languages(toml_reader& root, organisation_settings& target) {
    std::vector<std::string> written{"bn", "en"};
    root.texts("languages", written);
    for (const std::string& language : written) {
        if (language == "bn") {
            target.languages.push_back(members::written_language::bn);
        } else if (language == "en") {
            target.languages.push_back(members::written_language::en);
        } else {
            root.complain("languages", "\"" + language + "\" is none of: bn, en");
        }
    }
    if (target.languages.empty()) {
        root.complain("languages", "must name at least one language");
    }
}

void read_pin_policy(toml_reader& from, access::pin_policy& policy) {
    std::uint32_t value = 0;
    from.number("tries_max", policy.tries_max, 1, 9);
    if (from.number("lock_minutes", value, 1, 60 * 24 * 7)) {
        policy.lock_for = std::chrono::minutes(value);
    }
    if (from.number("one_time_valid_days", value, 1, 365)) {
        policy.one_time_valid_for = std::chrono::hours(24 * value);
    }
    from.number("tries_per_number_per_hour", policy.tries_per_number_per_hour, 1, 10'000);
    from.number("tries_per_channel_per_hour", policy.tries_per_channel_per_hour, 1, 10'000'000);
    from.number("guesses_per_member_per_day", policy.guesses_per_member_per_day, 1, 1000);
}

void read_pin(toml_reader& root, organisation_settings& target, problem_list& problems) {
    const toml::table* table = root.table("pin");
    if (table == nullptr) {
        return;
    }
    toml_reader from(*table, target.file, "[pin]", problems);
    from.word("enrolment", target.enrolment,
              {{"self", pin_enrolment::self},
               {"passbook", pin_enrolment::passbook},
               {"slip", pin_enrolment::slip}});
    from.texts("tiers", target.pin_tiers);
    for (const std::string& tier : target.pin_tiers) {
        const auto answer = menus::parse_answer(tier);
        if (!answer || *answer == menus::answer_name::none) {
            from.complain("tiers", "no screen shows \"" + tier + "\"");
        }
    }
    read_pin_policy(from, target.pin_policy);
    from.finish();
}

/// "20:30" since midnight.
void read_time_of_day(toml_reader& from, std::string_view key, std::chrono::minutes& target) {
    std::string written;
    if (!from.text(key, written)) {
        return;
    }
    constexpr std::string_view form = "00:00";
    bool is_time = written.size() == form.size() && written[2] == ':';
    for (const std::size_t i : {0U, 1U, 3U, 4U}) {
        is_time = is_time && written[i] >= '0' && written[i] <= '9';
    }
    if (is_time) {
        const int hours = (written[0] - '0') * 10 + written[1] - '0';
        const int minutes = (written[3] - '0') * 10 + written[4] - '0';
        is_time = hours < 24 && minutes < 60;
        target = is_time ? std::chrono::hours{hours} + std::chrono::minutes{minutes} : target;
    }
    if (!is_time) {
        from.complain(key, "must be a time of day like \"20:30\"");
    }
}

void read_budget(toml_reader& from, std::string_view key, std::optional<money>& target) {
    money read;
    if (from.amount(key, read)) {
        target = read;
    }
}

/// 0: any number.
void read_cap(toml_reader& from, std::string_view key, std::optional<std::uint32_t>& target) {
    std::uint32_t read = 0;
    if (from.number(key, read, 0, 1000)) {
        target = read == 0 ? std::nullopt : std::optional{read};
    }
}

void read_caps(toml_reader& from, sms::class_caps& most) {
    struct keys {
        std::string_view per_day;
        std::string_view per_week;
        sms::message_class of;
    };
    constexpr std::array<keys, 4> classes{
        {{"answers_per_day", "answers_per_week", sms::message_class::answer},
         {"meetings_per_day", "meetings_per_week", sms::message_class::meeting},
         {"reminders_per_day", "reminders_per_week", sms::message_class::reminder},
         {"broadcasts_per_day", "broadcasts_per_week", sms::message_class::broadcast}}};
    for (const auto& [per_day, per_week, of] : classes) {
        auto& cap = most[static_cast<std::size_t>(of)];
        read_cap(from, per_day, cap.per_day);
        read_cap(from, per_week, cap.per_week);
    }
}

void read_messages(toml_reader& root, organisation_settings& target, problem_list& problems) {
    const toml::table* table = root.table("messages");
    if (table == nullptr) {
        return;
    }
    toml_reader from(*table, target.file, "[messages]", problems);
    auto& quiet = target.messages.quiet;
    read_time_of_day(from, "quiet_from", quiet.evening);
    read_time_of_day(from, "receipts_quiet_from", quiet.receipts_evening);
    read_time_of_day(from, "quiet_to", quiet.morning);
    read_time_of_day(from, "friday_quiet_from", quiet.friday_from);
    read_time_of_day(from, "friday_quiet_to", quiet.friday_to);
    if (quiet.morning >= quiet.evening || quiet.morning >= quiet.receipts_evening) {
        from.complain("quiet_to", "must be before quiet_from and receipts_quiet_from");
    }
    if (quiet.friday_from > quiet.friday_to) {
        from.complain("friday_quiet_to", "must not be before friday_quiet_from");
    }
    read_budget(from, "month_budget", target.messages.limit.organisation);
    read_budget(from, "office_month_budget", target.messages.limit.office);
    read_caps(from, target.messages.most);
    from.finish();
}

void read_product_terms(toml_reader& from, product_rules& product) {
    from.word("method", product.method,
              {{"flat", charge_method::flat},
               {"declining", charge_method::declining},
               {"service_charge", charge_method::service_charge}});
    from.percent("charge_percent", product.charge_bp);
    from.percent("savings_first_percent", product.savings_first_bp);
    from.number("instalments", product.instalments, 1, members::instalments_per_loan_max);
    from.word("period", product.period,
              {{"weekly", repayment_period::weekly},
               {"fortnightly", repayment_period::fortnightly},
               {"monthly", repayment_period::monthly},
               {"irregular", repayment_period::irregular}});
    from.number("first_due_offset_months", product.first_due_offset_months, 0, 12);
    from.number("first_due_days_min", product.first_due_days_min, 0, 365);
    from.amount("rounding_unit", product.rounding_unit);
    from.word("holidays", product.holidays,
              {{"carry_to_next", holiday_rule::carry_to_next},
               {"shift_all", holiday_rule::shift_all},
               {"next_working_day", holiday_rule::next_working_day},
               {"none", holiday_rule::none}});
}

void read_income_classes(toml_reader& from, product_rules& product) {
    std::vector<std::string> classes;
    from.texts("income_classes", classes);
    for (const std::string& written : classes) {
        if (written == "ka") {
            product.income_classes.push_back(income_class::ka);
        } else if (written == "kha") {
            product.income_classes.push_back(income_class::kha);
        } else if (written == "ga") {
            product.income_classes.push_back(income_class::ga);
        } else {
            from.complain("income_classes", "\"" + written + "\" is none of: ka, kha, ga");
        }
    }
}

void read_products(toml_reader& root, organisation_settings& target, problem_list& problems) {
    for (const toml::table* table : root.tables("products")) {
        toml_reader from(*table, target.file, "[[products]]", problems);
        product_rules product;
        for (const std::string_view key :
             {"code", "effective_from", "principal_min", "principal_max"}) {
            from.require(key);
        }
        from.text("code", product.code);
        from.day("effective_from", product.effective_from);
        from.amount("principal_min", product.principal_min);
        from.amount("principal_max", product.principal_max);
        if (product.principal_max < product.principal_min) {
            from.complain("principal_max", "is below principal_min");
        }
        read_product_terms(from, product);
        read_income_classes(from, product);
        from.flag("per_household", product.per_household);
        from.flag("while_running", product.while_running);
        from.texts("assumed", product.assumed);
        for (const std::string& name : product.assumed) {
            if (!from.has(name) || name == "assumed") {
                from.complain("assumed", "\"" + name + "\" is no key of this product");
            }
        }
        from.finish();
        for (const product_rules& other : target.rules.products) {
            if (other.code == product.code && other.effective_from == product.effective_from) {
                from.complain("code", "the same product and date are there twice");
            }
        }
        target.rules.products.push_back(std::move(product));
    }
}

void read_optional_number(toml_reader& from, std::string_view key,
                          std::optional<unsigned>& target) {
    std::uint32_t value = 0;
    if (from.number(key, value, 1, 1000)) {
        target = value;
    }
}

void read_group_rules(toml_reader& root, organisation_settings& target, problem_list& problems) {
    if (const toml::table* table = root.table("groups")) {
        toml_reader from(*table, target.file, "[groups]", problems);
        auto& rules = target.rules.groups;
        read_optional_number(from, "members_min", rules.members_min);
        read_optional_number(from, "members_max", rules.members_max);
        read_optional_number(from, "entry_age_min", rules.entry_age_min);
        read_optional_number(from, "entry_age_max", rules.entry_age_max);
        from.flag("one_member_per_household", rules.one_member_per_household);
        from.finish();
    }
    for (const toml::table* table : root.tables("income_bands")) {
        toml_reader from(*table, target.file, "[[income_bands]]", problems);
        members::organisation_rules::income_band band;
        for (const std::string_view key : {"effective_from", "ka_max", "kha_max"}) {
            from.require(key);
        }
        from.day("effective_from", band.effective_from);
        from.amount("ka_max", band.ka_max);
        from.amount("kha_max", band.kha_max);
        from.finish();
        target.rules.income_bands.push_back(band);
    }
}

void read_rest(toml_reader& root, organisation_settings& target, problem_list& problems) {
    root.numbers("weekly_holidays", target.rules.weekly_holidays, 1, 7);
    if (root.text("eligibility_product", target.rules.eligibility_product) &&
        std::ranges::find(target.rules.products, target.rules.eligibility_product,
                          &product_rules::code) == target.rules.products.end()) {
        root.complain("eligibility_product", "no [[products]] has this code");
    }
    if (const toml::table* table = root.table("import")) {
        toml_reader from(*table, target.file, "[import]", problems);
        from.percent("bad_rows_max_percent", target.bad_rows_max_bp);
        from.finish();
    }
    if (const toml::table* table = root.table("numbers")) {
        toml_reader from(*table, target.file, "[numbers]", problems);
        std::uint32_t days = 0;
        if (from.number("cool_off_days", days, 1, 60)) {
            target.number_cool_off = std::chrono::hours(24 * days);
        }
        from.finish();
    }
    try {
        const zone known(target.zone_name);
    } catch (const std::exception&) {
        root.complain("zone", "the system knows no time zone \"" + target.zone_name + "\"");
    }
}

} // namespace

organisation_settings load_organisation(const std::filesystem::path& file, std::string code,
                                        std::vector<texts::problem>& problems) {
    organisation_settings loaded;
    loaded.code = std::move(code);
    loaded.file = file.string();
    const auto parsed = texts::read_toml(loaded.file, problems);
    if (!parsed) {
        return loaded;
    }
    toml_reader root(*parsed, loaded.file, loaded.code, problems);
    read_label(root, "name", loaded.name, loaded.file, nullptr, problems);
    root.text("zone", loaded.zone_name);
    root.text("service_code", loaded.service_code);
    root.text("help_phone", loaded.help_phone);
    root.text("texts", loaded.texts);
    root.text("menu", loaded.menu);
    root.text("staff_menu", loaded.staff_menu);
    read_languages(root, loaded);
    read_words(root, loaded, problems);
    read_pin(root, loaded, problems);
    read_messages(root, loaded, problems);
    read_products(root, loaded, problems);
    read_group_rules(root, loaded, problems);
    read_requests(root, loaded, problems);
    read_rest(root, loaded, problems);
    root.finish();
    return loaded;
}

} // namespace uthan::gateway
