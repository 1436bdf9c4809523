#include "members/exchange/demo_data.hpp"

#include "members/exchange/demo_member.hpp"
#include "members/exchange/demo_output.hpp"
#include "members/exchange/demo_phones.hpp"
#include "members/exchange/demo_places.hpp"
#include "members/exchange/demo_rows.hpp"
#include "members/exchange/demo_shape.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <stdexcept>

namespace uthan::members::exchange {

namespace {

constexpr std::uint32_t members_per_cohesion_group = 6; // KMSS: five to seven

class demo_writer {
public:
    demo_writer(const demo_request& request, const demo_shape& shape)
        : request_(request), shape_(shape), rules_(demo_rules(shape)),
          offices_(make_demo_offices(shape, request.members, request.as_of)) {}

    void write_all() {
        write_offices();
        write_staff();
        write_groups();
        write_members();
        write_calendar();
        write_ladder();
        write_manifest();
    }

private:
    demo_output open(std::string_view name, std::string_view header) const {
        return demo_output{request_.out, std::string{name}, header};
    }
    void close(demo_output& file) {
        const std::uint64_t rows = file.rows();
        files_[file.name()] = {{"rows", rows}, {"sha256", file.close()}};
    }
    demo_output& begin(demo_output& file) const { return file.text(request_.organisation); }

    void write_offices();
    void write_staff();
    void write_groups();
    void write_cohesion_groups(demo_output& file, const demo_leaf& office) const;
    void write_committees(demo_output& file, const demo_leaf& office) const;
    void write_members();
    void write_calendar();
    void write_ladder();
    void write_manifest() const;

    struct member_files;
    void write_members_of(const demo_leaf& office, member_files& files, demo_phones& phones) const;
    void write_member(const demo_member& one, const demo_leaf& office, const demo_seat& seat,
                      member_files& files) const;

    /// Where the first `groups` groups divide an office's members.
    static std::uint32_t group_of(const demo_leaf& office, std::uint32_t number) {
        return static_cast<std::uint32_t>(static_cast<std::uint64_t>(number - 1) * office.groups /
                                          office.members);
    }
    std::uint32_t cohesion_groups_of(const demo_leaf& office) const {
        return shape_.kind == group_kind::group
                   ? (office.members + members_per_cohesion_group - 1) / members_per_cohesion_group
                   : 0;
    }
    static std::string cohesion_code(const demo_leaf& office, std::uint32_t index) {
        return "K" + office.row.code + padded(index + 1, 5);
    }

