"""
A whole office that goes elsewhere, or comes from there into an empty one.

It comes with the trail that it had, event by event with its own instants, chained anew.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa

from register import sealed_json, tables
from register.brought_over import number_key
from register.clocks import clock_of
from register.complaint import WITA, Complaint, Event, EventKind, Intake
from register.complaints import COLUMNS, complaint_of
from register.errors import ErasedError, KeyFileError
from register.old_rows import OldRows
from register.sealing import Keyring
from register.standing import contradictions
from register.trail import PORTION, among
from register.wholes import Whole, insert

_T = TypeVar("_T")
_SAID = (
    sa.select(
        tables.complaints.c.ticket,
        tables.complaints.c.sealed_intake,
        tables.complaints.c.sealed_reply,
        tables.complaint_keys.c.wrapped_key,
    )
    .outerjoin(tables.complaint_keys, tables.complaint_keys.c.ticket == tables.complaints.c.ticket)
    .where(among(tables.complaints.c.ticket))
)
_SINGLE = ("complaints", "events", "trail_roots")
"""Tables in which nothing may stand in an office that takes another one over."""


@dataclass(frozen=True)
class TrailEvent:
    """An event as it stands in the trail: `data` with its facts (`register.facts`), `secret` opened."""

    seq: int
    ticket: str
    at: datetime
    kind: str
    actor: str
    public_label: str
    data: Mapping[str, Any]
    secret: Mapping[str, str]


class ContradictionError(ValueError):
    """A complaint says something else than its events; `problem` is a formal Indonesian sentence."""

    def __init__(self, ticket: str, problem: str) -> None:
        super().__init__(problem)
        self.ticket, self.problem = ticket, problem


class Transfer(OldRows):
    """Over the same engine as a store, and with its keys."""

    @contextmanager
    def snapshot(self) -> Iterator["Transfer"]:
        """The store as it is at one moment, for reading, while others go on writing."""
        reading = self._engine.execution_options(
            **{} if self._engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        )
        with reading.connect() as connection, connection.begin():
            yield _Snapshot(self._engine, self._keyring, connection)

    def counters(self) -> dict[int, int]:
        """The last register number of each WITA year."""
        table = tables.register_numbers
        with self._read() as connection:
            return {row.year: row.last for row in connection.execute(sa.select(table).order_by(table.c.year))}

    def end(self) -> tuple[int, bytes]:
        """Number and hash of the newest event; (0, nothing) if there is none."""
        with self._read() as connection:
            row = connection.execute(sa.select(tables.trail_head)).one_or_none()
        return (row.seq, row.hash) if row else (0, b"")

    def wholes(self, chosen: Callable[[Complaint], bool]) -> Iterator[Whole]:
        """Every complaint that is `chosen`, in the order of recording; some in memory at a time."""
        table = tables.complaints
        with self._read() as connection:
            tickets = list(
                connection.execute(sa.select(table.c.ticket).order_by(table.c.year, table.c.number)).scalars()
            )
            for some in _batches(tickets, PORTION):
                asked = {"tickets": some}
                known = connection.execute(sa.select(*COLUMNS).where(among(table.c.ticket)), asked)
                complaints = {row.ticket: complaint_of(row) for row in known}
                said = {row.ticket: self._said_of(row) for row in connection.execute(_SAID, asked)}
                clocks = _grouped(connection, tables.clocks, asked, clock_of)
                notices = _grouped(connection, tables.notices, asked, lambda row: row._asdict())
                for ticket in filter(lambda each: chosen(complaints[each]), some):
                    told = clocks.get(ticket, ()), notices.get(ticket, ())
                    yield Whole(complaints[ticket], *said[ticket], *told)

    def _said_of(self, row: Any) -> tuple[Intake | None, str]:
        if row.wrapped_key is None:
            return None, ""
        intake = sealed_json.load_intake(self._open(row.wrapped_key, row.ticket, "intake", row.sealed_intake))
        reply = self._open(row.wrapped_key, row.ticket, "reply", row.sealed_reply) if row.sealed_reply else ""
        return intake, reply

    def trail(self, through: int) -> Iterator[TrailEvent]:
        """Every event up to that number, in order, opened; of what does not open only that it was."""
        table, seq = tables.events, 0
        while seq < through:
            with self._read() as connection:
                query = sa.select(table).where(table.c.seq > seq, table.c.seq <= through).order_by(table.c.seq)
                rows = connection.execute(query.limit(PORTION * 10)).all()
                keys = self._keys(connection, {row.ticket for row in rows if row.sealed})
            if not rows:
                return
            for row in rows:
                yield TrailEvent(
                    row.seq,
                    row.ticket,
                    row.at,
                    row.kind,
                    row.actor,
                    row.public_label,
                    row.data,
                    self._secret(row, keys.get(row.ticket)),
                )
            seq = rows[-1].seq

    def _secret(self, row: Any, key: bytes | None) -> dict[str, str]:
        if not row.sealed or key is None:
            return {}
        try:
            return sealed_json.load_texts(self._open(key, row.ticket, "event", row.sealed))
        except (ErasedError, KeyFileError):
            return {}

    def is_empty(self) -> bool:
        """Whether nothing was ever recorded here."""
        with self._read() as connection:
            return self._is_empty(connection)

    def _is_empty(self, connection: sa.Connection) -> bool:
        return not any(connection.execute(sa.select(tables.metadata.tables[name]).limit(1)).first() for name in _SINGLE)

    def take_over(
        self, wholes: Iterable[Whole], trail: Iterable[TrailEvent], counters: Mapping[int, int], last: Event
    ) -> bool:
        """
        Take a whole office over, all of it or nothing; False if this one is not empty.

        Args:
            trail: All of its events, after all of its complaints, in order. They keep their instants and are chained
                anew; `last` closes them and tells where they came from.
            counters: As `counters`. One that lies below a number that was given is set right, as otherwise no complaint
                could be recorded any more.

        Raises: ContradictionError for a complaint that `aduan verify` would complain of afterwards; ValueError for
            values that the store cannot take. Nothing was taken over then.
        """
        with _as_value_error(), self._write() as connection:
            self._locked_head(connection)  # of two at once, the second finds what the first has taken over
            if not self._is_empty(connection):
                return False
            keys: dict[str, bytes] = {}
            said: dict[str, tuple[int, str]] = {}
            for some in _batches(wholes, PORTION):
                self._take_wholes(connection, some, keys)
                said |= {
                    whole.complaint.ticket: (_year_of(whole.complaint.received_at), self._content(whole.intake))
                    for whole in some
                    if whole.intake is not None
                }
            for events in _batches(trail, PORTION):
                self._append(connection, [self._entry_of(event, keys.get(event.ticket)) for event in events])
                self._keep_old_numbers(connection, events, said)
            table = tables.register_numbers
            connection.execute(table.delete())
            given = sa.select(tables.complaints.c.year, sa.func.max(tables.complaints.c.number).label("last"))
            last_of = {row.year: row.last for row in connection.execute(given.group_by(tables.complaints.c.year))}
            lasts = {year: max(counters.get(year, 0), last_of.get(year, 0)) for year in {*counters, *last_of}}
            insert(connection, table, [{"year": year, "last": number} for year, number in lasts.items()])
            self._append(connection, self._drawn_up("", None, [last]))
            for ticket, problem in contradictions(connection):
                raise ContradictionError(ticket, problem)
        return True

    def _take_wholes(self, connection: sa.Connection, wholes: Sequence[Whole], keys: dict[str, bytes]) -> None:
        new = {
            whole.complaint.ticket: self._keyring.new_wrapped_key(whole.complaint.ticket)
            for whole in wholes
            if whole.intake is not None
        }
        keys |= new
        self._insert_wholes(connection, wholes, new)
        insert(connection, tables.notices, [dict(notice) for whole in wholes for notice in whole.notices])
        mirrors = [(book, whole.complaint.ticket, row) for whole in wholes for book, row in whole.mirrors.items()]
        self._put_mirror(connection, mirrors)

    def _keep_old_numbers(
        self, connection: sa.Connection, events: Sequence[TrailEvent], said: Mapping[str, tuple[int, str]]
    ) -> None:
        """What had a number in a register before the office's own is still found by it, and not imported again."""
        known: dict[str, dict[str, str]] = {}
        for event in events:
            number = event.secret.get("number", "")
            if event.kind == EventKind.IMPORTED and number and event.ticket in said:
                year, content = said[event.ticket]
                key = self._submission(number_key(event.data["source"], number, year))
                known[key] = {"key": key, "ticket": event.ticket, "content_digest": content}
        insert(connection, tables.submissions, list(known.values()))

    def _entry_of(self, event: TrailEvent, key: bytes | None) -> dict[str, Any]:
        secret = dict(event.secret) if key is not None else {}
        known = Event(EventKind(event.kind), event.at, event.actor, event.data, secret, event.public_label)
        return self._drawn_up(event.ticket, key, [known])[0]


