"""
A year in an office, on a clock in hand: the real store, the real register over HTTP, the real tick.

Ticks happen at every event and due instant, else hourly. What people do in one minute is done before its tick.
"""

import heapq
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from automation.configuration import checked as configuration
from automation.configuration.in_force import Configuration, from_json
from automation.reminders.reminding import Reminders
from automation.sop.acts import Refused
from automation.sop.decision import decide_by_reporter
from register.complaint import Channel
from register.sheet import Sheet
from sheets_schema.layout import locate
from sheets_schema.provisioning import TABS
from sheets_schema.register_tab import IDENTITY_CHOICES
from tests.office import write
from tests.year.embedded import WorkingOffice
from tests.year.people import Arrival, Life, Officer, Says, Types, Waits, arrivals, officers
from tests.year.timetable import DAY, NORMS, ORDINARY, Rules, Spans, Timetable, instant, minute

END = 365 * DAY
AT_ONCE = 3
"""Ticks in a row at the most, as the worker does them."""
FIRST_PROBLEMS = 5
"""Ticks with problems of which is told at once."""
WINDOW_CLOCKS = ("kelengkapan", "tanggapan")


@dataclass(frozen=True)
class RuleChange:
    """What the office changes in its tabs at an instant, and what that changes in the timetable and the norms."""

    at: str
    tab: str
    row: str
    """What stands in the first column of the row that is changed; empty for a new row, which gets the cells."""
    cells: Mapping[str, str]
    closes: str = ""
    """A date without service from then on."""
    opens: str = ""
    """A date with service all the same."""
    norms: Mapping[str, str] = field(default_factory=dict)
    hours: Mapping[str, Spans] = field(default_factory=dict)
    """Arguments of `Timetable`."""


def _holiday(at: str, on: str, change: str = "Tambah libur") -> RuleChange:
    cells = {"on": on, "name": "Ditetapkan bupati", "change": change}
    closes, opens = (on, "") if change == "Tambah libur" else ("", on)
    return RuleChange(at, "Hari Libur", "", cells, closes, opens)


def _setting(at: str, name: str, value: str, **effect: Any) -> RuleChange:
    """A setting's new value; a norm takes effect as it is typed."""
    return RuleChange(at, "Pengaturan", name, {"value": value}, **effect or {"norms": {name: value}})


_NO_HOLIDAY = {"on": "", "name": "", "change": ""}
_LATER: Spans = (("08.00", "12.00"), ("13.00", "16.30"))
_LONG_PRAYER: Spans = (("07.30", "11.30"), ("13.30", "16.30"))

RULE_CHANGES = (
    _holiday("2026-01-21T09:07", "2026-01-22"),
    _setting("2026-05-04T10:13", "perpanjangan", "7 hari kerja"),
    _holiday("2026-06-10T08:17", "2026-06-12"),
    RuleChange("2026-06-11T09:31", "Hari Libur", "2026-06-12", _NO_HOLIDAY, opens="2026-06-12"),
    _setting("2026-07-01T08:43", "norma_langsung_5", "3 hari kerja"),
    _setting("2026-07-22T10:11", "jam_layanan_senin_kamis", "08.00-16.30 istirahat 12.00-13.00",
             hours={"ordinary": _LATER}),
    _setting("2026-08-03T13:21", "norma_online_6", "90 menit"),
    _setting("2026-09-01T14:09", "batas_tanggapan", "14 hari"),
    _holiday("2026-09-25T15:51", "2026-09-28"),
    _setting("2026-10-01T11:03", "norma_online_6", "", norms={"norma_online_6": NORMS["norma_online_6"]}),
    _setting("2026-10-16T08:27", "jam_layanan_jumat", "07.30-16.30 istirahat 11.30-13.30",
             hours={"friday": _LONG_PRAYER}),
    _setting("2026-11-30T15:33", "jam_layanan_senin_kamis", "07.30-16.00 istirahat 12.00-13.00",
             hours={"ordinary": ORDINARY}),
    _holiday("2026-12-21T10:37", "2026-12-24", "Hapus libur"),
)  # fmt: skip


