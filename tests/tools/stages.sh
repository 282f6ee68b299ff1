# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# One stage is one build with its tests, or one check of the sources. Sourced by tests/run, which sets `top` (the tree),
# `build` (where everything is built), `results` (what count_results.py collects), `jobs`, `repeat` and `filters`.

counter="$top/tests/tools/count_results.py"
running=""

say() { printf '%s\n' "$*"; }

# The first of the given commands that exists, or nothing.
first_command() {
    local name
    for name in "$@"; do
        if command -v "$name" >/dev/null 2>&1; then
            printf '%s' "$name"
            return
        fi
    done
}

# bounded SECONDS COMMAND...: a process group of its own, so that nothing outlives the limit or an interrupt.
bounded() {
    local status=0
    timeout --kill-after=10 "$@" </dev/null 9>&- &
    running=$!
    wait "$running" || status=$?
    running=""
    return "$status"
}

end_running() { [[ -z $running ]] || kill -TERM -- "-$running" 2>/dev/null || true; }
trap end_running EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

skip_stage() {
    say "== $1: SKIPPED: $2"
    python3 "$counter" add "$results" "$1" --skip "$2"
}

# A failed build says what failed first; anything else, what it did last.
show_failure() {
    if grep -q '^FAILED:' "$1"; then
        grep -A 60 -m 1 '^FAILED:' "$1"
    else
        tail -n 80 "$1"
    fi
}

# finish_stage NAME STATUS SECONDS LOG: a stage that counts as one.
finish_stage() {
    if [[ $2 == 0 ]]; then
        python3 "$counter" add "$results" "$1" --passed 1 --seconds "$3"
    else
        say "==== FAILED: $1 (exit $2; 124 is the time limit); from $4:"
        show_failure "$4"
        python3 "$counter" add "$results" "$1" --failed 1 --seconds "$3" --log "$4"
    fi
}

# configure DIR COMPILER OPTION...: sets up DIR, again from nothing when anything that decides about it has changed.
configure() {
    local dir=$1 compiler=$2 key option
    key=$(
        printf '%s\n' "$@"
        "$compiler" --version | head -n 1
        for option in "${@:3}"; do
            [[ $option != --*-file=* ]] || cat "${option#*=}"
        done
        pkg-config --modversion glib-2.0 gobject-introspection-1.0 gtk4 catch2 catch2-with-main 2>/dev/null || true
        command -v ccache || true
    )
    if [[ -f $dir/build.ninja && -f $dir/.configured && $(<"$dir/.configured") == "$key" ]]; then
        return
    fi
    rm -rf "$dir"
    CXX="$(first_command ccache) $compiler" bounded 300 meson setup "$dir" "$top" "${@:3}" || return
    printf '%s\n' "$key" >"$dir/.configured"
}

# build_for_tests DIR SUITES: everything, or what the tests need that run in such a stage.
build_for_tests() {
    local targets=()
    if [[ $2 != all ]]; then
        # A folder that was set up for an older tree does not know the newest tests.
        bounded 300 ninja -C "$1" build.ninja || return
        mapfile -t targets < <(meson introspect --tests --targets "$1" |
            python3 "$counter" targets --exclude "${excluded[*]}" --build "$1")
    fi
    bounded 1800 ninja -C "$1" -j "$jobs" "${targets[@]}"
}

