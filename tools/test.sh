#!/bin/bash
# Builds and runs every test: CTest (Debug), everything again under ASan and UBSan, what has threads
# under TSan, the form of the sources, the scripts and the demo. Exit 0 only if all pass; the last
# line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C.UTF-8
source tools/packages.sh
source tools/processes.sh

passed=0 failed=0
logs=build/test-logs
mkdir -p "$logs"

# count PASSED FAILED WHAT
count() {
    passed=$((passed + $1))
    failed=$((failed + $2))
    printf '%-44s %5d passed, %d failed   [%d s]\n' "$3" "$1" "$2" "$SECONDS"
}

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

# step NAME COMMAND…: one test that is a command; its output is shown when it fails.
step() {
    local name=$1 log
    log=$logs/${1// /-}.log
    shift
    if "$@" >"$log" 2>&1; then
        count 1 0 "$name"
        return 0
    fi
    tail -60 "$log"
    count 0 1 "$name"
    return 1
}

build() {
    local preset=$1
    shift
    cmake --preset "$preset" && nice cmake --build "build/$preset" -- -k 20 "$@"
}

# The suites in which threads meet.
build_tsan() {
    local targets=() suite
    for suite in unit/db unit/gateway integration; do
        compgen -G "tests/$suite/*.cpp" >/dev/null && targets+=("test_${suite//\//_}")
    done
    build tsan uthan "${targets[@]}"
}

# libFuzzer for each reader of bytes that strangers send; tests/fuzz has them and their kept inputs.
build_fuzz() {
    build fuzz fuzzers
}

# smoke TARGET: a quarter of a minute from the kept inputs on.
smoke() {
    local found=build/fuzz/found/$1
    mkdir -p "$found/inputs"
    timeout 120 "build/fuzz/tests/fuzz/fuzz_$1" -max_total_time=15 -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="$found/" "$found/inputs" "tests/fuzz/corpus/$1"
}

smoke_all() {
    local program name
    for program in build/fuzz/tests/fuzz/fuzz_*; do
        [ -x "$program" ] || continue
        name=${program##*/fuzz_}
        step "fuzz $name" smoke "$name"
    done
}

# run_ctest PRESET ARGUMENTS…: counts each test of the preset that the arguments choose.
run_ctest() {
    local preset=$1 log=$logs/ctest-$1.log total bad
    shift
    timeout 900 ctest --test-dir "build/$preset" --output-on-failure -j2 --no-tests=error \
        "$@" >"$log" 2>&1
    total=$(sed -nE 's/^.*% tests passed, [0-9]+ tests failed out of ([0-9]+).*$/\1/p' "$log")
    bad=$(sed -nE 's/^.*% tests passed, ([0-9]+) tests failed out of [0-9]+.*$/\1/p' "$log")
    if [ -z "$total" ]; then
        tail -20 "$log"
        count 0 1 "$preset: tests did not run"
        return
    fi
    [ "$bad" -ne 0 ] && grep -vE '^ *[0-9]+/[0-9]+ Test .*Passed|^ *Start ' "$log" | tail -150
    count $((total - bad)) "$bad" "$preset: ctest $*"
}

sources() {
    git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do
        [ -f "$file" ] && echo "$file"
    done
}

check_format() {
    sources '*.cpp' '*.hpp' | xargs clang-format --dry-run -Werror
}

# Every batch of the product, two at a time (a batch includes sources, which is no mistake). The
# static analyzer would take longer than all tests together; it runs when clang-tidy is called
# without --checks. tests and bench are held to the warnings and to tests/tidy.
check_clang_tidy() {
    find build/check/CMakeFiles -path '*/Unity/*.cxx' |
        timeout 1500 xargs -P 2 -n 1 clang-tidy -p build/check --quiet \
            '--checks=-clang-analyzer-*,-bugprone-suspicious-include'
}

check_scripts() {
    local file
    for file in $(sources 'tools/*.sh') .ci/run; do
        bash -n "$file" || return 1
        [ -x "$file" ] || grep -q 'ourced by' "$file" || { echo "$file is not executable"; return 1; }
    done
}

# run_node DIRECTORY: its tests by Node's own runner.
run_node() {
    local log=$logs/node-${1//\//-}.log good bad
    timeout 600 node --test "$1" >"$log" 2>&1
    good=$(sed -nE 's/^# pass ([0-9]+)$/\1/p' "$log")
    bad=$(sed -nE 's/^# fail ([0-9]+)$/\1/p' "$log")
    if [ -z "$good" ]; then
        tail -20 "$log"
        count 0 1 "$1: tests did not run"
        return
    fi
    [ "${bad:-0}" -ne 0 ] && tail -80 "$log"
    count "$good" "${bad:-0}" "node --test $1"
}

# A gateway of its own over the demo's files, with nothing in its database.
start_checked_gateway() {
    local dir=build/checker code
    stop_left_behind "$dir/serve.pid" uthan
    rm -rf "$dir"
    mkdir -p "$dir"
    sed -e "s|var/demo/|$dir/|; s/127\.0\.0\.1:808/127.0.0.1:1908/" config/demo/uthan.toml \
        >"$dir/uthan.toml"
    for code in mss kmss rss; do
        build/uthan import --config "$dir/uthan.toml" --organisation "$code" \
            "var/demo/import/$code" >>"$dir/import.log" 2>&1 || { tail -20 "$dir/import.log"; return 1; }
    done
    start_redis "$dir" || return 1
    start_process "$dir/serve.log" build/uthan serve --config "$dir/uthan.toml"
    echo "$started_pid" >"$dir/serve.pid"
    wait_ready "$started_pid" 127.0.0.1:19082 30 || { tail -20 "$dir/serve.log"; return 1; }
}

# Every member of the demo through every fact screen, against the imported files.
check_members() {
    start_checked_gateway || { count 0 1 'checker: the gateway did not start'; return; }
    local code number=1
    for code in mss kmss rss; do
        step "every member of $code" timeout 300 node tests/checker/check.mjs \
            --url http://127.0.0.1:19080 --channel "at-$code" --code "*384*$number#" \
            --organisation "$code" --import "var/demo/import/$code"
        tail -1 "$logs/every-member-of-$code.log"
        number=$((number + 1))
    done
    stop_started
}

# Independent peers from the npm registry, by tests/peers/package-lock.json.
install_peers() {
    command -v npm >/dev/null || install_packages npm || return 1
    (cd tests/peers && npm ci --no-audit --no-fund)
}

trap stop_started EXIT
trap 'exit 130' INT TERM
install_packages "${build_packages[@]}" "${run_packages[@]}" "${test_packages[@]}" || {
    count 0 1 "packages"
    finish
}

# In batches of ten sources (CMake's unity builds): headers are read once for all of them.
step 'build check' build check && run_ctest check
step 'headers stand alone' build check headers_self_contained
step 'clang-format' check_format
step 'scripts' check_scripts
step 'clang-tidy' check_clang_tidy
step 'build asan' build asan &&
    ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1 \
        run_ctest asan
# What was not built under TSan has no threads of its own.
step 'build tsan' build_tsan &&
    TSAN_OPTIONS="halt_on_error=1 suppressions=$PWD/tests/tsan.supp" run_ctest tsan -LE fuzz -E '_NOT_BUILT$'
step 'build fuzz' build_fuzz && smoke_all
step 'demo' tools/demo.sh --once
step 'peers' install_peers && UTHAN_BINARY=$PWD/build/check/uthan run_node tests/peers
if [ -d tests/checker ]; then
    run_node tests/checker
    check_members
fi
finish
