#include "db/sqlite/payment_desk.hpp"

#include "db/sqlite/message_tables.hpp"

namespace uthan::db::sqlite {
namespace {

/// One posting in the writer's transaction.
struct posting_in_commit {
    using value_type = service::posting_outcome;

    service::payment_posting posting;

    result<service::posting_outcome> run(prepared_connection& db) {
        auto outcome = check_posting(db, posting);
        if (!outcome || outcome->kind != service::posting_kind::posted) {
            return outcome;
        }
        if (posting.receipt) {
            const auto accepted = accept_message(db, *posting.receipt, posting.at);
            if (!accepted) {
                return accepted.error();
            }
            // A key that stands for another text: somebody sent it before, by hand.
            outcome->message = accepted->kind == sms::accept_kind::conflict ? 0 : accepted->id;
        }
        if (const auto failed = insert_payment(db, posting, outcome->message)) {
            return failed;
        }
        if (const auto failed = bump_facts_version(db, posting.organisation, posting.member_code)) {
            return failed;
        }
        return outcome;
    }
};

} // namespace

task<result<service::posting_outcome>> payment_desk::post(service::payment_posting posting) {
    const auto organisation = posting.organisation;
    posting_in_commit work{std::move(posting)};
    auto outcome = co_await writer_.perform(std::move(work));
    if (outcome && outcome->kind == service::posting_kind::posted) {
        posted_(organisation);
    }
    co_return outcome;
}

} // namespace uthan::db::sqlite
