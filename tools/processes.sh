# Processes that a tool starts and ends, by their ids. Sourced by the tools.
started=()
started_pid=

# start_process LOG COMMAND…: in the background; its id in $started_pid.
start_process() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 &
    started_pid=$!
    started+=("$started_pid")
}

# stop_process PID: asks, waits up to 30 s, then kills.
stop_process() {
    local pid=$1 tries=0
    kill -TERM "$pid" 2>/dev/null || return 0
    while kill -0 "$pid" 2>/dev/null; do
        tries=$((tries + 1))
        if [ $tries -gt 1500 ]; then
            kill -KILL "$pid" 2>/dev/null || true
            break
        fi
        sleep 0.02
    done
    wait "$pid" 2>/dev/null || true
}

# The last started is the first to be stopped.
stop_started() {
    local i
    for ((i = ${#started[@]} - 1; i >= 0; --i)); do
        stop_process "${started[$i]}"
    done
    started=()
}

# stop_left_behind PID_FILE NAME: ends what a killed run left, if the id still belongs to NAME.
stop_left_behind() {
    local left
    left=$(cat "$1" 2>/dev/null) || return 0
    if [ "$(cat "/proc/$left/comm" 2>/dev/null)" = "$2" ]; then
        stop_process "$left"
    fi
    rm -f "$1"
}

# start_redis DIR [PREFIX…]: a private server on DIR/redis.sock that keeps nothing on disk.
start_redis() {
    local dir=$1 tries=0 socket
    shift
    socket=$(realpath "$dir")/redis.sock
    stop_left_behind "$dir/redis.pid" redis-server
    rm -f "$socket"
    start_process "$dir/redis.log" "$@" redis-server --port 0 --unixsocket "$socket" \
        --unixsocketperm 700 --save "" --appendonly no \
        --dir "$dir" --daemonize no
    echo "$started_pid" >"$dir/redis.pid"
    until [ -S "$socket" ]; do
        tries=$((tries + 1))
        if [ $tries -gt 500 ] || ! kill -0 "$started_pid" 2>/dev/null; then
            tail -5 "$dir/redis.log" >&2
            return 1
        fi
        sleep 0.02
    done
}

# wait_ready PID ADMIN SECONDS: until /readyz answers 200; fails when the process ends before.
wait_ready() {
    local pid=$1 admin=$2 tries=$(($3 * 20))
    while [ $tries -gt 0 ]; do
        curl -sf --max-time 1 -o /dev/null "http://$admin/readyz" && return 0
        kill -0 "$pid" 2>/dev/null || return 1
        tries=$((tries - 1))
        sleep 0.05
    done
    return 1
}
