"""One office's whole register into another's empty one, from JSON Lines: all of it, or nothing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from automation.exchange.errors import TakeOverError
from automation.exchange.importing import ACTOR, mirror_of
from automation.exchange.lines import (
    FORMAT,
    VERSION,
    complaint_line,
    complaint_of_line,
    event_line,
    event_of_line,
    head_line,
    unsealed,
)
from automation.sync.row_reading import RowReader
from automation.sync.stubs import first_people_cells
from register.changes import Book, MirrorRow
from register.complaint import WITA, Complaint, Event, EventKind
from register.errors import InvalidTicketError
from register.tickets import parse_ticket
from register.transfer import TrailEvent, Transfer, Whole

NOT_EMPTY = (
    "Ekspor lengkap hanya dapat diambil alih oleh kantor yang masih kosong; di sini sudah ada pengaduan. "
    "Untuk menambahkan pengaduan lama, impor berkas XLSX atau CSV."
)
PARTIAL = "Berkas ini bukan ekspor lengkap. Buat dengan: aduan export --format jsonl --restricted"
_BROKEN = (AttributeError, KeyError, TypeError, ValueError, InvalidTicketError)


def chosen_by(since: date | None, until: date | None, restricted: bool) -> Callable[[Complaint], bool]:
    """Whether a complaint goes out: recorded on a day from `since` to `until` (WITA), and restricted only if asked."""

    def chosen(complaint: Complaint) -> bool:
        on = complaint.recorded_at.astimezone(WITA).date()
        return (restricted or not complaint.restricted) and (since or on) <= on <= (until or on)

    return chosen


def office_lines(
    store: Transfer, now: datetime, chosen: Callable[[Complaint], bool], *, full: bool
) -> Iterator[dict[str, Any]]:
    """
    Everything that is chosen, as lines; `store` is a snapshot.

    Args:
        full: Whether everything is chosen: then events that belong to no complaint go along, and others can take it
            over.
    """
    seq, last = store.end()
    yield head_line(
        made_at=now.isoformat(),
        full=full,
        counters={str(year): number for year, number in store.counters().items()},
        trail={"seq": seq, "hash": last.hex()},
    )
    tickets, reader = set[str](), RowReader(store, Book.SHARED)
    for whole in store.wholes(chosen):
        tickets.add(whole.complaint.ticket)
        yield complaint_line(whole, reader.last_staff_cells(whole.complaint.ticket))
    yield from (event_line(event) for event in store.trail(seq) if full or event.ticket in tickets)


def take_over(path: Path, store: Transfer, now: datetime, step: Callable[[int], object] = lambda _count: None) -> int:
    """
    Take over what `office_lines` wrote; how many complaints there were.

    Evidence files, conversations and the settings of the office are not in it.

    Raises: TakeOverError; nothing was taken over then.
    """
    with path.open(encoding="utf-8", errors="surrogatepass", newline="\n") as file:
        lines = unsealed(file, step)
        try:
            head = next(lines, {})
            if head.get("format") != FORMAT or head.get("version") != VERSION or not head.get("full"):
                raise TakeOverError(PARTIAL)
            if not store.is_empty():
                raise TakeOverError(NOT_EMPTY)
            parts = _Parts(lines, store)
            counters = {int(year): int(number) for year, number in head["counters"].items()}
            done = store.take_over(parts.wholes(), parts.trail(), counters, _came_from(head, now))
        except _BROKEN as error:
            raise TakeOverError(PARTIAL) from error
    if not done:
        raise TakeOverError(NOT_EMPTY)
    return parts.count


class _Parts:
    """The complaints, and after them the events, of one file."""

    def __init__(self, lines: Iterator[Mapping[str, Any]], store: Transfer) -> None:
        self._lines, self._store = lines, store
        self._ahead: list[Mapping[str, Any]] = []
        self.count = 0

    def wholes(self) -> Iterator[Whole]:
        for line in self._lines:
            if "event" in line:
                self._ahead = [line]
                return
            self.count += 1
            whole, cells = complaint_of_line(line)
            _check(whole.complaint)
            yield replace(whole, mirrors=_mirrors(whole, cells, self._store)) if cells else whole

    def trail(self) -> Iterator[TrailEvent]:
        for line in chain(self._ahead, self._lines):  # looked at once the complaints are through
            yield event_of_line(line)


def _check(complaint: Complaint) -> None:
    """A ticket stands in addresses and names of files, and a number is counted on from. Raises: ValueError."""
    if parse_ticket(complaint.ticket) != complaint.ticket or type(complaint.number) is not int or complaint.number < 1:
        raise ValueError("no ticket or number of ours")


def _mirrors(whole: Whole, cells: Mapping[str, str], store: Transfer) -> Mapping[Book, MirrorRow]:
    """What staff had written stands in the new row from the start, where the complaint is handled."""
    book = Book.RESTRICTED if whole.complaint.restricted else Book.SHARED
    texts = {**first_people_cells(whole.complaint, book, whole.intake), **cells}
    return {book: mirror_of(texts, store)}


def _came_from(head: Mapping[str, Any], now: datetime) -> Event:
    """Closes the trail that was taken over, with the end that it had where it came from."""
    trail = head["trail"]
    data = {"source": "aduan", "made_at": head["made_at"], "seq": str(trail["seq"]), "hash": trail["hash"]}
    return Event(EventKind.IMPORTED, now, ACTOR, data)
