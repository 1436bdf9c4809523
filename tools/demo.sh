#!/bin/bash
# Builds the gateway, fills three demo organisations and dials each of them as a member would.
# Stays until Ctrl-C; with --once ends after the dialogues, 0 only if every screen was right.
# UTHAN_DEMO_PORT=9000 moves the ports 8080-8082 to 9000-9002; UTHAN_DEMO_MEMBERS=N sets the size.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8
source tools/packages.sh
source tools/processes.sh

once=
[ "${1:-}" = --once ] && once=1
port=${UTHAN_DEMO_PORT:-8080}
public=127.0.0.1:$port staff=127.0.0.1:$((port + 1)) admin=127.0.0.1:$((port + 2))
var=var/demo
config=config/demo/uthan.toml
organisations=(mss kmss rss)
declare -A size=([mss]=2000 [kmss]=1100 [rss]=2000)
declare -A dialled_phone=()
declare -A service_code=([mss]='*384*1#' [kmss]='*384*2#' [rss]='*384*3#')
pin=7294
screens_right=0 screens_wrong=0 screen=

build() {
    echo "Building (the first time this takes some minutes) …"
    mkdir -p build
    if ! { cmake --preset release && cmake --build build --target uthan; } >build/demo-build.log 2>&1; then
        tail -40 build/demo-build.log >&2
        return 1
    fi
}

# Made once for a day and a size; the same call again reuses it. Other sizes are other members, so
# what the gateway knew of the old ones goes with them.
make_organisations() {
    local code made wanted today
    today=$(TZ=Asia/Dhaka date +%F)
    mkdir -p "$var/import"
    for code in "${organisations[@]}"; do
        wanted=${UTHAN_DEMO_MEMBERS:-${size[$code]}}
        made=$(cat "$var/import/$code.made" 2>/dev/null || true)
        [ "$made" = "$today $wanted" ] && continue
        if [ -n "$made" ] && [ "${made#* }" != "$wanted" ]; then
            rm -rf "$var/ledger" "$var"/gateway.db* "$var/dialled"
        fi
        rm -rf "${var:?}/import/$code"
        build/uthan demo-data --organisation "$code" --members "$wanted" --seed 1 \
            --as-of "$today" --out "$var/import/$code"
        echo "$today $wanted" >"$var/import/$code.made"
    done
}

# Generations of an older form are not read: what was made from them goes with them.
forget_older_ledger() {
    local form
    form=$(sed -nE 's/^inline constexpr int generation_format = ([0-9]+);$/\1/p' db/sqlite/generation_schema.hpp)
    if [ -d "$var/ledger" ] && [ "$(cat "$var/ledger.form" 2>/dev/null || true)" != "$form" ]; then
        rm -rf "$var/ledger" "$var"/gateway.db* "$var/dialled"
    fi
    echo "$form" >"$var/ledger.form"
}

import_organisations() {
    local code
    for code in "${organisations[@]}"; do
        if ! build/uthan import --config "$config" --organisation "$code" "$var/import/$code" \
            >"$var/import/$code.log" 2>&1; then
            echo "The import of $code was refused:" >&2
            tail -20 "$var/import/$code.log" >&2
            return 1
        fi
        echo "$code: $(tail -1 "$var/import/$code.log")"
    done
}

# say PHONE SESSION SERVICE_CODE CHANNEL TEXT: one hop in Africa's Talking's form.
say() {
    curl -sS --max-time 5 "http://$public/channels/$4/ussd" \
        --data-urlencode "sessionId=$2" --data-urlencode "phoneNumber=+$1" \
        --data-urlencode "networkCode=47001" --data-urlencode "serviceCode=$3" \
        --data-urlencode "text=$5"
}

# shown WANTED: does the screen hold one of the alternatives "a|b"? A figure is "latin=bangla".
shown() {
    local alternative
    local IFS='|'
    for alternative in $1; do
        [[ $screen == *"${alternative%%=*}"* || $screen == *"${alternative#*=}"* ]] && return 0
    done
    return 1
}

# hop KEY VERB WANTED…: presses, prints the screen and checks it; leaves it in $screen. KEY "" dials.
hop() {
    local key=$1 verb=$2 verdict=right wanted
    shift 2
    [ -n "$key" ] && history=${history:+$history*}$key
    screen=$(say "$phone" "$session" "${service_code[$code]}" "at-$code" "$history") || true
    [[ $screen == "$verb "* ]] || verdict="WRONG: not a $verb screen"
    for wanted in "$@"; do
        shown "$wanted" || verdict="WRONG: without ${wanted//|/ or }"
    done
    if [ "$verdict" = right ]; then
        screens_right=$((screens_right + 1))
    else
        screens_wrong=$((screens_wrong + 1))
    fi
    local did="pressed $key"
    [ "$key" = "$pin" ] && did='pressed ••••'
    [ -z "$key" ] && did="dialled ${service_code[$code]}"
    printf '  ┌─ %s  %s\n' "$code" "$did"
    sed 's/^/  │ /' <<<"${screen#* }"
    printf '  └─ %s\n' "${screen%% *}, $verdict"
}

