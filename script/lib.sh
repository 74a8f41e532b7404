# shellcheck shell=bash
# Functions of the scripts of this folder. Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Debian packages: to build, to run, and to test.
build_packages=(libpq-dev libssl-dev libmicrohttpd-dev libcurl4-openssl-dev zlib1g-dev pkg-config)
run_packages=(postgresql util-linux tzdata ca-certificates)
test_packages=(chromium python3-venv fonts-dejavu-core nodejs)
# To make and run the image's root without Docker, and to check the systemd unit.
packaging_packages=(python3-venv debootstrap binutils util-linux systemd)

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs the packages that are missing, and nothing else.
need_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || die "these packages are missing, and there is no apt-get: ${missing[*]}"
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
        die "these packages are missing, and only root can install them: apt-get install ${missing[*]}"
    say "Installing ${missing[*]}"
    as_root apt-get update -qq
    # Debian's package makes and starts a cluster of its own, which nothing here needs.
    if [[ " ${missing[*]} " == *" postgresql "* ]]; then
        as_root mkdir -p /etc/postgresql-common
        [ -e /etc/postgresql-common/createcluster.conf ] ||
            echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# The Debian packages of the shared libraries that these programs name, a line each.
library_packages() {
    local library path
    for library in $(readelf --dynamic "$@" | sed -n 's/.*(NEEDED).*\[\(.*\)\]$/\1/p' | sort -u); do
        path=$(ldd "$@" | awk -v name="$library" '$1 == name && $2 == "=>" { print $3; exit }
            $1 ~ "/" name "$" { print $1; exit }')
        [ -n "$path" ] || die "$library, which $* need, is not installed"
        path=$(readlink -f "$path")
        # Debian knows files of /usr/lib by the name they were installed with, which may lack /usr.
        { dpkg-query --search "$path" 2>/dev/null || dpkg-query --search "${path#/usr}"; } | sed 's/:.*//'
    done | sort -u
}

need_swift() {
    command -v swift >/dev/null && return
    [ -x /opt/swift/usr/bin/swift ] && export PATH="/opt/swift/usr/bin:$PATH" && return
    cat >&2 <<'TEXT'
error: the Swift toolchain (6.2 or newer) is not installed.

Get it from https://www.swift.org/install/linux/ (swiftly installs it with one command),
check that `swift --version` works, and run this again.
TEXT
    exit 1
}

import_check=(--explicit-target-dependency-import-check error)

# Makes the virtual environment with the Python tools of the tests, again when their list changes.
need_python_tools() {
    local environment="$root/.venv" list="$root/Tests/requirements.txt"
    if ! cmp -s "$list" "$environment/requirements.txt"; then
        say "Installing the Python tools of the tests"
        rm -rf "$environment"
        python3 -m venv "$environment"
        "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$list"
        cp "$list" "$environment/requirements.txt"
    fi
}
