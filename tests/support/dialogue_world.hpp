#pragma once

#include "access/decisions.hpp"
#include "access/requests.hpp"
#include "access/staff.hpp"
#include "db/memory/session_store.hpp"
#include "members/ledger.hpp"
#include "members/staff_ledger.hpp"
#include "menus/proof.hpp"
#include "service/dialogues.hpp"

#include <boost/asio/co_spawn.hpp>

#include <map>
#include <stdexcept>

// A small world around service::dialogues: the shipped menu and texts, one organisation, members in
// memory, a registry that decides as the real one does, and ports that can be made to fail.
namespace uthan::testing_world {

inline calendar_day day(const char* iso) {
    return parse_day(iso).value();
}

inline members::member_activity nine_payments() {
    members::member_activity of;
    for (unsigned i = 0; i < 9; ++i) {
        members::transaction t;
        t.txn_id = "T" + std::to_string(i);
        t.amount = money::taka(245);
        t.txn_on = day("2026-11-17") - std::chrono::days{7 * i};
        of.recent.push_back(t);
    }
    return of;
}

/// Her branch, its area and the head office.
inline members::ladder_source three_offices() {
    members::ladder_source of;
    const auto add = [&](const char* code, members::office_level level, members::label name,
                         const char* phone) {
        members::office made;
        made.code = code;
        made.level = level;
        made.name = std::move(name);
        made.phone = phone;
        of.chain.push_back(std::move(made));
    };
    add("K01", members::office_level::branch, {"খুলনা", "Khulna"}, "01711000111");
    add("A1", members::office_level::area, {"খুলনা এলাকা", "Khulna area"}, "01711000222");
    add("HO", members::office_level::head, {"প্রধান কার্যালয়", "Head office"}, "01711000333");
    return of;
}

class memory_ledger final : public members::ledger, public members::staff_ledger {
public:
    std::uint32_t generation() const noexcept override { return generation_; }
    task<result<std::vector<members::candidate>>> members_of(address subscriber) override {
        ++reads;
        if (broken) {
            co_return errc::store_unavailable;
        }
        std::vector<members::candidate> found;
        for (const auto& [code, facts] : by_code_) {
            if (facts->who.msisdn == subscriber.reveal()) {
                found.push_back({code, facts->who.name, facts->who.language});
            }
        }
        co_return found;
    }
    task<result<std::shared_ptr<const members::member_facts>>>
    facts(std::string member_code) override {
        ++reads;
        if (broken) {
            co_return errc::store_unavailable;
        }
        const auto found = by_code_.find(member_code);
        if (found == by_code_.end()) {
            co_return errc::not_found;
        }
        co_return found->second;
    }
    task<result<std::shared_ptr<const members::member_activity>>>
    activity(std::string member_code) override {
        ++reads;
        if (broken) {
            co_return errc::store_unavailable;
        }
        if (!by_code_.contains(member_code)) {
            co_return errc::not_found;
        }
        co_return std::make_shared<const members::member_activity>(activity_of_all);
    }
    task<result<std::shared_ptr<const members::household>>>
    household_of(std::string member_code) override {
        ++reads;
        ++household_reads;
        if (broken) {
            co_return errc::store_unavailable;
        }
        if (!by_code_.contains(member_code)) {
            co_return errc::not_found;
        }
        co_return std::make_shared<const members::household>(household_of_all);
    }
    task<result<std::shared_ptr<const members::ladder_source>>>
    ladder(std::string member_code) override {
        ++reads;
        if (broken) {
            co_return errc::store_unavailable;
        }
        if (!by_code_.contains(member_code)) {
            co_return errc::not_found;
        }
        co_return std::make_shared<members::ladder_source>(ladder_of_all);
    }
    task<result<std::optional<members::staff>>> staff_with(std::string code) override {
        const auto found = std::ranges::find(staff_of_all, code, &members::staff::code);
        co_return found == staff_of_all.end() ? std::optional<members::staff>{} : *found;
    }
    members::staff_ledger* staff() noexcept override { return this; }
    result<std::shared_ptr<const members::staff>>
    staff_with_number(const address& subscriber) override {
        for (const auto& one : staff_of_all) {
            if (one.active && one.phone == subscriber.reveal()) {
                return std::make_shared<const members::staff>(one);
            }
        }
        return std::shared_ptr<const members::staff>{};
    }
    task<result<std::vector<members::staff_group>>> groups_of(std::string staff_code) override {
        std::map<std::string, members::staff_group> by_code;
        for (const auto& [code, facts] : by_code_) {
            if (facts->group_of && facts->group_of->staff_code == staff_code) {
                by_code[facts->group_of->code] = {*facts->group_of, facts->office_of,
                                                  facts->calendar};
            }
        }
        std::vector<members::staff_group> hers;
        for (auto& [code, group] : by_code) {
            hers.push_back(std::move(group));
        }
        co_return hers;
    }
    task<result<std::vector<std::shared_ptr<const members::member_facts>>>>
    members_of_group(std::string staff_code, std::string group_code) override {
        std::vector<std::shared_ptr<const members::member_facts>> found;
        for (const auto& [code, facts] : by_code_) {
            if (facts->group_of && facts->group_of->staff_code == staff_code &&
                facts->group_of->code == group_code) {
                found.push_back(facts);
            }
        }
        co_return found;
    }
    void add(members::member_facts facts) {
        if (!facts.calendar) {
            facts.calendar = std::make_shared<members::office_calendar>();
        }
        auto code = facts.who.code;
        by_code_[code] = std::make_shared<const members::member_facts>(std::move(facts));
    }
    void publish_next() { ++generation_; }

