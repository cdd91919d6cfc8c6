"""
What staff are told of: which notices were given, once and for all, and the messages that carry them.

A notice's row is its right to be told: it is inserted in the transaction that queues its message, and never again. A
message goes from queued to sending to sent, failed or maybe ("mungkin terkirim"): one that was being sent when the
program ended may or may not have arrived, and only an urgent one is sent again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from register import tables
from register.complaint import Event, EventKind
from register.happenings import Happenings
from register.trail import among, portions

MOVED = "batas_bergeser"
"""The rung of a moved deadline, which waits for the next digest."""
_TOLD = (
    sa.select(tables.notices)
    .where(among(tables.notices.c.ticket), tables.notices.c.waits == sa.false())
    .order_by(tables.notices.c.at)
)
_KEY = ["ticket", "round", "clock", "rung", "mark"]

DIGEST = "ringkasan"
"""Setting that remembers for which dates digests were made; earlier versions kept the last one alone."""
REMEMBERED = timedelta(days=31)
"""How far from the last digest's date others are remembered: one that is further away was made by a wrong clock."""


KEPT = timedelta(days=30)
"""How long a message is kept once it was sent or given up."""


class State(StrEnum):
    """How far a message is; `no_channel` and `nobody` say why there is none."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    """The channel says that it reached the reporter's device."""
    READ = "read"
    FAILED = "failed"
    MAYBE = "maybe"
    TASK = "task"
    """The channel lets only a person write now: somebody of the office has to."""
    CANCELLED = "cancelled"
    NO_CHANNEL = "no_channel"
    NOBODY = "nobody"


STATE_LABELS: Mapping[State, str] = {
    State.QUEUED: "menunggu dikirim",
    State.SENDING: "sedang dikirim",
    State.SENT: "terkirim",
    State.DELIVERED: "terkirim dan sampai",
    State.READ: "terkirim dan dibaca",
    State.FAILED: "gagal dikirim",
    State.MAYBE: "mungkin terkirim",
    State.TASK: "tugas admin",
    State.CANCELLED: "dibatalkan",
    State.NO_CHANNEL: "tidak dikirim: kanal pemberitahuan kosong",
    State.NOBODY: "tidak dikirim: tidak ada penerima",
}


@dataclass(frozen=True)
class Notice:
    """
    One thing that is told once: a rung of one clock of a complaint.

    `mark` tells apart what may be told again: the deadline that a reminder comes before, the bidang of a disposition,
    both deadlines of a move.
    """

    ticket: str
    round: int
    clock: str
    rung: str
    mark: str = ""


@dataclass(frozen=True)
class StaffMessage:
    """A message to one person, and the notices that it carries. A digest has its date."""

    person: str
    title: str
    text: str
    notices: tuple[Notice, ...]
    urgent: bool = False
    digest_on: date | None = None
    id: int = 0
    attempts: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Batch:
    """
    All that one run decides, committed together.

    Args:
        notices: Told from now on, whether or not anybody could be reached.
        silent: Notices with the person who has no channel, or with "" where there is nobody.
        digest_on: Date for which everybody's digest is made with this.
        remembered: JSON values that the store remembers with this, by name.
    """

    notices: Sequence[Notice] = ()
    silent: Sequence[tuple[Notice, str]] = ()
    messages: Sequence[StaffMessage] = ()
    digest_on: date | None = None
    remembered: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Trouble:
    """A message that did not arrive for certain, as people are told of it."""

    person: str
    state: State
    at: datetime
    problem: str
    tickets: tuple[str, ...] = field(default=())


