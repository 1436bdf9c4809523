#include "core/error.hpp"

#include <string>

namespace uthan {
namespace {

const char* text_of(errc e) noexcept {
    switch (e) {
    case errc::malformed:
        return "malformed";
    case errc::missing_field:
        return "a required field is missing";
    case errc::invalid_msisdn:
        return "not a subscriber number";
    case errc::too_large:
        return "too large";
    case errc::invalid_utf8:
        return "not UTF-8";
    case errc::refused_source:
        return "refused source";
    case errc::not_found:
        return "not found";
    case errc::stale_version:
        return "changed by somebody else";
    case errc::newer_database:
        return "the database is newer than this program";
    case errc::outdated_file:
        return "the file is of an older version of this program: import the delivery again";
    case errc::already_owned:
        return "owned by another process";
    case errc::queue_full:
        return "the queue is full";
    case errc::session_store_unavailable:
        return "the session store does not answer";
    case errc::store_unavailable:
        return "the database does not answer";
    case errc::deadline_exceeded:
        return "deadline exceeded";
    case errc::corrupt:
        return "stored bytes do not decode";
    }
    return "unknown error";
}

class category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "uthan"; }
    std::string message(int value) const override { return text_of(static_cast<errc>(value)); }
};

} // namespace

const boost::system::error_category& error_category() noexcept {
    static const category instance;
    return instance;
}

} // namespace uthan