class _Snapshot(Transfer):
    def __init__(self, engine: sa.Engine, keyring: Keyring, connection: sa.Connection) -> None:
        super().__init__(engine, keyring)
        self._connection = connection

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        yield self._connection


@contextmanager
def _as_value_error() -> Iterator[None]:
    """What a database says of values that it cannot take, and not what it says of itself."""
    try:
        yield
    except (sa.exc.IntegrityError, sa.exc.DataError, sa.exc.ProgrammingError, OverflowError) as error:
        raise ValueError("a value does not fit into its column, or stands twice") from error
    except sa.exc.StatementError as error:
        if isinstance(error, sa.exc.DBAPIError):
            raise
        raise ValueError("a value is not of its column's kind") from error


def _grouped(
    connection: sa.Connection, table: sa.Table, asked: Mapping[str, Any], make: Callable[[Any], Any]
) -> dict[str, list[Any]]:
    query = sa.select(table).where(among(table.c.ticket)).order_by(*table.primary_key)
    found: dict[str, list[Any]] = {}
    for row in connection.execute(query, asked):
        found.setdefault(row.ticket, []).append(make(row))
    return found


def _batches(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    waiting = iter(items)
    while some := list(islice(waiting, size)):
        yield some


def _year_of(at: datetime) -> int:
    return at.astimezone(WITA).year
