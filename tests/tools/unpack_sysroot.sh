#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# unpack_sysroot.sh FOLDER ARCHITECTURE PACKAGE...: the packages, not installed but unpacked in FOLDER/root, and with them
# the header of Catch2. Does nothing when they are there.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/tools/own_apt.sh
source "$here/own_apt.sh"
# shellcheck source=tests/tools/add_catch2.sh
source "$here/add_catch2.sh"

folder=$1
architecture=$2
root=$folder/root

# One folder of libraries, as the system has.
merge_usr() {
    [[ -d $root/lib && ! -L $root/lib ]] || return 0
    mkdir -p "$root/usr/lib"
    cp -a "$root/lib/." "$root/usr/lib/"
    rm -rf "${root:?}/lib"
    ln -s usr/lib "$root/lib"
}

# Links that mean the root of the system have to mean this one's.
mend_links() {
    local link target
    while IFS= read -r link; do
        target=$(readlink "$link")
        [[ ! -e $root$target ]] || ln -sfn "$(realpath --relative-to="$(dirname "$link")" "$root$target")" "$link"
    done < <(find "$root" -type l -lname '/*')
}

key="$architecture ${*:3} $(sha256sum "${BASH_SOURCE[0]}" "$here"/{own_apt,add_catch2}.sh | sha256sum)"
[[ ! -f $folder/complete || $(<"$folder/complete") != "$key" ]] || exit 0
rm -rf "$folder"
mkdir -p "$folder/packages" "$root"
own_apt "$folder/apt" "$architecture"
(cd "$folder/packages" && run_own_apt "$folder/apt" 300 apt-get -qq download "${@:3}")
for package in "$folder"/packages/*.deb; do
    dpkg-deb --extract "$package" "$root"
done
merge_usr
mend_links
add_catch2 "$root"
rm -rf "$folder/packages" "$folder/apt"
printf '%s' "$key" >"$folder/complete"
