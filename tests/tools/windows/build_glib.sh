#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# build_glib.sh FOLDER: GLib for Windows, built here from the distribution's sources, in FOLDER/root: libglib as a static
# library with pcre2 in it, and nothing that a GMainContext does not need (no GObject, no GIO, no translations). Does
# nothing when it is there; says what is missing when it cannot be built. About two minutes.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/tools/own_apt.sh
source "$here/../own_apt.sh"
# shellcheck source=tests/tools/add_catch2.sh
source "$here/../add_catch2.sh"

mkdir -p "$1"
folder=$(cd "$1" && pwd)
root=$folder/root
work=$folder/work
target=x86_64-w64-mingw32
compiler=$target-gcc-posix
jobs=${NESTLING_JOBS:-$(nproc)}

start=$SECONDS
step() { printf -- '-- %3d s: %s\n' $((SECONDS - start)) "$*"; }

# The newest version that can be had: an archive of updates may list one that it has no longer.
fetch_source() {
    local name=$1 version
    while read -r version; do
        rm -rf "${work:?}/$name"*
        if (cd "$work" && run_own_apt "$folder/apt" 120 apt-get -qq source --download-only "$name=$version") &&
            dpkg-source --no-check --extract "$work/$name"_*.dsc "$work/$name" >/dev/null; then
            return
        fi
    done < <(run_own_apt "$folder/apt" 60 apt-cache madison "$name" | awk -F ' *[|] *' '{ print $2 }' | uniq)
    echo "The sources of $name cannot be had" >&2
    return 1
}

# What GLib wants of libintl, without translations.
build_libintl() {
    cp "$here/libintl.h" "$root/include/"
    "$compiler" -O2 -I "$here" -c "$here/libintl.c" -o "$work/libintl.o"
    "$target-ar" rcs "$root/lib/libintl.a" "$work/libintl.o"
}

# By hand, as its NON-AUTOTOOLS-BUILD tells; its configure takes longer than its compilation.
build_pcre2() {
    local source=$work/pcre2/src objects=$work/pcre2-objects version
    version=$(sed -nE 's/^#define PCRE2_(MAJOR|MINOR) +//p' "$source/pcre2.h.generic" | paste -s -d .)
    mkdir -p "$objects"
    cp "$source/config.h.generic" "$objects/config.h"
    cp "$source/pcre2.h.generic" "$objects/pcre2.h"
    cp "$source/pcre2_chartables.c.dist" "$objects/pcre2_chartables.c"
    # Without those that others include, and those that are programs.
    find "$source" "$objects" -maxdepth 1 -name 'pcre2_*.c' ! -name '*test*' ! -name '*_fuzzsupport.c' \
        ! -name 'pcre2_dftables.c' ! -name 'pcre2_jit_match.c' ! -name 'pcre2_jit_misc.c' ! -name 'pcre2_printint.c' \
        ! -name 'pcre2_ucptables.c' -print0 |
        (cd "$objects" && xargs -0 -P "$jobs" -n 4 "$compiler" -O2 -DHAVE_CONFIG_H -DPCRE2_CODE_UNIT_WIDTH=8 \
            -DPCRE2_STATIC -DSUPPORT_UNICODE -DSUPPORT_PCRE2_8 -I . -I "$source" -c)
    "$target-ar" rcs "$root/lib/libpcre2-8.a" "$objects"/*.o
    cp "$objects/pcre2.h" "$root/include/"
    cat >"$root/lib/pkgconfig/libpcre2-8.pc" <<TEXT
prefix=$root
Name: libpcre2-8
Description: Regular expressions of Perl
Version: $version
Libs: -L\${prefix}/lib -lpcre2-8
Cflags: -I\${prefix}/include -DPCRE2_STATIC
TEXT
}

# GLib's Meson file looks for what only GObject and GIO need, and cannot leave them out; they are not built.
pretend_to_have() {
    local name=$1 version=$2
    printf 'Name: %s\nDescription: not built\nVersion: %s\n' "$name" "$version" >"$work/pretended/$name.pc"
}

configure_glib() {
    mkdir -p "$work/pretended"
    pretend_to_have libffi 3.4.4
    pretend_to_have zlib 1.2.13
    {
        printf '[constants]\nroot = %s\n' "'$root'"
        printf "launcher = [%s]\n" "$(! command -v ccache >/dev/null || printf "'ccache'")"
        printf '[properties]\npkg_config_libdir = %s\n' "'$root/lib/pkgconfig:$work/pretended'"
    } >"$work/root.txt"
    # Without something that runs its programs: that doubles the time, and some checks then find what Wine has.
    meson setup "$work/build" "$work/glib2.0" --cross-file "$work/root.txt" --cross-file "$here/mingw64-glib.txt" \
        --prefix="$root" --libdir=lib --buildtype=debugoptimized --default-library=static --wrap-mode=nodownload \
        -Dtests=false -Dinstalled_tests=false -Dnls=disabled -Dgtk_doc=false -Dman=false -Dlibelf=disabled \
        -Dxattr=false -Dlibmount=disabled -Dselinux=disabled -Dsysprof=disabled -Dbsymbolic_functions=false
}

# `meson install` would build everything, so what glib.h includes is collected here.
install_glib() {
    local headers=$root/include/glib-2.0
    mkdir -p "$headers" "$root/lib/glib-2.0/include"
    python3 -B "$here/collect_headers.py" --from "$work/glib2.0/glib" --from "$work/build/glib" --to "$headers"
    cp "$work/build/glib/glibconfig.h" "$root/lib/glib-2.0/include/"
    cp "$work/build/glib/libglib-2.0.a" "$root/lib/"
    "$target-strip" -g "$root/lib/libglib-2.0.a"
    cp "$work/build/meson-private/glib-2.0.pc" "$root/lib/pkgconfig/"
}

key=$(
    cd "$here/.."
    sha256sum own_apt.sh add_catch2.sh windows/{build_glib.sh,collect_headers.py,libintl.c,libintl.h,mingw64-glib.txt}
    "$compiler" --version
    echo "$root"
)
[[ ! -f $folder/complete || $(<"$folder/complete") != "$key" ]] || exit 0
rm -rf "$root" "$work" "$folder/apt" "$folder/complete"
mkdir -p "$root"/{include,lib/pkgconfig} "$work"
own_apt "$folder/apt" source
fetch_source glib2.0
fetch_source pcre2
step "sources"
build_libintl
build_pcre2
step "libintl and pcre2"
configure_glib
step "GLib is configured"
ninja -C "$work/build" -j "$jobs" glib/libglib-2.0.a
install_glib
add_catch2 "$root"
rm -rf "$work" "$folder/apt"
printf '%s' "$key" >"$folder/complete"
step "done"
