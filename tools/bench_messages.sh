# The benchmarks of text messages. Sourced by tools/bench.sh, whose variables and functions it uses.
smsc_port=18096
kannel_admin=18097
kannel_boxes=18098
kannel_http=18099
queued=${UTHAN_BENCH_QUEUED:-20000}
restart_queued=${UTHAN_BENCH_RESTART_QUEUED:-1000000}
drained_per_second=2000
hops_per_second=2000

# wait_ended PID SECONDS
wait_ended() {
    local tries=$(($2 * 20))
    while kill -0 "$1" 2>/dev/null; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.05
    done
}

# wait_for SECONDS COMMAND…: until it succeeds.
wait_for() {
    local tries=$(($1 * 50))
    shift
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.02
    done
}

# remove_database PATH
remove_database() { rm -f "$1" "$1"-wal "$1"-shm "$1".serve; }

# messages_configuration FILE GATEWAY_DB TPS: the gateway with a channel to the benchmarks' message
# centre. A window of 500 is as large as Kannel's.
messages_configuration() {
    sed -e "s|$data/gateway.db|$2|" bench/uthan.toml >"$1"
    cat >>"$1" <<END

[[channels]]
name = "smpp-kmss"
adapter = "smpp"
organisation = "kmss"
host = "127.0.0.1"
port = $smsc_port
system_id = "bench"
password = "bench"
sender = "KMSS"
window = 500
tps = $3
END
}

kannel_configuration() {
    cat >"$1" <<END
group = core
admin-port = $kannel_admin
admin-interface = 127.0.0.1
admin-password = bench
smsbox-port = $kannel_boxes
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
store-type = spool
store-location = "$PWD/$data/kannel/spool"
dlr-storage = internal

group = smsc
smsc = smpp
smsc-id = sink
host = 127.0.0.1
port = $smsc_port
transceiver-mode = true
smsc-username = bench
smsc-password = bench
system-type = ""
max-pending-submits = 500
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = $kannel_http
sendsms-interface = 127.0.0.1

group = sendsms-user
username = bench
password = bench
concatenation = true

group = sms-service
keyword = default
max-messages = 0
text = ""
END
}

# Logs of panics alone, on both sides of the comparison.
start_kannel() {
    start_process "$data/kannel/bearerbox.log" bearerbox -v 4 "$data/kannel/kannel.conf"
    bearerbox_pid=$started_pid
    wait_for 30 curl -sf "http://127.0.0.1:$kannel_admin/status.txt?password=bench"
    start_process "$data/kannel/smsbox.log" smsbox -v 4 "$data/kannel/kannel.conf"
    smsbox_pid=$started_pid
}

stop_kannel() {
    stop_process "$smsbox_pid"
    stop_process "$bearerbox_pid"
}

# Kannel stores one message, without a message centre; the others are copies of its file.
make_kannel_queue() {
    local like target
    rm -rf "$data/kannel"
    mkdir -p "$data/kannel/spool" "$data/kannel/queue"
    kannel_configuration "$data/kannel/kannel.conf"
    start_kannel
    target="http://127.0.0.1:$kannel_http/cgi-bin/sendsms?username=bench&password=bench&from=KMSS"
    target+="&to=8801800000000&coding=0&charset=UTF-8&dlr-mask=1"
    wait_for 30 curl -sf --max-time 10 -G "$target" --data-urlencode "text=$(build/bench/bench_queue --text)"
    stop_kannel
    like=$(find "$data/kannel/spool" -type f | head -1)
    build/bench/bench_queue --messages "$queued" --spool "$data/kannel/queue" --like "$like"
}

# drained COMMAND…: messages a second, from the first submit until the last receipt is answered;
# the command has what is queued sent.
drained() {
    local report
    start_process "$data/smsc.log" build/bench/bench_smsc --port "$smsc_port" --receipts \
        --until "$queued"
    local smsc_pid=$started_pid
    "$@"
    wait_ended "$smsc_pid" 300 || { say "the queue was not drained"; return 1; }
    report=$(tail -1 "$data/smsc.log")
    if [ "$(field submits "$report")" != "$queued" ] || [ "$(field receipts "$report")" != "$queued" ]; then
        say "not each message once: $report"
        return 1
    fi
    drained_rate=$(calc "$queued / $(field seconds "$report")")
}

start_messages() {
    start_process "$data/serve.log" build/uthan serve --config "$1"
    serve_pid=$started_pid
}

