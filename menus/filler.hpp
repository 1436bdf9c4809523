#pragma once

#include "core/assert.hpp"
#include "menus/answers.hpp"
#include "menus/shown_name.hpp"
#include "texts/forms.hpp"
#include "texts/plain_line.hpp"

#include <string>
#include <string_view>
#include <utility>

// What answers are filled in with. Private to this folder.
namespace uthan::menus {

/// Fills values in the question's rendering.
class filler {
public:
    filler(const question& q, texts::values& into) : q_(q), into_(into) {}

    filler& amount(std::string_view name, money value) {
        return text(name, texts::money_form(value, q_.in));
    }
    filler& count(std::string_view name, std::int64_t value) {
        return text(name, texts::count_form(value, q_.in));
    }
    filler& day_of(std::string_view name, calendar_day value) {
        return text(name, texts::date_form(value, q_.in));
    }
    /// {day} {date} of one calendar day.
    filler& weekday_and(std::string_view date_name, calendar_day value) {
        text("day", texts::weekday_form(iso_weekday(value), q_.in));
        return day_of(date_name, value);
    }
    filler& as_of() { return day_of("asof", q_.facts.as_of()); }
    filler& named(std::string_view name, const members::label& value) {
        return text(name, shown_name(value, q_.in));
    }
    filler& text(std::string_view name, std::string value) {
        into_.set(name, std::move(value));
        return *this;
    }

private:
    const question& q_;
    texts::values& into_;
};

/// A word of the catalog ("word.general"): a text of one line without placeholders.
inline std::string word(const question& q, std::string_view id) {
    const auto* found = q.texts.find(id, q.in);
    UTHAN_ASSERT(found != nullptr);
    return std::string{texts::plain_line(*found)};
}

} // namespace uthan::menus
