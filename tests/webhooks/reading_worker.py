"""
The process that reads what `aduan web` kept, for tests that kill it: `python -m tests.webhooks.reading_worker URL KEY
MINUTES`.

It does what the worker's inbox does, and nothing else. Its clock is some minutes ahead, so that what a killed one had
claimed is handed out again.
"""

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from automation.channels.inbound import whatsapp
from automation.channels.inbox import Inbox
from register.database import open_engine
from register.inbound import Source
from register.sealing import load_keyring
from register.store import Store


def main(url: str, key: str, minutes: str) -> None:
    """Work off what waits, until killed."""
    store = Store(open_engine(url), load_keyring(Path(key), create=False))
    inbox = Inbox(store, {Source.WHATSAPP: lambda each: whatsapp.read(each.body, received_at=each.received_at)}, {})
    while True:
        if not inbox(datetime.now(UTC) + timedelta(minutes=int(minutes))):
            time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
