"""
The periods that the office reports on: months, quarters, half-years and years of WITA days. Pure.

Written `2026-11`, `2026-Q4` (triwulan), `2026-S2` (semester) and `2026`. Source: SOP B step 9, "3 bulan/6 bulan".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from register.complaint import WITA
from register.errors import PeriodError
from register.indonesian_dates import MONTHS

MONTH, QUARTER, HALF, YEAR = 1, 3, 6, 12
"""How many months a period has."""
LENGTHS = (MONTH, QUARTER, HALF, YEAR)
FIRST_YEAR, LAST_YEAR = 2000, 2100
_WRITTEN = re.compile(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])|S([12])))?", re.IGNORECASE)
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, order=True)
class Period:
    """
    One of them.

    Args:
        first: Its first day, in WITA: the first of a month.
        months: How many it has, one of `LENGTHS`.
    """

    first: date
    months: int

    @classmethod
    def parse(cls, text: str) -> "Period":
        """As it is written in commands and addresses. Raises: PeriodError."""
        found = _WRITTEN.fullmatch(text.strip())
        year = int(found[1]) if found else 0
        month = int(found[2]) if found and found[2] else 1
        if found is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            raise PeriodError(
                f"Tidak ada laporan untuk tahun {year}. Sebutkan tahun dari {FIRST_YEAR} sampai {LAST_YEAR}, misalnya "
                "2026 atau 2026-11."
            )
        if found is None or not 1 <= month <= 12:
            raise PeriodError(
                f"'{text[:40]}' bukan masa laporan. Tulis seperti 2026-11 (bulan), 2026-Q4 (triwulan), "
                "2026-S2 (semester), atau 2026 (tahun)."
            )
        if found[3]:
            return cls(date(year, 3 * int(found[3]) - 2, 1), QUARTER)
        if found[4]:
            return cls(date(year, 6 * int(found[4]) - 5, 1), HALF)
        return cls(date(year, month, 1), MONTH if found[2] else YEAR)

    @classmethod
    def around(cls, at: datetime, months: int) -> "Period":
        """The period of that length in which an aware instant lies."""
        on = at.astimezone(WITA).date()
        return cls(date(on.year, (on.month - 1) // months * months + 1, 1), months)

    @property
    def key(self) -> str:
        """As `parse` reads it."""
        year, place = self.first.year, (self.first.month - 1) // self.months + 1
        return {
            MONTH: f"{year}-{place:02d}",
            QUARTER: f"{year}-Q{place}",
            HALF: f"{year}-S{place}",
            YEAR: f"{year}",
        }[self.months]

    @property
    def label(self) -> str:
        """In formal Indonesian: "November 2026", "Triwulan IV 2026", "Semester II 2026", "Tahun 2026"."""
        year, place = self.first.year, (self.first.month - 1) // self.months
        return {
            MONTH: f"{MONTHS[self.first.month - 1]} {year}",
            QUARTER: f"Triwulan {_ROMAN[place % 4]} {year}",
            HALF: f"Semester {_ROMAN[place % 2]} {year}",
            YEAR: f"Tahun {year}",
        }[self.months]

    @property
    def label_in_text(self) -> str:
        """The label within a sentence: "triwulan IV 2026", "tahun 2026"; a month's name keeps its capital."""
        return self.label if self.months == MONTH else self.label[0].lower() + self.label[1:]

    @property
    def since(self) -> datetime:
        """Its first instant, in WITA."""
        return datetime.combine(self.first, time(), WITA)

    @property
    def until(self) -> datetime:
        """The first instant that is no longer in it, in WITA."""
        return self.moved(1).since

    def holds(self, at: datetime) -> bool:
        """Whether an aware instant lies in it."""
        return self.since <= at < self.until

    def moved(self, by: int) -> "Period":
        """So many periods of its length later, or earlier."""
        count = self.first.year * 12 + self.first.month - 1 + by * self.months
        return Period(date(count // 12, count % 12 + 1, 1), self.months)

    def parts(self, months: int = MONTH) -> Sequence["Period"]:
        """The shorter periods that it is made of, in order."""
        start = Period(self.first, months)
        return [start.moved(by) for by in range(self.months // months)]
