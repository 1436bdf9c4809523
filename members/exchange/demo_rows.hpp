#pragma once

#include "members/exchange/demo_member.hpp"
#include "members/exchange/demo_output.hpp"

#include <string>

// Values → rows of the import's files, without the first column (the organisation), which the
// caller has written.
namespace uthan::members::exchange {

void write_office(demo_output& file, const office& row);
void write_group(demo_output& file, const group& row);
void write_person(demo_output& file, const demo_member& one);
void write_account(demo_output& file, const std::string& member_code, const savings_account& one,
                   calendar_day as_of);
void write_loan(demo_output& file, const std::string& member_code, const demo_loan& one,
                calendar_day as_of);
void write_instalment(demo_output& file, const std::string& loan_no, const instalment& one);
void write_transaction(demo_output& file, const std::string& member_code, const transaction& one);
void write_application(demo_output& file, const std::string& member_code, const application& one);

} // namespace uthan::members::exchange
