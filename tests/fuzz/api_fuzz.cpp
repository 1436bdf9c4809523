#include "core/assert.hpp"
#include "gateway/api/fields.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "texts/weight.hpp"

// The bodies that machines send to the API: a message, or a payment, as the first byte says.
namespace {

using namespace uthan;
using namespace uthan::gateway;

/// A refusal is one of the form's, whatever was sent.
void check(const http_response& no) {
    UTHAN_ASSERT(no.status == 400 || no.status == 422);
    UTHAN_ASSERT(no.body.size() < 2000);
}

void check(const service::message_request& what) {
    UTHAN_ASSERT(what.member.empty() != what.to.empty());
    UTHAN_ASSERT(what.text.empty() != what.template_id.empty());
    UTHAN_ASSERT(!what.idempotency_key.empty());
    UTHAN_ASSERT(texts::is_valid_utf8(what.text));
}

void check(const members::exchange::transaction_row& row) {
    UTHAN_ASSERT(!row.value.txn_id.empty() && !row.member_code.empty());
    UTHAN_ASSERT(texts::is_valid_utf8(row.value.txn_id));
    UTHAN_ASSERT(row.value.amount <= money_max && row.value.amount >= -money_max);
}

} // namespace

void uthan::fuzz_one(std::string_view input) {
    if (input.empty()) {
        return;
    }
    const char kind = input.front();
    input.remove_prefix(1);
    const auto look = [](const auto& read) { check(read); };
    if (kind == 'm') {
        std::visit(look, api::read_message(input));
    } else {
        std::visit(look, api::read_payment(input, "kmss"));
    }
}
