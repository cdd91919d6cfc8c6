"""
The figures of a period as tables, each number with the address of the complaints behind it, beside the period before.

Pure: how an address is made is handed in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from forms.wording import marked
from register.figures import (
    DIMENSION_LABELS,
    EMERGENCY_LABELS,
    OUTCOME_LABELS,
    PENDING_LABEL,
    PROCEDURE_LABELS,
    VERDICT_LABELS,
    Dimension,
    Figures,
    Timing,
)
from webhooks.dashboard_choice import Choice, period_label, value_label
from webhooks.durations import minutes_words, norm_words
from webhooks.language import gettext, language

Link = Callable[[Choice, str], str]
"""The address of the complaints behind a figure: of which choice, and `of` as in `Statistics.tickets`."""
STARS = range(5, 0, -1)

_SUMMARY = {
    "received": marked("Diterima"),
    "closed": marked("Ditutup"),
    "reopened": marked("Dibuka kembali"),
    "pending": PENDING_LABEL,
}
_EMERGENCIES = {"count": marked("Darurat yang diterima"), **EMERGENCY_LABELS}
_CLOCK_LISTS = ("on_time", "late", "overdue")


@dataclass(frozen=True)
class Number:
    """A figure and the address of the complaints behind it."""

    value: int
    url: str


@dataclass(frozen=True)
class Row:
    """
    A line of a table.

    Args:
        share: Of the whole, from 0 to 100, for the bar; None where a bar would say nothing.
        before: The same in the period before; None where it is not compared.
    """

    label: str
    number: Number
    before: Number | None = None
    share: float | None = None

    @property
    def change(self) -> str:
        """How many more or fewer than before: "+3", "−2", "0"; empty without a comparison."""
        if self.before is None:
            return ""
        by = self.number.value - self.before.value
        return f"+{by}" if by > 0 else f"−{-by}" if by else "0"


@dataclass(frozen=True)
class Block:
    """A table: `key` names it in the page; `note` is a sentence below it, or empty; `hidden` rows are all zero."""

    key: str
    title: str
    rows: Sequence[Row]
    note: str = ""
    bars: bool = True
    hidden: int = 0


@dataclass(frozen=True)
class ClockRow:
    """A clock of the SOP or a law: how many were done in time, late, or not done though due, and how long it took."""

    label: str
    norm: str
    on_time: Number
    late: Number
    overdue: Number
    median: str
    ninth_decile: str

    @property
    def share(self) -> float | None:
        """Done in time, of all that were done or due; None if there are none."""
        return _share(self.on_time.value, self.on_time.value + self.late.value + self.overdue.value)


@dataclass(frozen=True)
class MonthRow:
    """A month of the period."""

    label: str
    received: Number
    closed: Number
    pending: Number
    share: float | None


@dataclass(frozen=True)
class View:
    """The page's tables. `clocks` end with how many are not shown; `average` of the ratings is "" without any."""

    summary: Block
    dimensions: Sequence[Block]
    months: Sequence[MonthRow]
    outcomes: Block
    clocks: Sequence[tuple[str, Sequence[ClockRow], int]]
    emergencies: Block
    verdicts: Block
    ratings: Block
    average: str


def view_of(now: Figures, before: Figures, choice: Choice, bidang: Mapping[str, str], link: Link) -> View:
    """The tables of a period and the one before it."""
    earlier = choice.at(before.period)
    made = _Tables(now, before, choice, earlier, link)
    return View(
        made.summary(),
        [made.dimension(dimension, bidang) for dimension in DIMENSION_LABELS],
        made.months(),
        made.outcomes(),
        made.clocks(),
        made.emergencies(),
        made.verdicts(),
        made.ratings(),
        _average(now.ratings),
    )


