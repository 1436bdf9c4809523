#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

// Slips with one-time PINs as a page to print: cut along the lines, the flap folded up over the
// PIN, handed out group by group. In Bangla, for members; nothing but the browser's print dialogue
// is needed.
namespace uthan::gateway {

struct slip {
    std::string member_code;
    std::string member_name;
    std::string pin; ///< four ASCII digits
};

class slip_sheet {
public:
    struct heading {
        std::string office;
        std::string group; ///< empty: members without a group
    };
    struct kind {
        std::string organisation; ///< as members know it
        std::string service_code; ///< what to dial
        int valid_days = 30;
    };

    /// `out` must outlive this. Write errors are left in its state.
    slip_sheet(std::ostream& out, kind what) : out_(out), what_(std::move(what)) {}

    void begin();
    /// A new page for each group.
    void begin_group(const heading& of);
    void add(const slip& one);
    void end();

private:
    std::ostream& out_;
    kind what_;
    bool group_open_ = false;
};

/// '&', '<', '>' and quotes as HTML writes them.
std::string html_escaped(std::string_view text);

} // namespace uthan::gateway
