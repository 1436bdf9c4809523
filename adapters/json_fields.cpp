#include "adapters/fields.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <cstdint>
#include <string>

namespace uthan::adapters {
namespace {

namespace json = boost::json;
using boost::system::error_code;

/// Receives the parser's events and keeps the values of objects. No tree is made, so a key that
/// comes twice is seen, which a tree would hide.
class collector {
public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    fields read;
    const char* fault = nullptr;

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }

    bool on_object_begin(error_code& ec) {
        const bool is_root = depth_ == 0;
        if (!is_root && !take({}, fields::kind::other, ec)) {
            return false;
        }
        ++depth_;
        prefix_ends_.push_back(prefix_.size());
        if (!is_root) {
            prefix_ += key_;
            prefix_ += '/';
        }
        return true;
    }
    bool on_object_end(std::size_t, error_code&) {
        --depth_;
        prefix_.resize(prefix_ends_.back());
        prefix_ends_.pop_back();
        return true;
    }
    bool on_array_begin(error_code& ec) {
        if (!take({}, fields::kind::other, ec)) {
            return false;
        }
        ++depth_;
        ++arrays_;
        return true;
    }
    bool on_array_end(std::size_t, error_code&) {
        --depth_;
        --arrays_;
        return true;
    }

    bool on_key_part(json::string_view part, std::size_t, error_code&) {
        part_.append(part.data(), part.size());
        return true;
    }
    bool on_key(json::string_view last, std::size_t, error_code&) {
        part_.append(last.data(), last.size());
        key_ = std::move(part_);
        part_.clear();
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, error_code&) {
        part_.append(part.data(), part.size());
        return true;
    }
    bool on_string(json::string_view last, std::size_t, error_code& ec) {
        part_.append(last.data(), last.size());
        auto value = std::move(part_);
        part_.clear();
        return take(std::move(value), fields::kind::text, ec);
    }

    bool on_number_part(json::string_view, error_code&) { return true; }
    bool on_int64(std::int64_t number, json::string_view, error_code& ec) {
        return take(std::to_string(number), fields::kind::text, ec);
    }
    bool on_uint64(std::uint64_t number, json::string_view, error_code& ec) {
        return take(std::to_string(number), fields::kind::text, ec);
    }
    bool on_double(double, json::string_view, error_code& ec) {
        return take({}, fields::kind::other, ec);
    }
    bool on_bool(bool value, error_code& ec) {
        return take(value ? "true" : "false", fields::kind::text, ec);
    }
    bool on_null(error_code& ec) { return take({}, fields::kind::none, ec); }

    bool on_comment_part(json::string_view, error_code&) { return true; }
    bool on_comment(json::string_view, error_code&) { return true; }

private:
    /// A value outside the root object makes the document none of ours; inside an array it is
    /// passed over.
    bool take(std::string value, fields::kind what, error_code& ec) {
        if (depth_ == 0) {
            return refuse("the body is not a JSON object", ec);
        }
        if (arrays_ != 0) {
            return true;
        }
        auto path = prefix_ + key_;
        if (read.find(path) != nullptr) {
            return refuse("a field comes twice", ec);
        }
        return read.add(std::move(path), std::move(value), what) || refuse("too many fields", ec);
    }

    bool refuse(const char* why, error_code& ec) {
        fault = why;
        ec = boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
        return false;
    }

    std::size_t depth_ = 0;
    std::size_t arrays_ = 0; ///< around the value, somewhere
    std::string prefix_;     ///< of the paths inside the innermost object
    std::vector<std::size_t> prefix_ends_;
    std::string key_;
    std::string part_; ///< of a key or string that comes in pieces
};

} // namespace

parsed<fields> read_json(std::string_view body) {
    if (body.size() > fields::body_bytes_max) {
        return rejection{"the body is too large"};
    }
    json::parse_options options;
    options.max_depth = fields::depth_max;
    json::basic_parser<collector> parser{options};
    error_code ec;
    const auto used = parser.write_some(false, body.data(), body.size(), ec);
    auto& seen = parser.handler();
    if (seen.fault != nullptr) {
        return rejection{seen.fault};
    }
    if (ec == json::error::too_deep) {
        return rejection{"the body is nested too deep"};
    }
    if (ec || used != body.size()) {
        return rejection{"the body is not JSON"};
    }
    return std::move(seen.read);
}

} // namespace uthan::adapters
