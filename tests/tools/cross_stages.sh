# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# Stages for other platforms: built here, and run by an emulator, by Wine, or as they are. Sourced by tests/run after
# stages.sh. What they need besides compilers is put in build/, never installed.

# What GLib's headers and libraries want of Debian, and liburing; unpacked, not installed.
sysroot_packages=(libglib2.0-0 libglib2.0-dev libpcre2-8-0 libpcre2-dev libffi8 libffi-dev zlib1g zlib1g-dev libmount1
    libmount-dev libblkid1 libblkid-dev libselinux1 libselinux1-dev libsepol2 libsepol-dev liburing2 liburing-dev)

# write_constants FILE NAME=VALUE...: what the cross file leaves open, for Meson.
write_constants() {
    local pair
    {
        printf '[constants]\nlauncher = [%s]\n' "$(! has_command ccache || printf "'ccache'")"
        for pair in "${@:2}"; do
            printf "%s = '%s'\n" "${pair%%=*}" "${pair#*=}"
        done
    } >"$1"
}

# sysroot_stage NAME ARCHITECTURE COMPILER SUITES MULTIPLIER PACKAGES OPTION...: the tests of the library, on another
# architecture of Debian. PACKAGES is one word: what is unpacked besides what GLib wants.
sysroot_stage() {
    local name=$1 architecture=$2 folder="$build/sysroots/$1" log="$build/logs/$1-sysroot.log" packages=()
    read -r -a packages <<<"$6"
    if ! bounded 600 "$top/tests/tools/unpack_sysroot.sh" "$folder" "$architecture" "${sysroot_packages[@]}" \
        "${packages[@]}" >"$log" 2>&1; then
        skip_stage "$name" "Debian's packages for $architecture cannot be had: $(tail -n 1 "$log")"
        return
    fi
    write_constants "$folder/constants.txt" "root=$folder/root"
    meson_stage "$name" "$3" "$4" "$5" "--cross-file=$folder/constants.txt" \
        "--cross-file=$top/tests/tools/cross/$name.txt" "${cross_options[@]}" "${@:7}"
}

# What other stages test, or needs more than a sysroot; and no debug information, because nobody looks.
cross_options=("${quick[@]}" -Dgtk=disabled -Ddemo=disabled -Dcurl=disabled -Dintrospection=disabled -Dsysprof=disabled
    -Dusdt=disabled)

# AArch64, emulated: that it is built and does the right thing where characters are unsigned and the kernel has neither
# io_uring nor epoll_pwait2. The emulator orders memory as this machine does, so it says nothing about barriers.
stage_arm64() {
    if ! has_command aarch64-linux-gnu-g++ || ! has_command qemu-aarch64-static; then
        skip_stage arm64 "there is no aarch64-linux-gnu-g++, or no qemu-aarch64-static; $packages_reason"
        return
    fi
    sysroot_stage arm64 arm64 aarch64-linux-gnu-g++ emulated 4 ""
}

# 32-bit x86, which this machine runs as it is, io_uring and all. Its Python and its other interpreters have 64 bits.
stage_i386() {
    if ! has_command i686-linux-gnu-g++; then
        skip_stage i386 "there is no i686-linux-gnu-g++; $packages_reason"
        return
    fi
    sysroot_stage i386 i386 i686-linux-gnu-g++ foreign 2 "" -Dtest_protocols=chosen
}

# Clang 22 with libc++ 22, the newest that Debian 12 has. (libc++ 14 is too old: it lacks std::stop_token and std::atomic_ref.)
stage_libcxx() {
    local folder="$build/sysroots/libcxx" log="$build/logs/libcxx-sysroot.log"
    local static="$folder/root/usr/lib/llvm-22/lib/libc++.a" shared="$folder/root/shared"
    if ! has_command clang++-22; then
        skip_stage libcxx "there is no clang++-22; $packages_reason"
        return
    fi
    if ! bounded 600 "$top/tests/tools/unpack_sysroot.sh" "$folder" "$(dpkg --print-architecture)" libc++-22-dev \
        libc++abi-22-dev >"$log" 2>&1; then
        skip_stage libcxx "libc++ 22 cannot be had: $(tail -n 1 "$log")"
        return
    fi
    # Debian's shared one is of version 19, which lacks some of what the headers want. And with a static one, each library
    # and program would have a copy, and no exception could be caught across them.
    mkdir -p "$shared"
    if [[ ! -f $shared/libc++.so ]] && ! bounded 120 clang++-22 -shared -nostdlib++ -Wl,-soname,libc++.so \
        -Wl,--whole-archive "$static" -Wl,--no-whole-archive -o "$shared/libc++.so" >"$log" 2>&1; then
        skip_stage libcxx "no shared library can be made of libc++: $(tail -n 1 "$log")"
        return
    fi
    write_constants "$folder/constants.txt" "root=$folder/root" "shared=$shared"
    meson_stage libcxx clang++-22 cross 1 "--native-file=$folder/constants.txt" \
        "--native-file=$top/tests/tools/cross/libcxx.txt" "${cross_options[@]}" -Dunity=off \
        -Dtest_protocols=chosen
}

# Nothing of Wine outlives the run, however that ends.
wine_prefix=""
end_wine() {
    [[ -z $wine_prefix ]] || "$top/tests/tools/windows/wine.sh" down "$wine_prefix"
    wine_prefix=""
}
trap 'end_running; end_wine' EXIT

# Windows: built with MinGW-w64, run by Wine. Wine is no witness of time, and FlushProcessWriteBuffers does nothing there.
stage_windows() {
    local folder="$build/sysroots/windows" log="$build/logs/windows-glib.log" wine="$top/tests/tools/windows/wine.sh" options=()
    local compiler=x86_64-w64-mingw32-g++-posix
    if ! has_command "$compiler" || [[ ! -x /usr/lib/wine/wine64 ]]; then
        skip_stage windows "there is no x86_64-w64-mingw32-g++-posix, or no wine64; $packages_reason"
        return
    fi
    say "== windows: GLib"
    mkdir -p "$folder"
    if ! NESTLING_JOBS=$jobs bounded 900 "$top/tests/tools/windows/build_glib.sh" "$folder/glib" >"$log" 2>&1; then
        skip_stage windows "without GLib, which cannot be built for Windows here: $(tail -n 1 "$log")"
        options=(-Dglib=disabled)
    fi
    write_constants "$folder/constants.txt" "root=$folder/glib/root" "wine=$wine" "prefix=$folder/wine"
    wine_prefix=$folder/wine
    if ! bounded 300 "$wine" up "$wine_prefix" >"$build/logs/wine.log" 2>&1; then
        skip_stage windows "Wine does not start"
        return
    fi
    options+=("--cross-file=$folder/constants.txt" "--cross-file=$top/tests/tools/cross/windows.txt" "${cross_options[@]}"
        -Ddefault_library=static)
    meson_stage windows "$compiler" cross 3 "${options[@]}"
    # Never built: stage tidy asks how it would be.
    configure "$build/tidy-windows" "$compiler" "${options[@]}" -Dtests=disabled -Dunity=off >>"$build/logs/wine.log" 2>&1 ||
        say "== windows: stage tidy will not see its sources; see $build/logs/wine.log"
    end_wine
}
