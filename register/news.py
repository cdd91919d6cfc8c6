"""
News of complaints on their way to other systems: queued with what was told, sent, tried again, given up.

A piece of news is queued in the same transaction in which it is noted that its state was told, so neither is ever
without the other. It stays queued until it is settled: a program that ends meanwhile sends it once more.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from register import tables
from register.complaint import Complaint, Status
from register.due import is_due
from register.trail import Trail, among, portions

CURSOR = "news"
"""The setting that holds up to which event complaints were looked at."""
ADDRESS = "news.to."
"""Begins the names of settings that know an address by its digest: its host, and since when it wants no more."""
LONGEST_PAUSE = timedelta(hours=27)
"""No piece is put off for longer, whatever a server asks for: a day and a tenth."""
KEPT = timedelta(days=30)
"""How long news are kept after they were sent or given up."""


class NewsState(StrEnum):
    """Where a piece of news stands."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
class Told:
    """What others know of a complaint."""

    status: Status
    step: int
    replied_at: datetime | None = None

    @classmethod
    def of(cls, complaint: Complaint) -> "Told":
        """How it stands now."""
        return cls(complaint.status, complaint.step, complaint.replied_at)


@dataclass(frozen=True)
class Draft:
    """What is to be told of one complaint: messages by their id, in order, and how it stands after them."""

    ticket: str
    messages: Mapping[str, str]
    told: Told


@dataclass(frozen=True)
class Piece:
    """One message to one address. `message` is its id, the same for every address and at every attempt."""

    id: int
    message: str
    ticket: str
    payload: str
    attempts: int


