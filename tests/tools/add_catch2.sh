# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# add_catch2 ROOT: the header of Catch2 2 alone, because the folder that the system has it in is full of headers that are
# for the system. In ROOT/opt/catch2, where the cross files look for it. Sourced.

add_catch2() {
    local root=$1 header="" folder
    for folder in $(pkg-config --variable=includedir catch2 2>/dev/null) /usr/include; do
        [[ -n $header || ! -f $folder/catch2/catch.hpp ]] || header=$folder/catch2/catch.hpp
    done
    if [[ -z $header ]]; then
        echo "There is no header of Catch2 2, the version that needs no library" >&2
        return 1
    fi
    mkdir -p "$root"/opt/catch2/{include/catch2,pkgconfig}
    cp "$header" "$root/opt/catch2/include/catch2/"
    cat >"$root/opt/catch2/pkgconfig/catch2.pc" <<TEXT
prefix=\${pcfiledir}/..
Name: Catch2
Description: the header
Version: $(sed -nE 's/^#define CATCH_VERSION_(MAJOR|MINOR|PATCH) //p' "$header" | paste -s -d .)
Cflags: -I\${prefix}/include
TEXT
}
