# Debian 12 packages, sourced by the tools. Installs what is missing, nothing else.
build_packages=(ca-certificates g++ cmake ninja-build pkg-config ccache
    libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libboost-system1.81-dev
    libhiredis-dev libsqlite3-dev libspdlog-dev libfmt-dev libtomlplusplus-dev libcli11-dev
    libssl-dev libsodium-dev libicu-dev libhowardhinnant-date-dev prometheus-cpp-dev
    libpugixml-dev libjemalloc-dev tzdata)
run_packages=(redis-server curl)
test_packages=(git libgtest-dev libgmock-dev clang clang-format clang-tidy
    libclang-rt-14-dev nodejs sqlite3 kannel)
bench_packages=(kannel)

# install_packages NAME…: redis-server's package would start a daemon on 6379; a policy for the time
# of the installation keeps it from starting, and an existing daemon is left alone.
install_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "needs root or sudo for: ${missing[*]}" >&2; return 1; }
        sudo=(sudo)
    fi
    local policy=/usr/sbin/policy-rc.d made=
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
        "${sudo[@]}" chmod 755 "$policy"
        made=1
    fi
    local status=0
    "${sudo[@]}" apt-get update -q >&2 &&
        "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
            --no-install-recommends "${missing[@]}" >&2 || status=$?
    [ -n "$made" ] && "${sudo[@]}" rm -f "$policy"
    return $status
}
