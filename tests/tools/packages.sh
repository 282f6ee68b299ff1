# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Installs Debian's packages by name when something is missing. Sourced by tests/run and docs/demo/run.
#
#   need PACKAGE CHECK...   nothing works without it
#   want PACKAGE CHECK...   something is skipped without it
#   install_packages LOG    installs what the checks did not find; fails if something needed is still missing.
#                           Afterwards `absent PACKAGE` tells, and `packages_reason` says why.
#
# CHECK is a command that succeeds when the thing is there, however it got there. All messages go to stderr.

packages_needed=()
packages_wanted=()
packages_absent=()
packages_reason=""
declare -A packages_check

has_command() { command -v "$1" >/dev/null 2>&1; }
has_module() { has_command pkg-config && pkg-config --exists "$1"; }
has_package() { has_command dpkg-query && [[ $(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) == *" installed" ]]; }

need() {
    packages_needed+=("$1")
    packages_check[$1]="${*:2}"
}

want() {
    packages_wanted+=("$1")
    packages_check[$1]="${*:2}"
}

packages_say() { printf '%s\n' "$*" >&2; }

absent() {
    local package
    for package in "${packages_absent[@]}"; do
        [[ $package != "$1" ]] || return 0
    done
    return 1
}

packages_find_absent() {
    local package
    packages_absent=()
    for package in "${packages_needed[@]}" "${packages_wanted[@]}"; do
        # A check is words that need no quoting, so it may be split.
        # shellcheck disable=SC2086
        ${packages_check[$package]} || packages_absent+=("$package")
    done
}

# Sets `packages_root` to the words that run a command as root, or `packages_reason` when there is no way.
packages_find_root() {
    packages_root=()
    if [[ ${NESTLING_INSTALL:-} == never ]]; then
        packages_reason="NESTLING_INSTALL=never forbids it"
    elif ! has_command apt-get; then
        packages_reason="this system has no apt-get; the names are Debian's"
    elif [[ $(id -u) == 0 ]]; then
        packages_root=(env)
    elif has_command sudo && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
        packages_root=(sudo env)
    else
        packages_reason="installing needs root, or sudo"
    fi
    [[ -z $packages_reason ]]
}

packages_apt() {
    # The outer limit is for a network that swallows everything.
    timeout --kill-after=10 "${1}" "${packages_root[@]}" DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=120 -o Acquire::Retries=1 -o Acquire::http::Timeout=20 \
        -o Acquire::https::Timeout=20 "${@:2}" </dev/null
}

packages_install_absent() {
    local log=$1 package available=()
    mkdir -p "$(dirname "$log")"
    packages_say "Installing: ${packages_absent[*]}"
    packages_apt 300 update >"$log" 2>&1 || true
    for package in "${packages_absent[@]}"; do
        # One name that this release does not have must not take the others with it.
        if packages_apt 60 install --simulate --no-install-recommends "$package" >>"$log" 2>&1; then
            available+=("$package")
        else
            packages_reason="apt-get cannot install it (no network, or not in this release; see $log)"
        fi
    done
    [[ ${#available[@]} -gt 0 ]] || return 0
    if ! packages_apt 900 install --yes --no-install-recommends "${available[@]}" >>"$log" 2>&1; then
        packages_reason="apt-get failed (see $log): $(grep -E '^(E|Err)[: ]' "$log" | tail -n 1)"
    fi
}

install_packages() {
    local package missing=() skipping=()
    packages_find_absent
    [[ ${#packages_absent[@]} -gt 0 ]] || return 0
    if packages_find_root; then
        packages_install_absent "$1"
        hash -r
        packages_find_absent
    fi
    for package in "${packages_needed[@]}"; do
        ! absent "$package" || missing+=("$package")
    done
    for package in "${packages_wanted[@]}"; do
        ! absent "$package" || skipping+=("$package")
    done
    if [[ ${#skipping[@]} -gt 0 ]]; then
        packages_say "MISSING: ${skipping[*]}: $packages_reason. What needs them is skipped."
    fi
    if [[ ${#missing[@]} -gt 0 ]]; then
        packages_say "MISSING: ${missing[*]}: $packages_reason. Nothing works without them: please install them."
        return 1
    fi
}
