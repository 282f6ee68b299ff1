# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Debian's packages of another architecture, and its sources, without a change to this machine: apt with settings and
# lists of its own in a folder. Needs no root. Sourced by scripts that run under a time limit of their own.
#
#   own_apt FOLDER ARCHITECTURE            makes the settings and fetches the lists; `source` is for sources. A list that
#                                          cannot be had is not an error: the packages may be in the others.
#   run_own_apt FOLDER SECONDS WORD...     a command of apt with them

# The system's lists of sources, in both formats that apt knows, with KIND instead of what they are for.
own_apt_sources() {
    local kind=$1 main=$2 parts=$3 to=$4 file
    rm -rf "$to"
    mkdir -p "$to"
    for file in "$main" "$parts"/*.list; do
        [[ ! -f $file ]] || sed -nE "s/^[[:space:]]*deb([[:space:]])/$kind\\1/p" "$file" >"$to/$(basename "$file")"
    done
    for file in "$parts"/*.sources; do
        [[ ! -f $file ]] || sed -E "s/^Types:.*/Types: $kind/I" "$file" >"$to/$(basename "$file")"
    done
}

# The system's settings, without what it does after an update, because that is not about these lists.
own_apt_settings() {
    local folder=$1 architecture=$2 from=$3
    rm -rf "$folder/settings"
    mkdir -p "$folder"/{settings,state/lists/partial,cache/archives/partial}
    : >>"$folder/status"
    cp "$from"/* "$folder/settings/" 2>/dev/null || true
    cat >"$folder/settings/zz-own" <<TEXT
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Architectures;
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "1";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
Dir::State "$folder/state";
Dir::State::status "$folder/status";
Dir::Cache "$folder/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$folder/sources";
TEXT
    printf 'Dir::Etc::parts "%s";\n' "$folder/settings" >"$folder/apt.conf"
}

run_own_apt() {
    APT_CONFIG="$1/apt.conf" timeout --foreground --kill-after=10 "$2" "${@:3}" </dev/null
}

own_apt() {
    local folder=$1 architecture=$2 kind=deb main="" parts="" settings=""
    if [[ $architecture == source ]]; then
        kind=deb-src
        architecture=$(dpkg --print-architecture)
    fi
    eval "$(apt-config shell main Dir::Etc::sourcelist/f parts Dir::Etc::sourceparts/d settings Dir::Etc::parts/d)"
    own_apt_sources "$kind" "$main" "${parts%/}" "$folder/sources"
    own_apt_settings "$folder" "$architecture" "${settings%/}"
    run_own_apt "$folder" 300 apt-get -qq update || true
}