def rules_of_the_year() -> list[Rules]:
    """What was in force from when on."""
    closed: set[str] = set()
    opened: set[str] = set()
    hours: dict[str, Spans] = {}
    norms = dict(NORMS)
    found = [Rules(0, Timetable(), NORMS)]
    for change in RULE_CHANGES:
        closed = closed - {change.opens} | ({change.closes} - {""})
        opened |= {change.opens} - {""}
        norms, hours = norms | change.norms, hours | change.hours
        since = minute(datetime.fromisoformat(f"{change.at}+08:00"))
        found.append(Rules(since, Timetable(closed, opened, **hours), norms))
    return found


class Book:
    """A spreadsheet's tab `Register` as staff see it: which ticket is in which row, and what they are about to type."""

    def __init__(self, staff: Sheet) -> None:
        self.staff = staff
        self.rows: dict[str, int] = {}
        self.free = 1
        """The first row below all others, the header being 0."""
        self._unread_from = 1
        self._requests: list[dict[str, Any]] = []

    def open(self) -> None:
        """Look at its headers, once it has been laid out."""
        self._id = self.staff.sheet_ids()["Register"]
        self._layout = locate(TABS[0], self.staff.read(["Register"])["Register"].header)

    def type(self, row: int, cells: Mapping[str, str | bool]) -> None:
        """To be written with all else of this minute."""
        self._requests += [write(self._id, row, self._layout.positions[key], [value]) for key, value in cells.items()]

    def save(self) -> None:
        """Write it."""
        requests, self._requests = self._requests, []
        self.staff.batch(requests)

    def look(self) -> list[str]:
        """Read the tickets of new rows; those that were not known."""
        place = quote(f"Register!A{self._unread_from + 1}:A")
        values = self.staff._get(f"/values/{place}", {}).get("values", [])
        found = {cells[0]: row for row, cells in enumerate(values, start=self._unread_from) if cells and cells[0]}
        new = [ticket for ticket in found if ticket not in self.rows]
        self.rows |= found
        self.free = max(self.free, self._unread_from + len(values))
        self._unread_from += next((n for n, cells in enumerate(values) if not cells or not cells[0]), len(values))
        return new


