#!/bin/sh
# Bazel asks this for the facts that `viasync version` and the packages report.
commit=$(git rev-parse --short=12 HEAD 2>/dev/null) || commit=unknown
[ -z "$(git status --porcelain 2>/dev/null)" ] || commit="$commit-modified"
echo "STABLE_VIASYNC_COMMIT $commit"
# What every file of a package carries as its time.
echo "STABLE_VIASYNC_COMMIT_TIME $(git log -1 --format=%ct 2>/dev/null)"
