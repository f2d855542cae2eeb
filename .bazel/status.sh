#!/bin/sh
# Bazel asks this for the facts that `viasync version` reports.
commit=$(git rev-parse --short=12 HEAD 2>/dev/null) || commit=unknown
[ -z "$(git status --porcelain 2>/dev/null)" ] || commit="$commit-modified"
echo "STABLE_VIASYNC_COMMIT $commit"