# meson_stage NAME COMPILER SUITES MULTIPLIER OPTION...: SUITES is `all`; or `library` for stages that repeat the tests
# with another compiler or other options, on which the other suites do not depend; or `cross` for stages that do it on
# another platform; or `foreign` where this machine's programs cannot load that platform's libraries; or `emulated` where
# programs of that cannot start each other. What those two leave out is printed as skipped.
# MULTIPLIER is for time limits.
meson_stage() {
    local name=$1 compiler=$2 dir="$build/$1" log="$build/logs/$1.log" start=$SECONDS status=0 excluded=() chosen=()
    local elsewhere=() impossible="" reason="" left_out=() test processes=$jobs
    case $3 in
        all) ;;
        library) elsewhere=(lint packaging model proof) ;;
        *) elsewhere=(lint packaging model proof stress demo) ;;
    esac
    case $3 in
        foreign)
            impossible=hosted
            reason="this machine's programs cannot load the libraries of $name, and its pkg-config does not know them"
            ;;
        emulated)
            impossible=launched
            reason="under an emulator programs cannot start each other"
            ;;
    esac
    excluded=("${elsewhere[@]}" ${impossible:+"$impossible"})
    say "== $name: building"
    if ! { configure "$dir" "$compiler" "${@:5}" && build_for_tests "$dir" "$3"; } >"$log" 2>&1; then
        finish_stage "$name" 1 $((SECONDS - start)) "$log"
        return
    fi
    if [[ -n $impossible ]]; then
        while IFS= read -r test; do
            left_out+=(--left-out "${test#:}: $reason")
        done < <(meson introspect --tests "$dir" |
            python3 "$counter" select --exclude "${elsewhere[*]}" --only "$impossible" "${filters[@]}")
    fi
    mapfile -t chosen < <(meson introspect --tests "$dir" |
        python3 "$counter" select --exclude "${excluded[*]}" "${filters[@]}")
    if [[ ${#chosen[@]} -eq 0 ]]; then
        skip_stage "$name" "${left_out[1]:-no test matches: ${filters[*]}}"
        return
    fi
    say "== $name: testing (built in $((SECONDS - start)) s)"
    rm -f "$dir/meson-logs/testlog.json"
    # Under an emulator and under Wine tests wait more than they compute.
    [[ $name != arm64 && $name != windows ]] || processes=$((2 * jobs))
    bounded $((900 * repeat)) meson test -C "$dir" --no-rebuild --num-processes "$processes" --repeat "$repeat" \
        --timeout-multiplier "$4" "${chosen[@]}" \
        >>"$log" 2>&1 || status=$?
    python3 "$counter" collect "$results" "$name" "$dir/meson-logs/testlog.json" --status "$status" \
        --seconds $((SECONDS - start)) "${left_out[@]}" || true
}

# Many sources at a time, headers once, and no debug information: that takes a third of the time. Stage libcxx compiles each
# source by itself, so that all are known to include what they use of the tree, and so do those of the demo and of
# clang-tidy; what they use of the standard library is seen by check_includes.py.
quick=(-Dunity=on -Dunity_size=16 -Db_pch=true -Ddebug=false)
# Enough to name the line of what goes wrong.
with_lines=("${quick[@]}" -Dcpp_args=-g1)
without_linux=(-Depoll=disabled -Deventfd=disabled -Dtimerfd=disabled -Dsignalfd=disabled -Dpidfd=disabled -During=disabled
    -Dusdt=disabled -Dsysprof=disabled)

stage_gcc() { meson_stage gcc g++ all 1 "${with_lines[@]}"; }

# The same build, for others that use it.
configure_gcc() { configure "$build/gcc" g++ "${with_lines[@]}"; }

# The tests of stage gcc again, in processes that the kernel refuses io_uring: what many containers do. The schedules of
# the outer loop's window have no part of it.
stage_nouring() {
    local dir="$build/gcc" log="$build/logs/nouring.log" start=$SECONDS status=0 excluded=() chosen=()
    local launcher="$dir/tests/without-io-uring"
    excluded=(lint packaging model proof stress demo schedules)
    say "== nouring: testing, with io_uring forbidden"
    if ! { configure_gcc && build_for_tests "$dir" library; } >"$log" 2>&1; then
        finish_stage nouring 1 $((SECONDS - start)) "$log"
        return
    fi
    if [[ ! -x $launcher ]] || ! "$launcher" true >>"$log" 2>&1; then
        skip_stage nouring "calls cannot be forbidden here (seccomp)"
        return
    fi
    mapfile -t chosen < <(meson introspect --tests "$dir" |
        python3 "$counter" select --exclude "${excluded[*]}" "${filters[@]}")
    if [[ ${#chosen[@]} -eq 0 ]]; then
        skip_stage nouring "no test matches: ${filters[*]}"
        return
    fi
    rm -f "$dir"/meson-logs/testlog-*.json
    bounded $((900 * repeat)) meson test -C "$dir" --no-rebuild --num-processes "$jobs" --repeat "$repeat" \
        --wrapper "$launcher" "${chosen[@]}" >>"$log" 2>&1 || status=$?
    python3 "$counter" collect "$results" nouring "$dir/meson-logs/testlog-without-io-uring.json" --status "$status" \
        --seconds $((SECONDS - start)) || true
}

# Ten million wakes for each form of the protocol and each driver. Through the kernel most of them share a CPU with the
# loop, because one from another CPU takes ten times as long; those programs can run beside each other.
stage_stress() {
    local dir="$build/gcc" log="$build/logs/stress.log" record="$build/logs/stress.record" start=$SECONDS
    local programs=(protocol-stress context-stress-oneword context-stress-seed) passed=0 skipped=0 status name last protocol driver
    local bin="$build/gcc/tests/stress" runs=()
    for protocol in oneword seed; do
        runs+=(--alone "$bin/protocol-stress --protocol=$protocol --producers=2 --wakes=10000000")
        for driver in native glib; do
            name="$bin/context-stress-$protocol --driver=$driver"
            runs+=(--beside "$name --producers=1 --wakes=9600000" --alone "$name --producers=2 --wakes=400000")
        done
    done
    say "== stress: building"
    if ! { configure_gcc && bounded 1800 ninja -C "$dir" -j "$jobs" "${programs[@]/#/tests/stress/}"; } \
        >"$log" 2>&1; then
        finish_stage stress 1 $((SECONDS - start)) "$log"
        return
    fi
    say "== stress: ten million wakes each"
    : >"$record"
    bounded 1800 python3 "$top/tests/tools/run_stress.py" --limit 600 --record "$record" "${runs[@]}" ||
        say "==== FAILED: the stress was cut short"
    while IFS=$'\t' read -r status name last; do
        case $status in
            0) passed=$((passed + 1)) ;;
            77)
                skipped=$((skipped + 1))
                skip_stage stress "$name: $last"
                ;;
            *) say "==== FAILED: $name (exit $status; 124 is the time limit): $last" ;;
        esac
    done <"$record"
    # What has left no line has failed too.
    python3 "$counter" add "$results" stress --passed "$passed" --failed $((${#runs[@]} / 2 - passed - skipped)) \
        --seconds $((SECONDS - start))
}

# The command for those who want to see the demo: it builds without tests, with full optimisation, and runs.
stage_demo() {
    local log="$build/logs/demo-run.log" start=$SECONDS status=0
    say "== demo"
    { NESTLING_BUILD="$build" bounded 900 "$top/docs/demo/run" --json "$top/lib" >"$build/logs/demo-run.json" &&
        python3 -c 'import json, sys; sys.exit(json.load(sys.stdin)["counts"]["files"] == 0)' \
            <"$build/logs/demo-run.json"; } 2>"$log" || status=$?
    finish_stage demo "$status" $((SECONDS - start)) "$log"
}

# That the benchmark works, with every peer; never what it measures. And that no operation takes more instructions than
# are kept, which is the same on every run.
stage_bench() {
    local log="$build/logs/bench.log" start=$SECONDS status=0
    say "== bench"
    NESTLING_BUILD="$build" bounded 900 "$top/tests/bench/run" --quick >"$log" 2>&1 || status=$?
    if [[ $status != 0 ]]; then
        finish_stage bench "$status" $((SECONDS - start)) "$log"
        return
    fi
    bounded 600 meson test -C "$build/bench" --no-rebuild --suite counts >>"$log" 2>&1 || status=$?
    python3 "$counter" collect "$results" bench "$build/bench/meson-logs/testlog.json" --status "$status" \
        --seconds $((SECONDS - start)) || true
}

# With GCC: Clang's sanitizers take no other operator new, and so no test of running out of memory. What Clang warns of is
# seen in the next stage.
stage_asan() {
    ASAN_OPTIONS=abort_on_error=1:detect_stack_use_after_return=1:strict_init_order=1:check_initialization_order=1 \
    UBSAN_OPTIONS=halt_on_error=1:abort_on_error=1:print_stacktrace=1 \
        meson_stage asan g++ library 2 -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false \
        -Dgtk=disabled "${with_lines[@]}"
}

stage_tsan() {
    if [[ -z $clang ]] || ! has_sanitizer thread; then
        skip_stage tsan "there is no clang++ with ThreadSanitizer's runtime; $packages_reason"
        return
    fi
    TSAN_OPTIONS="halt_on_error=0:exitcode=66:second_deadlock_stack=1:suppressions='$top/tests/tools/tsan.supp'" \
        meson_stage tsan "$clang" library 3 -Db_sanitize=thread -Db_lundef=false -Dgtk=disabled "${with_lines[@]}" \
        -Db_pch=false
}

# The other wake protocol in everything; stage gcc has it in the suites that are for both.
stage_fallback() {
    meson_stage fallback g++ library 1 "${without_linux[@]}" -Dprotocol=seed -Dgtk=disabled "${quick[@]}"
}

# And without GLib: what is left is poll() and a pipe, the nearest thing to another Unix.
stage_noglib() { meson_stage noglib g++ library 1 "${without_linux[@]}" -Dglib=disabled "${quick[@]}"; }

stage_format() {
    local formatter log="$build/logs/format.log" start=$SECONDS status=0
    formatter=$(first_command clang-format-14 clang-format)
    # Every version formats a little differently.
    if [[ -z $formatter || $("$formatter" --version) != *" version 14."* ]]; then
        skip_stage format "there is no clang-format 14, the version that this tree is formatted with"
        return
    fi
    say "== format"
    (cd "$top" && find lib glib-source tests docs -name '*.?pp' -print0) |
        (cd "$top" && xargs -0 "$formatter" --dry-run -Werror) >"$log" 2>&1 || status=$?
    finish_stage format "$status" $((SECONDS - start)) "$log"
}

# The sources of Windows as stage windows has set them up.
stage_tidy() {
    local tidy log="$build/logs/tidy.log" start=$SECONDS status=0 windows=()
    # The newer one takes half the time.
    tidy=$(first_command clang-tidy-22 clang-tidy-14 clang-tidy)
    if [[ -z $tidy || -z $clang ]]; then
        skip_stage tidy "there is no clang-tidy, or no clang++; $packages_reason"
        return
    fi
    if [[ -f $build/tidy-windows/compile_commands.json ]]; then
        windows=(--build "$build/tidy-windows")
    else
        skip_stage tidy "sources of Windows: stage windows has not been here"
    fi
    say "== tidy"
    # Nothing is built there: clang-tidy asks only how it would be.
    { configure "$build/tidy" "$clang" -Dgtk=disabled -Ddemo=disabled -Db_pch=false &&
        bounded 300 ninja -C "$build/tidy" build.ninja &&
        bounded 1800 python3 "$top/tests/tools/run_tidy.py" --tidy "$tidy" --jobs "$jobs" --top "$top" \
            --build "$build/tidy" "${windows[@]}"; } >"$log" 2>&1 || status=$?
    finish_stage tidy "$status" $((SECONDS - start)) "$log"
}
