#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Programs for Windows, run by Wine without a display, in a prefix of our own.
#
#   wine.sh up PREFIX                  makes the prefix if it is not there, and starts its server
#   wine.sh run PREFIX PROGRAM ARG...  runs a program there
#   wine.sh down PREFIX                ends everything that runs in this prefix, and nothing else
set -euo pipefail

prefix=$(realpath -m "$2")
# Not the script `wine`, which asks for the 32-bit half.
folder=/usr/lib/wine
export WINEPREFIX=$prefix WINEARCH=win64 WINEDEBUG=${WINEDEBUG:--all} HOME=$prefix/home
# Without the debugger a crash ends the program at once.
export WINEDLLOVERRIDES="mscoree,mshtml,winemenubuilder.exe,winedbg.exe=d"
unset DISPLAY WAYLAND_DISPLAY

case $1 in
    up)
        mkdir -p "$HOME"
        # The server ends by itself if nobody ends it.
        setsid "$folder/wineserver" -p600 </dev/null >/dev/null 2>&1
        # The first program starts services that keep its output open for ever, so it must not be a test.
        setsid timeout --kill-after=10 240 "$folder/wine64" cmd.exe /c exit </dev/null >/dev/null 2>&1
        ;;
    run)
        # Now and then a process loses its connection to Wine's server, and dies of that: no fault of the program, and no
        # answer of it.
        errors=$(mktemp)
        trap 'rm -f "$errors"' EXIT
        for attempt in 1 2 3; do
            status=0
            "$folder/wine64" "${@:3}" 2>"$errors" || status=$?
            cat "$errors" >&2
            [[ $status != 0 ]] && grep -q '^wine client error:' "$errors" || break
            echo "wine.sh: Wine lost its server in attempt $attempt" >&2
        done
        exit "$status"
        ;;
    down) "$folder/wineserver" -k </dev/null >/dev/null 2>&1 || true ;;
    *)
        echo "wine.sh: up, run or down, not $1" >&2
        exit 2
        ;;
esac
