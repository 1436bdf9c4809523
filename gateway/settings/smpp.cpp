#include "gateway/settings/smpp.hpp"

#include "texts/sender_id.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace uthan::gateway {
namespace {

namespace smpp = adapters::smpp;

constexpr std::pair<std::string_view, smpp_binds> binds[] = {
    {"transceiver", smpp_binds::transceiver}, {"pair", smpp_binds::pair}};
constexpr std::pair<std::string_view, texts::concatenation> concatenations[] = {
    {"udh8", texts::concatenation::udh8},
    {"udh16", texts::concatenation::udh16},
    {"sar", texts::concatenation::sar},
    {"payload", texts::concatenation::payload}};
constexpr std::pair<std::string_view, sms::channel_receipts> receipts[] = {
    {"full", sms::channel_receipts::full},
    {"submit_only", sms::channel_receipts::submit_only},
    {"none", sms::channel_receipts::none}};
constexpr std::pair<std::string_view, smpp::receipt_marks> marks[] = {
    {"standard", smpp::receipt_marks::standard},
    {"also_by_text", smpp::receipt_marks::also_by_text}};
constexpr std::pair<std::string_view, smpp::ussd_session_key> session_keys[] = {
    {"its_session_info", smpp::ussd_session_key::its_session_info},
    {"session_number", smpp::ussd_session_key::session_number},
    {"user_message_reference", smpp::ussd_session_key::user_message_reference},
    {"subscriber", smpp::ussd_session_key::subscriber}};
constexpr std::pair<std::string_view, smpp::ussd_code_place> code_places[] = {
    {"short_message", smpp::ussd_code_place::short_message},
    {"destination", smpp::ussd_code_place::destination},
    {"both", smpp::ussd_code_place::both}};
constexpr std::pair<std::string_view, smpp::ussd_screen_pdu> screen_pdus[] = {
    {"submit_sm", smpp::ussd_screen_pdu::submit_sm}, {"data_sm", smpp::ussd_screen_pdu::data_sm}};
constexpr std::pair<std::string_view, smpp::ussd_acknowledgement> acknowledgements[] = {
    {"first", smpp::ussd_acknowledgement::first},
    {"after_screen", smpp::ussd_acknowledgement::after_screen}};
constexpr std::pair<std::string_view, texts::user_data_coding> codings[] = {
    {"gsm7", texts::user_data_coding::gsm7},
    {"ascii", texts::user_data_coding::ascii},
    {"latin1", texts::user_data_coding::latin1}};

template <class Value, std::size_t N>
std::string_view word_of(Value value, const std::pair<std::string_view, Value> (&words)[N]) {
    const auto* found = std::ranges::find(words, value, [](const auto& one) { return one.second; });
    return found->first;
}

void read_octet(toml_reader& from, std::string_view key, std::uint8_t& target) {
    std::uint32_t value = 0;
    if (from.number(key, value, 0, 255)) {
        target = static_cast<std::uint8_t>(value);
    }
}

void read_seconds(toml_reader& from, std::string_view key, std::chrono::milliseconds& target,
                  std::uint32_t most) {
    std::uint32_t seconds = 0;
    if (from.number(key, seconds, 1, most)) {
        target = std::chrono::seconds{seconds};
    }
}

void read_short(toml_reader& from, std::string_view key, std::string& target, std::size_t most) {
    if (from.text(key, target) && target.size() > most) {
        from.complain(key, fmt::format("may have {} characters", most));
    }
}

void read_session(toml_reader& from, smpp_link_settings& link) {
    auto& session = link.session;
    std::uint32_t value = 0;
    from.text("host", link.host);
    if (from.number("port", value, 1, 65535)) {
        link.port = static_cast<std::uint16_t>(value);
    }
    from.flag("tls", link.tls);
    read_short(from, "system_id", session.system_id, 15);
    read_short(from, "system_type", session.system_type, 12);
    read_short(from, "account", link.account, 64);
    from.word("bind", link.binds, binds);
    from.number("connections", link.connections, 1, smpp_connections_max);
    if (from.number("window", value, 1, 10'000)) {
        session.window = value;
    }
    read_seconds(from, "enquire_link_seconds", session.idle, 3600);
    read_seconds(from, "response_timeout_seconds", session.response_timeout, 600);
    if (session.password.size() > 8) {
        from.complain("password", "may have 8 characters (SMPP 3.4, 4.1.1)");
    }
}

void read_statuses(toml_reader& from, smpp_link_settings& link) {
    constexpr std::pair<std::string_view, smpp::status_class> lists[] = {
        {"throttle_statuses", smpp::status_class::throttle},
        {"temporary_statuses", smpp::status_class::temporary},
        {"permanent_statuses", smpp::status_class::permanent},
        {"no_money_statuses", smpp::status_class::no_money}};
    std::vector<std::pair<std::uint32_t, smpp::status_class>> exceptions;
    for (const auto& [key, is] : lists) {
        std::vector<unsigned> statuses;
        from.numbers(key, statuses, 1, 0x7FFF'FFFF);
        for (const auto one : statuses) {
            exceptions.emplace_back(one, is);
        }
    }
    link.classes = smpp::status_classes{std::move(exceptions)};
}

/// A brand may be a name; a number is a short code unless its type is said.
void read_sender(toml_reader& from, smpp::text_terms& text) {
    const bool is_said = from.text("sender", text.sender);
    const bool is_number = text.sender.find_first_not_of("0123456789") == std::string::npos;
    if (is_said && is_number) {
        text.sender_ton = text.sender.size() > 8 ? 1 : 3;
        text.sender_npi = text.sender.size() > 8 ? 1 : 0;
    }
    const auto fault = texts::sender_id_fault(text.sender);
    if (is_said && (text.sender.empty() || (!is_number && !fault.empty()))) {
        from.complain("sender", text.sender.empty() ? "is empty" : std::string{fault});
    }
    read_octet(from, "sender_ton", text.sender_ton);
    read_octet(from, "sender_npi", text.sender_npi);
}

void read_text(toml_reader& from, smpp_link_settings& link, sms::channel_terms& terms) {
    auto& text = link.text;
    read_sender(from, text);
    read_short(from, "service_type", text.service_type, 5);
    read_octet(from, "number_ton", text.number_ton);
    read_octet(from, "number_npi", text.number_npi);
    read_octet(from, "seven_bit_coding", text.seven_bit_coding);
    read_octet(from, "ucs2_coding", text.ucs2_coding);
    from.flag("says_validity", text.says_validity);
    from.word("seven_bit", link.seven_bit, codings);
    from.word("receipt_marks", link.marks, marks);
    from.word("receipts", terms.receipts, receipts);
    text.asks_receipt = terms.receipts == sms::channel_receipts::full;
    from.word("concatenation", terms.form.joined_by, concatenations);
    from.flag("bengali_shift", terms.form.bengali_shift);
    from.flag("smart_replacement", terms.form.smart_replacement);
    std::uint32_t parts = terms.form.parts_max;
    from.number("parts_max", parts, 1, sms::parts_per_message_max);
    terms.form.parts_max = static_cast<std::uint8_t>(parts);
    text.form = terms.form;
    from.flag("carries_ucs2", terms.carries_ucs2);
    from.flag("two_way", terms.two_way);
    from.amount("price_per_segment", terms.price_per_segment);
}

void read_operations(toml_reader& from, std::string_view key, std::vector<std::uint8_t>& target) {
    std::vector<unsigned> values;
    if (from.numbers(key, values, 0, 255)) {
        target.assign(values.begin(), values.end());
    }
}

/// An operation has one meaning.
void check_operations(toml_reader& from, const smpp::ussd_description& as) {
    std::vector<std::uint8_t> all;
    for (const auto* const list : {&as.begin_ops, &as.input_ops, &as.end_ops}) {
        all.insert(all.end(), list->begin(), list->end());
    }
    std::ranges::sort(all);
    if (std::ranges::adjacent_find(all) != all.end()) {
        from.complain("begin_ops", "has a value that stands in input_ops or end_ops too, or twice");
    }
    if (as.final_op == as.continue_op && !as.end_bit) {
        from.complain("final_op",
                      "is continue_op, and without end_bit nothing tells the last screen");
    }
}

smpp::ussd_description read_ussd_table(toml_reader from) {
    smpp::ussd_description as;
    from.word("session_key", as.key, session_keys);
    from.word("code_in", as.code, code_places);
    read_operations(from, "begin_ops", as.begin_ops);
    read_operations(from, "input_ops", as.input_ops);
    read_operations(from, "end_ops", as.end_ops);
    read_octet(from, "continue_op", as.continue_op);
    read_octet(from, "final_op", as.final_op);
    from.flag("end_bit", as.end_bit);
    read_octet(from, "seven_bit_coding", as.seven_bit_coding);
    read_octet(from, "ucs2_coding", as.ucs2_coding);
    from.word("seven_bit", as.seven_bit, codings);
    std::uint32_t reply_type = 0;
    if (from.number("its_reply_type", reply_type, 0, 255)) {
        as.its_reply_type = static_cast<std::uint8_t>(reply_type);
    }
    read_short(from, "service_type", as.service_type, 5);
    from.word("screen_pdu", as.screen_pdu, screen_pdus);
    from.word("acknowledge", as.acknowledgement, acknowledgements);
    check_operations(from, as);
    from.finish();
    return as;
}

void read_ussd(toml_reader& from, channel_settings& channel, smpp_link_settings& link) {
    const auto* const table = from.table("ussd");
    if (table == nullptr) {
        return;
    }
    link.ussd = read_ussd_table(from.inside(*table, "[channels.ussd]"));
    if (channel.service_codes.empty()) {
        from.complain("service_codes", "is needed where a channel has [channels.ussd]");
    }
    std::uint32_t seconds = 0;
    if (from.number("push_budget_seconds", seconds, 1, 60)) {
        channel.push_budget = std::chrono::seconds{seconds};
    }
}

std::string texts_to_string(const smpp_link_settings& link, const sms::channel_terms& terms) {
    const auto& text = link.text;
    return fmt::format(
        "sender = \"{}\"\nsender_ton = {}\nsender_npi = {}\nnumber_ton = {}\nnumber_npi = {}\n"
        "service_type = \"{}\"\nseven_bit_coding = {}\nucs2_coding = {}\nsays_validity = {}\n"
        "seven_bit = \"{}\"\nreceipt_marks = \"{}\"\nreceipts = \"{}\"\nconcatenation = \"{}\"\n"
        "bengali_shift = {}\nsmart_replacement = {}\nparts_max = {}\ncarries_ucs2 = {}\n"
        "two_way = {}\nprice_per_segment = \"{}.{:02}\"\n",
        text.sender, text.sender_ton, text.sender_npi, text.number_ton, text.number_npi,
        text.service_type, text.seven_bit_coding, text.ucs2_coding, text.says_validity,
        word_of(link.seven_bit, codings), word_of(link.marks, marks),
        word_of(terms.receipts, receipts), word_of(terms.form.joined_by, concatenations),
        terms.form.bengali_shift, terms.form.smart_replacement, terms.form.parts_max,
        terms.carries_ucs2, terms.two_way, terms.price_per_segment.poisha / 100,
        terms.price_per_segment.poisha % 100);
}

std::string ussd_to_string(const smpp::ussd_description& as) {
    const auto reply_type =
        as.its_reply_type ? fmt::format("its_reply_type = {}\n", *as.its_reply_type) : "";
    return fmt::format("[channels.ussd]\nsession_key = \"{}\"\ncode_in = \"{}\"\nbegin_ops = [{}]\n"
                       "input_ops = [{}]\nend_ops = [{}]\ncontinue_op = {}\nfinal_op = {}\n"
                       "end_bit = {}\nseven_bit_coding = {}\nucs2_coding = {}\nseven_bit = \"{}\"\n"
                       "{}service_type = \"{}\"\nscreen_pdu = \"{}\"\nacknowledge = \"{}\"\n",
                       word_of(as.key, session_keys), word_of(as.code, code_places),
                       fmt::join(as.begin_ops, ", "), fmt::join(as.input_ops, ", "),
                       fmt::join(as.end_ops, ", "), as.continue_op, as.final_op, as.end_bit,
                       as.seven_bit_coding, as.ucs2_coding, word_of(as.seven_bit, codings),
                       reply_type, as.service_type, word_of(as.screen_pdu, screen_pdus),
                       word_of(as.acknowledgement, acknowledgements));
}

} // namespace

void read_smpp(toml_reader& from, channel_settings& channel, std::string password) {
    smpp_link_settings link;
    sms::channel_terms terms;
    link.session.password = std::move(password);
    read_session(from, link);
    read_text(from, link, terms);
    read_statuses(from, link);
    read_ussd(from, channel, link);
    link.carries_texts = from.has("sender");
    if (!from.has("ussd")) {
        from.require("sender");
    }
    link.channel = channel.name;
    if (link.account.empty()) {
        link.account = channel.name;
    }
    terms.name = channel.name;
    terms.network_operator = channel.network_operator;
    terms.tps = channel.tps;
    if (link.carries_texts) {
        channel.texts = std::move(terms);
    }
    channel.link = std::move(link);
}

std::string smpp_to_string(const channel_settings& channel) {
    const auto& link = std::get<smpp_link_settings>(channel.link);
    auto out = fmt::format(
        "host = \"{}\"\nport = {}\ntls = {}\nsystem_id = \"{}\"\n"
        "system_type = \"{}\"\naccount = \"{}\"\nbind = \"{}\"\nconnections = {}\nwindow = {}\n"
        "enquire_link_seconds = {}\nresponse_timeout_seconds = {}\n",
        link.host, link.port, link.tls, link.session.system_id, link.session.system_type,
        link.account, word_of(link.binds, binds), link.connections, link.session.window,
        link.session.idle.count() / 1000, link.session.response_timeout.count() / 1000);
    if (channel.texts) {
        out += texts_to_string(link, *channel.texts);
    }
    if (link.ussd) {
        out += fmt::format("push_budget_seconds = {}\n", channel.push_budget.count() / 1000);
        out += ussd_to_string(*link.ussd);
    }
    return out;
}

} // namespace uthan::gateway
