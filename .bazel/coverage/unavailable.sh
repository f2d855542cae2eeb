#!/bin/sh
echo "coverage is not set up: Bazel's coverage tools are not among Debian's packages" >&2
exit 1