    members::member_activity activity_of_all = nine_payments();
    members::household household_of_all;
    members::ladder_source ladder_of_all = three_offices();
    std::vector<members::staff> staff_of_all;
    unsigned reads = 0;
    unsigned household_reads = 0;
    bool broken = false;

private:
    std::uint32_t generation_ = 1;
    std::map<std::string, std::shared_ptr<const members::member_facts>> by_code_;
};

class memory_registry final : public access::registry, public access::staff_desk {
public:
    task<result<access::member_record>> find(access::member_ref who) override {
        ++finds;
        if (broken) {
            co_return errc::store_unavailable;
        }
        co_return records[who.member_code];
    }
    task<result<std::vector<members::request>>> requests(access::member_ref who) override {
        ++request_reads;
        if (broken) {
            co_return errc::store_unavailable;
        }
        co_return requests_of(who.member_code);
    }
    std::vector<members::request> requests_of(const std::string& member_code) const {
        std::vector<members::request> hers;
        for (const auto& one : all_requests) {
            if (one.member_code == member_code) {
                hers.push_back(one);
            }
        }
        return hers;
    }
    access::outcome open_report(const access::member_ref& who, const access::change& what,
                                const access::member_record& before, instant now) {
        return keep(access::report(what, before, requests_of(who.member_code), now));
    }
    access::outcome keep(access::request_decision decided) {
        if (decided.stored && decided.stored->number == 0) {
            decided.stored->number = all_requests.size() + 1;
            decided.result.request = decided.stored->number;
            all_requests.push_back(*decided.stored);
        } else if (decided.stored) {
            all_requests[decided.stored->number - 1] = *decided.stored;
        }
        return decided.result;
    }
    access::outcome answered_by_staff(const access::answer_by_staff& what) {
        const auto after = what.number <= all_requests.size()
                               ? access::answered(what, all_requests[what.number - 1])
                               : std::nullopt;
        if (!after) {
            return {.kind = access::outcome_kind::refused};
        }
        all_requests[what.number - 1] = *after;
        return {.request = what.number};
    }
    /// Whom a try guesses at; empty: not counted to a member.
    static std::string guessed(const access::change& what) {
        const auto* begun = std::get_if<access::begin_pin_try>(&what);
        const auto* settled = std::get_if<access::settle_pin_try>(&what);
        const auto& member = begun != nullptr     ? begun->member
                             : settled != nullptr ? settled->of.member
                                                  : std::nullopt;
        return member ? to_hex(as_bytes(*member)) : std::string{};
    }
    access::outcome change_requests(const access::member_ref& who, const access::change& what,
                                    instant now) {
        return keep(access::decide(what, requests_of(who.member_code), now));
    }
    task<result<access::outcome>> apply(access::effect_key key, access::member_ref who,
                                        access::change what, instant now) override {
        if (broken) {
            co_return errc::store_unavailable;
        }
        const auto name = name_of(key);
        const bool settles = std::holds_alternative<access::settle_pin_try>(what);
        if (const auto known = effects.find(name); known != effects.end() && !settles) {
            auto outcome = known->second;
            outcome.replayed = true;
            outcome.compare_with.reset();
            if (outcome.kind == access::outcome_kind::try_allowed) {
                outcome.kind = access::outcome_kind::pin_wrong;
            }
            co_return outcome;
        }
        ++changes;
        if (access::is_about_requests(what)) {
            co_return effects[name] = change_requests(who, what, now);
        }
        if (const auto* meeting = std::get_if<access::change_meeting>(&what)) {
            std::erase_if(meetings, [&](const members::meeting_change& known) {
                return known.group_code == meeting->what.group_code &&
                       known.regular_on == meeting->what.regular_on;
            });
            meetings.push_back(meeting->what);
            co_return effects[name] = access::outcome{};
        }
        if (const auto* answer = std::get_if<access::answer_by_staff>(&what)) {
            co_return effects[name] = answered_by_staff(*answer);
        }
        if (const auto* reset = std::get_if<access::reset_by_staff>(&what)) {
            const auto one_time = reset->one_time;
            what = access::reset_pin{one_time};
        }
        auto& record = records[who.member_code];
        if (std::holds_alternative<access::report_number_change>(what)) {
            co_return effects[name] = open_report(who, what, record, now);
        }
        const auto of = guessed(what);
        auto decided = access::decide(record, what, {tries, 0, guesses[of]}, policy, now);
        const auto* said = std::get_if<access::answer_number_change>(&what);
        if (said != nullptr && !said->hers && decided.result.kind == access::outcome_kind::done) {
            decided.result.request = open_report(who, what, record, now).request;
        }
        record = decided.record;
        const int counted =
            int{decided.count_try} - int{decided.result.kind == access::outcome_kind::pin_right};
        tries += static_cast<unsigned>(counted);
        guesses[of] += static_cast<unsigned>(of.empty() ? 0 : counted);
        if (decided.link) {
            const auto& from = *std::get<access::set_pin>(what).from;
            auto& of_phone = bound[from.channel() + "/" + from.reveal()];
            if (std::ranges::find(of_phone, who.member_code) == of_phone.end()) {
                of_phone.push_back(who.member_code);
            }
        }
        effects[name] = decided.result;
        co_return decided.result;
    }
    task<result<std::vector<std::string>>> members_bound(std::string /*organisation*/,
                                                         address caller,
                                                         std::uint32_t /*generation*/) override {
        ++bound_reads;
        co_return bound[caller.channel() + "/" + caller.reveal()];
    }
    task<result<std::optional<access::outcome>>> recorded(access::effect_key key) override {
        const auto known = effects.find(name_of(key));
        if (known == effects.end()) {
            co_return std::optional<access::outcome>{};
        }
        co_return std::optional{known->second};
    }

