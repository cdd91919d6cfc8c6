#!/bin/sh
# Shows that the run-time lock, and the PostgreSQL driver, install from wheels alone: nobody needs a compiler, on the
# office's Windows PC least of all. Asks the registry, installs nothing. Exits 1 and names the package where one lacks.
set -u
cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp requirements.lock "$work/all.lock"
awk '/^psycopg/ {inside = 1} /^[a-z]/ && !/^psycopg/ {inside = 0} inside' requirements-test.lock >>"$work/all.lock"

lacking=0
printf '%-24s' ''
for version in 3.11 3.12 3.13 3.14; do printf '%-8s' "$version"; done
echo
for platform in x86_64-manylinux_2_28 x86_64-pc-windows-msvc; do
    printf '%-24s' "$platform"
    for version in 3.11 3.12 3.13 3.14; do
        if .venv/bin/uv pip install --quiet --dry-run --only-binary :all: --no-deps --require-hashes \
            --python-version "$version" --python-platform "$platform" \
            --target "$work/$platform-$version" -r "$work/all.lock" 2>"$work/said"; then
            printf '%-8s' wheels
        else
            printf '%-8s' LACKS
            lacking=1
            sed "s/^/Python $version, $platform: /" "$work/said" >>"$work/why"
        fi
    done
    echo
done
[ "$lacking" = 0 ] || { echo; cat "$work/why"; }
exit "$lacking"
