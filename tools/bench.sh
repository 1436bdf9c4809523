#!/bin/bash
# tools/bench.sh [--record] [NAME…]: builds Release and prints every benchmark with its ratio to a peer or a
# ceiling that was measured in the same run; writes build/bench.json. docs/performance.md says how;
# --record puts the table there.
# UTHAN_BENCH_MEMBERS (1000000), UTHAN_BENCH_IMPORT_MEMBERS (50000), UTHAN_BENCH_SLIP_MEMBERS
# (200000), UTHAN_BENCH_QUEUED (20000), UTHAN_BENCH_RESTART_QUEUED (1000000), UTHAN_BENCH_ROUNDS (5)
# and UTHAN_BENCH_SECONDS (4) make it smaller for a trial.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8
source tools/packages.sh
source tools/processes.sh
source tools/bench_messages.sh

all_names=(ussd_hop ussd_hop_p99 pin_check serve_memory start_ready import_rows push_vs_reply
    pin_slips reload_hops smpp_durable api_accept smpp_vs_kannel smpp_codec queue_restart
    queue_restart_memory hop_during_drain keyword_match)
rounds=${UTHAN_BENCH_ROUNDS:-5}
seconds=${UTHAN_BENCH_SECONDS:-4}
members=${UTHAN_BENCH_MEMBERS:-1000000}
import_members=${UTHAN_BENCH_IMPORT_MEMBERS:-50000}
slip_members=${UTHAN_BENCH_SLIP_MEMBERS:-200000}
data=build/bench-data
port=18080
null_port=18090
push_port=18095
api_port=18081
admin=127.0.0.1:18082
pin=7294
pin_members=60000
rows=()

wanted() {
    local name
    for name in "${names[@]}"; do
        [ "$name" = "$1" ] && return 0
    done
    return 1
}

say() { echo "bench: $*" >&2; }

# median NUMBER…
median() {
    printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 } END {
        print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) }'
}

mean() { printf '%s\n' "$@" | awk '{ n += $1 } END { print n / NR }'; }

calc() { awk "BEGIN { printf \"%.6g\", $1 }"; }

# field NAME JSON: a number of bench_load's report.
field() { sed -nE 's/.*"'"$1"'":([-0-9.]+).*/\1/p' <<<"$2"; }

# add NAME VALUE UNIT AGAINST RATIO GOAL
add() {
    local met
    met=$(awk -v r="$5" -v g="$6" 'BEGIN { print (r >= g ? "true" : "false") }')
    rows+=("$(printf '{"name":"%s","value":%s,"unit":"%s","against":"%s","ratio":%s,"goal":%s,"met":%s}' \
        "$1" "$2" "$3" "$4" "$5" "$6" "$met")")
}

build() {
    say "building"
    mkdir -p build
    { cmake --preset bench && nice cmake --build build --target uthan bench_null bench_load bench_push bench_import bench_outbox \
        bench_sms bench_smsc bench_queue bench_codec bench_words; } \
        >build/bench-build.log 2>&1 || { tail -40 build/bench-build.log >&2; return 1; }
}

