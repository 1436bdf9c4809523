#pragma once

#include "adapters/smpp/pdu.hpp"

#include <concepts>
#include <type_traits>

// The layout of every body, once: the reader, the measure and the writer of codec.cpp all walk it.
// `on` has text(field, octets with the NUL), octet, counted (sm_length and its octets), parameters,
// destinations and failures.
namespace uthan::adapters::smpp {

template <class Pdu, class Kind>
concept of_kind = std::derived_from<std::remove_const_t<Pdu>, Kind>;

inline constexpr std::size_t service_type_max = 6;
inline constexpr std::size_t time_max = 17;
inline constexpr std::size_t message_id_max = 65;
inline constexpr std::size_t address_max = 21;
inline constexpr std::size_t long_address_max = 65; ///< of data_sm and alert_notification

template <class Fields, class Party>
void party_layout(Fields& on, Party& at, std::size_t limit) {
    on.octet(at.ton);
    on.octet(at.npi);
    on.text(at.address, limit);
}

/// From esm_class on, the same in submit_sm, deliver_sm and submit_multi.
template <class Fields, class Message>
void message_tail_layout(Fields& on, Message& of) {
    on.octet(of.esm_class);
    on.octet(of.protocol_id);
    on.octet(of.priority_flag);
    on.text(of.schedule_delivery_time, time_max);
    on.text(of.validity_period, time_max);
    on.octet(of.registered_delivery);
    on.octet(of.replace_if_present_flag);
    on.octet(of.data_coding);
    on.octet(of.sm_default_msg_id);
    on.counted(of.short_message);
    on.parameters(of.parameters);
}

template <class Fields, of_kind<bind_fields> Pdu>
void layout(Fields& on, Pdu& of) {
    on.text(of.system_id, 16);
    on.text(of.password, 9);
    on.text(of.system_type, 13);
    on.octet(of.interface_version);
    party_layout(on, of.addresses, 41);
}

template <class Fields, of_kind<bind_resp_fields> Pdu>
void layout(Fields& on, Pdu& of) {
    on.text(of.system_id, 16);
    on.parameters(of.parameters);
}

template <class Fields, of_kind<outbind> Pdu>
void layout(Fields& on, Pdu& of) {
    on.text(of.system_id, 16);
    on.text(of.password, 9);
}

template <class Fields, of_kind<message_fields> Pdu>
void layout(Fields& on, Pdu& of) {
    on.text(of.service_type, service_type_max);
    party_layout(on, of.source, address_max);
    party_layout(on, of.destination, address_max);
    message_tail_layout(on, of);
}

template <class Fields, of_kind<message_resp_fields> Pdu>
void layout(Fields& on, Pdu& of) {
    on.text(of.message_id, message_id_max);
    on.parameters(of.parameters);
}

template <class Fields, of_kind<data_sm> Pdu>
void layout(Fields& on, Pdu& of) {
    on.text(of.service_type, service_type_max);
    party_layout(on, of.source, long_address_max);
    party_layout(on, of.destination, long_address_max);
    on.octet(of.esm_class);
    on.octet(of.registered_delivery);
    on.octet(of.data_coding);
    on.parameters(of.parameters);
}

template <class Fields, of_kind<query_sm> Pdu>
void layout(Fields& on, Pdu& of) {
    on.text(of.message_id, message_id_max);
    party_layout(on, of.source, address_max);
}

template <class Fields, of_kind<query_sm_resp> Pdu>
void layout(Fields& on, Pdu& of) {
    on.text(of.message_id, message_id_max);
    on.text(of.final_date, time_max);
    on.octet(of.message_state);
    on.octet(of.error_code);
}

template <class Fields, of_kind<cancel_sm> Pdu>
void layout(Fields& on, Pdu& of) {
    on.text(of.service_type, service_type_max);
    on.text(of.message_id, message_id_max);
    party_layout(on, of.source, address_max);
    party_layout(on, of.destination, address_max);
}

template <class Fields, of_kind<replace_sm> Pdu>
void layout(Fields& on, Pdu& of) {
    on.text(of.message_id, message_id_max);
    party_layout(on, of.source, address_max);
    on.text(of.schedule_delivery_time, time_max);
    on.text(of.validity_period, time_max);
    on.octet(of.registered_delivery);
    on.octet(of.sm_default_msg_id);
    on.counted(of.short_message);
}

template <class Fields, of_kind<alert_notification> Pdu>
void layout(Fields& on, Pdu& of) {
    party_layout(on, of.source, long_address_max);
    party_layout(on, of.esme, long_address_max);
    on.parameters(of.parameters);
}

template <class Fields, of_kind<submit_multi> Pdu>
void layout(Fields& on, Pdu& of) {
    on.text(of.service_type, service_type_max);
    party_layout(on, of.source, address_max);
    on.destinations(of.destinations);
    message_tail_layout(on, of);
}

template <class Fields, of_kind<submit_multi_resp> Pdu>
void layout(Fields& on, Pdu& of) {
    on.text(of.message_id, message_id_max);
    on.failures(of.failed);
    on.parameters(of.parameters);
}

/// Of a header alone.
template <class Fields, class Pdu>
requires std::is_empty_v<std::remove_const_t<Pdu>>
void layout(Fields& /*on*/, Pdu& /*of*/) {}

} // namespace uthan::adapters::smpp