class Notices(Happenings):
    """Notices by ticket, and the messages to staff."""

    def told(self, tickets: Iterable[str]) -> dict[str, list[Notice]]:
        """The notices that some complaints were given, each for good; moves that wait for the digest are left out."""
        wanted = list(tickets)
        found: dict[str, list[Notice]] = {ticket: [] for ticket in wanted}
        with self._read() as connection:
            for some in portions(wanted):
                for row in connection.execute(_TOLD, {"tickets": some}):
                    found[row.ticket].append(_notice(row))
        return found

    def note_moves(self, moves: Iterable[Notice], now: datetime) -> None:
        """Keep moved deadlines for the next digest; the same move is kept once."""
        rows = [_values(notice, now) | {"waits": True} for notice in moves]
        if rows:
            with self._write() as connection:
                connection.execute(self._insert(tables.notices).on_conflict_do_nothing(), rows)

    def waiting_moves(self) -> list[Notice]:
        """Moved deadlines that no digest has told of, in the order in which they moved."""
        table = tables.notices
        with self._read() as connection:
            rows = connection.execute(sa.select(table).where(table.c.waits).order_by(table.c.at, table.c.mark))
            return [_notice(row) for row in rows]

    # -- queueing -------------------------------------------------------------------------------------------------

    def queue(self, batch: Batch, now: datetime) -> None:
        """
        Commit a run: its notices count as told, its messages wait to be sent.

        Raises: sqlalchemy.exc.IntegrityError, with nothing kept, if somebody else told one of them just before.
        """
        with self._write() as connection:
            self._tell(connection, batch.notices, now)
            for notice, person in batch.silent:
                state = State.NO_CHANNEL if person else State.NOBODY
                self._record(connection, [notice], person, state, now)
            for message in batch.messages:
                connection.execute(tables.staff_messages.insert().values(_message_values(message, now)))
            for name, value in batch.remembered.items():
                self._put_setting(connection, name, value)
            if batch.digest_on is not None:
                self._put_setting(connection, DIGEST, self._made_with(connection, batch.digest_on))
                connection.execute(_settled_before(now - KEPT))

    def _tell(self, connection: sa.Connection, notices: Sequence[Notice], now: datetime) -> None:
        """A move has been kept before and only ceases to wait; nothing else may be there yet."""
        insert = self._insert(tables.notices)
        told = insert.on_conflict_do_update(index_elements=_KEY, set_={"waits": False})
        for statement, moved in ((insert, False), (told, True)):
            rows = [_values(notice, now) | {"waits": False} for notice in notices if (notice.rung == MOVED) is moved]
            if rows:
                connection.execute(statement, rows)

    def _made_with(self, connection: sa.Connection, on: date) -> list[str]:
        query = sa.select(tables.settings.c.value).where(tables.settings.c.name == DIGEST)
        made = [*_dates(connection.execute(query).scalar_one_or_none()), on]
        return [each.isoformat() for each in made if abs(each - on) <= REMEMBERED]

    def digest_made(self, on: date) -> bool:
        """Whether that date's digests were made; those of others say nothing, as a clock may have been set wrongly."""
        return on in self.digests_made()

    def digests_made(self) -> list[date]:
        """The dates for which digests were made, in that order: of a month before and after the last of them."""
        return _dates(self.setting(DIGEST))

    def _record(
        self, connection: sa.Connection, notices: Iterable[Notice], person: str, state: State, now: datetime
    ) -> None:
        entries = []
        for notice in notices:
            data = {"rung": notice.rung, "clock": notice.clock, "person": person, "state": state.value}
            entries += self._drawn_up(notice.ticket, None, [Event(EventKind.NOTIFIED, now, "sistem", data)])
        self._append(connection, entries)


def _settled_before(at: datetime) -> sa.Delete:
    """Messages that are done with; what was told, and whether it arrived, stays in the trail."""
    table = tables.staff_messages
    done = [state.value for state in (State.SENT, State.FAILED, State.MAYBE)]
    return table.delete().where(table.c.state.in_(done), table.c.changed_at < at)


def _values(notice: Notice, now: datetime) -> dict[str, object]:
    return {
        "ticket": notice.ticket,
        "round": notice.round,
        "clock": notice.clock,
        "rung": notice.rung,
        "mark": notice.mark,
        "at": now,
    }


def _notice(row: sa.Row[tuple[object, ...]]) -> Notice:
    return Notice(row.ticket, row.round, row.clock, row.rung, row.mark)


def _message_values(message: StaffMessage, now: datetime) -> dict[str, object]:
    return {
        "person": message.person,
        "title": message.title,
        "text": message.text,
        "notices": [
            {"ticket": n.ticket, "round": n.round, "clock": n.clock, "rung": n.rung, "mark": n.mark}
            for n in message.notices
        ],
        "urgent": message.urgent,
        "digest_on": message.digest_on.isoformat() if message.digest_on else None,
        "state": State.QUEUED.value,
        "created_at": now,
        "due_at": now,
        "changed_at": now,
        "attempts": 0,
        "problem": "",
    }


def _dates(remembered: Any) -> list[date]:
    texts = [remembered] if isinstance(remembered, str) else remembered or []
    return [date.fromisoformat(text) for text in texts]
