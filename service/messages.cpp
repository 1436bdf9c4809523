#include "service/messages.hpp"

#include "access/messaging.hpp"
#include "sms/life.hpp"
#include "sms/wording.hpp"
#include "texts/normalise.hpp"
#include "texts/segments.hpp"

#include <chrono>

namespace uthan::service {
namespace {

/// Security and receipts reach also whoever wants no other messages.
bool is_exempt(sms::message_class of) noexcept {
    return of == sms::message_class::security || of == sms::message_class::receipt;
}

/// Of what the caller said, not of what becomes of it: her number may be another tomorrow.
digest128 body_of(const short_key& key, const message_request& what) {
    std::string values;
    for (const auto& [name, written] : what.values) {
        values.append(name).push_back('\0');
        values.append(written).push_back('\0');
    }
    const char kind = static_cast<char>(what.of);
    return short_digest(key, "message body",
                        {what.member, what.to, what.text, what.template_id, values, {&kind, 1}});
}

} // namespace

/// Whom a message goes to.
struct messages::addressee {
    std::shared_ptr<const members::member_facts> facts = nullptr; ///< null: a number of nobody's
    std::optional<members::written_language> language = {};
    std::optional<address> to = {};
};

task<result<outcome_or_refusal<messages::addressee>>>
messages::to_member(std::shared_ptr<const organisation> of, access::machine_account by,
                    std::string member, sms::message_class message_is) {
    auto facts = co_await ports_.ledger.facts(member);
    if (!facts) {
        if (facts.error() == errc::not_found) {
            co_return refused{refusal::unknown_member, "member"};
        }
        co_return facts.error();
    }
    const auto covered = co_await scope_.covers(std::move(by.office_code), *facts);
    if (!covered.has_value()) {
        co_return covered.error();
    }
    if (!*covered) {
        co_return refused{refusal::outside_of_scope, "member"};
    }
    access::member_ref who{of->code, std::move(member)};
    const auto record = co_await ports_.registry.find(std::move(who));
    if (!record) {
        co_return record.error();
    }
    if (!is_exempt(message_is) && !access::takes_messages(*record, (*facts)->who)) {
        co_return refused{refusal::opted_out, "member"};
    }
    const auto number = access::number_to_write_to(*record, (*facts)->who, ports_.time.now());
    const auto to = number ? numbering{}.parse(*number) : result<address>{errc::not_found};
    if (!to) {
        co_return refused{refusal::no_number, "member"};
    }
    co_return addressee{std::move(*facts), record->language, *to};
}

task<result<outcome_or_refusal<messages::addressee>>> messages::to_number(std::string written) {
    auto to = numbering{}.parse(written);
    if (!to) {
        co_return refused{refusal::invalid_number, "to"};
    }
    const auto members = co_await ports_.ledger.members_of(*to);
    if (!members) {
        co_return members.error();
    }
    if (!members->empty()) {
        co_return refused{refusal::number_of_member, "to"};
    }
    co_return addressee{nullptr, {}, std::move(*to)};
}

namespace {

/// The words, or why there are none.
outcome_or_refusal<std::string> words_of(const organisation& of, const message_request& what,
                                         std::optional<texts::rendering> hers) {
    std::string text = texts::message_form(what.text);
    auto in = rendering_of(text);
    if (!what.template_id.empty()) {
        in = hers.value_or(texts::rendering::bn);
        auto filled = fill_text(of, what.template_id, what.values, in);
        if (filled.fault != text_fault::none) {
            return filled.fault == text_fault::no_such_text
                       ? refused{refusal::unknown_template, "template"}
                       : refused{refusal::values_do_not_fit, "values"};
        }
        text = std::move(filled.text);
    }
    if (sms::asks_for_reply(text)) {
        return refused{refusal::asks_for_reply, "text"};
    }
    text = signed_text(of, std::move(text), in);
    texts::sms_form form;
    form.parts_max = machine_parts_max;
    const auto plan = texts::plan_sms(text, form);
    if (!plan) {
        return plan.error() == errc::too_large ? refused{refusal::text_too_long, "text"}
                                               : refused{refusal::unreadable_text, "text"};
    }
    return text;
}

} // namespace

task<result<outcome_or_refusal<std::uint64_t>>>
messages::accept(std::shared_ptr<const organisation> of, access::machine_account by,
                 message_request what) {
    auto finding =
        what.member.empty() ? to_number(what.to) : to_member(of, by, what.member, what.of);
    auto found = co_await std::move(finding);
    if (!found) {
        co_return found.error();
    }
    if (const auto* no = std::get_if<refused>(&*found)) {
        co_return *no;
    }
    auto& whom = std::get<addressee>(*found);
    std::optional<texts::rendering> hers;
    if (whom.facts) {
        hers = rendering_for(*of, whom.language, whom.facts->who);
    }
    auto words = words_of(*of, what, hers);
    if (const auto* no = std::get_if<refused>(&words)) {
        co_return *no;
    }
    const auto now = ports_.time.now();
    std::vector<sms::new_message> batch;
    batch.push_back({.organisation = by.organisation,
                     .idempotency_key = what.idempotency_key,
                     .body = body_of(ports_.key, what),
                     .of = what.of,
                     .member_code = what.member,
                     .office_code = whom.facts ? whom.facts->who.office_code : by.office_code,
                     .to = std::move(*whom.to),
                     .text = std::move(std::get<std::string>(words)),
                     .due_at = now,
                     .valid_until = now + sms::rules_of(what.of).validity});
    const auto accepted = co_await ports_.outbox.accept(std::move(batch), now);
    if (!accepted) {
        co_return accepted.error();
    }
    const auto& outcome = accepted->front();
    if (outcome.kind == sms::accept_kind::conflict) {
        co_return refused{refusal::key_reused, "idempotency_key"};
    }
    if (outcome.kind == sms::accept_kind::created) {
        ports_.wake();
    }
    co_return outcome.id;
}

task<result<outcome_or_refusal<sms::message_record>>> messages::find(access::machine_account by,
                                                                     std::uint64_t id) {
    auto found = co_await ports_.outbox.find(by.organisation, id);
    if (!found) {
        if (found.error() == errc::not_found) {
            co_return refused{refusal::unknown_message};
        }
        co_return found.error();
    }
    if (!found->member_code.empty()) {
        const auto facts = co_await ports_.ledger.facts(found->member_code);
        if (!facts && facts.error() != errc::not_found) {
            co_return facts.error();
        }
        if (facts) {
            const auto covered = co_await scope_.covers(std::move(by.office_code), *facts);
            if (!covered.has_value()) {
                co_return covered.error();
            }
            if (!*covered) {
                co_return refused{refusal::unknown_message};
            }
        }
    }
    co_return std::move(*found);
}

} // namespace uthan::service
