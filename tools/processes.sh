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

# start_redis DIR [PREFIX…]: a private server on DIR/redis.sock that keeps nothing on disk. One that
# an earlier run left behind is stopped by the id in its own file.
start_redis() {
    local dir=$1 tries=0 socket
    shift
    socket=$(realpath "$dir")/redis.sock
    if [ -f "$dir/redis.pid" ]; then
        local left
        left=$(cat "$dir/redis.pid")
        grep -qs redis-server "/proc/$left/comm" && stop_process "$left"
    fi
    rm -f "$socket" "$dir/redis.pid"
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
