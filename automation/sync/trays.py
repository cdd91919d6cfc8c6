"""
Tabs that the system lays out for staff to decide on (`Kotak Masuk`, `Pesan Keluar`): rows out, decisions in.

What a row is about, and what a decision does, is known by whoever keeps it (a `Tray`); here is only how rows are found
by their number wherever staff sorted them, brought to what they should show, and put back while they wait for somebody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import is_
from typing import Protocol

from automation.configuration.in_force import Configuration
from automation.sync.rows import Row
from automation.sync.tick_report import Kind, TickReport
from automation.sync.writing import Request, appended_rows, cell_updates
from register.sheet import Values
from sheets_schema.columns import Owner, Tab
from sheets_schema.layout import Layout, locate

SHOWN_AT_ONCE = 500
"""As many rows that wait stand in such a tab, the oldest; others come in as these are settled."""
_MORE = "Masih ada {count} lagi yang menunggu; baris berikutnya muncul setelah yang ada di sini diselesaikan."
DOUBLED = "Nomor ini ada pada lebih dari satu baris; hanya baris yang paling atas yang dipakai."


@dataclass(frozen=True)
class TrayRow:
    """
    What a row is to show in the columns of the system, by column key.

    `waits` tells whether it waits for somebody's decision: then it is put back if it was removed.
    """

    cells: Mapping[str, str]
    waits: bool = True


def told_more(text: str, more: int) -> str:
    """What the last row tells where more wait than `SHOWN_AT_ONCE`: how many."""
    return f"{text} {_MORE.format(count=f'{more:,}'.replace(',', '.'))}".strip() if more > 0 else text


class Tray(Protocol):
    """What stands in such a tab, and what its decisions do."""

    @property
    def tab(self) -> Tab:
        """Which tab; its columns begin with `id`."""

    def mark(self) -> object:
        """Differs from an earlier one if `rows` may have changed since. Cheap, as every tick asks."""

    def rows(self, now: datetime) -> Mapping[str, TrayRow]:
        """What stands there, by number, in the order in which new rows are put in."""

    def decide(self, number: str, texts: Mapping[str, str], rules: Configuration, now: datetime) -> None:
        """
        Do what the staff's cells of a row ask for (by column key, the empty ones left out), once.

        Why something may not be done is told by the row's `note`, the next time.
        """


class Trays:
    """All such tabs of the register."""

    def __init__(self, trays: Sequence[Tray]) -> None:
        self._trays = {tray.tab.title: tray for tray in trays}
        self._marks: tuple[object, ...] = ()
        self._decided: dict[tuple[str, str], Mapping[str, str]] = {}
        """By tab and number, what was last asked for: a decision that stands is not taken again each time."""
        self._idle: dict[str, tuple[object, ...]] = {}
        """By tab, from what there was nothing to do."""

    def forget(self) -> None:
        """Remember nothing of earlier ticks."""
        self._decided.clear()
        self._idle.clear()

    def marks(self) -> tuple[object, ...]:
        """The same object again as long as no tray has changed."""
        if (found := tuple(tray.mark() for tray in self._trays.values())) != self._marks:
            self._marks = found
        return self._marks

    def look(
        self,
        values: Mapping[str, Values],
        sheet_ids: Mapping[str, int],
        rules: Configuration,
        now: datetime,
        report: TickReport,
    ) -> list[Request]:
        """Take decisions over, and return what must be written for the rows to show what they should."""
        if not sheet_ids:
            return []  # its tabs are not known any more: the next tick looks again
        requests = []
        for title, tray in self._trays.items():
            layout = locate(tray.tab, values[title].header)
            if layout.sound:
                requests += self._look(tray, layout, values[title], sheet_ids[title], rules, now, report)
                continue
            names = ", ".join(layout.missing + layout.doubled)
            report.tell(Kind.HEADERS, f"Tab {title}: judul kolom hilang atau ganda ({names}); tidak ditulis.")
        return requests

    def _look(
        self,
        tray: Tray,
        layout: Layout,
        values: Values,
        sheet_id: int,
        rules: Configuration,
        now: datetime,
        report: TickReport,
    ) -> list[Request]:
        title = tray.tab.title
        before = self._idle.pop(title, None)
        mark = tray.mark()
        if before is not None and before[2] == mark and all(map(is_, before[:2], (values, rules))):
            self._idle[title] = before
            return []
        found, doubled = _by_number(layout, values)
        rows = tray.rows(now)
        if decided := self._decisions(title, rows, found):
            for number, texts in decided.items():
                tray.decide(number, texts, rules, now)
                report.changed += 1
            mark, rows = tray.mark(), tray.rows(now)
        requests = []
        for number, row in found.items():
            if number in rows:
                requests += cell_updates(sheet_id, row, rows[number].cells)
        for row in doubled:
            requests += cell_updates(sheet_id, row, {"note": DOUBLED})
        new = [{"id": number, **row.cells} for number, row in rows.items() if row.waits and number not in found]
        report.appended += len(new)
        report.again = report.again or bool(new)
        requests += appended_rows(sheet_id, layout, new)
        if not requests:
            self._idle[title] = (values, rules, mark)
        return requests

    def _decisions(
        self, title: str, rows: Mapping[str, TrayRow], found: Mapping[str, Row]
    ) -> dict[str, Mapping[str, str]]:
        """What staff ask for that was not asked for before, by number."""
        staff = [column.key for column in self._trays[title].tab.columns if column.owner is Owner.STAFF]
        asked: dict[str, Mapping[str, str]] = {}
        for number, row in found.items():
            if number not in rows or not rows[number].waits:
                continue
            texts = {key: text for key in staff if (text := row.text(key).strip())}
            if texts != self._decided.get((title, number), {}):
                asked[number] = self._decided[title, number] = texts
        return asked


def _by_number(layout: Layout, values: Values) -> tuple[dict[str, Row], list[Row]]:
    """The rows by their number, and those whose number stands further up already."""
    found: dict[str, Row] = {}
    doubled: list[Row] = []
    for index, cells in enumerate(values.rows, start=1):
        row = Row(index, cells, layout)
        number = row.text("id").strip() if cells else ""
        if number in found:
            doubled.append(row)
        elif number:
            found[number] = row
    return found, doubled