# What is queued, drained over SMPP with receipts, by Kannel and by the gateway in turn.
kannel_rounds() {
    local round ratios=() rates=() kannels=() left
    say "queueing $queued messages for each"
    make_kannel_queue
    remove_database "$data/queue.db"
    messages_configuration "$data/uthan-queue.toml" "$data/queue.db" 100000
    sed -i 's/^store = "redis"/store = "memory"/' "$data/uthan-queue.toml"
    build/bench/bench_queue --messages "$queued" --database "$data/queue.db"
    mv "$data/queue.db" "$data/queue.db.full"
    for ((round = 1; round <= rounds; ++round)); do
        rm -rf "$data/kannel/spool"
        cp -r "$data/kannel/queue" "$data/kannel/spool"
        drained start_kannel
        kannels+=("$drained_rate")
        stop_kannel
        left=$(find "$data/kannel/spool" -type f | wc -l)
        remove_database "$data/queue.db"
        cp "$data/queue.db.full" "$data/queue.db"
        drained start_messages "$data/uthan-queue.toml"
        rates+=("$drained_rate")
        stop_process "$serve_pid"
        ratios+=("$(calc "${rates[-1]} / ${kannels[-1]}")")
        say "round $round: Kannel ${kannels[-1]} messages/s ($left left in its spool)," \
            "gateway ${rates[-1]} messages/s, ${ratios[-1]}"
    done
    remove_database "$data/queue.db"
    rm -rf "$data/kannel" "$data/queue.db.full"
    add smpp_vs_kannel "$(median "${rates[@]}")" messages/s \
        "Kannel 1.4.5 with its spool, $(median "${kannels[@]}") messages/s" \
        "$(median "${ratios[@]}")" 5
}

codec_rounds() {
    local report write_ratio read_ratio
    report=$(build/bench/bench_codec)
    write_ratio=$(field write_ratio "$report") read_ratio=$(field read_ratio "$report")
    say "written $(field written "$report") PDUs/s, $write_ratio; read $(field read "$report") PDUs/s, $read_ratio"
    add smpp_codec "$(field written "$report")" PDUs/s \
        "functions for one PDU; written $write_ratio, read $read_ratio" \
        "$(calc "($write_ratio < $read_ratio ? $write_ratio : $read_ratio)")" 0.7
}

# anonymous_memory PID: MiB.
anonymous_memory() { awk '/^Anonymous:/ { print $2 / 1024 }' "/proc/$1/smaps_rollup"; }

# From the start to /readyz, and the memory once the dispatcher is at work.
start_with_queue() {
    local since
    start_process "$data/smsc.log" build/bench/bench_smsc --port "$smsc_port" --receipts
    local smsc_pid=$started_pid
    since=$(date +%s.%N)
    start_messages "$1"
    wait_for 60 curl -sf -o /dev/null "http://$admin/readyz" || { tail -20 "$data/serve.log" >&2; return 1; }
    ready_after=$(calc "$(date +%s.%N) - $since")
    sleep 2
    memory=$(anonymous_memory "$serve_pid")
    stop_process "$serve_pid"
    stop_process "$smsc_pid"
}

restart_rounds() {
    local round times=() more=() empty most middle ready_after memory
    local config=$data/uthan-restart.toml
    messages_configuration "$config" "$data/restart.db" 100
    sed -i 's/^store = "redis"/store = "memory"/' "$config"
    remove_database "$data/restart.db"
    start_with_queue "$config"
    empty=$memory
    say "an empty queue: ready after $ready_after s, $empty MiB"
    say "queueing $restart_queued messages"
    build/bench/bench_queue --messages "$restart_queued" --database "$data/restart.db"
    for ((round = 1; round <= rounds; ++round)); do
        start_with_queue "$config"
        times+=("$ready_after") more+=("$(calc "$memory - $empty")")
        say "round $round: ready after ${times[-1]} s, ${more[-1]} MiB more"
    done
    remove_database "$data/restart.db"
    middle=$(median "${times[@]}")
    most=$(printf '%s\n' "${more[@]}" | sort -g | tail -1)
    wanted queue_restart && add queue_restart "$middle" s \
        "limit 1 s to ready, $restart_queued messages queued" "$(calc "1 / $middle")" 1
    wanted queue_restart_memory && add queue_restart_memory "$most" MiB \
        "limit 50 MiB anonymous beyond those of an empty queue, $restart_queued messages queued" \
        "$(calc "($most > 0.5 ? 50 / $most : 100)")" 1
    return 0
}

# submits_of SMSC_LOG: so many so far.
submits_of() { awk '$1 ~ /^[0-9]+$/ && NF == 3 { n = $2 } END { print n + 0 }' "$1"; }