# organisation_with DIRECTORY LINES: the organisation's own file with another [pin] section.
organisation_with() {
    mkdir -p "$1"
    awk -v ours="$2" '
        /^\[/ { in_pin = /^\[pin\]/; if (in_pin) { print; print ours; seen = 1; next } }
        in_pin { next }
        { print }
        END { if (!seen) { print "[pin]"; print ours } }' \
        config/organisations/kmss.toml >"$1/kmss.toml"
}

make_configurations() {
    organisation_with "$data/organisations-open" 'tiers = []'
    organisation_with "$data/organisations-pin" "enrolment = \"self\"
tries_per_number_per_hour = 10000
tries_per_channel_per_hour = 10000000"
    sed 's/organisations-open/organisations-pin/' bench/uthan.toml >"$data/uthan-pin.toml"
}

# deliver SIZE DIRECTORY: makes the delivery once.
deliver() {
    [ -f "$2/made" ] && [ "$(cat "$2/made")" = "$1" ] && return 0
    say "making the files of $1 members"
    rm -rf "$2"
    build/uthan demo-data --organisation kmss --members "$1" --seed 7 --as-of 2026-11-21 \
        --out "$2/files" >/dev/null
    echo "$1" >"$2/made"
}

# The members of the hop benchmarks, imported once; each run starts from a copy of the gateway's
# database as the import left it.
make_members() {
    local made
    made=$(cat "$data/imported" 2>/dev/null || true)
    if [ "$made" != "$members" ]; then
        deliver "$members" "$data/members"
        rm -rf "$data/ledger" "$data"/gateway.db* "$data/imported"
        say "importing them"
        build/uthan import --config bench/uthan.toml --organisation kmss "$data/members/files" \
            >"$data/import.log" 2>&1 || { tail -20 "$data/import.log" >&2; return 1; }
        cp "$data/gateway.db" "$data/gateway.db.imported"
        awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; next }
            { phone = $at["msisdn"]; if (length(phone) != 13) next
              if (phone in holders) holders[phone] = 2
              else { holders[phone] = 1; order[++n] = phone }
              if ($at["status"] != "active") holders[phone] = 2 }
            END { for (i = 1; i <= n; ++i) if (holders[order[i]] == 1) print order[i] }' \
            "$data/members/files/members.csv" >"$data/phones"
        head -n "$pin_members" "$data/phones" >"$data/phones-pin"
        echo "$members" >"$data/imported"
    fi
    rm -f "$data"/gateway.db-*
    cp "$data/gateway.db.imported" "$data/gateway.db"
    say "$(wc -l <"$data/phones") numbers of one member each"
}

# start_gateway CONFIG: Redis and the gateway with all its threads on core 0.
start_gateway() {
    start_redis "$data" taskset -c 0
    redis_pid=$started_pid
    start_process "$data/serve.log" taskset -c 0 build/uthan serve --config "$1"
    serve_pid=$started_pid
    wait_ready "$serve_pid" "$admin" 60 || { tail -20 "$data/serve.log" >&2; return 1; }
}

stop_gateway() {
    stop_process "$serve_pid"
    stop_process "$redis_pid"
}

load() { taskset -c 1 build/bench/bench_load "$@"; }

# null_rate KEYS…: what the do-nothing server answers under the same load.
null_rate() {
    start_process "$data/null.log" taskset -c 0 build/bench/bench_null "$null_port"
    local pid=$started_pid report
    sleep 0.2
    report=$(load --port "$null_port" --phones "$data/phones" --seconds "$seconds" "$@")
    stop_process "$pid"
    field rate "$report"
}

# hop_rounds: in every round the do-nothing server and the gateway stand side by side on core 0 and
# are loaded in turn, second by second: what else the machine does meanwhile falls on both alike.
hop_rounds() {
    local round turn report half offset null_pid
    local ratios=() rates=() nulls=() p99s=() memory=()
    for ((round = 1; round <= rounds; ++round)); do
        start_gateway bench/uthan.toml
        start_process "$data/null.log" taskset -c 0 build/bench/bench_null "$null_port"
        null_pid=$started_pid
        offset=$((round * 150000))
        local null_hops=() hops=()
        for ((turn = 0; turn < seconds; ++turn)); do
            report=$(load --port "$null_port" --phones "$data/phones" --seconds 1 --warm-up 0.3)
            null_hops+=("$(field rate "$report")")
            report=$(load --port "$port" --phones "$data/phones" --seconds 1 --warm-up 0.3 \
                --start $((offset + turn * 15000)))
            hops+=("$(field rate "$report")")
        done
        stop_process "$null_pid"
        nulls+=("$(mean "${null_hops[@]}")") rates+=("$(mean "${hops[@]}")")
        ratios+=("$(calc "${rates[-1]} / ${nulls[-1]}")")
        half=$(calc "${rates[-1]} / 2")
        report=$(load --port "$port" --phones "$data/phones" --seconds "$seconds" --rate "$half" \
            --start $((offset + 75000)))
        memory+=("$(awk '/^Anonymous:/ { print $2 / 1024 }' "/proc/$serve_pid/smaps_rollup")")
        stop_gateway
        p99s+=("$(field p99_ms "$report")")
        say "round $round: null ${nulls[-1]} hops/s, gateway ${rates[-1]} hops/s, ${ratios[-1]};" \
            "at $half hops/s p50 $(field p50_ms "$report") ms, p99 ${p99s[-1]} ms;" \
            "${memory[-1]} MiB"
    done
    local p99 most
    p99=$(median "${p99s[@]}")
    most=$(printf '%s\n' "${memory[@]}" | sort -g | tail -1)
    wanted ussd_hop && add ussd_hop "$(median "${rates[@]}")" hops/s \
        "do-nothing Beast server, $(median "${nulls[@]}") hops/s" "$(median "${ratios[@]}")" 0.30
    wanted ussd_hop_p99 && add ussd_hop_p99 "$p99" ms "limit 10 ms at half the rate of ussd_hop" \
        "$(calc "10 / $p99")" 1
    wanted serve_memory && add serve_memory "$most" MiB "limit 100 MiB anonymous, $members members" \
        "$(calc "100 / $most")" 1
    return 0
}

