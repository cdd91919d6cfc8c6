"""The audit trail, and the keys under which its secrets and the complaints' are sealed."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from register import facts, sealed_json, tables
from register.chain import GENESIS, UNSEALED, Link, Root, day_of, next_mac
from register.complaint import Event, EventKind
from register.errors import ErasedError
from register.facts import without_facts
from register.memory import Memory, check_aware
from register.sealing import Keyring
from register.tables import instant_text
from register.verification import Verification, verify


def among(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """Whether a column is one of the `tickets` with which a statement is executed."""
    return column.in_(sa.bindparam("tickets", expanding=True))


def portions(tickets: Iterable[str]) -> Iterator[list[str]]:
    """As many as go into one query: databases limit how many values a statement may name."""
    wanted = list(tickets)
    return (wanted[start : start + 500] for start in range(0, len(wanted), 500))


_EVENTS = tables.events
_KEYS = sa.select(tables.complaint_keys).where(among(tables.complaint_keys.c.ticket))
_END = sa.select(sa.func.max(_EVENTS.c.seq))
_CHANGED_SINCE = sa.select(_EVENTS.c.seq, _EVENTS.c.ticket).where(_EVENTS.c.seq > sa.bindparam("seq"))
"""
Put together once, as that takes longer than executing it. Every tick asks, and mostly there is nothing: grouped by
ticket, databases go through the index of all tickets instead of what is new, and so slow down with the years.
"""

SEALING_DELAY = timedelta(hours=1)
"""After midnight, until a day is sealed: what began before midnight has been committed by then."""

_HOUR_LETTERS = len("2026-11-23T02")
"""Of an instant as it is kept; WITA differs from UTC by whole hours."""
PORTION = 500
"""Tickets in one query; databases limit how many values a statement may name."""
_Entry = dict[str, Any]


class Trail(Memory):
    """
    Events are only ever appended, each chained to the one before; what a person wrote in them is sealed with the
    complaint's own key.
    """

    def __init__(self, engine: sa.Engine, keyring: Keyring) -> None:
        super().__init__(engine)
        self._keyring = keyring
        self._sealed_through: date | None = None

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
            Event(
                EventKind(row.kind),
                _shown_at(row),
                row.actor,
                without_facts(row.data),
                self._told(key, row),
                row.public_label,
            )
            for row in rows
        ]

    def _told(self, key: bytes | None, row: sa.Row[Any]) -> dict[str, str]:
        if key is None or not row.sealed:
            return {}
        secret = sealed_json.load_texts(self._open(key, row.ticket, "event", row.sealed))
        return {"public": secret["public"]} if "public" in secret else {}

    def events(self, ticket: str, *, opened: bool = True) -> list[Event]:
        """
        The whole audit trail of a complaint, oldest first; without what is sealed if it is not to be `opened`.

        Raises: ErasedError, KeyFileError if something was to be opened that cannot be.
        """
        table = tables.events
        with self._read() as connection:
            rows = connection.execute(sa.select(table).where(table.c.ticket == ticket).order_by(table.c.seq)).all()
            key = self._key(connection, ticket)
        return [
            Event(
                EventKind(row.kind),
                row.at,
                row.actor,
                without_facts(row.data),
                sealed_json.load_texts(self._open(key, ticket, "event", row.sealed)) if row.sealed and opened else {},
                row.public_label,
            )
            for row in rows
        ]

    def trail_end(self) -> int:
        """Number of the last event; 0 if there is none."""
        with self._read() as connection:
            return int(connection.execute(_END).scalar_one() or 0)

    def changed_since(self, seq: int) -> tuple[int, set[str]]:
        """
        The newest event's number, and the tickets of all events after `seq`; (`seq`, none) if there are none.

        Numbers are given in the order of committing, so whoever asks again with the number that came back misses
        nothing, and a feed read from 0 on names every complaint.
        """
        tickets = set()
        with self._read() as connection:  # one statement, so one state of the database
            for found, ticket in connection.execute(_CHANGED_SINCE, {"seq": seq}):
                seq = max(seq, found)
                tickets.add(ticket)
        return seq, tickets

    # -- the days' roots ------------------------------------------------------------------------------------------

    def seal_day(self, now: datetime) -> list[Root]:
        """
        Seal every finished WITA day that has events and no root yet; the roots made just now, oldest first.

        May be called as often as one likes. A day is finished an hour after its midnight (`SEALING_DELAY`).
        """
        check_aware(now)
        finished = day_of(now - SEALING_DELAY) - timedelta(days=1)
        if self._sealed_through == finished:
            return []
        with self._write() as connection:
            newest = self._locked_head(connection).seq
            made = [root for root in self._unsealed_days(connection, newest) if root.day <= finished]
            if made:
                rows = [_root_row(root) | {"mac": root.mac(self._keyring.digest)} for root in made]
                connection.execute(tables.trail_roots.insert(), rows)
        self._sealed_through = finished
        return made

    def _unsealed_days(self, connection: sa.Connection, newest: int) -> list[Root]:
        """The last event of each day, of those that no root covers. A day that has begun does not go back."""
        roots, events = tables.trail_roots, tables.events
        covered = sa.select(sa.func.coalesce(sa.func.max(roots.c.seq), 0)).scalar_subquery()
        hour = sa.func.substr(sa.type_coerce(events.c.at, sa.String), 1, _HOUR_LETTERS)
        begun = sa.select(hour.label("hour"), sa.func.min(events.c.seq).label("seq")).group_by(hour)
        firsts: dict[date, int] = {}
        for row in connection.execute(begun.where(events.c.seq > covered)):
            day = day_of(datetime.fromisoformat(f"{row.hour}:00Z"))
            firsts[day] = min(row.seq, firsts.get(day, row.seq))
        sealed = set(connection.execute(sa.select(roots.c.day)).scalars())
        found, until = [], newest
        for day in sorted(firsts, reverse=True):
            if firsts[day] <= until and day.isoformat() not in sealed:
                up_to = sa.select(events.c.seq, events.c.hash).where(events.c.seq <= until)
                last = connection.execute(up_to.order_by(events.c.seq.desc()).limit(1)).one()
                found.append(Root(day, last.seq, last.hash, newest))
            until = min(until, firsts[day] - 1)
        return found[::-1]

    def last_root(self) -> Root | None:
        """The root that was sealed last, for reports to print (`Root.printed`)."""
        table = tables.trail_roots
        with self._read() as connection:
            row = connection.execute(sa.select(table).order_by(table.c.seq.desc()).limit(1)).one_or_none()
        return Root(date.fromisoformat(row.day), row.seq, row.hash, row.newest) if row else None

    def verify(self, printed: Sequence[tuple[date, str]] = ()) -> Verification:
        """
        Look at the whole trail, and whether complaints agree with it (see `register.verification`).

        Args:
            printed: Roots that were printed earlier, each with the day that stood beside it.

        Raises: PrintedRootError.
        """
        reading = self._engine.execution_options(
            **{} if self._engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        )
        with reading.connect() as connection, connection.begin():
            return verify(connection, self._keyring.digest, printed)

    # -- appending ------------------------------------------------------------------------------------------------

    def _key(self, connection: sa.Connection, ticket: str) -> bytes | None:
        key: bytes | None = connection.execute(
            sa.select(tables.complaint_keys.c.wrapped_key).where(tables.complaint_keys.c.ticket == ticket)
        ).scalar_one_or_none()
        return key

    def _keys(self, connection: sa.Connection, tickets: Collection[str]) -> dict[str, bytes]:
        """Those that there are, by ticket."""
        wanted, found = list(tickets), dict[str, bytes]()
        for start in range(0, len(wanted), PORTION):
            rows = connection.execute(_KEYS, {"tickets": wanted[start : start + PORTION]})
            found |= {row.ticket: row.wrapped_key for row in rows}
        return found

    def _open(self, key: bytes | None, ticket: str, purpose: str, sealed: bytes) -> str:
        if key is None:
            raise ErasedError(f"Data pelapor pada tiket {ticket} sudah dihapus.", ticket=ticket)
        return self._keyring.open(key, ticket, purpose, sealed)

    def _drawn_up(
        self, ticket: str, key: bytes | None, events: Iterable[Event], told: Mapping[str, Any] | None = None
    ) -> list[_Entry]:
        """
        A complaint's events as they go into the chain, what is secret in them sealed.

        Args:
            told: What they made of the complaint (`register.facts`); it goes with the last of them.
        """
        entries: list[_Entry] = [
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
        ]
        if entries and told:
            entries[-1]["data"] |= {facts.KEY: told}
        return entries

    def _append(self, connection: sa.Connection, entries: Sequence[_Entry]) -> None:
        """
        Chain events, in the transaction that changes what they tell.

        Done last: whoever holds the head's lock waits for nobody any more, so that two writers cannot wait for each
        other; and because it is held until the commit, the order of `seq` is the order of committing.
        """
        if not entries:
            return
        head = self._locked_head(connection)
        seq, last_hash, mac = max(head.seq, head.newest or 0), head.hash, head.mac
        rows = []
        for entry in entries:
            seq += 1
            previous, last_hash = last_hash, Link(seq, **entry | {"at": instant_text(entry["at"])}).hash(last_hash)
            mac = next_mac(self._keyring.digest, mac, last_hash)
            rows.append(entry | {"seq": seq, "prev_hash": previous, "hash": last_hash})
        connection.execute(tables.events.insert(), rows)
        connection.execute(tables.trail_head.update().values(seq=seq, hash=last_hash, mac=mac))

    def _locked_head(self, connection: sa.Connection) -> Any:
        """
        The head, nobody else's until the commit. `newest` is the last event that is really there.

        A tampered trail must not keep the office from working: a head that was removed is set up again, and an event
        beyond it is stepped over. Verification finds both.
        """
        head = tables.trail_head
        newest = sa.select(sa.func.max(tables.events.c.seq)).scalar_subquery().label("newest")
        query = sa.select(head.c.seq, head.c.hash, head.c.mac, newest).with_for_update(of=head)
        if found := connection.execute(query).one_or_none():
            return found
        anew = self._insert(head).values(id=1, seq=0, hash=GENESIS, mac=UNSEALED).on_conflict_do_nothing()
        connection.execute(anew)
        return connection.execute(query).one()

    def _seal(self, key: bytes | None, ticket: str, purpose: str, text: str) -> bytes:
        if key is None:
            raise ErasedError(f"Data pelapor pada tiket {ticket} sudah dihapus.", ticket=ticket)
        return self._keyring.seal(key, ticket, purpose, text)


def _shown_at(row: sa.Row[Any]) -> datetime:
    """When it happened, for the public: what was recorded later says in `data` when it had come in."""
    at: datetime = row.at
    return datetime.fromisoformat(row.data["received_at"]) if "received_at" in row.data else at


def _root_row(root: Root) -> dict[str, Any]:
    return {"day": root.day.isoformat(), "seq": root.seq, "hash": root.hash, "newest": root.newest}