    access::staff_desk* desk() noexcept override { return this; }
    task<result<std::vector<members::meeting_change>>>
    meeting_changes(std::string /*organisation*/, std::string group_code,
                    calendar_day /*today*/) override {
        std::vector<members::meeting_change> found;
        for (const auto& one : meetings) {
            if (one.group_code == group_code) {
                found.push_back(one);
            }
        }
        co_return found;
    }
    task<result<std::vector<members::request>>> waiting_requests(std::string /*organisation*/,
                                                                 std::string office) override {
        std::vector<members::request> found;
        for (const auto& one : all_requests) {
            if (one.desk_office == office && one.state == members::request_state::open) {
                found.push_back(one);
            }
        }
        co_return found;
    }

    static std::string name_of(const access::effect_key& key) {
        return key.channel + "/" + to_hex(as_bytes(key.session)) + "/" + std::to_string(key.step) +
               "/" + std::to_string(key.part);
    }

    std::map<std::string, access::member_record> records;
    std::map<std::string, access::outcome> effects;
    access::pin_policy policy{.tries_per_number_per_hour = 1'000'000,
                              .tries_per_channel_per_hour = 1'000'000};
    std::vector<members::request> all_requests; ///< by number, from 1
    std::vector<members::meeting_change> meetings;
    /// By channel and address: links of masked phones, and numbers before a change.
    std::map<std::string, std::vector<std::string>> bound;
    std::map<std::string, unsigned> guesses; ///< by the digest of whom they were about
    unsigned bound_reads = 0;
    unsigned request_reads = 0;
    unsigned tries = 0;
    unsigned changes = 0;
    unsigned finds = 0;
    bool broken = false;
};

/// The memory store behind a switch.
class breakable_store final : public sessions::store {
public:
    explicit breakable_store(sessions::store& inner) : inner_(inner) {}
    task<result<std::optional<sessions::stored_state>>> load(digest128 key) override {
        ++crossings;
        if (broken) {
            co_return errc::session_store_unavailable;
        }
        co_return co_await inner_.load(key);
    }
    task<result<sessions::save_result>> save(digest128 key, std::uint64_t expected,
                                             sessions::stored_state next,
                                             std::chrono::seconds time_to_live) override {
        ++crossings;
        if (broken) {
            co_return errc::session_store_unavailable;
        }
        co_return co_await inner_.save(key, expected, std::move(next), time_to_live);
    }
    bool healthy() const noexcept override { return !broken; }