pin_rounds() {
    local round null report ratios=() rates=() nulls=()
    local keys=(--keys "1,$pin")
    start_gateway "$data/uthan-pin.toml"
    say "setting $(wc -l <"$data/phones-pin") PINs"
    load --port "$port" --phones "$data/phones-pin" --keys "$pin,$pin" \
        --dialogues "$(wc -l <"$data/phones-pin")" >/dev/null
    stop_gateway
    for ((round = 1; round <= rounds; ++round)); do
        null=$(null_rate "${keys[@]}")
        start_gateway "$data/uthan-pin.toml"
        report=$(load --port "$port" --phones "$data/phones-pin" --seconds "$seconds" "${keys[@]}")
        stop_gateway
        nulls+=("$(calc "$null / 3")") rates+=("$(calc "$(field rate "$report") / 3")")
        ratios+=("$(calc "${rates[-1]} / ${nulls[-1]}")")
        say "round $round: null ${nulls[-1]} dialogues/s, gateway ${rates[-1]} PIN checks/s," \
            "p99 $(field p99_ms "$report") ms"
    done
    add pin_check "$(median "${rates[@]}")" checks/s \
        "do-nothing Beast server, $(median "${nulls[@]}") dialogues/s" "$(median "${ratios[@]}")" 0.05
}

start_rounds() {
    local round since times=() middle
    for ((round = 1; round <= rounds; ++round)); do
        start_redis "$data"
        redis_pid=$started_pid
        since=$(date +%s.%N)
        start_process "$data/serve.log" build/uthan serve --config bench/uthan.toml
        serve_pid=$started_pid
        times+=("$(build/bench/bench_load --port "$port" --phones "$data/phones" \
            --start $((round * 1000)) --first "$since")")
        stop_gateway
        say "round $round: first hop after ${times[-1]} s"
    done
    middle=$(median "${times[@]}")
    add start_ready "$middle" s "limit 0.5 s to the first answered hop, $members members" \
        "$(calc "0.5 / $middle")" 1
}

# Rows of all files over the time to published, against prepared inserts of the same rows.
import_rounds() {
    local round files=$data/import/files ratios=() rates=() plains=() count since took plain
    deliver "$import_members" "$data/import"
    count=$(sed -E 's/"rows"/\n&/g' "$files/manifest.json" |
        sed -nE 's/^"rows" *: *([0-9]+).*/\1/p' | awk '{ n += $1 } END { print n }')
    sed -e "s|$data/ledger/|$data/import/ledger/|; s|$data/gateway.db|$data/import/gateway.db|" \
        bench/uthan.toml >"$data/import/uthan.toml"
    for ((round = 1; round <= rounds; ++round)); do
        rm -rf "$data/import/ledger" "$data/import"/gateway.db* "$data/import/plain.db"*
        plain=$(build/bench/bench_import --files "$files" --out "$data/import/plain.db")
        since=$(date +%s.%N)
        build/uthan import --config "$data/import/uthan.toml" --organisation kmss "$files" \
            >"$data/import/log" 2>&1 || { tail -20 "$data/import/log" >&2; return 1; }
        took=$(calc "$(date +%s.%N) - $since")
        rates+=("$(calc "$count / $took")")
        plains+=("$(calc "$count / $(field seconds "$plain")")")
        ratios+=("$(calc "${rates[-1]} / ${plains[-1]}")")
        say "round $round: $count rows, import ${rates[-1]} rows/s, plain inserts ${plains[-1]} rows/s"
    done
    rm -rf "$data/import/ledger" "$data/import"/gateway.db* "$data/import/plain.db"*
    add import_rows "$(median "${rates[@]}")" rows/s \
        "prepared inserts, $(median "${plains[@]}") rows/s" "$(median "${ratios[@]}")" 0.40
}

