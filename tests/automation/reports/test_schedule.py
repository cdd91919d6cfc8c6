"""Reports by schedule: every finished period once, whenever the program is ended, and who hears of it."""

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from automation.configuration.in_force import Configuration
from automation.reports.schedule import MADE, PeriodicReports, announcements, finished
from register import tables
from register.complaint import Channel
from register.opening import open_data, prepare
from register.periods import Period
from register.report_files import FOLDER, FORMATS, Reports, file_name
from register.store import Store
from tests.automation.reminders.staff_rules import person, rules
from tests.builders import an_intake
from tests.register.test_opening import settings_for

BEGAN = datetime(2026, 8, 17, 1, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 16, tzinfo=UTC)
"""Midnight in WITA."""


RULES = rules()


class Ended(BaseException):
    """The process, in the middle."""


def made(period: Period, now: datetime) -> Mapping[str, bytes]:
    return {form: f"{period.key} {form} {now}".encode() for form in FORMATS}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office") / "data"
    prepare(settings_for(folder), BEGAN)
    return folder


@pytest.fixture
def store(tmp_path: Path, prepared: Path) -> Iterator[Store]:
    shutil.copytree(prepared, tmp_path / "data")
    store = open_data(settings_for(tmp_path / "data")).store
    yield store
    store.close()


@pytest.fixture
def reports(tmp_path: Path) -> Reports:
    return Reports(tmp_path / "data" / FOLDER)


def keys(reports: Reports) -> list[str]:
    return [report.period.key for report in reports.made()]


def told(store: Store) -> list[str]:
    with store._read() as connection:
        return list(connection.execute(sa.select(tables.staff_messages.c.text)).scalars())


def test_every_period_since_the_first_complaint_is_finished_in_its_turn() -> None:
    found = [period.key for period in finished(BEGAN, NEW_YEAR)]
    assert found == ["2026-08", "2026-09", "2026-Q3", "2026-10", "2026-11", "2026-12", "2026-Q4", "2026-S2", "2026"]
    assert "2026-12" not in [period.key for period in finished(BEGAN, NEW_YEAR - timedelta(seconds=1))]


def test_each_is_made_once(store: Store, reports: Reports) -> None:
    count: list[str] = []

    def counting(period: Period, now: datetime) -> Mapping[str, bytes]:
        count.append(period.key)
        return made(period, now)

    job = PeriodicReports(store, reports, counting, lambda _: RULES)
    job(NEW_YEAR)
    assert (count, keys(reports)) == ([], [])  # of an office without complaints there is nothing to say
    store.accept(an_intake(), channel=Channel.DESK, now=BEGAN)
    job(NEW_YEAR)
    job(NEW_YEAR + timedelta(minutes=10))
    assert count == [period.key for period in finished(BEGAN, NEW_YEAR)]
    assert sorted(keys(reports)) == sorted(count) == sorted(store.settings(MADE))
    assert keys(reports)[:3] == ["2026", "2026-S2", "2026-Q4"]
    found = reports.of(Period.parse("2026-Q4"))
    assert found is not None
    assert {path.stat().st_mode & 0o777 for path in found.files.values()} == {0o600}
    assert {path.parent.stat().st_mode & 0o777 for path in found.files.values()} == {0o700}
    assert found.files["xlsx"].name == file_name(found.period, "xlsx") == "laporan-2026-Q4.xlsx"


@pytest.mark.parametrize("at", range(12))
def test_ended_anywhere_it_is_made_again_and_told_once(store: Store, reports: Reports, at: int) -> None:
    store.accept(an_intake(), channel=Channel.DESK, now=NEW_YEAR - timedelta(days=2))
    steps = iter(range(99))

    def step() -> None:
        if next(steps) == at:
            raise Ended

    class Breaking(Reports):
        def keep(self, period: Period, contents: Mapping[str, bytes]) -> object:  # type: ignore[override]
            step()
            kept = super().keep(period, contents)
            step()
            return kept

    def making(period: Period, now: datetime) -> Mapping[str, bytes]:
        step()
        return made(period, now)

    folder = reports._folder
    job = PeriodicReports(store, Breaking(folder), making, lambda _: RULES)
    with pytest.raises(Ended):
        job(NEW_YEAR)
    (folder / ".2026-Q4").mkdir(parents=True, exist_ok=True)  # left behind half written
    (folder / ".2026-Q4" / "laporan-2026-Q4.pdf").write_bytes(b"%PDF-")
    PeriodicReports(store, reports, made, lambda _: RULES)(NEW_YEAR + timedelta(minutes=10))
    assert keys(reports) == ["2026", "2026-S2", "2026-Q4", "2026-12"]
    assert all(report.formats == list(FORMATS) for report in reports.made())
    people = len(announcements(Period.parse("2026"), RULES, NEW_YEAR))
    assert people > 0
    assert len(told(store)) == 4 * people
    assert len(set(told(store))) == 4


def test_a_report_that_was_thrown_away_is_made_again_but_not_told_again(store: Store, reports: Reports) -> None:
    store.accept(an_intake(), channel=Channel.DESK, now=BEGAN)
    job = PeriodicReports(store, reports, made, lambda _: RULES)
    job(NEW_YEAR)
    before = told(store)
    found = reports.of(Period.parse("2026-Q4"))
    assert found is not None
    for path in found.files.values():
        path.unlink()
    job(NEW_YEAR + timedelta(days=1))
    assert reports.of(Period.parse("2026-Q4")) == found
    assert told(store) == before
    assert not any("Triwulan III" in text for text in before)  # ended three months before it was made


@pytest.mark.parametrize(
    ("config", "names"),
    [
        (RULES, ["Kadis", "Ketua"]),
        (rules(person("Kadis", substitute="Ketua", away_from=NEW_YEAR.date(), away_until=None)), ["Ketua"]),
        (rules(person("Ketua", channels=())), ["Kadis"]),
        (rules(without=("Kadis", "Ketua")), []),
    ],
    ids=["both", "one for the other", "no channel", "nobody"],
)
def test_the_kepala_dinas_and_the_ketua_tim_are_told(config: Configuration, names: list[str]) -> None:
    found = announcements(Period.parse("2026-Q4"), config, NEW_YEAR)
    assert sorted(message.person for message in found) == names
    for message in found:
        assert "Triwulan IV 2026" in message.text
        assert "aduan report --period 2026-Q4" in message.text
