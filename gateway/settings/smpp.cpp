#include "gateway/settings/smpp.hpp"

#include "texts/sender_id.hpp"

#include <fmt/format.h>

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

} // namespace

void read_smpp(toml_reader& from, channel_settings& channel, std::string password) {
    smpp_link_settings link;
    sms::channel_terms terms;
    link.session.password = std::move(password);
    read_session(from, link);
    read_text(from, link, terms);
    read_statuses(from, link);
    link.channel = channel.name;
    if (link.account.empty()) {
        link.account = channel.name;
    }
    terms.name = channel.name;
    terms.network_operator = channel.network_operator;
    terms.tps = channel.tps;
    channel.link = std::move(link);
    channel.texts = std::move(terms);
}

std::string smpp_to_string(const channel_settings& channel) {
    const auto& link = std::get<smpp_link_settings>(channel.link);
    const auto& terms = *channel.texts;
    const auto& text = link.text;
    return fmt::format(
        "host = \"{}\"\nport = {}\ntls = {}\nsystem_id = \"{}\"\n"
        "system_type = \"{}\"\naccount = \"{}\"\nbind = \"{}\"\nconnections = {}\nwindow = {}\n"
        "enquire_link_seconds = {}\nresponse_timeout_seconds = {}\nsender = \"{}\"\n"
        "sender_ton = {}\nsender_npi = {}\nnumber_ton = {}\nnumber_npi = {}\n"
        "service_type = \"{}\"\nseven_bit_coding = {}\nucs2_coding = {}\nsays_validity = {}\n"
        "seven_bit = \"{}\"\nreceipt_marks = \"{}\"\nreceipts = \"{}\"\nconcatenation = \"{}\"\n"
        "bengali_shift = {}\nsmart_replacement = {}\nparts_max = {}\ncarries_ucs2 = {}\n"
        "two_way = {}\nprice_per_segment = \"{}.{:02}\"\n",
        link.host, link.port, link.tls, link.session.system_id, link.session.system_type,
        link.account, word_of(link.binds, binds), link.connections, link.session.window,
        link.session.idle.count() / 1000, link.session.response_timeout.count() / 1000, text.sender,
        text.sender_ton, text.sender_npi, text.number_ton, text.number_npi, text.service_type,
        text.seven_bit_coding, text.ucs2_coding, text.says_validity,
        word_of(link.seven_bit, codings), word_of(link.marks, marks),
        word_of(terms.receipts, receipts), word_of(terms.form.joined_by, concatenations),
        terms.form.bengali_shift, terms.form.smart_replacement, terms.form.parts_max,
        terms.carries_ucs2, terms.two_way, terms.price_per_segment.poisha / 100,
        terms.price_per_segment.poisha % 100);
}

} // namespace uthan::gateway
