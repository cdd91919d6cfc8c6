"""The job: editions onto the shelf once, each in its time, and frozen."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from automation.configuration.office_settings import detail_of, problem_of
from automation.reminders.delivery import remembered_rules
from automation.reports.counting import Counting
from automation.reports.public import DIMENSIONS
from automation.reports.publishing import Publishing, shown
from forms.regions import districts
from register.complaint import Channel, Event, EventKind
from register.database import migrate, open_engine, sqlite_url
from register.figures import Chosen, Dimension, Figures
from register.old_rows import Imported
from register.periods import MONTH, Period
from register.sealing import Keyring
from register.store import Store
from register.tickets import new_ticket
from tests.automation.reports.adversary import Entry, Office
from tests.builders import MOMENT, an_intake

NOVEMBER = Period.around(MOMENT, MONTH)
EVERYTHING = Chosen()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(sqlite_url(tmp_path / "aduan.db"))
    migrate(engine, backup_folder=tmp_path, now=MOMENT)
    yield Store(engine, Keyring(bytes(range(32))))
    engine.dispose()


class Counter:
    """Counts by hand what the office is said to have recorded, and notes what was asked."""

    def __init__(self, office: Office) -> None:
        self.office, self.asked = office, 0

    def figures(self, periods: Sequence[Period], now: datetime, chosen: Chosen = EVERYTHING) -> Sequence[Figures]:
        self.asked += 1
        return [self.office.figures(period) for period in periods]

    def tickets(self, period: Period, now: datetime, chosen: Chosen, of: str) -> Sequence[str]:
        return []


def test_editions_are_made_once_when_their_time_has_come(store: Store) -> None:
    store.accept(an_intake(), channel=Channel.WEB, now=MOMENT)
    office = Office(NOVEMBER, {}, [Entry(0, district="Tenggarong", channel="web")] * 9)
    counter = Counter(office)
    job = Publishing(store, counter, remembered_rules(store))
    job(NOVEMBER.until + timedelta(days=9))
    assert (store.editions(), counter.asked) == ([], 0)
    at = NOVEMBER.until + timedelta(days=10)
    job(at)
    (edition,) = store.editions()
    assert (edition.period, edition.received, edition.published_at) == (NOVEMBER, 9, at)
    office.entries = [*office.entries, Entry(0)]
    job(at + timedelta(hours=1))
    assert (store.editions(), counter.asked) == ([edition], 1)


def test_a_whole_year_is_counted_in_one_go(store: Store) -> None:
    store.accept(an_intake(), channel=Channel.WEB, now=MOMENT)
    entries = [
        Entry(month, district=name) for month in range(4) for name in ("Tenggarong", "Loa Kulu") for _ in "12345"
    ]
    counter = Counter(Office(NOVEMBER, {}, entries))
    Publishing(store, counter, remembered_rules(store))(NOVEMBER.moved(3).until + timedelta(days=10))
    assert counter.asked == 1
    assert [edition.period.key for edition in store.editions()] == [
        *("2026", "2026-11", "2026-12", "2027-01", "2027-02")
    ]
    year = store.edition(Period.parse("2026"))
    assert year
    table = year.table(Dimension.DISTRICT)
    assert table
    assert {row.label: row.count for row in table.rows if row.count} == {"Tenggarong": 10, "Loa Kulu": 10}
    assert len(table.rows) == len(districts()) + 1


def test_the_office_s_own_counting_is_published(store: Store) -> None:
    for number in range(9):
        store.accept(an_intake(district="Loa Kulu"), channel=Channel.WEB, now=MOMENT + timedelta(minutes=number))
    rules = remembered_rules(store)
    Publishing(store, Counting(store, rules), rules)(Period.parse("2026").until + timedelta(days=10))
    assert [(edition.period.key, edition.received) for edition in store.editions()] == [
        *(("2026", 9), ("2026-11", 9), ("2026-12", 0))
    ]
    year = store.editions()[0]
    assert {
        key: [row.count for row in table.rows if row.count]
        for key in ("channel", "district")
        if (table := year.table(key))
    } == {
        "channel": [9],
        "district": [9],
    }


def test_every_value_has_a_label_and_restricted_ones_never_stand_alone() -> None:
    values = shown()
    assert set(values) == set(DIMENSIONS)
    assert values[Dimension.CATEGORY].never == {"PUNGLI", "KEKERASAN"}
    for each in values.values():
        assert list(each.labels)[-1] == ""
        assert all(each.labels.values())


@pytest.mark.parametrize(("text", "months"), [("tahun", 12), (" Semester ", 6), ("triwulan", 3)])
def test_the_setting_says_at_which_length_of_period_tables_are_shown(text: str, months: int) -> None:
    assert detail_of(text) == months
    assert problem_of("publik_rinci", text) == ""


def test_a_setting_that_means_nothing_is_explained() -> None:
    assert problem_of("publik_rinci", "bulan") == "Tuliskan salah satu: tahun, semester, triwulan."
    assert problem_of("publik_rinci", "") == ""


def test_old_rows_that_are_imported_publish_nothing_of_before(store: Store) -> None:
    """A mistyped year would fill the public page with decades that can never be taken away."""
    complaint = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint
    old = replace(complaint, ticket=new_ticket(), recorded_at=MOMENT - timedelta(days=9999), number=0)
    received = Event(EventKind.RECEIVED, MOMENT, "impor")
    store.transfer.add([Imported(old, an_intake(), "1", [received])])
    Publishing(store, Counter(Office(NOVEMBER, {}, [])), remembered_rules(store))(NOVEMBER.until + timedelta(days=10))
    assert [edition.period for edition in store.editions()] == [NOVEMBER]
