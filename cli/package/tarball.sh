#!/usr/bin/env bash
# tarball.sh OUT PORTABLE MAN_PAGES: one folder that runs on any Linux with the C library of Debian 12 or a newer one.
# PORTABLE is viasync, linked so that it finds its libraries in ../lib. The same inputs, installed libraries and
# SOURCE_DATE_EPOCH give the same bytes anywhere.
. cli/package/stage.sh
out=$1 portable=$2 man_pages=$3

version=$(version_of "$portable")
[ -n "$version" ] || { echo "tarball.sh: the version of the binary is not a semantic one" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=viasync-$version root=$work/viasync-$version
stage_binary "$portable" "$root/bin/viasync"
stage_share "$root/share" "$portable" "$man_pages"
cp -L CHANGELOG.md "$root/share/doc/viasync/CHANGELOG.md"
mkdir -p "$root/lib" "$root/share/doc/licenses"

# The shared libraries and the packages that they come from: `libcurl.so.4 /usr/lib/…/libcurl.so.4 libcurl4`. The C
# library is the one of the machine, since it has to fit the kernel and the name service there.
while read -r name path; do
  real=$(readlink -f "$path")
  package=$(dpkg-query -S "$real" 2>/dev/null || dpkg-query -S "${real#/usr}") || {
    echo "tarball.sh: no Debian package holds $path" >&2
    exit 1
  }
  package=${package%%:*}
  [ "$package" = libc6 ] || echo "$name $real $package"
done < <(ldd "$portable" | sed -nE 's/^\s*(\S+) => (\/\S+) .*/\1 \2/p' | sort) >"$work/libraries"

while read -r name real package; do
  install -m 644 "$real" "$root/lib/$name"
  install -m 644 "/usr/share/doc/$package/copyright" "$root/share/doc/licenses/$package"
done <"$work/libraries"

# What is compiled into the binary, and has no shared library.
for package in libcli11-dev libdtl-dev libkainjow-mustache-dev nlohmann-json3-dev; do
  install -m 644 "/usr/share/doc/$package/copyright" "$root/share/doc/licenses/$package"
  echo "- - $package"
done >>"$work/libraries"

# One component for each package, with the files that came from it (CycloneDX 1.5).
component() {
  local package=$1 name real of files=() version
  version=$(dpkg-query -W -f='${Version}\n' "$package" | head -1)
  while read -r name real of; do
    [ "$of" = "$package" ] && [ "$name" != - ] || continue
    files+=("{\"type\": \"file\", \"name\": \"lib/$name\", \"hashes\": [{\"alg\": \"SHA-256\", \"content\": \"$(sha256sum <"$root/lib/$name" | cut -c1-64)\"}]}")
  done <"$work/libraries"
  printf '    {"type": "library", "bom-ref": "%s", "name": "%s", "version": "%s", "purl": "pkg:deb/debian/%s@%s?arch=%s&distro=%s"' \
    "$package" "$package" "$version" "${package//+/%2B}" "$(sed 's/+/%2B/g; s/:/%3A/g; s/~/%7E/g' <<<"$version")" "$(dpkg --print-architecture)" \
    "$(. /etc/os-release && echo "$ID-$VERSION_ID")"
  ((${#files[@]} == 0)) || printf ', "components": [%s]' "$(IFS=,; echo "${files[*]}")"
  printf '}'
}
{
  printf '{\n  "bomFormat": "CycloneDX",\n  "specVersion": "1.5",\n  "version": 1,\n'
  printf '  "metadata": {\n    "timestamp": "%s",\n' "$(date -d "@$SOURCE_DATE_EPOCH" +%FT%TZ)"
  printf '    "component": {"type": "application", "bom-ref": "viasync", "name": "viasync", "version": "%s"}\n  },\n' "$version"
  printf '  "components": [\n'
  separator=
  for package in $(cut -d' ' -f3 "$work/libraries" | sort -u); do
    printf '%b' "$separator"
    component "$package"
    separator=',\n'
  done
  printf '\n  ]\n}\n'
} >"$root/viasync.cdx.json"

(cd "$root" && find . -type f ! -name SHA256SUMS -printf '%P\n' | sort | xargs sha256sum) >"$work/sums"
cp "$work/sums" "$root/SHA256SUMS"
chmod -R u=rwX,go=rX "$root"
tar -C "$work" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --format=gnu -cf - "$folder" |
  gzip -n >"$work/viasync.tar.gz"
cp "$work/viasync.tar.gz" "$out"