    const demo_request& request_;
    const demo_shape& shape_;
    organisation_rules rules_;
    demo_offices offices_;
    boost::json::object files_;
};

void demo_writer::write_offices() {
    demo_output file =
        open("branches.csv", "organisation,branch_code,name_bn,name_en,parent_code,level,district,"
                             "upazila,phone,officer_name,officer_phone");
    for (const office& row : offices_.above) {
        write_office(begin(file), row);
    }
    for (const demo_leaf& leaf : offices_.leaves) {
        write_office(begin(file), leaf.row);
    }
    close(file);
}

void demo_writer::write_staff() {
    demo_output file = open("staff.csv", "organisation,staff_code,name_bn,name_en,short_name_bn,"
                                         "short_name_en,role,branch_code,phone,active");
    const auto names = officer_names();
    const auto families = family_names();
    const std::string_view role =
        shape_.kind == group_kind::karmadal ? "union_social_worker" : "field_officer";
    std::uint32_t k = 0;
    for (const demo_leaf& leaf : offices_.leaves) {
        for (std::uint32_t i = 0; i < leaf.officers; ++i, ++k) {
            const demo_word& first = names[(leaf.number + i * 3) % names.size()];
            const demo_word& family = families[(leaf.number * 3 + i) % families.size()];
            begin(file).text(demo_officer_code(leaf, i));
            file.text(std::string{first.bn} + " " + std::string{family.bn});
            file.text(std::string{first.en} + " " + std::string{family.en});
            // Some have no short name in English.
            file.text(first.bn).text(k % 5 == 4 ? "" : first.en).text(role).text(leaf.row.code);
            file.text("0" + std::string{shape_.phone_prefix.substr(3, 3)} + "97" + padded(k, 5));
            file.text("yes").end_row();
        }
    }
    close(file);
}

void demo_writer::write_cohesion_groups(demo_output& file, const demo_leaf& office) const {
    for (std::uint32_t i = 0; i < cohesion_groups_of(office); ++i) {
        group row;
        row.code = cohesion_code(office, i);
        row.kind = group_kind::cohesion;
        const std::uint32_t first_member = i * members_per_cohesion_group + 1;
        row.parent_code = "G" + office.row.code + padded(group_of(office, first_member) + 1, 5);
        row.office_code = office.row.code;
        row.name = {"সংহতি দল " + bangla_digits(i + 1), "Cohesion group " + std::to_string(i + 1)};
        write_group(begin(file), row);
    }
}

void demo_writer::write_committees(demo_output& file, const demo_leaf& office) const {
    const std::uint32_t groups =
        office.groups + (office.number == number_of(demo_office::cases) ? 1 : 0);
    for (std::uint32_t i = 0; i * 4 < groups; ++i) {
        group row;
        row.code = "C" + office.row.code + padded(i + 1, 4);
        row.kind = group_kind::village_committee;
        row.office_code = office.row.code;
        row.name = {"গ্রাম কমিটি " + bangla_digits(i + 1),
                    "Village committee " + std::to_string(i + 1)};
        write_group(begin(file), row);
    }
}

void demo_writer::write_groups() {
    demo_output file = open(
        "groups.csv", "organisation,group_code,kind,parent_group_code,branch_code,name_bn,name_en,"
                      "meeting_dow,meeting_time,meeting_place_bn,meeting_place_en,meeting_freq,"
                      "staff_code,savings_rate");
    for (const demo_leaf& leaf : offices_.leaves) {
        if (shape_.kind == group_kind::karmadal) {
            write_committees(file, leaf);
        }
        const std::uint32_t groups =
            leaf.groups + (leaf.number == number_of(demo_office::cases) ? 1 : 0);
        for (std::uint32_t i = 0; i < groups; ++i) {
            write_group(begin(file), make_demo_group(shape_, leaf, i));
        }
        write_cohesion_groups(file, leaf);
    }
    close(file);
}

struct demo_writer::member_files {
    demo_output members;
    demo_output savings;
    demo_output loans;
    demo_output schedule;
    demo_output transactions;
    demo_output applications;
};

void demo_writer::write_members() {
    member_files files{
        open("members.csv",
             "organisation,member_code,name_bn,name_en,gender,dob,household_id,group_code,"
             "cohesion_code,branch_code,msisdn,msisdn_relation,alt_msisdn,language,status,"
             "joined_on,income_class,annual_family_income,land_decimal,nid_last4,sms_consent,"
             "consent_on,training_weeks_done"),
        open("savings_accounts.csv",
             "organisation,account_no,member_code,product,balance,available,"
             "interest_ytd,opened_on,matures_on,status,as_of"),
        open("loans.csv",
             "organisation,loan_no,member_code,product_code,cycle,principal,charge_total,"
             "charge_method,rate,installments,period,disbursed_on,first_due_on,last_due_on,"
             "paid_total,outstanding_total,outstanding_principal,overdue_amount,overdue_since,"
             "status,staff_code,as_of,household_limit"),
        open("schedule.csv", "organisation,loan_no,seq,due_on,principal_due,charge_due,total_due,"
                             "paid,paid_on,status"),
        open("transactions.csv", "organisation,txn_id,member_code,account_no,kind,amount,txn_on,"
                                 "balance_after,receipt_no,channel,reverses_txn_id,posted_at"),
        open("applications.csv", "organisation,app_no,member_code,stage,type,requested,applied_on,"
                                 "status,status_on,deadline_on")};
    demo_phones phones{shape_.phone_prefix, request_.seed};
    for (const demo_leaf& leaf : offices_.leaves) {
        write_members_of(leaf, files, phones);
    }
    for (demo_output* file : {&files.members, &files.savings, &files.loans, &files.schedule,
                              &files.transactions, &files.applications}) {
        close(*file);
    }
}

void demo_writer::write_members_of(const demo_leaf& office, member_files& files,
                                   demo_phones& phones) const {
    const demo_setting setting{&shape_, &rules_, request_.seed};
    group current = make_demo_group(shape_, office, 0);
    std::uint32_t current_index = 0;
    for (std::uint32_t number = 1; number <= office.members; ++number) {
        demo_seat seat;
        seat.office = &office;
        seat.number = number;
        const std::uint32_t index = group_of(office, number);
        if (index != current_index) {
            current = make_demo_group(shape_, office, index);
            current_index = index;
        }
        group apart;
        seat.of = &current;
        if (seat.is(demo_case::without_group)) {
            seat.of = nullptr;
        } else if (seat.is(demo_case::group_without_meeting_day)) {
            apart = make_demo_group(shape_, office, office.groups);
            seat.of = &apart;
        }
        std::string cohesion;
        if (cohesion_groups_of(office) > 0 && seat.of == &current) {
            cohesion = cohesion_code(office, (number - 1) / members_per_cohesion_group);
            seat.cohesion = cohesion;
        }
        std::string head;
        if (seat.case_number() == number_of(demo_case::one_household) + 1) {
            head = demo_member_code(office, number - 1);
            seat.household_head = head;
        }
        demo_member one = make_demo_member(setting, seat);
        phones.give(one, seat);
        write_member(one, office, seat, files);
    }
}

void demo_writer::write_member(const demo_member& one, const demo_leaf& office,
                               const demo_seat& seat, member_files& files) const {
    const std::string& code = one.who.code;
    const calendar_day as_of = office.row.as_of;
    write_person(begin(files.members), one);
    for (const savings_account& account : one.savings) {
        write_account(begin(files.savings), code, account, as_of);
    }
    for (const demo_loan& made : one.loans) {
        write_loan(begin(files.loans), code, made, as_of);
        if (seat.is(demo_case::loan_without_schedule)) {
            continue;
        }
        for (const instalment& part : made.row.schedule) {
            write_instalment(begin(files.schedule), made.row.loan_no, part);
        }
    }
    for (const transaction& posted : one.transactions) {
        write_transaction(begin(files.transactions), code, posted);
    }
    for (const application& asked : one.applications) {
        write_application(begin(files.applications), code, asked);
    }
}

void demo_writer::write_calendar() {
    demo_output holidays =
        open("holidays.csv", "organisation,scope_code,date,name_bn,name_en,rule");
    demo_output moratoria = open("moratoria.csv", "organisation,scope_code,from,to,reason");
    const auto write_holiday = [&](const holiday& row) {
        begin(holidays).text(row.scope_code).day(row.day).text(row.name.bn).text(row.name.en);
        holidays.empty().end_row();
    };
    for (const holiday& row : demo_national_holidays(request_.as_of)) {
        write_holiday(row);
    }
    for (const demo_leaf& leaf : offices_.leaves) {
        for (const holiday& row : leaf.calendar.holidays) {
            if (!row.scope_code.empty()) {
                write_holiday(row);
            }
        }
        for (const moratorium& row : leaf.calendar.moratoria) {
            begin(moratoria).text(row.scope_code).day(row.from).day(row.to).text(row.reason);
            moratoria.end_row();
        }
    }
    close(holidays);
    close(moratoria);
}

void demo_writer::write_ladder() {
    demo_output file = open("ladder.csv", "organisation,rung,office,name,phone,way");
    const auto write = [&](unsigned rung, const office& at, std::string_view name) {
        begin(file).number(rung).text(at.code).text(name).text(at.phone).text("phone").end_row();
    };
    const bool is_rss = shape_.kind == group_kind::karmadal;
    for (const demo_leaf& leaf : offices_.leaves) {
        write(1, leaf.row, is_rss ? "উপজেলা নির্বাহী অফিসার" : "শাখা ব্যবস্থাপক");
    }
    for (const office& row : offices_.above) {
        switch (row.level) {
        case office_level::district:
            write(2, row, "উপপরিচালক, জেলা সমাজসেবা");
            break;
        case office_level::division:
            write(3, row, "পরিচালক, বিভাগীয় সমাজসেবা");
            break;
        case office_level::head:
            write(is_rss ? 4 : 2, row, is_rss ? "পরিচালক (কার্যক্রম)" : "প্রধান কার্যালয়");
            break;
        default:
            break;
        }
    }
    close(file);
}

void demo_writer::write_manifest() const {
    boost::json::object offices;
    for (const office& row : offices_.above) {
        offices[row.code] = to_iso(row.as_of);
    }
    for (const demo_leaf& leaf : offices_.leaves) {
        offices[leaf.row.code] = to_iso(leaf.row.as_of);
    }
    boost::json::array assumed;
    for (const std::string_view one : shape_.assumed) {
        assumed.emplace_back(boost::json::string_view{one.data(), one.size()});
    }
    boost::json::object manifest;
    manifest["organisation"] = request_.organisation;
    manifest["as_of"] = to_iso(request_.as_of);
    manifest["offices"] = std::move(offices);
    manifest["files"] = files_;
    manifest["assumed"] = std::move(assumed);
    std::ofstream out{request_.out / "manifest.json", std::ios::binary | std::ios::trunc};
    out << boost::json::serialize(manifest) << '\n';
    out.close();
    if (!out) {
        throw std::runtime_error("cannot write manifest.json");
    }
}

} // namespace

void write_demo_data(const demo_request& request) {
    const demo_shape* shape = find_demo_shape(request.organisation);
    if (shape == nullptr) {
        throw std::invalid_argument("no demo organisation \"" + request.organisation +
                                    "\": mss, kmss or rss");
    }
    if (request.members == 0 || request.members > demo_members_max) {
        throw std::invalid_argument("a demo organisation has 1 to 1,000,000 members");
    }
    std::filesystem::create_directories(request.out);
    demo_writer{request, *shape}.write_all();
}

} // namespace uthan::members::exchange
