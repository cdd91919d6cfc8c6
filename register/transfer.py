"""
Complaints that come from elsewhere, and complaints that go there: old registers row by row, and a whole office at once.

An old row is new to the trail: its events are of the instant of importing and say in `data` when things happened
(`happened_at`). A whole office comes with the trail that it had, event by event with its own instants, chained anew.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa

from register import sealed_json, tables
from register.brought_over import folded, number_key
from register.changes import Book, MirrorRow
from register.clocks import clock_of
from register.complaint import WITA, Clock, Complaint, Event, EventKind, Intake
from register.complaints import COLUMNS, complaint_of
from register.errors import ErasedError, KeyFileError
from register.facts import facts_of
from register.sealing import Keyring
from register.standing import contradictions
from register.store import Store, values_of
from register.trail import PORTION, among, portions

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


@dataclass(frozen=True)
class Whole:
    """
    A complaint with all that hangs on it, opened.

    `intake` is None once it was erased. `notices` are rows of the table, `cells` what staff last wrote in its row.
    """

    complaint: Complaint
    intake: Intake | None
    reply: str = ""
    clocks: Sequence[Clock] = ()
    notices: Sequence[Mapping[str, Any]] = ()
    mirrors: Mapping[Book, MirrorRow] = field(default_factory=dict)


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


class Transfer(Store):
    """Over the same engine as a store, and with its keys."""

    # -- old rows -------------------------------------------------------------------------------------------------

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
        wanted = Counter(_year(row.complaint) for row in rows)
        last = {year: self._next_number(connection, year, count) - count for year, count in wanted.items()}
        numbered = []
        for row in rows:
            year = _year(row.complaint)
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

    def _insert_wholes(self, connection: sa.Connection, wholes: Sequence[Whole], keys: Mapping[str, bytes]) -> None:
        """Complaints with keys, clocks, the index of contacts, and the note that other systems know how they stand."""
        _insert(connection, tables.complaint_keys, [{"ticket": t, "wrapped_key": key} for t, key in keys.items()])
        connection.execute(
            tables.complaints.insert(), [self._row_of(whole, keys.get(whole.complaint.ticket)) for whole in wholes]
        )
        for whole in wholes:
            if whole.intake is not None:
                self._put_contacts(connection, whole.complaint.ticket, whole.intake, new=True)
        self._put_clocks(connection, [(whole.complaint.ticket, clock) for whole in wholes for clock in whole.clocks])
        told = ("ticket", "status", "step", "replied_at")
        known = [{name: values_of(whole.complaint)[name] for name in told} for whole in wholes]
        _insert(connection, tables.news_told, known)

    def _row_of(self, whole: Whole, key: bytes | None) -> dict[str, Any]:
        complaint, sealed, reply = whole.complaint, b"", None
        if key is not None and whole.intake is not None:
            sealed = self._seal(key, complaint.ticket, "intake", sealed_json.dump_intake(whole.intake))
            reply = self._seal(key, complaint.ticket, "reply", whole.reply) if whole.reply else None
        year = _year(complaint)
        return values_of(complaint) | {"year": year, "sealed_intake": sealed, "sealed_reply": reply}

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

    # -- a whole office -------------------------------------------------------------------------------------------

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
            _insert(connection, table, [{"year": year, "last": number} for year, number in lasts.items()])
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
        _insert(connection, tables.notices, [dict(notice) for whole in wholes for notice in whole.notices])
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
        _insert(connection, tables.submissions, list(known.values()))

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


def _insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(table.insert(), rows)


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


def _year(complaint: Complaint) -> int:
    return _year_of(complaint.recorded_at)


def _year_of(at: datetime) -> int:
    return at.astimezone(WITA).year
