"""
From a row of somebody's table to what goes into the store, or to a list of what is wrong with it. Pure.

What cannot be read for certain is refused, not guessed: a NIK that a program took for a number has lost digits, and a
date with two digits for the year may be of any century.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from automation.exchange.heading import Head
from automation.exchange.mapping import ALL_OTHERS, OPEN, STATUSES, ColumnMapping
from automation.exchange.table import Cell, RawRow, text_of
from automation.sync.rows import parse_instant
from forms.categories import categories
from forms.fields import FIELD
from forms.validation import check
from register.brought_over import folded, number_key
from register.complaint import WITA, Channel, Intake
from register.sealed_json import dump_intake

_DATES = ("received_at", "closed_at", "incident_date")
_CHOICES = f"{', '.join(STATUSES[:-1])}, atau {STATUSES[-1]}"
_NAMELESS = (
    'Nama kosong. Isi namanya, tulis "anonim", atau tetapkan nameless = "anonymous" pada [reading] dalam pemetaan.'
)
_NUMBERS = ("phone", "contact", "nik", "kk", "number")
_IDENTITY_NUMBERS = ("nik", "kk")
_EXPONENT = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2}(?!\d)")
_LONG_YEAR = re.compile(r"(.*\D)?\d{5,}(\D.*)?")
_CLOCK = re.compile(r"(?:pukul|jam)?\s*(\d{1,2})[.:](\d{2})(?:[.:]\d{2})?\s*(?:wita)?", re.IGNORECASE)
_NOTHING = frozenset({"", "-", "–", "—", "--", "n/a", "tidak ada", "nihil", "kosong"})
_ANONYMOUS = frozenset({"anonim", "anonymous", "tanpa nama", "nn", "n.n", "hamba allah"})
_MOBILE = re.compile(r"(62)?8\d{8,11}")
_OPEN_PHONE_DIGITS = "Nomor ini tersimpan sebagai angka sehingga digitnya hilang. Ketik ulang sebagai teks."


@dataclass(frozen=True)
class Trouble:
    """
    Something to mend in a row; warnings have none.

    Args:
        row: As the person sees it in their program.
        column: Its header and letters, empty for the row as a whole.
        what: What is wrong and what to do, in Indonesian. Nothing that stands in the cell is repeated.
    """

    row: int
    column: str
    what: str

    def __str__(self) -> str:
        where = f"Baris {self.row}" + (f", kolom {self.column}" if self.column else "")
        return f"{where}: {self.what}"


@dataclass(frozen=True)
class Entry:
    """
    A row that can be imported. Instants are aware, in UTC.

    Args:
        key: By what it is known again: their own number and year, or all that it says.
        number: The number that it had.
        outcome: `terbuka`, or by which act it was closed.
    """

    row: int
    key: str
    number: str
    intake: Intake
    channel: Channel
    received_at: datetime
    outcome: str
    closed_at: datetime | None
    reply: str

    @property
    def closed(self) -> bool:
        """Whether the office was done with it."""
        return self.outcome != OPEN


def check_row(
    row: RawRow, head: Head, mapping: ColumnMapping, now: datetime, *, all_cells: bool = False
) -> Entry | list[Trouble]:
    """
    One row below the header, which is not empty.

    Args:
        now: Aware instant; nothing can have come in after it.
        all_cells: Whether cells beyond the header are a sign that the row was cut wrongly, as in a CSV file.
    """
    reader = _Reader(row, head, mapping, now)
    if -1 in row.broken:
        return [Trouble(row.number, "", row.broken[-1])]
    if all_cells and any(text_of(cell).strip() for cell in row.cells[len(head.header) :]):
        return [Trouble(row.number, "", "Baris ini lebih panjang daripada judulnya; beri tanda kutip pada teksnya.")]
    entry = reader.entry()
    return entry if entry is not None else reader.troubles


def for_mending(row: RawRow, head: Head) -> RawRow:
    """
    A refused row for a file in which somebody mends it. Whose digits were lost is written with an exponent: as plain
    digits it would be text there, and pass for what was typed when that file is imported.
    """
    cells = list(row.cells)
    for column, place in head.places.items():
        if place < len(cells) and _lost_digits(column, cell := cells[place]):
            cells[place] = _with_exponent(cell)
    return replace(row, cells=cells)


def _lost_digits(column: str, cell: Cell) -> bool:
    """Whether a program took digits for a number, so that some are gone; mobile phones lose but a known zero."""
    if column not in _NUMBERS or column == "number" or isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    return column in _IDENTITY_NUMBERS or not _MOBILE.fullmatch(text_of(cell))


def _with_exponent(number: Cell) -> str:
    """As programs show it: 6,40299E+15; empty for what is no number of somebody, such as a negative one."""
    digits, _, power = f"{number:.15E}".partition("E")
    written = f"{digits.rstrip('0').rstrip('.').replace('.', ',')}E{power}"
    return written if _EXPONENT.fullmatch(written) else ""


class _Reader:
    """Reads one row, and gathers all that is wrong with it."""

    def __init__(self, row: RawRow, head: Head, mapping: ColumnMapping, now: datetime) -> None:
        self._row, self._head, self._mapping, self._now = row, head, mapping, now
        self.troubles: list[Trouble] = []

    def entry(self) -> Entry | None:
        for column, place in self._head.places.items():
            if place in self._row.broken:
                self._tell(column, self._row.broken[place])
        received_at, closed_at = self._received(), self._instant("closed_at")
        channel, outcome = self._channel(), self._outcome(closed_at)
        intake = self._intake()
        if received_at and closed_at and closed_at.date() < received_at.date():
            self._tell("closed_at", "Tanggal selesai lebih awal daripada tanggal masuk. Periksa keduanya.")
        number = self._text("number")
        if self.troubles or intake is None or received_at is None or channel is None:
            return None
        return Entry(
            self._row.number,
            key_of(self._mapping.source, number, received_at, intake),
            number[:60],
            intake,
            channel,
            received_at.astimezone(UTC),
            outcome,
            (max(closed_at, received_at) if closed_at else received_at).astimezone(UTC) if outcome != OPEN else None,
            self._text("reply"),
        )

    def _tell(self, column: str, what: str) -> None:
        label = self._head.label(column) if column else ""
        if not any(known.column == label for known in self.troubles):
            self.troubles.append(Trouble(self._row.number, label, what))

    # -- cells ----------------------------------------------------------------------------------------------------

    def _cell(self, column: str) -> Cell:
        place = self._head.places.get(column)
        return self._row.cells[place] if place is not None and place < len(self._row.cells) else ""

    def _text(self, column: str) -> str:
        """What stands in a cell; the fixed value where nothing does."""
        cell = self._cell(column)
        text = self._number(column, cell) if column in _NUMBERS else text_of(cell).strip()
        return self._mapping.fixed.get(column, "") if folded(text) in _NOTHING else text

    def _number(self, column: str, cell: Cell) -> str:
        """Digits that were typed as such; what a program took for a number has lost some."""
        text = text_of(cell).strip().removeprefix("'")
        if _EXPONENT.fullmatch(text) or _lost_digits(column, cell):
            self._tell(column, _OPEN_PHONE_DIGITS)
            return ""
        return text

    def _word(self, column: str) -> str:
        """A cell by the mapping's words; itself where these do not have it."""
        text = self._text(column)
        return self._mapping.values.get(column, {}).get(folded(text), text) if text else ""

    # -- what they mean -------------------------------------------------------------------------------------------

    def _instant(self, column: str) -> datetime | None:
        cell, text = self._cell(column), self._text(column)
        if not text:
            return None
        problem = ""
        if isinstance(cell, datetime):
            at: datetime | None = cell.replace(tzinfo=WITA)
        elif _SHORT_YEAR.match(text):
            at, problem = None, "Tahun ditulis dua angka. Tulis empat angka, misalnya 23/11/2024."
        elif isinstance(cell, str) and _LONG_YEAR.fullmatch(text.split(" ")[0]):
            at, problem = (
                None,
                "Tahun lebih dari empat angka, atau tanggal tersimpan sebagai angka. Periksa tanggalnya.",
            )
        else:
            at = parse_instant(_day_first(text) if self._mapping.month_first else text, cell)
        if at is None or not 1990 <= at.year <= 2100:
            self._tell(column, problem or "Tanggal ini tidak ada atau tidak terbaca. Tulis seperti 2024-11-23.")
            return None
        if at > self._now:
            self._tell(column, "Tanggal ini belum tiba. Periksa tahunnya.")
            return None
        return at

    def _received(self) -> datetime | None:
        at = self._instant("received_at")
        if at is None:
            self._tell("received_at", "Tanggal masuk kosong. Isi tanggalnya, misalnya 2024-11-23.")
            return None
        said, cell = self._text("received_time"), self._cell("received_time")
        if not said or (at.hour, at.minute) != (0, 0):
            return at
        found = (str(cell.hour), str(cell.minute)) if isinstance(cell, datetime) else _clock(said)
        try:
            moved = datetime.combine(at.date(), time(int(found[0]), int(found[1])), WITA)
        except (ValueError, IndexError):
            self._tell("received_time", "Jam ini tidak terbaca. Tulis seperti 09:15.")
            return None
        return moved if moved <= self._now else at

    def _channel(self) -> Channel | None:
        word = self._word("channel") or Channel.DESK.value
        try:
            return Channel(word)
        except ValueError:
            self._tell("channel", "Kanal ini tidak dikenal. Tambahkan pada [values.channel] dalam pemetaan.")
            return None

    def _outcome(self, closed_at: datetime | None) -> str:
        word = self._word("status") or (STATUSES[1] if closed_at else "")
        word = word.casefold() if word.casefold() in STATUSES else word
        if word not in STATUSES:
            self._tell(
                "status",
                f"Status ini tidak dikenal. Tulis {_CHOICES}, atau tambahkan pada [values.status] dalam pemetaan."
                if word
                else "Status kosong. Isi, atau tetapkan pada [fixed] dalam pemetaan.",
            )
        return word

    def _intake(self) -> Intake | None:
        data: dict[str, object] = {
            column: self._text(column) for column in {*self._head.places, *self._mapping.fixed} if column in FIELD
        }
        data["category"] = self._category()
        self._contact(data)
        if happened := self._instant("incident_date"):
            data["incident_date"] = happened.date().isoformat()
        else:
            data.pop("incident_date", None)
        identity = self._word("identity") or "open"
        nameless = not data.get("name") and self._mapping.nameless_is_anonymous
        if folded(str(data.get("name", ""))) in _ANONYMOUS or nameless:
            identity = "anonymous"
        if identity not in ("open", "confidential", "anonymous"):
            self._tell("identity", "Identitas ini tidak dikenal. Pakai Terbuka, Rahasia, atau Anonim.")
        flags = {"anonymous": identity == "anonymous", "confidential": identity == "confidential"}
        told = check(data | flags, today=_today(self._now), by_post=True)
        for problem in told.problems:
            nobody = problem.field == "name" and not data.get("name")
            self._tell(_origin(problem.field, self._head), _NAMELESS if nobody else problem.message)
        return told.intake

    def _category(self) -> str:
        """A code, also for the form's own words; of words that nobody knows what the mapping says of all others."""
        word = self._word("category")
        known = {folded(text): each.code for each in categories() for text in (each.code, each.label)}
        return known.get(folded(word)) or self._mapping.values.get("category", {}).get(ALL_OTHERS, word)

    def _contact(self, data: dict[str, object]) -> None:
        if contact := self._text("contact"):
            key = "email" if "@" in contact else "phone"
            data[key] = data.get(key) or contact


def _origin(field: str, head: Head) -> str:
    """The column in which a field's value stood."""
    return "contact" if field in ("phone", "email") and field not in head.places and "contact" in head.places else field


def _today(now: datetime) -> date:
    return now.astimezone(WITA).date()


def _clock(text: str) -> Sequence[str]:
    found = _CLOCK.fullmatch(text.strip())
    return found.groups() if found else ()


def _day_first(text: str) -> str:
    """A date that puts the month first, the other way round."""
    return re.sub(r"^(\d{1,2})([-/.])(\d{1,2})\2", r"\3\2\1\2", text)


def key_of(source: str, number: str, received_at: datetime, intake: Intake) -> str:
    """
    By what a row is known again when it is imported a second time: the number that it had in that register's year, or,
    where there is none, all that it says, whatever the mapping calls the register that time.
    """
    if number:
        year = received_at.astimezone(WITA).year
        return number_key(source, number, year)
    said = f"{received_at.astimezone(UTC).isoformat()}\n{dump_intake(intake)}"
    return "\n".join(("impor", "isi", hashlib.sha256(said.encode()).hexdigest()))
