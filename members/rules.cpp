#include "members/rules.hpp"

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

} // namespace uthan::members
