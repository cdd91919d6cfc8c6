"""
What the audit trail holds beyond the rows of complaints: delivered edits of the sheet, and values without a complaint.

A value in a row that belongs to no complaint is sealed under a key of its month, so that it can be erased by destroying
that key once it is old.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from register import sealed_json, tables
from register.complaint import WITA, Event, EventKind
from register.errors import ErasedError, KeyFileError
from register.facts import without_facts
from register.tickets import UNPLACED
from register.trail import Trail, portions

SHORTLY = timedelta(hours=1)
"""How far apart an edit's delivery and its being read may be; the sender tries again for a while."""
DELIVERY = "delivery"
"""Under this name an event's `data` keep the delivery's own id."""
BELATED = "belated"
"""And under this one that the value had been read before its edit was delivered."""


def unplaced(at: datetime) -> str:
    """Stands for the ticket of events that belong to no complaint, such as `~2026-11`: one a month in WITA."""
    return f"{UNPLACED}{at.astimezone(WITA):%Y-%m}"


class EditTrail(Trail):
    """Delivered edits, each once, and who made those that no tick has read yet."""

    def record_edit(self, ticket: str, edit: Event) -> bool:
        """
        Append a delivered edit to the trail of a ticket, or of `unplaced` if no complaint has that ticket.

        Args:
            edit: Of the instant of recording, so that nothing is ever put before what is in the trail already.

        Returns: False if this delivery is in that trail already. Raises: KeyFileError.
        """
        with self._write() as connection:
            key = self._writing_key(connection, ticket)
            if key is None:
                ticket = unplaced(edit.at)
                key = self._writing_key(connection, ticket)
            events = self._cell_events(connection, [ticket])
            if any(row.kind == edit.kind and row.data.get(DELIVERY) == edit.data[DELIVERY] for row in events):
                return False
            if self._stands_read(events, edit, key):
                edit = replace(edit, data={**edit.data, BELATED: "1"})
            self._append(connection, self._drawn_up(ticket, key, [edit]))
            return True

    def unread_edits(self, tickets: Iterable[str], now: datetime) -> dict[str, list[Event]]:
        """Edits of these tickets that were delivered shortly before and that no tick has read yet, the newest first."""
        wanted = list(tickets)
        found: dict[str, list[Event]] = {}
        with self._read() as connection:
            rows = [row for some in portions(wanted) for row in self._cell_events(connection, some)]
            read = {row.data[DELIVERY] for row in rows if row.kind == EventKind.CELL_READ and DELIVERY in row.data}
            shortly = [row for row in rows if row.kind == EventKind.CELL_EDITED and abs(now - row.at) <= SHORTLY]
            keys = self._keys(connection, {row.ticket for row in shortly})
            for row in reversed(shortly):
                if row.sealed and BELATED not in row.data and row.data[DELIVERY] not in read:
                    with suppress(ErasedError, KeyFileError):  # who cannot be read cannot be named
                        edit = self._cell_event(row, keys.get(row.ticket))
                        found.setdefault(row.ticket, []).append(edit)
        return found

    def _cell_events(self, connection: sa.Connection, tickets: Sequence[str]) -> Sequence[sa.Row[Any]]:
        table = tables.events
        kinds = (EventKind.CELL_READ.value, EventKind.CELL_EDITED.value)
        query = sa.select(table).where(table.c.ticket.in_(tickets), table.c.kind.in_(kinds)).order_by(table.c.seq)
        return connection.execute(query).all()

    def _stands_read(self, events: Sequence[sa.Row[Any]], edit: Event, key: bytes | None) -> bool:
        """Whether what a tick last read in that cell is just what the edit put there."""
        for row in reversed(events):
            if row.kind == EventKind.CELL_READ and row.data.get("column") == edit.data["column"]:
                return self._cell_event(row, key).secret.get("value", "") == edit.secret.get("value")
        return False

    def _cell_event(self, row: sa.Row[Any], key: bytes | None) -> Event:
        secret = sealed_json.load_texts(self._open(key, row.ticket, "event", row.sealed)) if row.sealed else {}
        return Event(EventKind(row.kind), row.at, row.actor, without_facts(row.data), secret)

    def _writing_key(self, connection: sa.Connection, ticket: str) -> bytes | None:
        """As `_key`, with a new key for a month's unplaced events; None for a ticket that no complaint has."""
        key = self._key(connection, ticket)
        if key is None and ticket.startswith(UNPLACED):
            key = self._keyring.new_wrapped_key(ticket)
            connection.execute(tables.complaint_keys.insert().values(ticket=ticket, wrapped_key=key))
        return key

    def _writing_keys(self, connection: sa.Connection, tickets: Collection[str]) -> dict[str, bytes | None]:
        """The same of several tickets."""
        found: dict[str, bytes | None] = dict(self._keys(connection, tickets))
        return found | {ticket: self._writing_key(connection, ticket) for ticket in tickets if ticket not in found}
