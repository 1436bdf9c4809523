#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

// Everything that can go wrong and is expected to: returned, never thrown. Exceptions are for
// start-up, configuration and migrations.
namespace uthan {

enum class errc {
    // Input: whoever sent it must change it.
    malformed = 1,  ///< not in the form that its format demands
    missing_field,  ///< a required field is absent
    invalid_msisdn, ///< not a subscriber number under the numbering rules
    too_large,      ///< above a documented limit
    invalid_utf8,   ///< not UTF-8
    refused_source, ///< the sender may not call this
    // State: the request is fine, the world is not as it assumes.
    not_found,      ///< nothing has this key
    stale_version,  ///< somebody else changed it first
    newer_database, ///< written by a newer version of the program
    outdated_file,  ///< of an older version, which this one does not read: make it again
    already_owned,  ///< another process owns it
    // Capacity: try again later.
    queue_full, ///< a bounded queue is at its limit
    // Dependency: something that we need does not answer.
    session_store_unavailable,
    store_unavailable, ///< a SQLite file cannot be read or written (busy, full disk, corrupt)
    deadline_exceeded,
    // Internal.
    corrupt, ///< our own stored bytes do not decode
};

const boost::system::error_category& error_category() noexcept;

inline boost::system::error_code make_error_code(errc e) noexcept {
    return {static_cast<int>(e), error_category()};
}

template <class T>
using result = boost::system::result<T>;
using boost::system::error_code;

} // namespace uthan

template <>
struct boost::system::is_error_code_enum<uthan::errc> : std::true_type {};