new_session() {
    session=ATUid_$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
    history=
}

dial_organisation() {
    code=$1
    local today chosen member instalment savings payments place left
    today=$(TZ=Asia/Dhaka date +%F)
    local in=$var/import/$code files=() name
    for name in groups members loans holidays moratoria schedule savings_accounts transactions; do
        [ -f "$in/$name.csv" ] && files+=("$in/$name.csv")
    done
    if ! chosen=$(awk -v used="$var/dialled" -v as_of="$today" -f tools/demo_member.awk "${files[@]}"); then
        echo "$code: no member is left who never dialled; remove $var/gateway.db and $var/dialled" >&2
        screens_wrong=$((screens_wrong + 1))
        return 0
    fi
    IFS=$'\t' read -r member phone instalment savings payments place left <<<"$chosen"
    echo "$member" >>"$var/dialled"
    dialled_phone[$code]=$phone
    printf '\n%s: member %s dials %s for the first time\n' "$code" "$member" "${service_code[$code]}"
    dial_first
    printf '\n%s: she dials again\n' "$code"
    dial_again
}

dial_first() {
    new_session
    hop '' CON 'পিন'
    hop "$pin" CON 'পিন'
    hop "$pin" CON "$instalment"
    hop 0 CON 'এসএমএস'
    hop 1 CON 'কিস্তি'
}

dial_again() {
    new_session
    hop '' CON 'কিস্তি'
    hop 1 CON 'পিন'
    hop "$pin" CON "$instalment"
    hop 0 CON 'কিস্তি'
    hop 2 CON "$payments"
    hop 0 CON 'কিস্তি'
    # The sum stands at the end, after a page when she has many accounts.
    hop 3 CON "$savings|"$'\n9 '
    if [[ $screen == *$'\n9 '* ]]; then
        hop 9 CON "$savings"
    fi
    hop 0 CON 'কিস্তি'
    hop 4 CON "$place|ছুটি"
    hop 0 CON 'কিস্তি'
    hop 5 CON "$left"
    hop 0 CON 'কিস্তি'
    # Not every organisation's menu has it.
    if [[ $screen == *$'\n6 '* ]]; then
        # Of RSS's members it says where their application is.
        if [ "$code" = rss ]; then
            hop 6 CON 'আবেদন'
        else
            hop 6 CON "$left"
        fi
        hop 0 CON 'কিস্তি'
    fi
    printf '\n%s: and in English\n' "$code"
    hop 8 CON 'Language'
    hop 1 CON 'English'
    hop 2 CON
    hop 00 CON 'Instalment'
    hop 1 CON "${instalment%%=*}" 'Instalment'
    hop 00 CON 'Instalment'
    hop 0 END
}

serve() {
    if [ "$port" != 8080 ]; then
        sed -e "s/127\.0\.0\.1:8080/$public/; s/127\.0\.0\.1:8081/$staff/; s/127\.0\.0\.1:8082/$admin/" \
            "$config" >"$var/uthan.toml"
        config=$var/uthan.toml
    fi
    stop_left_behind "$var/serve.pid" uthan
    start_redis "$var"
    import_organisations
    start_process "$var/serve.log" build/uthan serve --config "$config"
    echo "$started_pid" >"$var/serve.pid"
    wait_ready "$started_pid" "$admin" 30 || { tail -20 "$var/serve.log" >&2; return 1; }
}

print_addresses() {
    local code phone
    printf '\nEvery screen was checked against %s/import: %d right, %d wrong.\n\n' \
        "$var" "$screens_right" "$screens_wrong"
    echo "Open:"
    echo "  http://$admin/readyz    http://$admin/metrics    http://$admin/healthz"
    echo "Dial as a member:"
    for code in "${organisations[@]}"; do
        phone=${dialled_phone[$code]:-}
        [ -n "$phone" ] || continue
        echo "  build/uthan phone --url http://$public/channels/at-$code/ussd --msisdn $phone --dial '${service_code[$code]}'"
    done
    echo "The PIN of these numbers is $pin; a number that never dialled chooses its own."
}

trap stop_started EXIT
trap 'exit 130' INT TERM
install_packages "${build_packages[@]}" "${run_packages[@]}"
build
make_organisations
forget_older_ledger
serve
for organisation in "${organisations[@]}"; do
    dial_organisation "$organisation"
done
print_addresses
if [ -n "$once" ]; then
    [ "$screens_wrong" -eq 0 ]
    exit
fi
echo
echo "Ctrl-C stops it."
while kill -0 "${started[0]}" 2>/dev/null && kill -0 "${started[1]}" 2>/dev/null; do
    sleep 1 &
    wait $! || true
done
echo "A process ended by itself; see $var/serve.log" >&2
exit 1
