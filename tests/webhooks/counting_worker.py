"""
The process that reads what `aduan web` kept, for tests that kill it: `python -m tests.webhooks.counting_worker URL KEY
MINUTES`.

In place of a conversation it writes a line for each message that it takes, in the transaction that settles the
delivery, and nothing keeps it from writing one twice. Its clock is some minutes ahead, so that what a killed one had
claimed is handed out again.
"""

import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from automation.channels.inbox import Inbox
from register.complaint import Channel
from register.database import open_engine
from register.inbound import Address, Delivery, Message, Source, Update
from register.sealing import load_keyring
from register.store import Store

MADE = sa.text("CREATE TABLE IF NOT EXISTS taken (message TEXT NOT NULL)")
_TAKE = sa.text("INSERT INTO taken VALUES (:message)")


class CountingStore(Store):
    """A store that remembers what it took."""

    def _take_messages(self, connection: sa.Connection, updates: Sequence[Update], delivery: int, now: datetime) -> int:
        for update in updates:
            if isinstance(update, Message):
                connection.execute(_TAKE, {"message": update.id})
        return len(updates)


def read(delivery: Delivery) -> list[Message]:
    """The messages of a WhatsApp delivery."""
    values = [change["value"] for entry in json.loads(delivery.body)["entry"] for change in entry["changes"]]
    return [
        Message(each["id"], Address(Channel.WHATSAPP, "1", each["from_user_id"]), delivery.received_at)
        for value in values
        for each in value["messages"]
    ]


def main(url: str, key: str, minutes: str) -> None:
    """Work off what waits, until killed."""
    store = CountingStore(open_engine(url), load_keyring(Path(key), create=False))
    inbox = Inbox(store, {Source.WHATSAPP: read}, {})
    while True:
        if not inbox(datetime.now(UTC) + timedelta(minutes=int(minutes))):
            time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
