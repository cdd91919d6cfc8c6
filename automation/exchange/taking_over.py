"""One office's whole register into another's empty one, from JSON Lines: all of it, or nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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
from register.indonesian_dates import short_instant
from register.tickets import parse_ticket
from register.transfer import ContradictionError, TrailEvent, Transfer
from register.wholes import Whole

NOT_EMPTY = (
    "Ekspor lengkap hanya dapat diambil alih oleh kantor yang masih kosong; di sini sudah ada pengaduan. "
    "Untuk menambahkan pengaduan lama, impor berkas XLSX atau CSV."
)
PARTIAL = "Berkas ini bukan ekspor lengkap. Buat dengan: aduan export --format jsonl --restricted"
AT = "Baris {line} (tiket {ticket}): {problem} Tidak ada yang diambil alih; ekspor ulang di kantor asal."
"""What is wrong with one line."""
_UNREADABLE = "isinya bukan isi ekspor aduan."
_FUTURE = "memuat waktu yang belum tiba ({at}); periksa berkas ini dan jam komputer ini."
_ODD_LETTER = "memuat huruf NUL, yang tidak pernah ditulis orang."
_OUT_OF_TURN = "nomor urut peristiwanya {seq}, seharusnya {expected}; ada peristiwa yang hilang atau disisipkan."
_LOST_END = "Peristiwa {first} sampai {last} hilang dari akhir berkas. " + PARTIAL
_SAYS_NOTHING = "isi laporannya tidak ada, padahal datanya tidak pernah dihapus."
_SAYS_TOO_MUCH = "isi laporannya ada, padahal datanya sudah dihapus."
_TICKET_SHOWN = 20
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

    Raises: TakeOverError, with line and ticket where one line is to blame; nothing was taken over then. Refused is also
        what disagrees with its own trail.
    """
    with path.open(encoding="utf-8", errors="surrogatepass", newline="\n") as file:
        lines = unsealed(file, step)
        try:
            head = next(lines, {})
            if head.get("format") != FORMAT or head.get("version") != VERSION or not head.get("full"):
                raise TakeOverError(PARTIAL)
            if not store.is_empty():
                raise TakeOverError(NOT_EMPTY)
            parts = _Parts(lines, store, int(head["trail"]["seq"]), now)
            counters = {int(year): int(number) for year, number in head["counters"].items()}
            done = store.take_over(parts.wholes(), parts.trail(), counters, _came_from(head, now))
        except ContradictionError as error:
            raise TakeOverError(parts.blaming(error.ticket, error.problem)) from error
        except _BROKEN as error:
            raise TakeOverError(PARTIAL) from error
    if not done:
        raise TakeOverError(NOT_EMPTY)
    return parts.count


class _Parts:
    """
    The complaints, and after them the events, of one file; each is looked at as it passes.

    Args:
        through: The number of the last event.
    """

    def __init__(self, lines: Iterator[Mapping[str, Any]], store: Transfer, through: int, now: datetime) -> None:
        self._lines, self._store, self._through, self._now = enumerate(lines, start=2), store, through, now
        self._ahead: list[tuple[int, Mapping[str, Any]]] = []
        self._line_of: dict[str, int] = {}

    @property
    def count(self) -> int:
        """How many complaints have passed."""
        return len(self._line_of)

    def blaming(self, ticket: str, problem: str) -> str:
        """The sentence about a complaint that has passed."""
        return _at(self._line_of.get(ticket, 0), ticket, problem)

    def wholes(self) -> Iterator[Whole]:
        for number, line in self._lines:
            if "event" in line:
                self._ahead = [(number, line)]
                return
            with _blamed(number, line.get("complaint")):
                whole, cells = complaint_of_line(line)
                _check(whole, self._now)
                _check_letters(line)
                self._line_of[whole.complaint.ticket] = number
                made = replace(whole, mirrors=_mirrors(whole, cells, self._store)) if cells else whole
            yield made

    def trail(self) -> Iterator[TrailEvent]:
        expected = 1
        for number, line in chain(self._ahead, self._lines):  # looked at once the complaints are through
            with _blamed(number, line.get("event")):
                event = event_of_line(line)
                EventKind(event.kind)  # raises for one that there is not
                _check_time(event.at, self._now)
                _check_letters({**vars(event), "secret": None})  # there stands also what somebody typed and was refused
                if event.seq != expected:
                    raise _WrongError(_OUT_OF_TURN.format(seq=event.seq, expected=expected))
            expected += 1
            yield event
        if expected <= self._through:
            raise TakeOverError(_LOST_END.format(first=expected, last=self._through))


class _WrongError(ValueError):
    """Says in a sentence what is wrong with a line."""


@contextmanager
def _blamed(number: int, values: object) -> Iterator[None]:
    """Whatever is wrong with a line is told with its number and ticket. Raises: TakeOverError."""
    try:
        yield
    except _BROKEN as error:
        ticket = str(values.get("ticket", "")) if isinstance(values, dict) else ""
        raise TakeOverError(
            _at(number, ticket, str(error) if isinstance(error, _WrongError) else _UNREADABLE)
        ) from error


def _at(number: int, ticket: str, problem: str) -> str:
    shown = ticket[:_TICKET_SHOWN] if ticket.isprintable() and ticket else "tidak diketahui"
    return AT.format(line=number or "tidak diketahui", ticket=shown, problem=problem)


def _check(whole: Whole, now: datetime) -> None:
    """A ticket stands in addresses and names of files, and a number is counted on from. Raises: ValueError."""
    complaint = whole.complaint
    if parse_ticket(complaint.ticket) != complaint.ticket or type(complaint.number) is not int or complaint.number < 1:
        raise ValueError("no ticket or number of ours")
    for at in (complaint.received_at, complaint.recorded_at, complaint.updated_at):
        _check_time(at, now)
    if whole.intake is None and complaint.erased_at is None:
        raise _WrongError(_SAYS_NOTHING)
    if whole.intake is not None and complaint.erased_at is not None:
        raise _WrongError(_SAYS_TOO_MUCH)


def _check_time(at: datetime, now: datetime) -> None:
    if at > now:
        raise _WrongError(_FUTURE.format(at=short_instant(at)))


def _check_letters(value: object) -> None:
    """Of a line, however deep. Raises: ValueError."""
    if isinstance(value, str) and "\0" in value:
        raise _WrongError(_ODD_LETTER)
    if isinstance(value, Mapping):
        _check_letters([*value, *value.values()])
    elif isinstance(value, list | tuple):
        for each in value:
            _check_letters(each)


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
