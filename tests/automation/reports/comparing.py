"""Comparing the office's figures with a count by SQL over the raw trail (`recount.py`), period by period."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime

from automation.configuration.in_force import Configuration
from automation.reports.counting import Counting
from register.cases import Cases
from register.figures import EMERGENCY_LABELS, Chosen, Dimension, Figures
from register.periods import LENGTHS, QUARTER, YEAR, Period
from tests.automation.reports.recount import Recount

PERIODS = [Period(date(2026, 1, 1), length).moved(by) for length in LENGTHS for by in range(12 // length)]
PARTS: Mapping[str, Mapping[str, str]] = {
    "all": {},
    "online": {"procedure": "online"},
    "desk": {"channel": "desk"},
    "district": {"district": "Tenggarong"},
    "bidang": {"bidang": "Linjamsos", "procedure": "langsung"},
    "urgency": {"urgency": "Darurat"},
    "category": {"category": "PKH"},
}
_LISTED = ("received", "closed", "pending", "emergencies")


def differences(
    store: Cases, recount: Recount, rules: Callable[[datetime], Configuration], now: datetime
) -> tuple[Sequence[str], set[str]]:
    """Each figure that SQL counts otherwise, and the names of those that were always nothing."""
    counting, found, met, names = Counting(store, rules), list[str](), Counter[str](), set[str]()
    for part, chosen in PARTS.items():
        recount.choose(chosen)
        values = {Dimension(name): value for name, value in chosen.items() if name != "procedure"}
        asked = Chosen(values, chosen.get("procedure", ""))
        for figures in counting.figures(PERIODS if not chosen else PERIODS[12:], now, asked):
            counted = plain(figures)
            again = recount.figures(*_bounds(figures.period, now))
            if figures.period.months == YEAR and not chosen:
                counted["months"] = [tuple(counts) for _, *counts in figures.months]
                again["months"] = [_month(recount, month, now) for month, *_ in figures.months]
            if figures.period.months == QUARTER and not chosen:
                counted["listed"] = [len(counting.tickets(figures.period, now, asked, of)) for of in _LISTED]
                again["listed"] = [again["received"], again["closed"], again["pending_after"], sum(again["seen"])]
            found += [
                f"{name} of {figures.period.key}, {part}: {counted[name]!r}, by SQL {value!r}"
                for name, value in again.items()
                if counted[name] != value
            ]
            names |= counted.keys()
            met.update(name for name, value in counted.items() if value)
    return found, names - met.keys()


def _month(recount: Recount, month: Period, now: datetime) -> tuple[int, ...]:
    again = recount.figures(*_bounds(month, now))
    return tuple(again[name] for name in ("received", "closed", "pending_after"))


def _bounds(period: Period, now: datetime) -> tuple[datetime, datetime]:
    return period.since.astimezone(UTC), min(period.until, now).astimezone(UTC)


def plain(figures: Figures) -> dict[str, object]:
    """As the recount has them."""
    return {
        "received": figures.received,
        **{dimension.value: dict(counted) for dimension, counted in figures.received_by.items()},
        "closed": figures.closed,
        "outcomes": {outcome.value: count for outcome, count in figures.outcomes.items() if count},
        "pending_before": figures.pending_before,
        "pending_after": figures.pending_after,
        "reopened": figures.reopened,
        "ratings": {rating: count for rating, count in figures.ratings.items() if count},
        "timings": {
            (t.procedure, t.key): (t.on_time, t.late, t.overdue, t.median, t.ninth_decile) for t in figures.timings
        },
        "disputed": figures.verdicts.disputed,
        "by_reporter": figures.verdicts.by_reporter,
        "by_office": figures.verdicts.by_office,
        "seen": [getattr(figures.emergencies, name) for name in EMERGENCY_LABELS],
        "looks": figures.emergencies.median,
    }
