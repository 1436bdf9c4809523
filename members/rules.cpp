#include "members/rules.hpp"

#include <algorithm>

namespace uthan::members {

const product_rules* product_on(const organisation_rules& rules, std::string_view code,
                                calendar_day day) noexcept {
    const product_rules* newest = nullptr;
    for (const product_rules& version : rules.products) {
        if (version.code != code || version.effective_from > day) {
            continue;
        }
        if (newest == nullptr || version.effective_from > newest->effective_from) {
            newest = &version;
        }
    }
    return newest;
}

income_class income_class_on(const organisation_rules& rules, money annual_family_income,
                             calendar_day day) noexcept {
    const organisation_rules::income_band* newest = nullptr;
    for (const auto& band : rules.income_bands) {
        if (band.effective_from > day) {
            continue;
        }
        if (newest == nullptr || band.effective_from > newest->effective_from) {
            newest = &band;
        }
    }
    if (newest == nullptr) {
        return income_class::none;
    }
    if (annual_family_income <= newest->ka_max) {
        return income_class::ka;
    }
    return annual_family_income <= newest->kha_max ? income_class::kha : income_class::ga;
}

bool accuses(const complaint_category& category) noexcept {
    return category.about_staff || category.code == "asked_for_money" ||
           category.code == "bad_behaviour";
}

const complaint_category* category_of(const request_rules& rules, std::string_view code) noexcept {
    const auto found = std::find_if(rules.categories.begin(), rules.categories.end(),
                                    [&](const auto& one) { return one.code == code; });
    return found == rules.categories.end() ? nullptr : &*found;
}

bool is_offered(const request_rules& rules, request_kind kind) noexcept {
    if (kind == request_kind::complaint) {
        return !rules.categories.empty();
    }
    return std::any_of(rules.offered.begin(), rules.offered.end(),
                       [&](const offered_request& one) { return one.kind == kind; });
}

} // namespace uthan::members