# Hops of a link that pushes its screens against hops of one that answers with them: the same gateway,
# one after the other in each round.
push_rounds() {
    local round reply push ratios=() rates=() replies=()
    cat bench/uthan.toml - >"$data/uthan-push.toml" <<END

[[channels]]
name = "bd-kmss"
adapter = "bdapps"
organisation = "kmss"
service_codes = ["*213*77#"]
ussd_rendering = "en"
url = "http://127.0.0.1:$push_port"
application_id = "APP_000001"
password = "bench"
END
    for ((round = 1; round <= rounds; ++round)); do
        start_gateway "$data/uthan-push.toml"
        reply=$(field rate "$(load --port "$port" --phones "$data/phones" --seconds "$seconds" \
            --start $((round * 150000)))")
        push=$(field rate "$(taskset -c 1 build/bench/bench_push --port "$port" --listen "$push_port" \
            --phones "$data/phones" --seconds "$seconds" --start $((round * 150000 + 75000)))")
        stop_gateway
        replies+=("$reply") rates+=("$push") ratios+=("$(calc "$push / $reply")")
        say "round $round: replied $reply hops/s, pushed $push hops/s"
    done
    add push_vs_reply "$(median "${rates[@]}")" hops/s \
        "the same gateway's replies, $(median "${replies[@]}") hops/s" "$(median "${ratios[@]}")" 0.5
}

# One slip for every member of an organisation, once: stored, and the page on the disk.
slip_round() {
    local since took slips config=$data/slips/uthan.toml
    deliver "$slip_members" "$data/slips"
    sed -e "s|$data/ledger/|$data/slips/ledger/|; s|$data/gateway.db|$data/slips/gateway.db|" \
        -e "s|$data/organisations-open|config/organisations|; s|$data/pin.key|$data/slips/pin.key|" \
        bench/uthan.toml >"$config"
    rm -rf "$data/slips/ledger" "$data/slips"/gateway.db* "$data/slips"/slips.html*
    build/uthan import --config "$config" --organisation kmss "$data/slips/files" \
        >"$data/slips/log" 2>&1 || { tail -20 "$data/slips/log" >&2; return 1; }
    since=$(date +%s.%N)
    build/uthan pin issue --config "$config" --organisation kmss --office HO \
        --out "$data/slips/slips.html" >"$data/slips/log" 2>&1 ||
        { tail -20 "$data/slips/log" >&2; return 1; }
    took=$(calc "$(date +%s.%N) - $since")
    slips=$(sed -nE 's/^([0-9]+) slips.*/\1/p' "$data/slips/log")
    say "$slips slips in $took s"
    add pin_slips "$took" s "limit 60 s for 200,000 slips, $slips slips" \
        "$(calc "60 * $slips / 200000 / $took")" 1
    rm -rf "$data/slips/ledger" "$data/slips"/gateway.db* "$data/slips"/slips.html*
}

# Menus and texts are read again and again under load: every hop is answered as always.
reload_round() {
    local report wrong loading reloads
    start_gateway bench/uthan.toml
    load --port "$port" --phones "$data/phones" --seconds "$seconds" >"$data/reload.json" &
    loading=$!
    while kill -0 "$loading" 2>/dev/null; do
        kill -HUP "$serve_pid"
        sleep 0.1
    done
    wait "$loading" || true
    report=$(cat "$data/reload.json")
    reloads=$(curl -s "http://$admin/metrics" |
        sed -nE 's/^uthan_content_reloads_total\{outcome="done"\} ([0-9]+).*/\1/p')
    stop_gateway
    wrong=$(field wrong "$report")
    say "$reloads reloads, $(field hops "$report") hops, $wrong failed"
    add reload_hops "${wrong:-1}" "failed hops" "limit 0; $reloads reloads, $(field hops "$report") hops" \
        "$([ "${wrong:-1}" = 0 ] && [ "${reloads:-0}" -gt 0 ] && echo 1 || echo 0)" 1
}

