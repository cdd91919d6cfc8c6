"""The office's figures agree with a count by SQL over the raw trail, period by period, whole and by part."""

import os
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from automation.reports.counting import Counting
from register.database import open_engine, sqlite_url
from register.figures import EMERGENCY_LABELS, Chosen, Dimension, Figures
from register.periods import LENGTHS, QUARTER, YEAR, Period
from register.sealing import Keyring
from register.store import Store
from tests.automation.reminders.desk import empty_database
from tests.automation.reminders.staff_rules import seeds
from tests.automation.reports.office_year import OfficeYear
from tests.automation.reports.recount import Recount

FULL = os.environ.get("ADUAN_TEST_SCALE") == "full"
COMPLAINTS = 2_000 if FULL else 150
AFTER = datetime(2027, 2, 1, tzinfo=UTC)
PERIODS = [Period(date(2026, 1, 1), length).moved(by) for length in LENGTHS for by in range(12 // length)]
PARTS: dict[str, dict[str, str]] = {
    "all": {},
    "online": {"procedure": "online"},
    "desk": {"channel": "desk"},
    "district": {"district": "Tenggarong"},
    "bidang": {"bidang": "Linjamsos", "procedure": "langsung"},
    "urgency": {"urgency": "Darurat"},
    "category": {"category": "PKH"},
}


LISTED = ("received", "closed", "pending", "emergencies")


@pytest.mark.year
def test_figures_agree_with_a_count_by_sql_over_the_trail(tmp_path: Path) -> None:
    engine = open_engine(sqlite_url(empty_database(tmp_path / "aduan.sqlite3")))
    sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    store = Store(engine, Keyring(bytes(range(32))))
    year = OfficeYear(store, seeds())
    year.run(COMPLAINTS)
    assert len(year.tickets) == COMPLAINTS
    assert year.done > COMPLAINTS
    compare(store, Recount.of(engine, tmp_path))
    store.close()


def compare(store: Store, recount: Recount) -> None:
    counting, met, names = Counting(store, lambda _: seeds()), Counter[str](), set[str]()
    for chosen in PARTS.values():
        recount.choose(chosen)
        values = {Dimension(name): value for name, value in chosen.items() if name != "procedure"}
        asked = Chosen(values, chosen.get("procedure", ""))
        for figures in counting.figures(PERIODS if not chosen else PERIODS[12:], AFTER, asked):
            counted, again = plain(figures), recount.figures(*_bounds(figures.period))
            for name, value in again.items():
                assert counted[name] == value, f"{name} of {figures.period.key} of {chosen}"
            names |= counted.keys()
            met.update(name for name, value in counted.items() if value)
            for month, *counts in figures.months if figures.period.months == YEAR and not chosen else ():
                again = recount.figures(*_bounds(month))
                assert counts == [again[name] for name in ("received", "closed", "pending_after")]
            if figures.period.months == QUARTER and not chosen:
                listed = [len(counting.tickets(figures.period, AFTER, asked, of)) for of in LISTED]
                assert listed == [figures.received, figures.closed, figures.pending_after, figures.emergencies.count]
    assert names - met.keys() == set(), "a figure that is always nothing is not compared"


def _bounds(period: Period) -> tuple[datetime, datetime]:
    return period.since.astimezone(UTC), period.until.astimezone(UTC)


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
