#!/bin/sh
# What the tests need besides Python: Chromium for the pages, curl for the README's examples.
# Root installs Debian's; anybody else is told the one command to type.
set -eu
command -v chromium >/dev/null 2>&1 && command -v curl >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Debian's Chromium and curl ..."
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium fonts-dejavu-core curl ca-certificates >/dev/null
else
    echo "The tests need Chromium and curl. Type:  sudo apt-get install chromium fonts-dejavu-core curl"
    exit 1
fi