# hops_beside MESSAGES START: the p99 of hops of a gateway that has so many messages to send.
hops_beside() {
    local report before
    remove_database "$data/gateway.db"
    cp "$data/gateway.db.imported" "$data/gateway.db"
    [ "$1" = 0 ] || build/bench/bench_queue --messages "$1" --database "$data/gateway.db"
    start_process "$data/smsc.log" taskset -c 1 build/bench/bench_smsc --port "$smsc_port" --receipts
    local smsc_pid=$started_pid
    start_gateway "$data/uthan-drain.toml"
    [ "$1" = 0 ] || wait_for 30 awk '$2 > 0 { found = 1 } END { exit !found }' "$data/smsc.log"
    before=$(submits_of "$data/smsc.log")
    report=$(load --port "$port" --phones "$data/phones" --seconds "$seconds" \
        --rate "$hops_per_second" --start "$2")
    drain_rate=$(calc "($(submits_of "$data/smsc.log") - $before) / ($seconds + 1)")
    stop_gateway
    stop_process "$smsc_pid"
    hops_p99=$(field p99_ms "$report")
}

# The p99 of hops, offered open-loop, without messages and while messages drain.
drain_rounds() {
    local round idles=() p99s=() ratios=() limit hops_p99 drain_rate
    messages_configuration "$data/uthan-drain.toml" "$data/gateway.db" "$drained_per_second"
    for ((round = 1; round <= rounds; ++round)); do
        hops_beside 0 $((round * 4000))
        idles+=("$hops_p99")
        hops_beside $((drained_per_second * (seconds + 6))) $((round * 4000 + 2000))
        p99s+=("$hops_p99")
        limit=$(calc "(3 * ${idles[-1]} > 5 ? 3 * ${idles[-1]} : 5)")
        ratios+=("$(calc "$limit / ${p99s[-1]}")")
        say "round $round: p99 ${idles[-1]} ms, and ${p99s[-1]} ms while $drain_rate segments/s drain"
    done
    add hop_during_drain "$(median "${p99s[@]}")" ms \
        "limit 5 ms or 3 × the p99 without messages, $(median "${idles[@]}") ms" \
        "$(median "${ratios[@]}")" 1
}

# Messages through their whole life in the durable queue, against bare SQLite making the same row
# changes in the same batches. The two take turns inside bench_outbox.
durable_rounds() {
    local round report ratios=() rates=() bares=()
    for ((round = 1; round <= rounds; ++round)); do
        report=$(build/bench/bench_outbox --directory "$data/outbox")
        rates+=("$(field rate "$report")") bares+=("$(field bare "$report")")
        ratios+=("$(field ratio "$report")")
        say "round $round: ${rates[-1]} messages/s, bare ${bares[-1]} messages/s, ${ratios[-1]}"
    done
    rm -rf "$data/outbox"
    add smpp_durable "$(median "${rates[@]}")" messages/s \
        "the same row changes in bare SQLite, $(median "${bares[@]}") messages/s" \
        "$(median "${ratios[@]}")" 0.5
}

# POST /api/v1/messages, each answered after its commit, against the do-nothing server under the same
# requests. Nothing is pinned: an accept is the work of the shard and of the writer at once.
accept_rounds() {
    local round key null_pid null_rate rate ratios=() rates=() nulls=()
    for ((round = 1; round <= rounds; ++round)); do
        rm -f "$data"/gateway.db-*
        cp "$data/gateway.db.imported" "$data/gateway.db"
        key=$(build/uthan staff add --config bench/uthan.toml --organisation kmss --login bench \
            --role machine --office HO 2>"$data/key.log") || { cat "$data/key.log" >&2; return 1; }
        start_redis "$data"
        redis_pid=$started_pid
        start_process "$data/serve.log" build/uthan serve --config bench/uthan.toml
        serve_pid=$started_pid
        wait_ready "$serve_pid" "$admin" 60 || { tail -20 "$data/serve.log" >&2; return 1; }
        start_process "$data/null.log" build/bench/bench_null "$null_port"
        null_pid=$started_pid
        sleep 0.2
        null_rate=$(field rate "$(build/bench/bench_sms --port "$null_port" --to null --key "$key" \
            --seconds "$seconds")")
        rate=$(field rate "$(build/bench/bench_sms --port "$api_port" --to uthan --key "$key" \
            --seconds "$seconds")")
        stop_process "$null_pid"
        stop_gateway
        nulls+=("$null_rate") rates+=("$rate") ratios+=("$(calc "$rate / $null_rate")")
        say "round $round: null $null_rate requests/s, gateway $rate accepted/s, ${ratios[-1]}"
    done
    add api_accept "$(median "${rates[@]}")" messages/s \
        "do-nothing Beast server, $(median "${nulls[@]}") requests/s" "$(median "${ratios[@]}")" 0.3
}
