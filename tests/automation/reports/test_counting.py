"""Each definition of the figures at its edges, on a real store with complaints of which everything is given."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from automation.calendars.working_time import measure
from automation.reports.counting import Counting
from automation.reports.districts import FILLED, Districts
from automation.reports.served import Served
from automation.reports.tally import quantile
from register import tables
from register.changes import Change
from register.complaint import WITA, Channel, Clock, Event, EventKind, Status
from register.database import open_engine, sqlite_url
from register.figures import HIDDEN, Chosen, Dimension, Figures, Outcome
from register.periods import Period
from register.sealing import Keyring
from register.store import Store
from tests.automation.reminders.desk import empty_database
from tests.automation.reminders.staff_rules import seeds, wita
from tests.builders import an_intake

OCTOBER, NOVEMBER, YEAR = (Period.parse(key) for key in ("2026-10", "2026-11", "2026"))
AFTER = wita("2027-01-15 10.00")
Done = tuple[str, str, Status]


@dataclass
class Book:
    """A store, and what is written into it."""

    store: Store
    engine: sa.Engine

    def file(self, at: str, *acts: Done, clocks: Sequence[Clock] = (), rating: int = 0, **fields: Any) -> str:
        """A complaint recorded then, with acts as (when, key, status); the last of them has the rating."""
        ticket = self.store.accept(an_intake(), channel=Channel.WEB, now=wita(at)).complaint.ticket
        usual = {"status": Status.DISPOSED.value, "category": "PKH", "bidang": "Linjamsos", "urgency": "Sedang"}
        events = [Event(EventKind.DISPOSED, wita(at), "sistem", {"status": Status.DISPOSED.value})]
        self.store.commit([Change(ticket, usual | fields | {"updated_at": wita(at)}, events, clocks=clocks)])
        for place, (when, key, status) in enumerate(acts):
            rated = {"rating": str(rating)} if rating and place == len(acts) - 1 else {}
            event = Event(EventKind.ACT, wita(when), "staf", {"act": key, "status": status.value, **rated})
            self.store.commit([Change(ticket, {"status": status, "updated_at": wita(when)}, [event])])
        return ticket

    def count(self, period: Period = NOVEMBER, now: datetime = AFTER, **chosen: str) -> Figures:
        """The figures of a period."""
        values = {Dimension(name): value for name, value in chosen.items()}
        (found,) = Counting(self.store, lambda _: seeds()).figures([period], now, Chosen(values))
        return found

    def listed(self, of: str, period: Period = NOVEMBER, now: datetime = AFTER) -> Sequence[str]:
        """The tickets behind a figure."""
        return Counting(self.store, lambda _: seeds()).tickets(period, now, Chosen(), of)


def test_where_it_is_to_be_hidden_restricted_complaints_count_under_no_category(book: "Book") -> None:
    book.file("2026-11-03 09.00", category="PKH", bidang="Linjamsos", step_begun_at=AFTER)
    book.file("2026-11-04 09.00", category="KEKERASAN", bidang="Rehsos", restricted=True, step_begun_at=AFTER)
    counting = Counting(book.store, lambda _: seeds())
    (open_to_all,) = counting.figures([NOVEMBER], AFTER, Chosen(hides=True))
    assert open_to_all.received_by[Dimension.CATEGORY] == {HIDDEN: 1, "PKH": 1}
    assert open_to_all.received_by[Dimension.BIDANG] == {HIDDEN: 1, "Linjamsos": 1}
    (asked,) = counting.figures([NOVEMBER], AFTER, Chosen({Dimension.CATEGORY: "KEKERASAN"}, hides=True))
    assert asked.received == 0
    assert book.count(category="KEKERASAN").received == 1


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return empty_database(tmp_path_factory.mktemp("figures") / "aduan.sqlite3")


@pytest.fixture
def book(empty_file: Path, tmp_path: Path) -> Iterator[Book]:
    shutil.copyfile(empty_file, tmp_path / "aduan.sqlite3")
    engine = open_engine(sqlite_url(tmp_path / "aduan.sqlite3"))
    sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    store = Store(engine, Keyring(bytes(range(32))))
    yield Book(store, engine)
    store.close()


def step(begun: str, due: str | None, done: str | None = None, key: str = "langkah.6") -> Clock:
    return Clock(key, 0, wita(begun), wita(due) if due else None, "2 hari kerja", done_at=wita(done) if done else None)


def test_an_empty_office_has_figures_of_nothing(book: Book) -> None:
    found = book.count()
    assert (found.received, found.closed, found.pending_before, found.pending_after) == (0, 0, 0, 0)
    assert (found.timings, found.emergencies.median) == ([], None)
    assert found.outcomes == dict.fromkeys(Outcome, 0)
    assert Counting(book.store, lambda _: seeds()).figures([], AFTER) == ()


def test_midnight_in_wita_parts_the_months(book: Book) -> None:
    book.file("2026-10-31 23.59")
    first = book.file("2026-11-01 00.00")
    last = book.file("2026-11-30 23.59")
    book.file("2026-12-01 00.00")
    assert book.listed("received") == [first, last]
    assert book.count().received == 2
    assert book.count().pending_before == 1
    assert [received for _, received, _, _ in book.count(YEAR).months] == [*[0] * 9, 1, 2, 1]


def test_what_was_closed_counts_if_it_still_was_at_the_end(book: Book) -> None:
    ticket = book.file(
        "2026-10-05 09.00",
        ("2026-10-20 09.00", "selesai", Status.RESOLVED),
        ("2026-11-03 09.00", "buka_kembali", Status.IN_PROGRESS),
        ("2026-12-02 09.00", "nyatakan_puas", Status.RESOLVED),
    )
    again = book.file(
        "2026-11-05 09.00",
        ("2026-11-06 09.00", "selesai", Status.RESOLVED),
        ("2026-11-07 09.00", "buka_kembali", Status.IN_PROGRESS),
    )
    october, november = book.count(OCTOBER), book.count()
    assert (october.closed, october.pending_after, october.reopened) == (1, 0, 0)
    assert (november.closed, november.pending_after, november.reopened) == (0, 2, 2)
    assert book.listed("pending") == [ticket, again]
    assert book.listed("reopened") == [ticket, again]
    whole = book.count(YEAR)
    assert (whole.closed, whole.outcomes[Outcome.SETTLED_BY_REPORTER], whole.reopened) == (1, 1, 2)


def test_filing_and_a_reply_to_a_closed_one_close_nothing_anew(book: Book) -> None:
    book.file(
        "2026-10-05 09.00",
        ("2026-10-20 09.00", "alihkan", Status.TRANSFERRED),
        ("2026-11-10 09.00", "arsipkan", Status.ARCHIVED),
    )
    assert (book.count(OCTOBER).outcomes[Outcome.TRANSFERRED], book.count().closed) == (1, 0)


@pytest.mark.parametrize(("key", "status"), [("gabungkan", Status.MERGED), ("cabut", Status.WITHDRAWN)])
def test_merged_and_withdrawn_are_closed_but_not_settled(book: Book, key: str, status: Status) -> None:
    book.file("2026-11-05 09.00", ("2026-11-06 09.00", key, status))
    found = book.count()
    assert (found.closed, found.outcomes[Outcome(key)], found.verdicts.by_office) == (1, 1, 0)


def test_a_running_period_is_counted_up_to_now(book: Book) -> None:
    book.file("2026-11-05 09.00", clocks=[step("2026-11-05 09.00", "2026-11-12 16.00")])
    book.file("2026-11-20 09.00")
    now = wita("2026-11-12 16.00")
    found = book.count(now=now)
    assert (found.received, found.until, found.timings) == (1, now, [])
    (timing,) = book.count(now=now + timedelta(minutes=1)).timings
    assert (timing.overdue, timing.done, timing.median) == (1, 0, None)
    assert timing.norm == str(seeds().procedures["online"].step(6).norm), "as the office has it now"
    assert [month.key for month, *_ in book.count(YEAR, now).months][-1] == "2026-11"


def test_a_period_to_come_holds_what_is_pending_now(book: Book) -> None:
    book.file("2026-11-05 09.00")
    found = book.count(Period.parse("2027-06"))
    assert (found.received, found.pending_before, found.pending_after, found.months) == (0, 1, 1, [])


@pytest.mark.parametrize(
    ("clock", "paused", "counted"),
    [
        (step("2026-11-02 08.00", "2026-11-04 16.00", "2026-11-04 16.00"), False, ("on_time", 1)),
        (step("2026-11-02 08.00", "2026-11-04 16.00", "2026-11-04 16.01"), False, ("late", 1)),
        (step("2026-11-02 08.00", "2026-11-30 16.00"), False, ("overdue", 1)),
        (step("2026-11-02 08.00", "2026-11-30 16.00", "2026-12-01 08.00"), False, ("overdue", 1)),
        (step("2026-11-02 08.00", "2026-11-30 16.00"), True, None),
        (step("2026-11-02 08.00", "2026-12-01 16.00"), False, None),
        (step("2026-11-02 08.00", None, "2026-11-04 16.01"), False, None),
        (step("2026-11-02 08.00", "2026-11-04 16.00", "2026-11-05 08.00", key="tanggapan"), False, None),
    ],
)
def test_a_clock_counts_where_it_was_done_or_due(
    book: Book, clock: Clock, paused: bool, counted: tuple[str, int] | None
) -> None:
    pauses = ((wita("2026-11-03 08.00"), None),) if paused else ()
    ticket = book.file("2026-11-02 08.00", clocks=[clock], pauses=pauses)
    timings = book.count().timings
    assert len(timings) == (counted is not None)
    for timing in timings:
        assert counted == (next(how for how in ("on_time", "late", "overdue") if getattr(timing, how)), 1)
        assert book.listed(f"{counted[0]}:online:{clock.key}") == [ticket]


def test_a_report_that_is_due_on_one_closed_long_before_is_overdue(book: Book) -> None:
    late = step("2026-10-05 09.00", "2026-11-10 16.00", key="langkah.9")
    ticket = book.file("2026-10-05 09.00", ("2026-10-20 09.00", "selesai", Status.RESOLVED), clocks=[late])
    assert book.listed("overdue:online:langkah.9") == [ticket]


@pytest.mark.parametrize(
    ("key", "rating", "verdict"),
    [
        ("selesai", 5, "by_reporter"),
        ("selesai", 3, "silent"),
        ("selesai", 0, "silent"),
        ("selesai", 2, "disputed"),
        ("nyatakan_puas", 0, "by_reporter"),
        ("nyatakan_puas", 1, "disputed"),
    ],
)
def test_a_rating_that_is_given_later_says_what_the_reporter_thinks(
    book: Book, key: str, rating: int, verdict: str
) -> None:
    acts = [("2026-11-10 09.00", key, Status.RESOLVED), ("2026-12-05 09.00", "beri_nilai", Status.RESOLVED)]
    book.file("2026-11-02 09.00", *acts, rating=rating)
    found = book.count()
    said = {name: getattr(found.verdicts, name) for name in ("by_reporter", "disputed", "silent")}
    assert said == {"by_reporter": 0, "disputed": 0, "silent": 0} | {verdict: 1}
    assert (found.verdicts.by_office, found.ratings) == (1, dict.fromkeys(range(1, 6), 0)), "it was given in December"
    assert sum(book.count(Period.parse("2026-12")).ratings.values()) == bool(rating)


@pytest.mark.parametrize(
    ("done", "seen"),
    [("2026-11-30 22.30", "in_time"), ("2026-11-30 23.30", "late"), ("2026-12-01 00.00", "unseen"), (None, "unseen")],
)
def test_an_emergency_is_seen_in_time_late_or_not_in_the_period(book: Book, done: str | None, seen: str) -> None:
    clock = step("2026-11-30 22.00", "2026-11-30 23.00", done, key="darurat")
    book.file("2026-11-30 22.00", clocks=[clock], urgency="Darurat")
    found = book.count().emergencies
    assert (found.count, getattr(found, seen), found.in_time + found.late + found.unseen) == (1, 1, 1)
    assert found.median == {"in_time": 30, "late": 90, "unseen": None}[seen]


@pytest.mark.parametrize(
    ("due", "field", "told"),
    [("2026-11-30 23.59", "unseen", 1), ("2026-12-01 00.00", "waiting", 0), ("2026-12-01 00.30", "waiting", 0)],
)
def test_an_emergency_whose_time_is_not_over_is_neither_in_time_nor_missed(
    book: Book, due: str, field: str, told: int
) -> None:
    book.file("2026-11-30 23.30", clocks=[step("2026-11-30 23.30", due, key="darurat")], urgency="Darurat")
    found = book.count().emergencies
    assert (found.count, found.told, getattr(found, field)) == (1, told, 1)
    assert found.in_time + found.late + found.unseen + found.waiting == 1


CLOSED_THEN, OPENED_AGAIN = (
    ("2026-11-03 09.00", "arsipkan", Status.ARCHIVED),
    ("2026-12-03 09.00", "buka_kembali", Status.IN_PROGRESS),
)


@pytest.mark.parametrize(
    ("acts", "clocks", "unseen"),
    [
        ([CLOSED_THEN], [], 0),
        ([("2026-12-03 09.00", "arsipkan", Status.ARCHIVED)], [], 0),
        ([CLOSED_THEN], [step("2026-11-02 09.00", "2026-11-02 10.00", key="darurat")], 1),
        ([], [], 1),
        ([CLOSED_THEN, OPENED_AGAIN], [], 1),
    ],
    ids=["closed", "closed in a later period", "closed, with its clock", "open", "opened again"],
)
def test_an_emergency_without_a_clock_counts_only_while_it_is_open(
    book: Book, acts: Sequence[Done], clocks: Sequence[Clock], unseen: int
) -> None:
    book.file("2026-11-02 09.00", *acts, clocks=clocks, urgency="Darurat")
    figures = book.count()
    found = figures.emergencies
    assert (found.count, found.unseen, found.told) == (unseen, unseen, unseen)
    assert len(book.listed("emergencies")) == unseen
    assert figures.received_by[Dimension.URGENCY] == {"Darurat": 1}, "it was received all the same"


def test_only_the_chosen_are_counted(book: Book) -> None:
    book.file("2026-11-02 09.00", district="Tenggarong")
    book.file("2026-11-02 09.00", district="Muara Kaman", urgency="Darurat")
    assert book.count(district="Tenggarong").received == 1
    assert book.count(district="Tenggarong", urgency="Darurat").received == 0
    assert book.count(district="").received == 0


def test_the_kecamatan_of_earlier_complaints_is_filled_in_once(book: Book) -> None:
    known = book.store.accept(an_intake(district="tenggarong"), channel=Channel.WEB, now=AFTER).complaint.ticket
    nowhere = book.store.accept(an_intake(), channel=Channel.WEB, now=AFTER).complaint.ticket
    job = Districts(book.store)
    assert job(AFTER) == 1
    assert (book.store.complaint(known).district, book.store.complaint(nowhere).district) == ("Tenggarong", "")
    assert book.store.setting(FILLED) is not None
    book.store.accept(an_intake(district="tenggarong"), channel=Channel.WEB, now=AFTER)
    assert (job(AFTER), Districts(book.store)(AFTER)) == (0, 0), "new ones are the disposition's"
    assert [str(finding) for finding in book.store.verify().findings] == []
    with book.engine.connect() as connection:
        kinds = connection.execute(sa.select(tables.events.c.kind).where(tables.events.c.ticket == known)).scalars()
        assert EventKind.DISTRICT_KEPT in list(kinds)


INSTANTS = st.datetimes(datetime(2025, 12, 1), datetime(2027, 2, 1)).map(lambda at: at.replace(tzinfo=WITA))


@given(INSTANTS, INSTANTS)
def test_service_is_what_the_calendar_measures_day_by_day(began: datetime, ended: datetime) -> None:
    assert Served(seeds().calendar).minutes(began, ended) == measure(began, ended, seeds().calendar)


@given(st.lists(INSTANTS, min_size=4, max_size=4).map(sorted))
def test_pauses_are_left_out(instants: list[datetime]) -> None:
    began, since, until, ended = (at.replace(second=0, microsecond=0) for at in instants)
    served = Served(seeds().calendar)
    whole = served.minutes(began, since) + served.minutes(until, ended)
    assert served.minutes(began, ended, [(since, until)]) == whole
    assert served.minutes(since, until, [(began, None)]) == 0


@given(st.lists(st.integers(0, 50)), st.sampled_from([(1, 2), (9, 10)]))
def test_quantiles_are_nearest_ranks(values: list[int], share: tuple[int, int]) -> None:
    part, of = share
    expected = sorted(values)[ceil(part * len(values) / of) - 1] if values else None
    assert quantile(Counter(values), part, of) == expected
