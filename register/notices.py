"""
What staff are told of: which notices were given, once and for all, and the messages that carry them.

A notice's row is its right to be told: it is inserted in the transaction that queues its message, and never again. A
message goes from queued to sending to sent, failed or maybe ("mungkin terkirim"): one that was being sent when the
program ended may or may not have arrived, and only an urgent one is sent again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa

from register import tables
from register.clocks import Clocks
from register.complaint import CLOSED, Clock, Event, EventKind

_PORTION = 500
"""Tickets in one query; databases limit how many values a statement may name."""

DIGEST = "ringkasan"
"""Setting that remembers for which date the digests were made."""


class State(StrEnum):
    """How far a message is; the last two say why a notice has none."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    MAYBE = "maybe"
    NO_CHANNEL = "no_channel"
    NOBODY = "nobody"


STATE_LABELS: Mapping[State, str] = {
    State.QUEUED: "menunggu dikirim",
    State.SENDING: "sedang dikirim",
    State.SENT: "terkirim",
    State.FAILED: "gagal dikirim",
    State.MAYBE: "mungkin terkirim",
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
    """

    notices: Sequence[Notice] = ()
    silent: Sequence[tuple[Notice, str]] = ()
    messages: Sequence[StaffMessage] = ()
    digest_on: date | None = None


@dataclass(frozen=True)
class Trouble:
    """A message that did not arrive for certain, as people are told of it."""

    person: str
    state: State
    at: datetime
    problem: str
    tickets: tuple[str, ...] = field(default=())


class Notices(Clocks):
    """Notices by ticket, and the messages to staff."""

    # -- what may have to be told ---------------------------------------------------------------------------------

    def trail_end(self) -> int:
        """Number of the last event: while it stands still, nothing happened to any complaint."""
        with self._read() as connection:
            return int(connection.execute(sa.select(sa.func.max(tables.events.c.seq))).scalar_one() or 0)

    def clocks_due(self, until: datetime) -> dict[str, list[Clock]]:
        """Clocks of steps and answers that run and are due by then, by ticket, and those of a Darurat whenever due."""
        table = tables.clocks
        soon = sa.and_(table.c.due_at <= until, sa.or_(table.c.key == "jawaban", table.c.key.like("langkah.%")))
        query = sa.select(table.c.ticket).where(table.c.done_at.is_(None), sa.or_(soon, table.c.key == "darurat"))
        with self._read() as connection:
            tickets = list(dict.fromkeys(connection.execute(query).scalars()))
        return {
            ticket: [clock for clock in clocks if clock.done_at is None]
            for ticket, clocks in self.clocks(tickets).items()
        }

    def newly_disposed(self) -> list[str]:
        """Tickets of open complaints whose bidang has not been told of them."""
        clocks, complaints, told = tables.clocks, tables.complaints, tables.notices
        query = (
            sa.select(clocks.c.ticket)
            .join(complaints, complaints.c.ticket == clocks.c.ticket)
            .outerjoin(
                told,
                sa.and_(
                    told.c.ticket == complaints.c.ticket,
                    told.c.round == complaints.c.round,
                    told.c.rung == "disposisi",
                    told.c.mark == complaints.c.bidang,
                ),
            )
            .where(
                clocks.c.key == "jawaban",
                clocks.c.done_at.is_(None),
                clocks.c.round == complaints.c.round,
                complaints.c.bidang != "",
                complaints.c.undecided == sa.false(),
                complaints.c.status.not_in([status.value for status in CLOSED]),
                told.c.ticket.is_(None),
            )
        )
        with self._read() as connection:
            return list(connection.execute(query).scalars())

    def told(self, tickets: Iterable[str]) -> dict[str, list[Notice]]:
        """The notices that some complaints were given, each for good; moves that wait for the digest are left out."""
        wanted = list(tickets)
        found: dict[str, list[Notice]] = {ticket: [] for ticket in wanted}
        table = tables.notices
        with self._read() as connection:
            for start in range(0, len(wanted), _PORTION):
                some = wanted[start : start + _PORTION]
                for row in connection.execute(
                    sa.select(table).where(table.c.ticket.in_(some), table.c.waits == sa.false()).order_by(table.c.at)
                ):
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
            for notice in batch.notices:
                connection.execute(self._told_now(notice, now))
            for notice, person in batch.silent:
                state = State.NO_CHANNEL if person else State.NOBODY
                self._record(connection, [notice], person, state, now)
            for message in batch.messages:
                connection.execute(tables.staff_messages.insert().values(_message_values(message, now)))
            if batch.digest_on is not None:
                self._put_setting(connection, DIGEST, batch.digest_on.isoformat())

    def _told_now(self, notice: Notice, now: datetime) -> sa.Executable:
        """A move has been kept already and only ceases to wait; anything else must not be there yet."""
        insert = self._insert(tables.notices).values(_values(notice, now) | {"waits": False})
        place = ["ticket", "round", "clock", "rung", "mark"]
        if notice.rung == "batas_bergeser":
            moved: sa.Executable = insert.on_conflict_do_update(index_elements=place, set_={"waits": False})
            return moved
        plain: sa.Executable = insert
        return plain

    def digest_made_on(self) -> date | None:
        """The last date for which digests were made."""
        remembered = self.setting(DIGEST)
        return date.fromisoformat(remembered) if remembered else None

    def _record(
        self, connection: sa.Connection, notices: Iterable[Notice], person: str, state: State, now: datetime
    ) -> None:
        entries = []
        for notice in notices:
            data = {"rung": notice.rung, "clock": notice.clock, "person": person, "state": state.value}
            entries += self._drawn_up(notice.ticket, None, [Event(EventKind.NOTIFIED, now, "sistem", data)])
        self._append(connection, entries)


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
