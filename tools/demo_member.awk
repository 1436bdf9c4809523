# Chooses a member of a demo delivery whose screens are easy to foretell, and says what they must
# show. Reads the delivery's files in the order of tools/demo.sh; prints one line, tab-separated:
#   member_code msisdn instalment savings payments place left, each figure as "latin=bangla",
#   several possible figures joined by "|".
# Variables: used = a file of member codes that were dialled before; as_of = the delivery's day.

function fields(line, out,    n, i, c, cell, quoted) {
    if (index(line, "\"") == 0) return split(line, out, ",")
    n = 1; cell = ""; quoted = 0
    for (i = 1; i <= length(line); ++i) {
        c = substr(line, i, 1)
        if (quoted) {
            if (c != "\"") cell = cell c
            else if (substr(line, i + 1, 1) == "\"") { cell = cell c; ++i }
            else quoted = 0
        } else if (c == "\"") quoted = 1
        else if (c == ",") { out[n++] = cell; cell = "" }
        else cell = cell c
    }
    out[n] = cell
    return n
}

# Taka with lakh grouping, without poisha when there are none: 125000.50 -> 1,25,000.50
function grouped(amount,    point, whole, decimals, text) {
    point = index(amount, ".")
    whole = point ? substr(amount, 1, point - 1) : amount
    decimals = point ? substr(amount "00", point, 3) : ""
    if (decimals == ".00" || decimals == ".000") decimals = ""
    text = whole
    if (length(whole) > 3) {
        text = substr(whole, length(whole) - 2)
        whole = substr(whole, 1, length(whole) - 3)
        while (length(whole) > 2) {
            text = substr(whole, length(whole) - 1) "," text
            whole = substr(whole, 1, length(whole) - 2)
        }
        text = whole "," text
    }
    return text decimals
}

function bangla(text,    i) {
    for (i = 0; i <= 9; ++i) gsub(i, digit[i], text)
    return text
}

function figure(amount,    text) { text = grouped(amount); return text "=" bangla(text) }

BEGIN {
    split("০ ১ ২ ৩ ৪ ৫ ৬ ৭ ৮ ৯", shapes, " ")
    for (i = 0; i <= 9; ++i) digit[i] = shapes[i + 1]
    while ((getline code < used) > 0) dialled[code] = 1
}

{ sub(/\r$/, "") }

FNR == 1 {
    file = FILENAME; sub(/.*\//, "", file)
    for (name in at) delete at[name]
    count = fields($0, header)
    for (i = 1; i <= count; ++i) at[header[i]] = i
    next
}

{ fields($0, row) }

file == "groups.csv" {
    if (row[at["meeting_dow"]] != "") place[row[at["group_code"]]] = row[at["meeting_place_bn"]]
}
file == "members.csv" {
    phone = row[at["msisdn"]]; code = row[at["member_code"]]
    if (phone != "") ++holders[phone]
    branches[row[at["branch_code"]]] = 1; branch_of[code] = row[at["branch_code"]]
    if (row[at["status"]] == "active" && row[at["language"]] == "bn" && phone != "" &&
        (row[at["group_code"]] in place) && !(code in dialled)) {
        msisdn[code] = phone; group_of[code] = row[at["group_code"]]; order[++members] = code
    }
}
file == "loans.csv" {
    code = row[at["member_code"]]
    if (!(code in msisdn)) next
    ++all_loans[code]
    if (row[at["status"]] == "active" && row[at["overdue_amount"]] + 0 == 0 &&
        row[at["as_of"]] == as_of) {
        ++loans[code]; borrower[row[at["loan_no"]]] = code
        left[code] = row[at["outstanding_total"]]
    }
}
file == "holidays.csv" { holiday[row[at["date"]]] = 1 }
file == "moratoria.csv" {
    ++pauses; from[pauses] = row[at["from"]]; to[pauses] = row[at["to"]]
    scope[pauses] = row[at["scope_code"]]
}
file == "schedule.csv" {
    loan = row[at["loan_no"]]
    if (!(loan in borrower)) next
    code = borrower[loan]; due = row[at["due_on"]]
    if (row[at["paid"]] + 0 < row[at["total_due"]] + 0) {
        # An unpaid row in the past, or one paid in part: not an easy member.
        if (due < as_of || (row[at["paid"]] + 0 > 0)) hard[code] = 1
        if (!(code in due_on) || due < due_on[code]) {
            due_on[code] = due; instalment[code] = row[at["total_due"]]
        }
    } else if (due > as_of) hard[code] = 1
}
file == "savings_accounts.csv" {
    code = row[at["member_code"]]
    if ((code in msisdn) && row[at["status"]] == "active") {
        ++accounts[code]; savings[code] += row[at["balance"]] + 0
    }
}
file == "transactions.csv" {
    code = row[at["member_code"]]
    if (!(code in msisdn)) next
    kind = row[at["kind"]]; day = row[at["txn_on"]]
    if (kind == "reversal" || kind == "adjust") hard[code] = 1
    if (kind == "loan_repay" || kind == "sav_deposit") {
        if (day > newest[code]) { newest[code] = day; payments[code] = "" }
        if (day == newest[code])
            payments[code] = payments[code] (payments[code] == "" ? "" : "|") figure(row[at["amount"]])
    }
}

END {
    for (i = 1; i <= members; ++i) {
        code = order[i]
        if (holders[msisdn[code]] != 1 || all_loans[code] != 1 || loans[code] != 1) continue
        if ((code in hard) || !(code in due_on) || !(code in payments) || accounts[code] < 1) continue
        if (due_on[code] <= as_of || (due_on[code] in holiday) || savings[code] <= 0) continue
        paused = 0
        # A pause of another branch is not hers; one of a larger area may be.
        for (k = 1; k <= pauses; ++k)
            if (due_on[code] >= from[k] && due_on[code] <= to[k] &&
                (scope[k] == branch_of[code] || !(scope[k] in branches))) paused = 1
        if (paused) continue
        total = sprintf("%.2f", savings[code])
        split(place[group_of[code]], words, " ")
        print code "\t" msisdn[code] "\t" figure(instalment[code]) "\t" figure(total) "\t" \
            payments[code] "\t" words[1] "\t" figure(left[code])
        exit 0
    }
    exit 1
}
