#pragma once

#include "members/request.hpp"

#include "example_facts.hpp"

#include <random>
#include <string>
#include <utility>
#include <vector>

// An organisation of three offices with a complaint ladder, for the tests of requests.
namespace uthan::members::examples {

inline office office_at(std::string code, office_level level, std::string phone) {
    office made;
    made.code = std::move(code);
    made.level = level;
    made.name = {"অফিস " + made.code, "Office " + made.code};
    made.phone = std::move(phone);
    return made;
}

/// Her branch, its area, the head office.
inline std::vector<office> office_chain() {
    return {office_at("B1", office_level::branch, "01710000001"),
            office_at("A1", office_level::area, "01710000002"),
            office_at("HO", office_level::head, "0255000003")};
}

inline staff officer_of(std::string code, std::string office_code) {
    staff made;
    made.code = std::move(code);
    made.office_code = std::move(office_code);
    made.role = "field_officer";
    made.phone = "01810000009";
    return made;
}

/// Rungs 0 (branch), 1 (area), 2 (head office) with 3, 5 and 7 working days.
inline organisation_rules request_rules_of(escalation_way way = escalation_way::by_member) {
    organisation_rules made;
    request_rules& rules = made.requests;
    for (const char* code :
         {"deposit_missing", "asked_for_money", "bad_behaviour", "loan_late", "other"}) {
        complaint_category category;
        category.code = code;
        rules.categories.push_back(category);
    }
    rules.ladder = {
        {0, 3, {}, {}, {}}, {1, 5, {}, office_level::area, {}}, {2, 7, {}, office_level::head, {}}};
    rules.offered = {{request_kind::call_me, 1},
                     {request_kind::refund_emergency, 0},
                     {request_kind::refund_exit, 0}};
    rules.escalation = way;
    return made;
}

inline member_facts member_of(std::optional<staff> officer, office_calendar calendar = {}) {
    member_facts made = facts_of(day("2026-11-20"), {}, std::move(calendar));
    made.who.code = "M1";
    made.who.group_code = "G1";
    made.who.office_code = "B1";
    made.office_of = office_chain().front();
    made.officer = std::move(officer);
    return made;
}

inline std::vector<ladder_rung> ladder_for(const organisation_rules& rules,
                                           const staff* avoided = nullptr) {
    const auto chain = office_chain();
    return ladder_of(rules.requests, {}, chain, avoided);
}

inline const calendar_day today = day("2026-11-22"); // a Sunday; Fridays are off

inline unsigned below(std::mt19937& random, std::size_t limit) {
    return static_cast<unsigned>(random() % limit);
}

inline request_form complaint(const char* category) {
    return {request_kind::complaint, category, reach_way::call_morning, {}};
}

inline opening opened_with(const request_form& form, const member_facts& facts,
                           const organisation_rules& rules, const std::vector<request>& hers = {},
                           calendar_day on = today) {
    return open_request(form, facts, rules, ladder_for(rules), hers, instant{on}, on);
}

inline request opened(const char* category, const organisation_rules& rules,
                      std::uint64_t number = 1, calendar_day on = today) {
    request made =
        opened_with(complaint(category), member_of(officer_of("S1", "B1")), rules, {}, on).made;
    made.number = number;
    return made;
}

} // namespace uthan::members::examples
