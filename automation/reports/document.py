"""
A report as plain values: sections of text, tables and charts. Whatever makes one, the renderers set it alike.

Cells are texts, whole numbers, numbers, and two kinds that know how they are read: `Share` and `Duration`. None stands
for what is not known or not shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from register.durations import DAY_MINUTES, in_units
from register.periods import Period

MISSING = "–"
"""Stands where a cell has no value."""


class Share(float):
    """A part of a whole, from 0 to 1; read as percent."""


@dataclass(frozen=True)
class Duration:
    """
    Minutes of service.

    Args:
        day: How many of them a working day has; 0 for minutes by the clock on the wall.
    """

    minutes: int
    day: int = DAY_MINUTES

    def __str__(self) -> str:
        """The two largest units: "35 menit", "1 jam 5 menit", "1 hari kerja 2 jam", "3 hari"."""
        return " ".join(f"{amount} {unit}" for amount, unit in in_units(self.minutes, self.day))


Cell = str | int | float | Duration | None


def whole(number: int) -> str:
    """A whole number as Indonesians write it: "1.000"."""
    return f"{number:,}".replace(",", ".")


def percent(share: float) -> str:
    """A share as Indonesians write it: "72,5%"; "100%" without decimals, and so is any whole percent."""
    return f"{100 * share:.1f}".removesuffix(".0").replace(".", ",") + "%"


def shown(cell: Cell) -> str:
    """A cell as people read it in Indonesian."""
    if cell is None:
        return MISSING
    if isinstance(cell, Share):
        return percent(cell)
    if isinstance(cell, float):
        return f"{cell:.1f}".replace(".", ",")
    return whole(cell) if isinstance(cell, int) else str(cell)


@dataclass(frozen=True)
class Table:
    """
    Rows of cells under a head. The first column says what a row is about; the others are figures.

    Args:
        key: Stable, for files that programs read: `kanal`.
        note: A sentence below it; empty for none.
        total: Whether the last row is the sum of those above.
        formulas: For an Excel file: like `rows`, a formula for each cell, empty for none. `{channel}` in it stands for
            the column of that key in the data (`DataSheet`); without data, formulas are left out.
    """

    key: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    total: bool = False
    formulas: Sequence[Sequence[str]] = ()


class ChartKind(StrEnum):
    """How a chart is drawn."""

    BARS = "bars"
    """Lying, one below another, with a label of any length and the number at its end; of one series."""
    COLUMNS = "columns"
    """Standing side by side, for what follows in time; of up to three series, told apart by pattern."""
    STACKED = "stacked"
    """Lying, the series one after another in the same bar, such as on time and late."""


@dataclass(frozen=True)
class Series:
    """Numbers for the labels of a chart, in their order; None where there is none."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Chart:
    """
    Numbers drawn.

    Args:
        alt: What it shows, for whoever cannot see it; the title and the numbers if empty.
        percent: Whether the numbers are shares.
    """

    kind: ChartKind
    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    alt: str = ""
    percent: bool = False

    @property
    def drawable(self) -> bool:
        """Whether there is anything to see."""
        return any(value for series in self.series for value in series.values)

    @property
    def described(self) -> str:
        """In words."""
        if self.alt:
            return self.alt
        said = (
            f"{label}: " + ", ".join(self._number(series, place) for series in self.series)
            for place, label in enumerate(self.labels)
        )
        return f"{self.title}. " + "; ".join(said) + "."

    def _number(self, series: Series, place: int) -> str:
        value = self.number(series.values[place])
        return f"{series.name} {value}" if len(self.series) > 1 else value

    def number(self, value: float | None) -> str:
        """One of its numbers as people read it."""
        if value is None:
            return MISSING
        return percent(value) if self.percent else shown(int(value) if value == int(value) else value)


@dataclass(frozen=True)
class Section:
    """A part of a report: paragraphs, then points of a list, charts, tables."""

    heading: str
    paragraphs: Sequence[str] = ()
    tables: Sequence[Table] = ()
    charts: Sequence[Chart] = ()
    points: Sequence[str] = ()


@dataclass(frozen=True)
class Document:
    """
    A whole report.

    Args:
        made_at: Aware; the instant up to which it counts.
        public: Whether it leaves the office: then nobody signs it.
        root_line: The trail's root, for the footer of the PDF; empty for none.
        source: By what it is made: a step of the SOP, an article of a law; for the footer too.
    """

    title: str
    subtitle: str
    sections: Sequence[Section]
    made_at: datetime
    period: Period
    public: bool = False
    root_line: str = ""
    source: str = ""

    @property
    def tables(self) -> Sequence[Table]:
        """All of them, in order."""
        return [table for section in self.sections for table in section.tables]
