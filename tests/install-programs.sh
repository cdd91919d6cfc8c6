#!/bin/sh
# What the tests need besides Python: Chromium for the pages, curl for the README's examples, Dovecot to read mail from.
# Root installs Debian's; anybody else is told the one command to type.
set -eu
PATH="$PATH:/usr/sbin"
command -v chromium >/dev/null 2>&1 && command -v curl >/dev/null 2>&1 && command -v dovecot >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Debian's Chromium, curl and Dovecot ..."
    had_dovecot=$(command -v dovecot || true)
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium fonts-dejavu-core curl ca-certificates dovecot-imapd >/dev/null
    # The tests start their own; a mail server that nobody asked for shall not listen on this machine.
    [ -n "$had_dovecot" ] || systemctl disable --now dovecot.socket dovecot.service >/dev/null 2>&1 || true
else
    echo "The tests need Chromium, curl and Dovecot. Type:"
    echo "    sudo apt-get install chromium fonts-dejavu-core curl dovecot-imapd"
    exit 1
fi