@dataclass(frozen=True)
class _Tables:
    now: Figures
    before: Figures
    choice: Choice
    earlier: Choice
    link: Link

    def summary(self) -> Block:
        values = {
            name: (getattr(self.now, name), getattr(self.before, name)) for name in ("received", "closed", "reopened")
        }
        values["pending"] = (self.now.pending_after, self.before.pending_after)
        rows = [self._row(gettext(_SUMMARY[name]), name, *both) for name, both in values.items()]
        return Block("ringkasan", gettext("Ringkasan"), rows, bars=False)

    def dimension(self, dimension: Dimension, bidang: Mapping[str, str]) -> Block:
        now, before = (each.received_by.get(dimension, {}) for each in (self.now, self.before))
        whole = sum(now.values())
        rows = []
        for value in sorted({**now, **before}, key=lambda value: (-now.get(value, 0), -before.get(value, 0), value)):
            narrowed, earlier = (each.narrowed(dimension, value) for each in (self.choice, self.earlier))
            rows.append(
                Row(
                    value_label(dimension, value, bidang),
                    Number(now.get(value, 0), self.link(narrowed, "received")),
                    Number(before.get(value, 0), self.link(earlier, "received")),
                    _share(now.get(value, 0), whole),
                )
            )
        title = gettext("Diterima menurut %(what)s", what=gettext(DIMENSION_LABELS[dimension]).lower())
        return _block(dimension.value, title, rows)

    def months(self) -> list[MonthRow]:
        most = max((received for _, received, _, _ in self.now.months), default=0)
        found = []
        for period, *counts in self.now.months if self.now.period.months > 1 else ():
            at = self.choice.at(period)
            received, closed, pending = (
                Number(count, self.link(at, of))
                for count, of in zip(counts, ("received", "closed", "pending"), strict=True)
            )
            found.append(MonthRow(period_label(period), received, closed, pending, _share(counts[0], most)))
        return found

    def outcomes(self) -> Block:
        now, before = self.now.outcomes, self.before.outcomes
        whole = sum(now.values())
        rows = [
            self._row(gettext(label), f"outcome:{outcome.value}", now.get(outcome, 0), before.get(outcome, 0), whole)
            for outcome, label in OUTCOME_LABELS.items()
        ]
        return _block("hasil", gettext("Cara ditutup"), rows)

    def clocks(self) -> list[tuple[str, list[ClockRow], int]]:
        found = []
        for procedure, label in PROCEDURE_LABELS.items():
            rows = [self._clock(each) for each in self.now.timings if each.procedure == procedure]
            if seen := [row for row in rows if row.share is not None]:
                found.append((gettext(label), seen, len(rows) - len(seen)))
        return found

    def _clock(self, timing: Timing) -> ClockRow:
        on_time, late, overdue = (
            Number(getattr(timing, name), self.link(self.choice, f"{name}:{timing.procedure}:{timing.key}"))
            for name in _CLOCK_LISTS
        )
        median, ninth = minutes_words(timing.median), minutes_words(timing.ninth_decile)
        return ClockRow(gettext(timing.label), norm_words(timing.norm), on_time, late, overdue, median, ninth)

    def emergencies(self) -> Block:
        now, before = self.now.emergencies, self.before.emergencies
        rows = [
            self._row(
                gettext(label),
                "emergencies" if name == "count" else f"emergencies:{name}",
                getattr(now, name),
                getattr(before, name),
                0 if name in ("count", "waiting") else now.told,
            )
            for name, label in _EMERGENCIES.items()
        ]
        note = (
            gettext("Median sampai ditangani: %(time)s menurut jam dinding.", time=minutes_words(now.median, 0))
            if now.median is not None
            else ""
        )
        return _block("darurat", gettext("Darurat"), rows, note)

    def verdicts(self) -> Block:
        now, before = self.now.verdicts, self.before.verdicts
        rows = [
            self._row(
                gettext(label),
                f"verdict:{name}",
                getattr(now, name),
                getattr(before, name),
                0 if name == "by_office" else now.by_office,
            )
            for name, label in VERDICT_LABELS.items()
        ]
        return _block("penilaian", gettext("Selesai menurut siapa"), rows)

    def ratings(self) -> Block:
        now, before = self.now.ratings, self.before.ratings
        whole = sum(now.values())
        rows = [
            self._row(
                gettext("Nilai %(stars)s", stars=stars),
                f"rating:{stars}",
                now.get(stars, 0),
                before.get(stars, 0),
                whole,
            )
            for stars in STARS
        ]
        return _block("nilai", gettext("Nilai dari pelapor"), rows)

    def _row(self, label: str, of: str, now: int, before: int, whole: int = 0) -> Row:
        numbers = Number(now, self.link(self.choice, of)), Number(before, self.link(self.earlier, of))
        return Row(label, *numbers, share=_share(now, whole) if whole else None)


def _block(key: str, title: str, rows: Sequence[Row], note: str = "") -> Block:
    """A table without the rows that are zero now and were zero before: on a phone they are most of the page."""
    seen = [row for row in rows if row.number.value or (row.before and row.before.value)]
    return Block(key, title, seen, note, hidden=len(rows) - len(seen) if seen else 0)


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _average(ratings: Mapping[int, int]) -> str:
    given = sum(ratings.values())
    if not given:
        return ""
    text = f"{sum(stars * count for stars, count in ratings.items()) / given:.2f}"
    return text if language() == "en" else text.replace(".", ",")