class Year:
    """
    One year. `tell` hears now and then how far it has come.

    Args:
        grid: Arrivals and officers' visits to the sheet fall on multiples of so many minutes.
        idle: Minutes between ticks while nothing happens and nothing is due.
        limit_seconds: Stop early, at the end of a day, after so much real time; None never.
    """

    def __init__(
        self,
        office: WorkingOffice,
        count: int,
        *,
        seed: int,
        grid: int = 1,
        idle: int = 60,
        limit_seconds: float | None = None,
        tell: Callable[[str], None] = print,
    ) -> None:
        self.office, self.tell, self.grid, self.idle, self.limit = office, tell, grid, idle, limit_seconds
        self.rng = random.Random(seed)
        self.work = Timetable()
        self.people: dict[str, Officer] = officers(count / 240 * 0.4)
        self.lives: dict[str, Life] = {}
        self.counts: Counter[str] = Counter()
        self.reminders = Reminders(office.store)
        self._rules: Configuration | None = None
        self.ended = 0
        self._events: list[tuple[int, int, Callable[[int], None]]] = []
        self._dues: list[int] = []
        self._waited_for: Counter[int] = Counter()
        """By minute, how many clocks that run are due then, and whatever else is to be looked at then."""
        self._due_of: dict[str, list[int]] = {}
        self.shared, self.restricted = Book(office.staff), Book(office.restricted_staff)
        self._moved: list[Life] = []
        self._seen = 0
        self._recent: list[str] = []
        self._order = 0
        for arrival in arrivals(count, self.rng, self.work, grid):
            self._at(arrival.at, lambda at, arrival=arrival: self._arrives(arrival, at))
        self._changes = {minute(datetime.fromisoformat(f"{change.at}+08:00")): change for change in RULE_CHANGES}
        for at in self._changes:
            self._due([at])

    # -- time ---------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Let the year pass."""
        began, at = time.monotonic(), 4 * DAY
        self._tick(at)
        self.shared.open()
        self.restricted.open()
        self._give_channels()
        told = at
        while True:
            while self._dues and not self._waited_for[self._dues[0]]:
                heapq.heappop(self._dues)  # what was due then was done before
            following = min([at - at % self.idle + self.idle, *(e[0] for e in self._events[:1]), *self._dues[:1]])
            if following // DAY > at // DAY and self.limit and time.monotonic() - began > self.limit:
                break
            at = following
            if at >= END:
                break
            self._minute(at)
            if at - told >= 14 * DAY:
                told = at
                self.tell(
                    f"{instant(at):%d %b}: {len(self.lives)} complaints, {self.counts['ticks']} ticks, "
                    f"{time.monotonic() - began:.0f} s"
                )
        self.ended = at
        self._tick(at)
        self.seconds = time.monotonic() - began

    def _minute(self, at: int) -> None:
        while self._dues and self._dues[0] <= at:
            del self._waited_for[heapq.heappop(self._dues)]
        change = self._changes.get(at)
        if change is not None:
            self._change_rules(change)
            self._rules = None
        while self._events and self._events[0][0] <= at:
            _, _, event = heapq.heappop(self._events)
            if change is not None:
                self._at(at + 1, event)
            else:
                event(at)
        self.shared.save()
        self.restricted.save()
        self._tick(at)
        self._learn(at)
        moved, self._moved = self._moved, []
        for life in moved:
            self._go_on(life, at)

    def _tick(self, at: int) -> None:
        now = instant(at).astimezone(UTC)
        for _ in range(AT_ONCE):
            report = self.office.reconciler.tick(now)
            self.counts["ticks"] += 1
            if report.problems:
                self.counts["ticks with problems"] += 1
                if self.counts["ticks with problems"] <= FIRST_PROBLEMS:
                    self.tell(f"{now}: {report.problems[:3]}")
            if not report.again:
                break
        self.counts["case reports"] += self.office.reporting(now)
        self.office.store.seal_day(now)
        if self._rules is None:
            self._rules = self._read_rules()
        told = self.reminders.run(self._rules, now)
        self.counts["notices"] += told.notices
        self.counts["messages to staff"] += told.messages

    def _at(self, at: int, event: Callable[[int], None]) -> None:
        self._order += 1
        heapq.heappush(self._events, (at, self._order, event))

    def _due(self, minutes: list[int]) -> None:
        for at in minutes:
            if not self._waited_for[at]:
                heapq.heappush(self._dues, at)
            self._waited_for[at] += 1

    # -- complaints come ----------------------------------------------------------------------------------------------

    def _arrives(self, arrival: Arrival, at: int) -> None:
        self.counts["at the desk" if arrival.desk else "online"] += 1
        if not arrival.desk:
            now = instant(at).astimezone(UTC)
            self.office.store.accept(arrival.intake, channel=Channel(arrival.channel), now=now)
            return
        intake = arrival.intake
        cells = {
            "channel": arrival.channel,
            "description": intake.description,
            "name": intake.name,
            "contact": intake.contact,
            "identity": IDENTITY_CHOICES[list(type(intake.identity)).index(intake.identity)],
        }
        if arrival.paper is not None:
            cells["received_at"] = instant(max(arrival.paper, 0)).strftime("%Y-%m-%d %H:%M")
        self.shared.type(self.shared.free, {key: text for key, text in cells.items() if text})
        self.shared.free += 1
        self._due([at + 1])  # accepted once it has been at rest for a tick

    def _learn(self, at: int) -> None:
        """Which complaints have come into the register, and when what changed is due."""
        self._seen, changed = self.office.store.changed_since(self._seen)
        if not changed:
            return
        if any(ticket not in self.lives for ticket in changed):
            for ticket in self.shared.look():
                complaint = self.office.store.complaint(ticket)
                self.lives[ticket] = Life(ticket, complaint, self.rng, self._parent)
                self._recent.append(ticket)
                self._moved.append(self.lives[ticket])
        for ticket, clocks in self.office.store.clocks(changed).items():
            running = [clock for clock in clocks if clock.done_at is None and clock.due_at is not None]
            dues = [minute(clock.due_at) for clock in running]
            dues += [minute(clock.due_at) + 1 for clock in running if clock.key in WINDOW_CLOCKS]
            self._waited_for.subtract(due for due in self._due_of.get(ticket, ()) if due > at)
            self._due_of[ticket] = [due for due in dues if due > at]
            self._due(self._due_of[ticket])

    def _parent(self, ticket: str) -> str:
        others = [other for other in self._recent[-40:] if other != ticket]
        return self.rng.choice(others) if others else ""

    # -- what people do -----------------------------------------------------------------------------------------------

    def _go_on(self, life: Life, at: int) -> None:
        life.complaint = self.office.store.complaint(life.ticket)
        match move := next(life.moves, None):
            case Types(officer=who):
                ready = self.people[who].ready(at, self.rng, self.work, self.grid)
                self._at(ready, lambda at: self._types(life, move, at))
            case Says(after=after):
                self._at(self._later(at, after), lambda at: self._says(life, move.act, at))
            case Waits(after=after):
                self._at(self._later(at, after), lambda _: self._moved.append(life))

    def _later(self, at: int, after: int) -> int:
        return -(-max(at + after, at + 1) // self.grid) * self.grid

    def _types(self, life: Life, move: Types, at: int) -> None:
        self.counts["edits by staff"] += 1
        if "act" in move.cells:
            life.last_act = str(move.cells["act"])
        book = self.restricted if self.office.store.complaint(life.ticket).restricted else self.shared
        if life.ticket not in book.rows:
            book.look()
        book.type(book.rows[life.ticket], move.cells)
        self._moved.append(life)

    def _says(self, life: Life, act: str, at: int) -> None:
        store, now = self.office.store, instant(at).astimezone(UTC)
        clocks = store.clocks([life.ticket])[life.ticket]
        assert self._rules is not None
        change = decide_by_reporter(store.complaint(life.ticket), act, clocks, self._rules, now, said="Begitu.")
        if isinstance(change, Refused):
            self.counts["reporters refused"] += 1
        else:
            self.counts["acts of reporters"] += 1
            store.commit([change])
        self._moved.append(life)

    def _read_rules(self) -> Configuration:
        remembered = self.office.store.setting("configuration") or {}
        last_good = {title: from_json(rows) for title, rows in remembered.items()}
        return configuration.check({}, last_good=last_good, year=2026).configuration

    def _give_channels(self) -> None:
        """Everybody can be reached; what is sent where is another test's."""
        tab = next(tab for tab in TABS if tab.title == "Petugas")
        values, sheet_id = self.office.staff.read([tab.title])[tab.title], self.office.staff.sheet_ids()[tab.title]
        place = locate(tab, values.header).positions["channels"]
        rows = range(1, len(values.rows) + 1)
        self.office.staff.batch(
            [write(sheet_id, row, place, [f"mailto://petugas{row}:sandi@kantor.invalid"]) for row in rows]
        )
        self._rules = None

    def _change_rules(self, change: RuleChange) -> None:
        tab = next(tab for tab in TABS if tab.title == change.tab)
        values = self.office.staff.read([change.tab])[change.tab]
        layout = locate(tab, values.header)
        first = [str(cells[0]) if cells else "" for cells in values.rows]
        row = first.index(change.row) + 1 if change.row else len(first) + 1
        sheet_id = self.office.staff.sheet_ids()[change.tab]
        requests = [write(sheet_id, row, layout.positions[key], [text]) for key, text in change.cells.items()]
        self.office.staff.batch(requests)
        self.counts["changes of rules"] += 1
