#!/bin/sh
# Chromium for the browser tests: root installs Debian's, anybody else is told the one command to type.
set -eu
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Debian's Chromium ..."
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
else
    echo "The browser tests need Chromium. Type: sudo apt-get install chromium fonts-dejavu-core"
    exit 1
fi
