#pragma once

#include "access/requests.hpp"
#include "db/sqlite/prepared_connection.hpp"
#include "db/sqlite/writer.hpp"

namespace uthan::db::sqlite {

/// access::overdue_requests over the gateway database: it reads with its own connection and writes
/// through the shared writer, which must outlive it.
class overdue_queue final : public access::overdue_requests {
public:
    overdue_queue(writer& writing, connection reader)
        : writer_(writing), reader_(std::move(reader)) {}

    task<result<std::vector<members::request>>> find(std::string organisation, calendar_day today,
                                                     access::overdue_place after,
                                                     std::size_t count) override;
    task<result<std::uint64_t>> count(std::string organisation, calendar_day today) override;
    task<result<std::size_t>> move_up(std::string organisation,
                                      std::vector<access::risen_request> moved,
                                      instant now) override;

private:
    writer& writer_;
    prepared_connection reader_;
};

} // namespace uthan::db::sqlite