# What reading a member's text message costs; in words of the same run: one hash lookup.
word_rounds() {
    local round report times=() lookups=()
    for ((round = 1; round <= rounds; ++round)); do
        report=$(build/bench/bench_words)
        times+=("$(field us "$report")") lookups+=("$(field lookup_us "$report")")
        say "round $round: ${times[-1]} µs a message, a hash lookup ${lookups[-1]} µs"
    done
    local value
    value=$(median "${times[@]}")
    add keyword_match "$value" µs "limit 5 µs a message; a hash lookup $(median "${lookups[@]}") µs" \
        "$(calc "5 / $value")" 1
}

table() {
    local row
    printf '%s, %s cores, Linux %s, %s; commit %s; %s members, import of %s, %s rounds of %s s\n\n' \
        "$(sed -nE 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" "$(nproc)" "$(uname -r)" \
        "$(g++ --version | head -1)" "$(git describe --always --dirty 2>/dev/null || echo unknown)" \
        "$members" "$import_members" "$rounds" "$seconds"
    echo "| name | value | unit | against | ratio | goal | met |"
    echo "|---|---|---|---|---|---|---|"
    for row in "${rows[@]}"; do
        sed -E 's/^\{"name":"([^"]*)","value":([^,]*),"unit":"([^"]*)","against":"([^"]*)",/| \1 | \2 | \3 | \4 | /
            s/"ratio":([^,]*),"goal":([^,]*),"met":(true|false)\}$/\1 | \2 | \3 |/
            s/ true \|$/ yes |/; s/ false \|$/ no |/' <<<"$row"
    done
}

write_json() {
    {
        echo '['
        printf '%s\n' "${rows[@]}" | sed '$!s/$/,/; s/^/  /'
        echo ']'
    } >build/bench.json
}

# The table replaces what stands between the marks of docs/performance.md.
record() {
    table >build/bench-table.md
    awk '/<!-- bench:begin -->/ { print; while ((getline line < "build/bench-table.md") > 0) print line; skip = 1 }
        /<!-- bench:end -->/ { skip = 0 }
        !skip { print }' docs/performance.md >build/performance.md
    cp build/performance.md docs/performance.md
}

recording=
if [ "${1:-}" = --record ]; then
    recording=1
    shift
fi
names=("$@")
[ ${#names[@]} -eq 0 ] && names=("${all_names[@]}")
for name in "${names[@]}"; do
    [[ " ${all_names[*]} " == *" $name "* ]] || { echo "no benchmark is called $name; there are: ${all_names[*]}" >&2; exit 2; }
done
trap stop_started EXIT
trap 'exit 130' INT TERM
install_packages "${build_packages[@]}" "${run_packages[@]}" "${bench_packages[@]}"
build
mkdir -p "$data"
make_configurations
# The build is over: whoever is running now will share the cores with what is measured.
busy=$(cut -d' ' -f4 /proc/loadavg)
[ "${busy%%/*}" -le 2 ] || say "other work is running on this machine; the figures will say so"
if wanted ussd_hop || wanted ussd_hop_p99 || wanted serve_memory || wanted pin_check || wanted start_ready || wanted push_vs_reply || wanted reload_hops || wanted api_accept || wanted hop_during_drain; then
    make_members
fi
if wanted ussd_hop || wanted ussd_hop_p99 || wanted serve_memory; then
    hop_rounds
fi
if wanted pin_check; then pin_rounds; fi
if wanted start_ready; then start_rounds; fi
if wanted import_rows; then import_rounds; fi
if wanted push_vs_reply; then push_rounds; fi
if wanted pin_slips; then slip_round; fi
if wanted reload_hops; then reload_round; fi
if wanted smpp_durable; then durable_rounds; fi
if wanted api_accept; then accept_rounds; fi
if wanted keyword_match; then word_rounds; fi
if wanted smpp_vs_kannel; then kannel_rounds; fi
if wanted smpp_codec; then codec_rounds; fi
if wanted queue_restart || wanted queue_restart_memory; then restart_rounds; fi
if wanted hop_during_drain; then drain_rounds; fi
write_json
table
if [ -n "$recording" ]; then record; fi
