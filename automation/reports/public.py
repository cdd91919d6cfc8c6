"""
Editions for the public, put together from the office's figures. Pure.

Counts are only ever shown of one thing: what was recorded, told apart in one way at a time. Everything else that the
figures know, such as what was closed or kept on time, is tied to that by subtraction, and so is shown in tenths or not
at all. The rule and its proof: docs/decisions/0031-public-editions.md.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from automation.reports.suppression import joined, may_stand, tenths
from register.editions import (
    OTHERS,
    OTHERS_NAME,
    PUBLISHED_AFTER,
    PublicEdition,
    PublicRow,
    PublicShare,
    PublicSpan,
    PublicTable,
)
from register.figures import DIMENSION_LABELS, Dimension, Figures, Outcome
from register.periods import MONTH, YEAR, Period

DIMENSIONS = (Dimension.CHANNEL, Dimension.CATEGORY, Dimension.DISTRICT)
"""Without bidang and urgency: both follow from the category by public rules, and would split what was joined."""
SETTLED = (Outcome.SETTLED_BY_STAFF, Outcome.SETTLED_BY_REPORTER, Outcome.SETTLED_BY_TIME)
_CONTENT = (4, 5)
"""Ratings of those who are content."""


@dataclass(frozen=True)
class Shown:
    """
    What the values of a dimension are.

    Args:
        labels: All that there can be, in the order of lists, "not known" last, whether or not any was counted.
        never: Those that never stand alone.
    """

    labels: Mapping[str, str]
    never: frozenset[str] = frozenset()


def due(first: datetime | None, shelf: Sequence[PublicEdition], wished: int, now: datetime) -> Sequence[Period]:
    """
    Periods that are to be published now and are not, in the order in which that is to be done.

    Args:
        first: When the register began to be kept here. Nothing is published of a time before the first edition.
        shelf: What was published.
        wished: The length, in months, at which tables are wanted.
    """
    if first is None:
        return []
    published = {edition.period for edition in shelf}
    begun = min((edition.period.first for edition in shelf if edition.period.months == MONTH), default=None)
    month = Period(begun, MONTH) if begun else Period.around(first, MONTH)
    found: set[Period] = set()
    while (month.until + PUBLISHED_AFTER) <= now:
        detail = detail_of(month.first.year, shelf, wished)
        found |= {Period.around(month.since, months) for months in (MONTH, detail, YEAR)}
        month = month.moved(1)
    ended = [period for period in found - published if period.until + PUBLISHED_AFTER <= now]
    return sorted(ended, key=lambda period: (period.until, period.months))


def detail_of(year: int, shelf: Iterable[PublicEdition], wished: int) -> int:
    """The length at which tables of a year are counted: as begun, or as wished where none of it is out."""
    return next((each.detail for each in shelf if each.period.first.year == year and each.detailed), wished)


def needed(periods: Sequence[Period], shelf: Sequence[PublicEdition]) -> Sequence[Period]:
    """The periods whose figures `compose` may ask for to put editions together that are due; counted in one go."""
    waited = [month for period in periods for month in _months(_waiting(period, shelf))]
    spanned = [month for period in periods for span in _spans(period, shelf) for month in _months_of(span)]
    inside = [part for period in periods for part in (*period.parts(MONTH), period)]
    return sorted({*waited, *spanned, *inside})


def compose(
    period: Period,
    figures: Mapping[Period, Figures],
    shelf: Sequence[PublicEdition],
    shown: Mapping[Dimension, Shown],
    *,
    wished: int,
    now: datetime,
) -> PublicEdition:
    """
    The edition of a period.

    Args:
        figures: At least of the periods that `needed` names.
        shelf: All that was published before, of which it is a continuation: in the order of `due`.
        shown: For each of `DIMENSIONS`, its values.
    """
    detail = detail_of(period.first.year, shelf, wished)
    if period.months == MONTH:
        return _month(period, figures, shelf, detail, now)
    spans = _spans(period, shelf)
    received = sum(span.received for span in spans) if spans else None
    waiting = _waiting(period.moved(1), shelf)
    if period.months == detail:
        counted = [figures[month] for span in spans for month in _months_of(span)]
        tables = _tables(counted, received or 0, shown)
        shares = _shares(figures[period])
    else:
        parts = [edition for part in period.parts(detail) if (edition := _of(part, shelf))]
        tables, shares = _together(parts, received or 0), ()
    left_out = [dimension.value for dimension in DIMENSIONS if all(table.key != dimension.value for table in tables)]
    return PublicEdition(
        period, now, detail, spans, received, tuple(tables), tuple(shares), tuple(left_out if received else ()), waiting
    )


def _month(
    period: Period, figures: Mapping[Period, Figures], shelf: Sequence[PublicEdition], detail: int, now: datetime
) -> PublicEdition:
    """Its total alone; with the months before that waited for it, or waiting itself."""
    months = [*_months(_waiting(period, shelf)), period]
    received = sum(figures[month].received for month in months)
    if not may_stand(received):
        return PublicEdition(period, now, detail, (), None, waiting=tuple(month.first for month in months))
    span = PublicSpan(months[0].first, period.first, received)
    return PublicEdition(period, now, detail, (span,), received)


def _waiting(period: Period, shelf: Iterable[PublicEdition]) -> tuple[date, ...]:
    """The months that waited when the month before a period was published."""
    before = _of(Period(period.first, MONTH).moved(-1), shelf)
    return before.waiting if before else ()


def _spans(period: Period, shelf: Iterable[PublicEdition]) -> tuple[PublicSpan, ...]:
    """As they were published: those whose last month lies in a period, so that each is in one period of a length."""
    months = (_of(month, shelf) for month in period.parts(MONTH))
    return tuple(span for month in months if month for span in month.spans)


def _of(period: Period, shelf: Iterable[PublicEdition]) -> PublicEdition | None:
    return next((edition for edition in shelf if edition.period == period), None)


def _months(firsts: Iterable[date]) -> list[Period]:
    return [Period(first, MONTH) for first in firsts]


def _months_of(span: PublicSpan) -> Iterator[Period]:
    month = Period(span.first, MONTH)
    while month.first <= span.last:
        yield month
        month = month.moved(1)


def _tables(months: Sequence[Figures], received: int, shown: Mapping[Dimension, Shown]) -> list[PublicTable]:
    """Of what was recorded in some months. None if that is not what was published of them: the rest came late."""
    tables = []
    for dimension in DIMENSIONS:
        values = shown[dimension]
        counts = dict.fromkeys(values.labels, 0)
        for figures in months:
            for value, count in figures.received_by.get(dimension, {}).items():
                known = value if value in counts else ""  # what somebody typed is for nobody else's eyes
                counts[known] = counts.get(known, 0) + count
        if received and sum(counts.values()) == received and (cells := joined(counts, values.never)):
            rows = (_row(value, values.labels, count) for value, count in cells)
            tables.append(PublicTable(dimension.value, DIMENSION_LABELS[dimension], tuple(rows)))
    return tables


def _row(value: str | None, labels: Mapping[str, str], count: int) -> PublicRow:
    return PublicRow(OTHERS, OTHERS_NAME, count) if value is None else PublicRow(value, labels.get(value, value), count)


def _together(parts: Sequence[PublicEdition], received: int) -> list[PublicTable]:
    """Tables of a longer period, from those that its parts showed: what one of them joined stays joined."""
    tables = []
    counted = [part for part in parts if part.received]
    for dimension in DIMENSIONS:
        found = [table for part in counted if (table := part.table(dimension.value))]
        rows = [{row.key: row for row in table.rows} for table in found]
        if len(found) < len(counted) or not rows:
            continue
        keys = [key for key in rows[0] if key != OTHERS and all(key in each for each in rows)]
        sums = [PublicRow(key, rows[-1][key].label, sum(each[key].count for each in rows)) for key in keys]
        rest = received - sum(row.count for row in sums)
        if rest and sums:
            sums.append(PublicRow(OTHERS, OTHERS_NAME, rest))
        if sums:
            tables.append(PublicTable(dimension.value, DIMENSION_LABELS[dimension], tuple(sums)))
    return tables


@cache
def promises() -> Mapping[str, Mapping[str, str]]:
    """What was promised, by SOP and clock, in words that people understand."""
    return tomllib.loads(Path(__file__).with_name("promises.toml").read_text("utf-8"))


def _shares(figures: Figures) -> Sequence[PublicShare]:
    """Each of a whole of its own, so that none can be taken from another."""
    kept = {(timing.procedure, timing.key): timing for timing in figures.timings}
    found = [
        PublicShare(f"{procedure}.{key}", label, timing.norm, tenths(timing.on_time, timing.done + timing.overdue))
        for procedure, labels in promises().items()
        for key, label in labels.items()
        if (timing := kept.get((procedure, key)))
    ]
    rated, seen = sum(figures.ratings.values()), figures.emergencies
    content = sum(figures.ratings.get(rating, 0) for rating in _CONTENT)
    settled = sum(figures.outcomes.get(outcome, 0) for outcome in SETTLED)
    return [
        *found,
        PublicShare("darurat", "Pengaduan darurat segera dilihat petugas", "", tenths(seen.in_time, seen.told)),
        PublicShare("selesai", "Pengaduan yang ditutup karena masalahnya selesai", "", tenths(settled, figures.closed)),
        PublicShare("puas", "Pelapor yang memberi nilai 4 atau 5", "", tenths(content, rated)),
    ]
