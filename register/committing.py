"""What a tick decided, and what people do on pages, is written down: all of it or none."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from register import sealed_json, tables
from register.archive import ARCHIVABLE
from register.case_reports import key_purpose, put_report
from register.changes import Change
from register.complaint import Complaint
from register.complaints import COLUMNS, Complaints, column_value, complaint_of
from register.edits import EditTrail
from register.errors import TicketNotFoundError
from register.facts import facts_of
from register.mirror import Mirror
from register.reporter_messages import ReporterMessages
from register.trail import portions


class Committing(Complaints, Mirror, EditTrail, ReporterMessages):
    """Applies changes to complaints."""

    def commit(
        self, changes: Iterable[Change], *, heard: Mapping[str, datetime | None] | None = None
    ) -> frozenset[str]:
        """
        Apply a tick's changes, all or none.

        Args:
            heard: When each reporter had last done something (`heard_at`), as far as whoever decided knew.

        Returns: Tickets whose reporter did something since, of which nothing was applied: decided on without knowing
            of it, it would undo what the reporter did.

        Raises: TicketNotFoundError; ErasedError if something is to be sealed with a key that was destroyed.
        """
        wanted = list(changes)
        with self._write() as connection:
            stale = self._heard_since(connection, heard or {})
            self._commit(connection, [change for change in wanted if change.ticket not in stale])
        return stale

    def commit_if_unchanged(self, change: Change, known: Complaint) -> bool:
        """
        Apply a change, unless the complaint is another by now than `known`, which it was decided on.

        Raises: as `commit`.
        """
        with self._write() as connection:
            row = self._locked(connection, change.ticket)
            if row is None or complaint_of(row) != known:
                return False
            self._commit(connection, [change])
        return True

    def _locked(self, connection: sa.Connection, ticket: str) -> sa.Row[Any] | None:
        """A complaint's row, which nobody else changes until the transaction ends; None if there is none."""
        query = sa.select(*COLUMNS).where(tables.complaints.c.ticket == ticket)
        return connection.execute(query.with_for_update()).one_or_none()

    def _heard_since(self, connection: sa.Connection, heard: Mapping[str, datetime | None]) -> frozenset[str]:
        table, found = tables.complaints, set()
        for tickets in portions(heard):
            query = sa.select(table.c.ticket, table.c.heard_at).where(table.c.ticket.in_(tickets)).with_for_update()
            found |= {ticket for ticket, at in connection.execute(query) if at != heard[ticket]}
        return frozenset(found)

    def _commit(self, connection: sa.Connection, wanted: Sequence[Change]) -> None:
        keys = self._writing_keys(connection, {change.ticket for change in wanted if _needs_key(change)})
        entries = [entry for change in wanted for entry in self._apply(connection, change, keys.get(change.ticket))]
        for change in wanted:
            if change.report is not None:
                kept, ticket = change.report, change.ticket
                key = self._seal(keys.get(ticket), ticket, key_purpose(kept.report), kept.content_key)
                put_report(connection, kept, key)
        self._put_clocks(connection, [(change.ticket, clock) for change in wanted for clock in change.clocks])
        self._put_mirror(connection, [(c.book, c.ticket, c.mirror) for c in wanted if c.mirror is not None])
        told = [(message, change.events[-1].at) for change in wanted if change.events for message in change.messages]
        self._queue_told(connection, told)
        self._append(connection, entries)

    def _apply(self, connection: sa.Connection, change: Change, key: bytes | None) -> list[dict[str, Any]]:
        """What the complaint itself shows. The events come back drawn up for the trail."""
        values = {name: column_value(value) for name, value in change.fields.items()}
        if values.get("status") not in (None, *ARCHIVABLE):
            values.setdefault("inactive_since", None)  # what goes on again stands in the working register again
        ticket = change.ticket
        if change.intake is not None:
            values["sealed_intake"] = self._seal(key, ticket, "intake", sealed_json.dump_intake(change.intake))
            values["identity"] = change.intake.identity.value
            self._put_contacts(connection, ticket, change.intake)
        if change.reply is not None:
            values["sealed_reply"] = self._seal(key, ticket, "reply", change.reply)
        if values:
            changed = connection.execute(
                _update(tuple(values)), {"of": ticket} | {f"new_{name}": v for name, v in values.items()}
            )
            if not changed.rowcount:
                raise TicketNotFoundError(f"Tiket {ticket} tidak ditemukan.", ticket=ticket)
        return self._drawn_up(ticket, key, change.events, facts_of(values, change.clocks))


def _needs_key(change: Change) -> bool:
    sealed = (change.intake, change.reply, change.report)
    return any(each is not None for each in sealed) or any(event.secret for event in change.events)


@cache
def _update(names: tuple[str, ...]) -> sa.Update:
    """Sets these columns of one complaint; put together once, as that takes longer than executing it."""
    table = tables.complaints
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
    return table.update().where(table.c.ticket == sa.bindparam("of")).values(values)
