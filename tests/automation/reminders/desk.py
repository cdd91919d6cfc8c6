"""A store with reminders on it, a clock in hand, and a look at what is queued for whom."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from automation.configuration.in_force import Configuration
from automation.reminders.escalation import Rung
from automation.reminders.reminding import Reminders
from register import tables
from register.changes import Change
from register.complaint import Channel, Clock, Event, EventKind, Status
from register.database import migrate, open_engine, sqlite_url
from register.notices import Batch, Notice, StaffMessage
from register.sealing import Keyring
from register.store import Store
from tests.automation.reminders.staff_rules import rules, wita
from tests.builders import MOMENT, an_intake

FILED = wita("2026-11-16 08.00")
"""A Monday, a week before what most tests are about."""


@dataclass
class Desk:
    """A store, its reminders, and the messages that were queued since the last look."""

    store: Store
    engine: sa.Engine
    config: Configuration = field(default_factory=rules)
    reminders: Reminders = field(init=False)
    seen: int = 0

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self.reminders = Reminders(self.store)

    def file(
        self, due: str = "", *, key: str = "langkah.5", begun: datetime = FILED, fresh: bool = False, **fields: Any
    ) -> str:
        """A complaint that Linjamsos handles, with a running clock; its bidang knows unless it is fresh."""
        complaint = self.store.accept(an_intake(), channel=Channel.DESK, now=FILED).complaint
        known = {"status": Status.IN_PROGRESS, "category": "PKH", "bidang": "Linjamsos", "urgency": "Sedang", "step": 5}
        clocks = [Clock(key, 0, begun, wita(due), "2 hari kerja")] if due else []
        self.change(complaint.ticket, clocks, **(known | fields))
        if not fresh:
            bidang = str((known | fields)["bidang"])
            self.store.queue(Batch([Notice(complaint.ticket, 0, "disposisi", Rung.DISPOSED, bidang)]), FILED)
        return complaint.ticket

    def change(self, ticket: str, clocks: Sequence[Clock] = (), **fields: Any) -> None:
        """As a tick commits: never without an event."""
        event = Event(EventKind.ACT, FILED, "staf", {"act": "uji"})
        self.store.commit([Change(ticket, fields, [event], clocks=clocks)])

    def clock(self, ticket: str, due: str, *, key: str = "langkah.5", begun: datetime = FILED, **changes: Any) -> None:
        self.change(ticket, [replace(Clock(key, 0, begun, wita(due), "2 hari kerja"), **changes)])

    def at(self, *times: str) -> list[StaffMessage]:
        """What is queued when these times come."""
        for time in times:
            self.reminders.run(self.config, wita(time))
        return self.fresh()

    def fresh(self) -> list[StaffMessage]:
        found = [one for one in messages(self.engine) if one.id > self.seen]
        self.seen = max([self.seen, *(one.id for one in found)])
        return found

    def told(self, *times: str) -> list[tuple[str, list[str]]]:
        """Person and rungs of each message that these times bring."""
        return [(one.person, sorted(notice.rung for notice in one.notices)) for one in self.at(*times)]


def messages(engine: sa.Engine) -> list[StaffMessage]:
    with engine.connect() as connection:
        rows = connection.execute(sa.select(tables.staff_messages).order_by(tables.staff_messages.c.id)).all()
    return [
        StaffMessage(
            row.person,
            row.title,
            row.text,
            tuple(Notice(**place) for place in row.notices),
            row.urgent,
            date.fromisoformat(row.digest_on) if row.digest_on else None,
            row.id,
        )
        for row in rows
    ]


def empty_database(path: Path) -> Path:
    engine = open_engine(sqlite_url(path))
    migrate(engine, backup_folder=path.parent, now=MOMENT)
    engine.dispose()
    return path


def open_desk(path: Path) -> Desk:
    engine = open_engine(sqlite_url(path))
    sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return Desk(Store(engine, Keyring(bytes(range(32)))), engine)
