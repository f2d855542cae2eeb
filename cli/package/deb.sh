#!/usr/bin/env bash
# deb.sh OUT VIASYNC MAN_PAGES: the Debian package. The same inputs and SOURCE_DATE_EPOCH give the same bytes anywhere.
. cli/package/stage.sh
out=$1 viasync=$2 man_pages=$3
maintainer='viasync maintainers <maintainers@viasync.example>'

version=$(version_of "$viasync")
[ -n "$version" ] || { echo "deb.sh: the version of the binary is not a semantic one" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root doc=$work/root/usr/share/doc/viasync
mkdir -p "$root/DEBIAN"
stage_binary "$viasync" "$root/usr/bin/viasync"
stage_share "$root/usr/share" "$viasync" "$man_pages"
awk -v version="$version" -v date="$(date -R -d "@$SOURCE_DATE_EPOCH")" -v maintainer="$maintainer" \
  -f cli/package/debian_changelog.awk CHANGELOG.md >"$doc/changelog"
gzip -9n "$doc/changelog"

# dpkg-shlibdeps wants a source package around it, of which it reads nothing.
mkdir -p "$work/debian"
printf 'Source: viasync\n\nPackage: viasync\nArchitecture: any\n' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O --ignore-missing-info "root/usr/bin/viasync" 2>"$work/problems") || {
  cat "$work/problems" >&2
  exit 1
}

cat >"$root/DEBIAN/control" <<CONTROL
Package: viasync
Version: ${version/-/\~}
Architecture: $(dpkg --print-architecture)
Maintainer: $maintainer
Installed-Size: $(find "$root/usr" -type f -printf '%s\n' | awk '{ k += int(($1 + 1023) / 1024) } END { print k }')
Depends: ${depends#shlibs:Depends=}, ca-certificates
Recommends: git
Section: admin
Priority: optional
Description: config-as-code for outbound contact-centre campaigns
 viasync keeps filters, exclusions and list filter assignments of an Alvaria
 Cloud Campaign organisation in YAML and CSV files, shows what would change,
 applies it under version checks, and brings what somebody changed in the
 vendor's UI back into the files.
CONTROL
(cd "$root" && find usr -type f -printf '%P\n' | sort | sed 's|^|usr/|' | xargs md5sum) >"$root/DEBIAN/md5sums"
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
# One thread: the bytes of xz depend on how many there are.
dpkg-deb --root-owner-group --threads-max=1 -Zxz --build "$root" "$work/viasync.deb" >/dev/null
cp "$work/viasync.deb" "$out"