    bool broken = false;
    unsigned crossings = 0;

private:
    sessions::store& inner_;
};

/// Counts up: no two salts alike, every run the same.
class sequential_random final : public random_source {
public:
    void fill(std::span<std::byte> out) override {
        for (auto& byte : out) {
            byte = static_cast<std::byte>(next_++ & 0xFF);
        }
    }
    std::uint32_t below(std::uint32_t bound) override { return next_++ % bound; }

private:
    std::uint32_t next_ = 1;
};

/// The common texts, with RSS's own over them.
inline texts::catalog shipped_texts(bool rss = false) {
    std::vector<texts::problem> problems;
    texts::catalog loaded;
    for (const std::string directory : {"/config/texts/", "/config/texts/rss/"}) {
        for (const auto in : texts::all_renderings) {
            if (rss || directory == "/config/texts/") {
                loaded.load(UTHAN_SOURCE_DIR + directory + std::string{to_string(in)} + ".toml", in,
                            problems);
            }
        }
    }
    if (!problems.empty()) {
        throw std::runtime_error{problems.front().to_string()};
    }
    return loaded;
}

inline menus::graph shipped_menu(bool rss = false, bool has_services = false) {
    std::vector<texts::problem> problems;
    auto menu = menus::graph::load(UTHAN_SOURCE_DIR "/config/menus/" +
                                       std::string{rss ? "rss.toml" : "standard.toml"},
                                   problems);
    menu.add_staff(UTHAN_SOURCE_DIR "/config/menus/staff.toml", problems);
    if (!problems.empty()) {
        throw std::runtime_error{problems.front().to_string()};
    }
    if (!has_services) {
        menu.drop(menus::answer_name::services);
    }
    return menu;
}

inline members::organisation_rules kmss_rules() {
    members::organisation_rules rules;
    members::product_rules p;
    p.code = "KMSS-46";
    p.effective_from = day("2010-01-01");
    p.principal_min = money::taka(10'000);
    p.principal_max = money::taka(500'000);
    p.savings_first_bp = 1000;
    p.instalments = 46;
    p.first_due_days_min = 15;
    rules.products.push_back(p);
    rules.eligibility_product = p.code;
    return rules;
}

inline menus::shortcuts shipped_shortcuts() {
    std::vector<texts::problem> problems;
    return menus::shortcuts::load(UTHAN_SOURCE_DIR "/config/menus/shortcuts.toml", "standard",
                                  problems);
}

/// With complaints, refunds and calls, and a ladder of three rungs of three working days.
inline members::organisation_rules kmss_rules_with_requests() {
    auto rules = kmss_rules();
    const auto add = [&](const char* code, members::label name) {
        members::complaint_category category;
        category.code = code;
        category.name = std::move(name);
        rules.requests.categories.push_back(category);
    };
    add("deposit_missing", {"জমা ওঠেনি", "Deposit not entered"});
    add("asked_for_money", {"বাড়তি টাকা চায়", "Asked for extra money"});
    add("bad_behaviour", {"খারাপ ব্যবহার", "Bad behaviour"});
    add("loan_late", {"ঋণে দেরি", "Loan delayed"});
    add("other", {"অন্য", "Other"});
    rules.requests.ladder = {{0, 3, {}, {}, {}},
                             {1, 3, {}, members::office_level::area, {}},
                             {2, 3, {}, members::office_level::head, {}}};
    rules.requests.offered = {{members::request_kind::call_me, 1},
                              {members::request_kind::refund_emergency, 3},
                              {members::request_kind::refund_exit, 0}};
    return rules;
}

inline sessions::dialogue_policy policy_with_pin() {
    sessions::dialogue_policy policy;
    policy.first_pin = sessions::enrolment::self;
    using menus::answer_name;
    for (const auto fact :
         {answer_name::due, answer_name::statement, answer_name::savings, answer_name::loan,
          answer_name::eligibility, answer_name::eligibility_for, answer_name::refund,
          answer_name::refund_confirm, answer_name::refund_exit}) {
        policy.pin_facts.set(static_cast<std::size_t>(fact));
    }
    return policy;
}

/// A KMSS member with one loan of 46 × 245, ten paid, and Tk 5,400 saved.
inline members::member_facts member_with_loan(std::string code, std::string msisdn) {
    members::member_facts f;
    f.generation = 1;
    f.who.code = std::move(code);
    f.who.msisdn = std::move(msisdn);
    f.who.name = {"রহিমা বেগম", "Rahima Begum"};
    f.office_of.code = "K01";
    f.office_of.name = {"খুলনা", "Khulna"};
    f.office_of.phone = "01711000111";
    f.office_of.as_of = day("2026-11-20");
    members::group g;
    g.code = "K01-001";
    members::meeting_rule meeting;
    meeting.weekday = 2;
    meeting.time_of_day = std::chrono::minutes{630};
    meeting.place = {"করিমের উঠান", "Karim's yard"};
    g.meeting = meeting;
    f.group_of = g;
    members::staff officer;
    officer.code = "F1";
    officer.office_code = "K01";
    officer.role = "field_officer";
    officer.phone = "01811000999";
    officer.short_name = {"সালমা", "Salma"};
    f.officer = officer;
    members::savings_account account;
    account.account_no = "S1";
    account.balance = account.available = money::taka(5'400);
    f.savings.push_back(account);
    members::loan loan;
    loan.loan_no = "L1";
    loan.product_code = "KMSS-46";
    loan.principal = money::taka(10'000);
    loan.charge_total = money::taka(1'250);
    loan.instalments = 46;
    loan.disbursed_on = day("2026-09-01");
    for (unsigned i = 0; i < 46; ++i) {
        members::instalment row;
        row.seq = i + 1;
        row.due_on = day("2026-09-22") + std::chrono::days{7 * i};
        row.total_due = i == 45 ? money::taka(225) : money::taka(245);
        row.paid = i < 9 ? row.total_due : money{};
        loan.schedule.push_back(row);
    }
    f.loans.push_back(loan);
    return f;
}

/// Everything together; `dial`, `answer` speak as Africa's Talking does.
class world {
public:
    explicit world(sessions::dialogue_policy policy = policy_with_pin(),
                   members::organisation_rules rules = kmss_rules(),
                   menus::channel_form form = {texts::rendering::bn, 160}, bool rss = false)
        : form_(form), has_services_(!rules.services.empty()),
          organisation_(std::make_shared<const service::organisation>(service::organisation{
              "kmss", std::move(rules), policy, zone{"Asia/Dhaka"},
              shipped_menu(rss, has_services_), shipped_texts(rss), shipped_shortcuts()})),
          channel_(snapshot_of(organisation_, {})) {
        forget_memory();
    }

    /// A process that was started again: what was in its memory is gone.
    void forget_memory() {
        dialogues_ = std::make_unique<service::dialogues>(store, registry, time, random_, key_,
                                                          service::dialogue_limits{});
    }
    /// A Redis that was wiped.
    void wipe_store() {
        memory_ = std::make_unique<db::memory::session_store>(time, 1000);
        store_.emplace(*memory_);
    }

    service::hop_result hop(const std::string& session, const std::string& number,
                            const std::string& history) {
        return hop(turn_of(session, number, history));
    }

    service::hop_result hop(sessions::inbound_turn turn) {
        service::hop_result answered;
        bool done = false;
        context_.restart();
        asio::co_spawn(context_, run(std::move(turn), answered, done),
                       [](std::exception_ptr failed) {
                           if (failed) {
                               std::rethrow_exception(failed);
                           }
                       });
        context_.run();
        if (!done) {
            throw std::logic_error{"the hop did not end"};
        }
        return answered;
    }

    static sessions::inbound_turn turn_of(const std::string& session, const std::string& number,
                                          const std::string& history) {
        const numbering plan;
        auto parsed = plan.parse(number);
        if (!parsed) {
            parsed = address::e164(number);
        }
        return {session, parsed.value(), "*384*2#", "99999", history};
    }

    /// Menus and texts are read again; in force from now on.
    void reload(menus::graph menu, texts::catalog texts) {
        service::organisation next{*organisation_};
        next.menu = std::move(menu);
        next.texts = std::move(texts);
        organisation_ = std::make_shared<const service::organisation>(std::move(next));
        channel_.add(snapshot_of(organisation_, time.now()));
    }

    /// No two dialogues of a world have the same transport session.
    std::string next_session() { return "ATUid_" + std::to_string(++sessions_); }

    manual_clock time{instant{std::chrono::sys_days{day("2026-11-21")} + std::chrono::hours{6}}};
    memory_ledger ledger;
    memory_registry registry;

private:
    unsigned sessions_ = 0;
    sequential_random random_;
    secret_key key_{1, 2, 3};
    std::unique_ptr<db::memory::session_store> memory_ =
        std::make_unique<db::memory::session_store>(time, 1000);
    std::optional<breakable_store> store_{*memory_};

public:
    /// The store that the dialogues see, whichever memory is behind it.
    struct switching final : sessions::store {
        explicit switching(world& of) : of_(of) {}
        task<result<std::optional<sessions::stored_state>>> load(digest128 k) override {
            return of_.store_->load(k);
        }
        task<result<sessions::save_result>> save(digest128 k, std::uint64_t expected,
                                                 sessions::stored_state next,
                                                 std::chrono::seconds ttl) override {
            return of_.store_->save(k, expected, std::move(next), ttl);
        }
        bool healthy() const noexcept override { return of_.store_->healthy(); }
        world& of_;
    };
    switching store{*this};
    breakable_store& breakable() { return *store_; }
    const service::dialogue_counters& counters() const { return dialogues_->counters(); }

private:
    service::channel_snapshots::snapshot
    snapshot_of(std::shared_ptr<const service::organisation> of, instant since) const {
        return std::make_shared<const service::dialogue_channel>(
            service::dialogue_channel{"at-kmss", std::move(of), form_, since});
    }

    task<void> run(sessions::inbound_turn turn, service::hop_result& answered, bool& done) {
        answered = co_await dialogues_->hop(channel_, ledger, std::move(turn));
        done = true;
    }

    asio::io_context context_{1};
    menus::channel_form form_;
    bool has_services_ = false;
    std::shared_ptr<const service::organisation> organisation_;
    service::channel_snapshots channel_;
    std::unique_ptr<service::dialogues> dialogues_;
};

/// One phone in the hand: keeps the history as the aggregator does.
class handset {
public:
    handset(world& in, std::string number) : in_(in), number_(std::move(number)) {}

    std::string dial() {
        session_ = in_.next_session();
        history_.clear();
        return send();
    }
    std::string press(const std::string& input) {
        history_ += history_.empty() ? input : "*" + input;
        return send();
    }
    /// The aggregator repeats its last callback.
    std::string repeat() { return send(); }

    bool ended() const { return last_.screen.final; }
    const service::hop_result& last() const { return last_; }
    const std::string& history() const { return history_; }

private:
    std::string send() {
        last_ = in_.hop(session_, number_, history_);
        return last_.screen.text;
    }

    world& in_;
    std::string number_;
    std::string session_;
    std::string history_;
    service::hop_result last_;
};

} // namespace uthan::testing_world
