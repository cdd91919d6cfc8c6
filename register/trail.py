"""The audit trail, and the keys under which its secrets and the complaints' are sealed."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from register import sealed_json, tables
from register.complaint import Event, EventKind
from register.errors import ErasedError
from register.memory import Memory
from register.sealing import Keyring


class Trail(Memory):
    """Events are only ever appended; what a person wrote in them is sealed with the complaint's own key."""

    def __init__(self, engine: sa.Engine, keyring: Keyring) -> None:
        super().__init__(engine)
        self._keyring = keyring

    def timeline(self, ticket: str) -> list[Event]:
        """
        The public events of a complaint, oldest first; of what is sealed only what the office told the reporter
        (`secret["public"]`), and nothing once the complaint was erased.
        """
        table = tables.events
        query = sa.select(table).where(table.c.ticket == ticket, table.c.public_label != "").order_by(table.c.seq)
        with self._read() as connection:
            rows = connection.execute(query).all()
            key = self._key(connection, ticket)
        return [
            Event(EventKind(row.kind), row.at, row.actor, row.data, self._told(key, row), row.public_label)
            for row in rows
        ]

    def _told(self, key: bytes | None, row: sa.Row[Any]) -> dict[str, str]:
        if key is None or not row.sealed:
            return {}
        secret = sealed_json.load_texts(self._open(key, row.ticket, "event", row.sealed))
        return {"public": secret["public"]} if "public" in secret else {}

    def events(self, ticket: str) -> list[Event]:
        """The whole audit trail of a complaint, oldest first, opened. Raises: ErasedError."""
        table = tables.events
        with self._read() as connection:
            rows = connection.execute(sa.select(table).where(table.c.ticket == ticket).order_by(table.c.seq)).all()
            key = self._key(connection, ticket)
        return [
            Event(
                EventKind(row.kind),
                row.at,
                row.actor,
                row.data,
                sealed_json.load_texts(self._open(key, ticket, "event", row.sealed)) if row.sealed else {},
                row.public_label,
            )
            for row in rows
        ]

    def _key(self, connection: sa.Connection, ticket: str) -> bytes | None:
        key: bytes | None = connection.execute(
            sa.select(tables.complaint_keys.c.wrapped_key).where(tables.complaint_keys.c.ticket == ticket)
        ).scalar_one_or_none()
        return key

    def _open(self, key: bytes | None, ticket: str, purpose: str, sealed: bytes) -> str:
        if key is None:
            raise ErasedError(f"Data pelapor pada tiket {ticket} sudah dihapus.", ticket=ticket)
        return self._keyring.open(key, ticket, purpose, sealed)

    def _append_events(
        self, connection: sa.Connection, ticket: str, key: bytes | None, events: Sequence[Event]
    ) -> None:
        connection.execute(
            tables.events.insert(),
            [
                {
                    "ticket": ticket,
                    "at": event.at,
                    "kind": event.kind.value,
                    "actor": event.actor,
                    "public_label": event.public_label,
                    "data": dict(event.data),
                    "sealed": self._seal(key, ticket, "event", sealed_json.dump_texts(event.secret))
                    if event.secret
                    else None,
                }
                for event in events
            ],
        )

    def _seal(self, key: bytes | None, ticket: str, purpose: str, text: str) -> bytes:
        if key is None:
            raise ErasedError(f"Data pelapor pada tiket {ticket} sudah dihapus.", ticket=ticket)
        return self._keyring.seal(key, ticket, purpose, text)
