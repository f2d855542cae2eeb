#!/usr/bin/env bash
# As root, with debootstrap installed: puts the Debian package into a bare Debian, runs the demo there as somebody without
# rights, removes the package, and compares what is left with what was there before. About three minutes.
#   bare_root.sh [DEB] [MIRROR]
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
deb=${1:-bazel-bin/cli/package/viasync.deb}
# The mirror of this machine.
mirror=${2:-$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m1 '/debian$')}
root=$(mktemp -d)
chmod 755 "$root"  # somebody without rights has to get in
trap 'umount "$root/proc" 2>/dev/null || true; rm -rf --one-file-system "$root"' EXIT

debootstrap --variant=minbase bookworm "$root" "$mirror" >"$root.log" || { tail "$root.log"; exit 1; }
mount -t proc proc "$root/proc"
cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
within() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive "$@"; }
files() { (cd "$root" && find . -xdev -path ./proc -prune -o -path ./var/cache -prune -o -path ./var/lib/apt -prune -o -print | sort); }

# What the package needs first, so that what is compared is the package alone.
cp "$deb" "$root/viasync.deb"
within apt-get update >"$root.log"
needs=$(dpkg-deb -f "$deb" Depends | sed 's/([^)]*)//g; s/,//g')
within apt-get install -y --no-install-recommends $needs >>"$root.log" 2>&1 || { tail "$root.log"; exit 1; }
files >"$root.before"
within apt-get install -y --no-install-recommends /viasync.deb >>"$root.log" 2>&1 || { tail "$root.log"; exit 1; }
within viasync version
within su -s /bin/sh nobody -c 'HOME=/tmp TMPDIR=/tmp viasync demo' >"$root.demo" || { tail -20 "$root.demo"; exit 1; }
tail -1 "$root.demo"
within sh -c 'rm -rf /tmp/viasync-demo*'  # what the demo made for its reader
within apt-get purge -y viasync >>"$root.log" 2>&1
files >"$root.after"
left=$(diff "$root.before" "$root.after" | grep '^[<>]' | grep -vE ' \./var/(log|lib/dpkg)/|\./root/' || true)
rm -f "$root".{log,before,after,demo}
[ -z "$left" ] || { echo "left behind or taken away:"; echo "$left"; exit 1; }
echo "installed, ran, removed: nothing is left"
