# What the Debian package and the tarball share. Sourced by deb.sh and tarball.sh, which run at the root of the sources.
set -euo pipefail
umask 022
export LC_ALL=C TZ=UTC
: "${SOURCE_DATE_EPOCH:?is the time that every file of a package carries}"
export SOURCE_DATE_EPOCH

# The one place of the version is the binary (engine/workflow/version.cc): `viasync 1.2.3 (commit)`.
version_of() { "$1" version | sed -nE 's/^viasync ([0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?) \(.*/\1/p'; }

# stage_share SHARE VIASYNC MAN_PAGES: man pages, completions, schemas, examples below SHARE.
stage_share() {
  local share=$1 viasync=$2 man_pages=$3 file
  mkdir -p "$share"/{man/man1,bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d}
  mkdir -p "$share"/viasync/schemas "$share"/doc/viasync/examples
  "$man_pages" "$share/man/man1" "viasync $(version_of "$viasync")" "$(date -d "@$SOURCE_DATE_EPOCH" +%F)"
  gzip -9n "$share"/man/man1/*.1
  "$viasync" completion bash >"$share/bash-completion/completions/viasync"
  "$viasync" completion zsh >"$share/zsh/vendor-completions/_viasync"
  "$viasync" completion fish >"$share/fish/vendor_completions.d/viasync.fish"
  cp schemas/*.json "$share/viasync/schemas/"
  cp -rL testdata/acme testdata/orgs.json "$share/doc/viasync/examples/"
  cp -L cli/package/copyright "$share/doc/viasync/copyright"
  chmod -R u=rwX,go=rX "$share"
}

# stage_binary FROM TO: without what only a debugger reads.
stage_binary() {
  mkdir -p "$(dirname "$2")"
  strip --strip-unneeded --remove-section=.comment --remove-section=.note -o "$2" "$1"
  chmod 755 "$2"
}