class NewsFeed(Trail):
    """The queue of news, by address. Addresses may hold secrets, so only their digests are kept here."""

    def begin_news(self) -> int:
        """
        Up to which event complaints were looked at.

        The first call sets that to the newest one: complaints that were recorded before are known, not news.
        """
        with self._write() as connection:
            newest = int(self._locked_head(connection).seq)  # no event is committed meanwhile, nor looks a twin
            cursor = self._news_cursor(connection)
            if cursor is None:
                self._put_setting(connection, CURSOR, {"seq": newest})
                connection.execute(_told_before())
        return newest if cursor is None else cursor

    def news_told(self, tickets: Iterable[str]) -> dict[str, Told]:
        """What others know of some complaints; of which they know nothing are left out."""
        table, found = tables.news_told, dict[str, Told]()
        with self._read() as connection:
            for some in portions(tickets):
                rows = connection.execute(sa.select(table).where(among(table.c.ticket)), {"tickets": some})
                found |= {row.ticket: Told(Status(row.status), row.step, row.replied_at) for row in rows}
        return found

    def queue_news(
        self, drafts: Sequence[Draft], addresses: Collection[str], now: datetime, *, since: int, through: int
    ) -> bool:
        """
        Queue messages for every address, and go on from event `through` the next time; all or nothing.

        Returns: False, and nothing is done, if somebody else went on from `since` already.
        """
        row = {"state": NewsState.QUEUED.value, "created_at": now, "due_at": now, "changed_at": now}
        queued = [
            row | {"message": id_, "address": to, "ticket": draft.ticket, "payload": text, "attempts": 0, "problem": ""}
            for draft in drafts
            for id_, text in draft.messages.items()
            for to in addresses
        ]
        told = [
            {"ticket": each.ticket, "status": each.told.status.value, "step": each.told.step}
            | {"replied_at": each.told.replied_at}
            for each in drafts
        ]
        table = tables.news
        with self._write() as connection:
            if self._news_cursor(connection) != since:
                return False
            self._put_setting(connection, CURSOR, {"seq": through})
            if told:
                upsert = self._upsert(tables.news_told, ("ticket",), ("status", "step", "replied_at"))
                connection.execute(upsert, told)
            if queued:
                connection.execute(table.insert(), queued)
            old = sa.and_(table.c.state != NewsState.QUEUED.value, table.c.changed_at < now - KEPT)
            connection.execute(table.delete().where(old))
        return True

    def rewrite_news(self, tickets: Iterable[str], rewritten: Callable[[str], str]) -> None:
        """Change the payload of what waits to be told of some complaints."""
        table = tables.news
        waiting = sa.and_(among(table.c.ticket), table.c.state == NewsState.QUEUED.value)
        for some in portions(tickets):
            with self._write() as connection:
                query = sa.select(table.c.id, table.c.payload).where(waiting).with_for_update()
                for row in connection.execute(query, {"tickets": some}).all():
                    new = table.update().where(table.c.id == row.id).values(payload=rewritten(row.payload))
                    connection.execute(new)

    def _news_cursor(self, connection: sa.Connection) -> int | None:
        """None before the first look. Nobody else moves it until the commit."""
        table = tables.settings
        query = sa.select(table.c.value).where(table.c.name == CURSOR).with_for_update()
        found = connection.execute(query).scalar_one_or_none()
        return int(found["seq"]) if found else None

    def next_news(self, address: str, now: datetime) -> Piece | None:
        """What is due to an address; of each complaint one thing after another."""
        with self._read() as connection:
            row = connection.execute(_next_piece(address, now)).one_or_none()
        return Piece(row.id, row.message, row.ticket, row.payload, row.attempts) if row else None

    def settle_news(self, piece: Piece, state: NewsState, now: datetime, problem: str = "") -> None:
        """It was sent or is given up, with the attempt that was made just now."""
        self._change_news(piece, {"state": state.value, "changed_at": now, "problem": problem})

    def news_later(self, piece: Piece, at: datetime, now: datetime, problem: str) -> None:
        """It is tried again later, after the attempt that was made just now."""
        self._change_news(piece, {"due_at": at, "changed_at": now, "problem": problem})

    def _change_news(self, piece: Piece, values: Mapping[str, object]) -> None:
        table = tables.news
        changed = table.update().where(table.c.id == piece.id).values(attempts=piece.attempts + 1, **values)
        with self._write() as connection:
            connection.execute(changed)

    def news_addresses(self) -> dict[str, Mapping[str, Any]]:
        """Known addresses by digest: `host`, and since when one is `gone`, or None."""
        return {digest: known for digest, known in self.settings(ADDRESS).items() if known}

    def know_addresses(self, hosts: Mapping[str, str]) -> None:
        """From now on these are the addresses, by digest: any other is forgotten, and what waits for it."""
        table, known = tables.news, self.news_addresses()
        with self._write() as connection:
            for digest in known.keys() - hosts.keys():
                self._put_setting(connection, ADDRESS + digest, None)
            for digest in hosts.keys() - known.keys():
                self._put_setting(connection, ADDRESS + digest, {"host": hosts[digest], "gone": None})
            waits = sa.and_(table.c.state == NewsState.QUEUED.value, table.c.address.not_in(list(hosts)))
            connection.execute(table.delete().where(waits))

    def address_is_gone(self, address: str, now: datetime) -> None:
        """An address wants no more news: what waits for it is dropped, and nothing more is queued for it."""
        table, known = tables.news, self.news_addresses().get(address, {})
        waits = sa.and_(table.c.address == address, table.c.state == NewsState.QUEUED.value)
        with self._write() as connection:
            self._put_setting(connection, ADDRESS + address, {**known, "gone": now.isoformat()})
            connection.execute(table.delete().where(waits))

    def news_failed(self, since: datetime) -> dict[str, int]:
        """How many pieces were given up since then, by address."""
        table = tables.news
        failed = sa.and_(table.c.state == NewsState.FAILED.value, table.c.changed_at >= since)
        query = sa.select(table.c.address, sa.func.count().label("pieces")).where(failed).group_by(table.c.address)
        with self._read() as connection:
            return {row.address: row.pieces for row in connection.execute(query)}


def _told_before() -> Any:
    """Complaints that somebody looked at are known; one that waits for that will be news."""
    complaints, names = tables.complaints, ["ticket", "status", "step", "replied_at"]
    imported = complaints.c.ticket.in_(sa.select(tables.news_told.c.ticket))  # known since they came (`transfer`)
    looked_at = complaints.c.step_begun_at.is_not(None)
    known = sa.select(*(complaints.c[name] for name in names)).where(looked_at, ~imported)
    return tables.news_told.insert().from_select(names, known)


def _next_piece(address: str, now: datetime) -> sa.Select[Any]:
    table, earlier = tables.news, tables.news.alias("earlier")
    before = sa.exists().where(
        earlier.c.address == table.c.address,
        earlier.c.state == NewsState.QUEUED.value,
        earlier.c.ticket == table.c.ticket,
        earlier.c.id < table.c.id,
    )
    mine = (table.c.address == address, table.c.state == NewsState.QUEUED.value, ~before)
    return (
        sa.select(table)
        .where(*mine, is_due(table.c.due_at, now, LONGEST_PAUSE))
        .order_by(table.c.due_at, table.c.id)
        .limit(1)
    )
