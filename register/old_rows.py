"""
Complaints of an old register, row by row.

An old row is new to the trail: its events are of the instant of importing and say in `data` when things happened
(`happened_at`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from register import tables
from register.brought_over import folded, number_key
from register.changes import Book, MirrorRow
from register.complaint import WITA, Clock, Complaint, Event, EventKind, Intake
from register.complaints import values_of, year_of
from register.facts import facts_of
from register.trail import portions
from register.wholes import Whole, Wholes


class Fate(StrEnum):
    """What became of a row."""

    NEW = "new"
    REPEATED = "repeated"
    CONFLICT = "conflict"
    """Its key is known, with other contents."""


@dataclass(frozen=True)
class Imported:
    """
    An old row, decided on.

    Args:
        complaint: With a ticket of its own, and no number yet: it gets the next one of the year of recording.
        key: By what it is known again (`submissions`).
        events: The first of them its receipt.
        reply: What the reporter was answered, with `complaint.replied_at`.
        book, mirror: What is going to stand in its row, where that is more than the system writes by itself.
    """

    complaint: Complaint
    intake: Intake
    key: str
    events: Sequence[Event]
    clocks: Sequence[Clock] = ()
    reply: str = ""
    book: Book = Book.SHARED
    mirror: MirrorRow | None = None


class OldRows(Wholes):
    """Adding them, each once."""

    def fates(self, rows: Sequence[tuple[str, Intake]]) -> list[Fate]:
        """What would become of rows, by key and contents, if they were added now."""
        with self._read() as connection:
            return self._fates(connection, rows)

    def _fates(self, connection: sa.Connection, rows: Sequence[tuple[str, Intake]]) -> list[Fate]:
        table, known = tables.submissions, dict[str, str]()
        digests = [self._submission(key) for key, _ in rows]
        for some in portions(digests):
            query = sa.select(table.c.key, table.c.content_digest).where(table.c.key.in_(some))
            known |= {row.key: row.content_digest for row in connection.execute(query)}
        fates = []
        for digest, (_, intake) in zip(digests, rows, strict=True):
            before, content = known.get(digest), self._content(intake)
            known.setdefault(digest, content)
            fates.append(Fate.NEW if before is None else Fate.REPEATED if before == content else Fate.CONFLICT)
        return fates

    def add(self, rows: Sequence[Imported]) -> list[Fate]:
        """Commit the new ones among some rows, all or none, in their order; what became of each."""
        with self._write() as connection:
            fates = self._fates(connection, [(row.key, row.intake) for row in rows])
            new = [row for row, fate in zip(rows, fates, strict=True) if fate is Fate.NEW]
            self._add(connection, self._numbered(connection, new))
        return fates

    def _numbered(self, connection: sa.Connection, rows: Sequence[Imported]) -> list[Imported]:
        wanted = Counter(year_of(row.complaint) for row in rows)
        last = {year: self._next_number(connection, year, count) - count for year, count in wanted.items()}
        numbered = []
        for row in rows:
            year = year_of(row.complaint)
            last[year] += 1
            numbered.append(replace(row, complaint=replace(row.complaint, number=last[year])))
        return numbered

    def _add(self, connection: sa.Connection, rows: Sequence[Imported]) -> None:
        if not rows:
            return
        keys = {row.complaint.ticket: self._keyring.new_wrapped_key(row.complaint.ticket) for row in rows}
        wholes = [Whole(row.complaint, row.intake, row.reply, row.clocks) for row in rows]
        self._insert_wholes(connection, wholes, keys)
        connection.execute(
            tables.submissions.insert(),
            [
                {
                    "key": self._submission(row.key),
                    "ticket": row.complaint.ticket,
                    "content_digest": self._content(row.intake),
                }
                for row in rows
            ],
        )
        self._put_mirror(connection, [(row.book, row.complaint.ticket, row.mirror) for row in rows if row.mirror])
        entries = []
        for row in rows:
            ticket, facts = row.complaint.ticket, facts_of(values_of(row.complaint), row.clocks)
            entries += self._drawn_up(ticket, keys[ticket], row.events[:1], facts)
            entries += self._drawn_up(ticket, keys[ticket], row.events[1:])
        self._append(connection, entries)

    def formerly_numbered(self, number: str, now: datetime) -> list[str]:
        """Tickets of what had that number in an earlier register, in any of them and any year until now."""
        events, complaints, known = tables.events, tables.complaints, tables.submissions
        source = events.c.data["source"].as_string()
        came = sa.select(source).distinct().where(events.c.kind == EventKind.IMPORTED.value, events.c.ticket != "")
        with self._read() as connection:
            sources = list(connection.execute(came).scalars())
            if not sources or not folded(number):
                return []
            first: datetime = connection.execute(sa.select(sa.func.min(complaints.c.received_at))).scalar_one()
            years = range(first.astimezone(WITA).year, now.astimezone(WITA).year + 1)
            digests = [self._submission(number_key(each, number, year)) for each in sources for year in years]
            found: list[str] = []
            for some in portions(digests):
                found += connection.execute(sa.select(known.c.ticket).where(known.c.key.in_(some))).scalars()
        return found
