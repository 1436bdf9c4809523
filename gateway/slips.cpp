#include "gateway/slips.hpp"

#include "texts/forms.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <ostream>

namespace uthan::gateway {
namespace {

// Two columns on A4, printed on one side. Three panels: the name stays outside; the flap below is
// folded up over the PIN and stapled. What is printed on it lies on the PIN, so that held against
// the light it is not read.
constexpr std::string_view page_head = R"(<!doctype html>
<html lang="bn"><head><meta charset="utf-8"><title>PIN</title><style>
@page { size: A4; margin: 8mm }
body { font: 11pt/1.3 "Noto Sans Bengali", "Nirmala UI", sans-serif; margin: 0 }
section { break-before: page; display: grid; grid-template-columns: 1fr 1fr; gap: 0 }
section:first-of-type { break-before: auto }
h2 { grid-column: 1 / -1; font-size: 13pt; margin: 0 0 2mm }
article { border: 1px dashed #555; break-inside: avoid }
article div { box-sizing: border-box; padding: 1.5mm 3mm; overflow: hidden }
.outside { height: 17mm }
.outside b { font-size: 13pt }
.inside { height: 23mm; border-top: 1px dotted #999; font-size: 9.5pt }
.pin, .flap { font: 700 20pt/1.1 monospace; letter-spacing: .2em }
.flap { height: 23mm; border-top: 1px dotted #999; overflow-wrap: anywhere; color: #555; letter-spacing: 0 }
</style></head><body>
)";
/// No digits: none but hers may be taken for the PIN.
constexpr std::string_view flap_pattern = "▓▒▓▒▓▒▓▒▓▒▓▒▓▒▓▒▓▒▓▒"
                                          "▓▒▓▒▓▒▓▒▓▒▓▒▓▒▓▒▓▒▓▒"
                                          "▓▒▓▒▓▒▓▒▓▒▓▒▓▒▓▒▓▒▓▒";

std::string bangla(std::string_view ascii_digits) {
    return texts::with_bangla_digits(ascii_digits);
}

} // namespace

std::string html_escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out.push_back(c);
        }
    }
    return out;
}

void slip_sheet::begin() {
    out_ << page_head;
}

void slip_sheet::begin_group(const heading& of) {
    out_ << (group_open_ ? "</section>\n<section>" : "<section>");
    group_open_ = true;
    fmt::print(out_, "<h2>{}{}{}</h2>\n", html_escaped(of.office), of.group.empty() ? "" : " – ",
               html_escaped(of.group));
}

void slip_sheet::add(const slip& one) {
    fmt::print(out_,
               "<article><div class=\"outside\"><b>{}</b><br>{} · {} · শুধু সদস্য নিজে খুলবেন</div>"
               "<div class=\"inside\"><span class=\"pin\">{} {}</span><br>{} ডায়াল করুন, এই চার "
               "সংখ্যা দিন, তারপর নিজের নতুন পিন দিন। একবারই চলবে, {} দিন পর্যন্ত। কাউকে বলবেন না, "
               "মাঠকর্মীকেও না।</div><div class=\"flap\">{}</div></article>\n",
               html_escaped(one.member_name), html_escaped(what_.organisation),
               html_escaped(one.member_code), bangla(one.pin), one.pin,
               html_escaped(what_.service_code), bangla(std::to_string(what_.valid_days)),
               flap_pattern);
}

void slip_sheet::end() {
    out_ << (group_open_ ? "</section>\n</body></html>\n" : "</body></html>\n");
}

} // namespace uthan::gateway
