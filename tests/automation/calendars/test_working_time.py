"""Deadlines: labelled tables with both sides of each boundary, and the laws that hold for all of them."""

import time as stopwatch
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.calendars.calendar_source import build_calendar
from automation.calendars.office_calendar import Calendar, OfficeHours
from automation.calendars.working_time import WITA, Norm, Unit, chain_due, due_at, due_each, measure, remaining
from automation.errors import CalendarEndsError, NormError

CALENDAR = build_calendar(range(2025, 2030))
NEVER_OPEN = Calendar(week=(None,) * 7, ramadan_week=(None,) * 7)

WITHIN = settings(deadline=None)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(WITA))
MINUTES = st.integers(1, 3000).map(lambda amount: Norm(amount))
WORKING_DAYS = st.integers(1, 60).map(lambda amount: Norm(amount, Unit.WORKING_DAYS))
LAW_DAYS = st.integers(1, 90).map(lambda amount: Norm(amount, Unit.CALENDAR_DAYS))
NORMS = MINUTES | WORKING_DAYS | LAW_DAYS


def wita(text: str) -> datetime:
    """An instant from "2026-02-13 09:00", in WITA."""
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


@pytest.mark.parametrize(
    ("start", "norm", "due"),
    [
        pytest.param("2026-01-05 09:00", "10 menit", "2026-01-05 09:10", id="within the morning"),
        pytest.param("2026-01-05 07:00", "10 menit", "2026-01-05 07:40", id="before opening counts from it"),
        pytest.param("2026-01-05 07:30", "10 menit", "2026-01-05 07:40", id="at opening"),
        pytest.param("2026-01-05 11:50", "10 menit", "2026-01-05 12:00", id="ends as the break begins"),
        pytest.param("2026-01-05 11:51", "10 menit", "2026-01-05 13:01", id="a minute into the break"),
        pytest.param("2026-01-05 12:00", "10 menit", "2026-01-05 13:10", id="starts as the break begins"),
        pytest.param("2026-01-05 12:59", "10 menit", "2026-01-05 13:10", id="starts in the break"),
        pytest.param("2026-01-05 15:50", "10 menit", "2026-01-05 16:00", id="ends at closing"),
        pytest.param("2026-01-05 15:51", "10 menit", "2026-01-06 07:31", id="a minute past closing"),
        pytest.param("2026-01-05 16:00", "10 menit", "2026-01-06 07:40", id="starts at closing"),
        pytest.param("2026-01-05 22:00", "10 menit", "2026-01-06 07:40", id="starts at night"),
        pytest.param("2026-01-09 11:30", "10 menit", "2026-01-09 13:10", id="Friday's break is earlier"),
        pytest.param("2026-01-09 16:20", "10 menit", "2026-01-09 16:30", id="Friday closes later"),
        pytest.param("2026-01-09 16:21", "10 menit", "2026-01-12 07:31", id="over the weekend"),
        pytest.param("2026-01-05 07:30", "450 menit", "2026-01-05 16:00", id="exactly one day"),
        pytest.param("2026-01-05 07:30", "451 menit", "2026-01-06 07:31", id="one day and a minute"),
        pytest.param("2026-02-27 11:55", "10 menit", "2026-02-27 13:05", id="Ramadan Friday, break 12-13"),
        pytest.param("2026-02-27 15:20", "10 menit", "2026-02-27 15:30", id="Ramadan Friday closes 15.30"),
        pytest.param("2026-02-27 15:21", "10 menit", "2026-03-02 08:01", id="after a Ramadan Friday"),
        pytest.param("2026-02-26 12:00", "10 menit", "2026-02-26 12:40", id="Ramadan break is 30 minutes"),
        pytest.param("2026-02-18 15:55", "10 menit", "2026-02-19 08:05", id="into the first day of Ramadan"),
        pytest.param("2026-03-17 14:00", "90 menit", "2026-03-25 08:00", id="over Nyepi and Idul Fitri"),
        pytest.param("2026-12-31 15:50", "10 menit", "2026-12-31 16:00", id="31 December, just in time"),
        pytest.param("2026-12-31 15:55", "10 menit", "2027-01-04 07:35", id="31 December, over the new year"),
    ],
)
def test_minutes_run_only_while_the_office_serves(start: str, norm: str, due: str) -> None:
    assert due_at(wita(start), Norm.parse(norm), CALENDAR).at == wita(due)


@pytest.mark.parametrize(
    ("start", "norm", "due"),
    [
        pytest.param("2026-02-13 09:00", "2 hari kerja", "2026-02-19 15:00", id="Imlek, into Ramadan"),
        pytest.param("2026-03-17 09:00", "2 hari kerja", "2026-03-26 16:00", id="Nyepi and Idul Fitri"),
        pytest.param("2026-05-13 09:00", "2 hari kerja", "2026-05-19 16:00", id="Kenaikan with collective leave"),
        pytest.param("2026-12-23 09:00", "10 hari kerja", "2027-01-12 16:00", id="Christmas and the new year"),
        pytest.param("2026-01-05 00:01", "1 hari kerja", "2026-01-06 16:00", id="before opening belongs to its day"),
        pytest.param("2026-01-05 16:00", "1 hari kerja", "2026-01-06 16:00", id="closing belongs to its day"),
        pytest.param("2026-01-05 16:01", "1 hari kerja", "2026-01-06 16:00", id="after closing is the same day"),
        pytest.param("2026-01-10 10:00", "2 hari kerja", "2026-01-13 16:00", id="Saturday is not counted"),
        pytest.param("2026-01-08 10:00", "1 hari kerja", "2026-01-09 16:30", id="ends on a Friday"),
        pytest.param("2026-02-25 10:00", "2 hari kerja", "2026-02-27 15:30", id="ends on a Ramadan Friday"),
    ],
)
def test_working_days_leave_out_the_starting_day(start: str, norm: str, due: str) -> None:
    assert due_at(wita(start), Norm.parse(norm), CALENDAR).at == wita(due)


@pytest.mark.parametrize(
    ("start", "norm", "due"),
    [
        pytest.param("2026-01-05 09:00", "14 hari", "2026-01-19 16:00", id="an open day"),
        pytest.param("2026-01-04 09:00", "14 hari", "2026-01-15 16:00", id="Sunday, after the holiday of the 16th"),
        pytest.param("2026-03-10 09:00", "14 hari", "2026-03-17 15:00", id="before the Idul Fitri leave"),
        pytest.param("2026-03-18 09:00", "1 hari", "2026-03-25 16:00", id="no service till then"),
        pytest.param("2026-11-30 09:00", "3 bulan", "2027-02-26 15:30", id="months end with the shorter month"),
        pytest.param("2026-01-05 09:00", "3 bulan", "2026-04-02 16:00", id="months, Sunday after Good Friday"),
    ],
)
def test_calendar_days_never_end_later_than_the_law(start: str, norm: str, due: str) -> None:
    assert due_at(wita(start), Norm.parse(norm), CALENDAR).at == wita(due)


@pytest.mark.parametrize(
    ("start", "norm", "due"),
    [
        # A weekend. Friday 15.00-16.30 is 1 h 30; of 4 h 2 h 30 are left: Monday 07.30-10.00.
        pytest.param("2026-01-09 15:00", "4 jam", "2026-01-12 10:00", id="over a weekend"),
        # Friday has 07.30-11.30 and 13.00-16.30, 7 h 30; the eighth hour's half is Monday 07.30-08.00.
        pytest.param("2026-01-09 07:30", "8 jam", "2026-01-12 08:00", id="a Friday and a bit"),
        # Idul Fitri. Tuesday 17 March, Ramadan: 08.00-12.00, 12.30-15.00. From 14.00 1 h; 18-24 March closed (Nyepi
        # 18-19, Idul Fitri 20-24); Wednesday 25 March, ordinary hours again: 07.30-09.30 is 2 h.
        pytest.param("2026-03-17 14:00", "3 jam", "2026-03-25 09:30", id="over Idul Fitri"),
        # 17 March not counted; 25 March is the first, 26 March the second day.
        pytest.param("2026-03-17 14:00", "2 hari kerja", "2026-03-26 16:00", id="days over Idul Fitri"),
        # After 15.00 on 17 March the office has closed, but the starting date is that day all the same: 25, 26 March.
        pytest.param("2026-03-17 15:01", "2 hari kerja", "2026-03-26 16:00", id="a minute after Ramadan's closing"),
        # Ramadan Fridays, 08.00-12.00 and 13.00-15.30. From 11.00: 1 h, then 13.00-14.00.
        pytest.param("2026-02-20 11:00", "2 jam", "2026-02-20 14:00", id="Ramadan Friday's break is an hour"),
        # From 13.00 2 h 30 until 15.30; Monday 23 February 08.00-09.30 is the rest of 4 h.
        pytest.param("2026-02-20 13:00", "4 jam", "2026-02-23 09:30", id="Ramadan Friday and a weekend"),
        # A Ramadan week: Thursday 6 h 30 + Friday 6 h 30 + Monday 6 h 30 = 19 h 30.
        pytest.param("2026-02-26 08:00", "1170 menit", "2026-03-02 15:00", id="three whole days of Ramadan"),
        # Two Ramadan Fridays: the 20th not counted; 23, 24, 25, 26, 27 February.
        pytest.param("2026-02-20 15:30", "5 hari kerja", "2026-02-27 15:30", id="Friday to Friday in Ramadan"),
        # 31 December 2026, a Thursday. 15.30-16.00 is 30 min; 1 January closed, 2-3 a weekend; Monday 4: 07.30-08.00.
        pytest.param("2026-12-31 15:30", "1 jam", "2027-01-04 08:00", id="over 31 December"),
        # 31 December not counted; 4 January is the first; the 5th is Isra Mikraj; the 6th is the second.
        pytest.param("2026-12-31 15:30", "2 hari kerja", "2027-01-06 16:00", id="days over 31 December"),
        # 17 December + 14 days = 31 December, an open Thursday; + 15 = 1 January, closed, so 31 December again.
        pytest.param("2026-12-17 09:00", "14 hari", "2026-12-31 16:00", id="due on 31 December"),
        pytest.param("2026-12-17 09:00", "15 hari", "2026-12-31 16:00", id="brought forward to 31 December"),
        # 24 (leave), 25 (Christmas), 26-27 (weekend) closed: 28, 29, 30, 31 December; 4, 6, 7, 8, 11, 12 January.
        pytest.param("2026-12-23 16:00", "10 hari kerja", "2027-01-12 16:00", id="domain.md, ten days"),
    ],
)
def test_worked_examples_by_hand(start: str, norm: str, due: str) -> None:
    assert due_at(wita(start), Norm.parse(norm), CALENDAR).at == wita(due)


@pytest.mark.parametrize(
    ("text", "norm"),
    [
        ("10 menit", Norm(10)),
        ("2 jam", Norm(120)),
        (" 2  Hari Kerja ", Norm(2, Unit.WORKING_DAYS)),
        ("14 hari", Norm(14, Unit.CALENDAR_DAYS)),
        ("60 hari kalender", Norm(60, Unit.CALENDAR_DAYS)),
        ("3 bulan", Norm(3, Unit.CALENDAR_MONTHS)),
    ],
)
def test_norm_is_read_as_written(text: str, norm: Norm) -> None:
    assert Norm.parse(text) == norm
    assert Norm.parse(str(norm)) == norm


@pytest.mark.parametrize(
    "text", ["", "menit", "dua hari", "2 minggu", "-1 hari", "0 menit", "3 bulan/6 bulan", "1.5 jam"]
)
def test_norm_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(NormError) as refused:
        Norm.parse(text)
    assert refused.value.code == "norm"


def test_derivation_reads_like_a_letter() -> None:
    """Each date is one phrase that says what it gave, or why it gave nothing."""
    assert due_at(wita("2026-03-17 14:30"), Norm(90), CALENDAR).derivation == (
        "Selasa, 17 Maret 2026: 30 menit",
        "Rabu, 18 Maret 2026: libur (Cuti Bersama Hari Suci Nyepi)",
        "Kamis, 19 Maret 2026: libur (Hari Suci Nyepi)",
        "Jumat, 20 Maret 2026: libur (Cuti Bersama Hari Raya Idul Fitri)",
        "Sabtu, 21 Maret 2026: libur (Hari Raya Idul Fitri)",
        "Minggu, 22 Maret 2026: libur (Hari kedua dari Hari Raya Idul Fitri)",
        "Senin, 23 Maret 2026: libur (Cuti Bersama Hari Raya Idul Fitri)",
        "Selasa, 24 Maret 2026: libur (Cuti Bersama Hari Raya Idul Fitri)",
        "Rabu, 25 Maret 2026: 1 jam",
        "Batas 90 menit: Rabu, 25 Maret 2026 pukul 08.30 WITA",
    )
    assert due_at(wita("2026-01-09 17:00"), Norm(1, Unit.WORKING_DAYS), CALENDAR).derivation == (
        "Jumat, 9 Januari 2026: hari mulai, tidak dihitung",
        "Sabtu, 10 Januari 2026: libur akhir pekan",
        "Minggu, 11 Januari 2026: libur akhir pekan",
        "Senin, 12 Januari 2026: hari kerja ke-1",
        "Batas 1 hari kerja: Senin, 12 Januari 2026 pukul 16.00 WITA",
    )


def test_chain_follows_the_steps_of_sop_a() -> None:
    """Four times ten minutes, then two working days after the day on which those end."""
    norms = [Norm(10)] * 4 + [Norm(2, Unit.WORKING_DAYS)]
    each = due_each(wita("2026-01-05 15:40"), norms, CALENDAR)
    assert [deadline.at for deadline in each] == [
        wita("2026-01-05 15:50"),
        wita("2026-01-05 16:00"),
        wita("2026-01-06 07:40"),
        wita("2026-01-06 07:50"),
        wita("2026-01-08 16:00"),
    ]
    chained = chain_due(wita("2026-01-05 15:40"), norms, CALENDAR)
    assert chained.at == each[-1].at
    assert chained.derivation[0] == "Senin, 5 Januari 2026: 10 menit"
    assert chain_due(wita("2026-01-05 15:40"), [], CALENDAR).at == wita("2026-01-05 15:40")


@pytest.mark.parametrize("norm", [Norm(1), Norm(1, Unit.WORKING_DAYS), Norm(1, Unit.CALENDAR_DAYS)])
def test_calendar_without_service_says_how_to_mend_it(norm: Norm) -> None:
    with pytest.raises(CalendarEndsError) as ended:
        due_at(wita("2026-01-05 09:00"), norm, NEVER_OPEN)
    assert ended.value.code == "calendar_ends"
    assert "tab Pengaturan" in ended.value.message
    assert ended.value.facts["days"] == 400


def test_calendar_that_stops_raises_at_the_end_of_dates() -> None:
    with pytest.raises(CalendarEndsError):
        due_at(datetime(9999, 12, 30, 9, tzinfo=WITA), Norm(30, Unit.WORKING_DAYS), CALENDAR)


def test_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        due_at(datetime(2026, 1, 5, 9), Norm(1), CALENDAR)


def test_instants_of_any_zone_mean_the_same() -> None:
    utc = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
    assert due_at(utc, Norm(10), CALENDAR).at == wita("2026-01-05 09:10")


@pytest.mark.parametrize(
    ("now", "text"),
    [
        pytest.param("2026-01-05 09:00", "3 hari kerja lagi", id="Monday for Thursday"),
        pytest.param("2026-01-06 23:59", "2 hari kerja lagi", id="last minute of Tuesday"),
        pytest.param("2026-01-07 00:00", "1 hari kerja lagi", id="first minute of Wednesday"),
        pytest.param("2026-01-08 00:00", "hari ini", id="the day itself begins"),
        pytest.param("2026-01-08 16:00", "hari ini", id="the deadline itself is on time"),
        pytest.param("2026-01-08 16:01", "terlambat", id="a minute late"),
        pytest.param("2026-01-09 08:00", "terlambat 1 hari kerja", id="Friday"),
        pytest.param("2026-01-11 08:00", "terlambat 1 hari kerja", id="the weekend adds nothing"),
        pytest.param("2026-01-12 00:00", "terlambat 2 hari kerja", id="Monday"),
        pytest.param("2026-01-19 00:00", "terlambat 6 hari kerja", id="the holiday of the 16th adds nothing"),
    ],
)
def test_remaining_is_coarse(now: str, text: str) -> None:
    assert remaining(wita(now), wita("2026-01-08 16:00"), CALENDAR) == text


def test_remaining_reaches_over_years_and_odd_deadlines() -> None:
    assert remaining(wita("2026-12-30 09:00"), wita("2027-01-12 16:00"), CALENDAR) == "7 hari kerja lagi"
    assert remaining(wita("2026-01-10 09:00"), wita("2026-01-11 16:00"), CALENDAR) == "1 hari kerja lagi"
    assert remaining(wita("2026-01-09 17:00"), wita("2026-01-09 16:30"), CALENDAR) == "terlambat"


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        pytest.param("2026-01-05 09:00", "2026-01-05 09:10", 10, id="plain"),
        pytest.param("2026-01-05 11:30", "2026-01-05 13:30", 60, id="over the break"),
        pytest.param("2026-01-09 00:00", "2026-01-12 00:00", 450, id="Friday and a weekend"),
        pytest.param("2026-02-27 00:00", "2026-02-28 00:00", 390, id="Ramadan Friday"),
        pytest.param("2026-03-18 00:00", "2026-03-25 00:00", 0, id="Nyepi and Idul Fitri"),
        pytest.param("2026-01-05 09:10", "2026-01-05 09:00", 0, id="backwards"),
    ],
)
def test_measure_counts_service_only(start: str, end: str, minutes: int) -> None:
    assert measure(wita(start), wita(end), CALENDAR) == minutes


@WITHIN
@given(start=INSTANTS, later=st.timedeltas(timedelta(), timedelta(days=20)), norm=NORMS)
def test_starting_later_is_never_due_earlier(start: datetime, later: timedelta, norm: Norm) -> None:
    assert due_at(start, norm, CALENDAR).at <= due_at(start + later, norm, CALENDAR).at


@WITHIN
@given(start=INSTANTS, norm=NORMS)
def test_deadline_lies_in_service_time_and_not_before_the_start(start: datetime, norm: Norm) -> None:
    at = due_at(start, norm, CALENDAR).at
    assert start <= at
    assert any(opens < at <= closes for opens, closes in CALENDAR.service_intervals(at.date()))


@WITHIN
@given(start=INSTANTS, first=st.integers(1, 2000), second=st.integers(1, 2000))
def test_splits_of_minutes_associate(start: datetime, first: int, second: int) -> None:
    whole = due_at(start, Norm(first + second), CALENDAR).at
    assert chain_due(start, [Norm(first), Norm(second)], CALENDAR).at == whole


@WITHIN
@given(start=INSTANTS, first=st.integers(1, 30), second=st.integers(1, 30))
def test_splits_of_working_days_associate(start: datetime, first: int, second: int) -> None:
    parts = [Norm(first, Unit.WORKING_DAYS), Norm(second, Unit.WORKING_DAYS)]
    assert chain_due(start, parts, CALENDAR).at == due_at(start, Norm(first + second, Unit.WORKING_DAYS), CALENDAR).at


@WITHIN
@given(start=INSTANTS, minutes=st.integers(1, 3000))
def test_a_norm_added_then_measured_gives_itself_back(start: datetime, minutes: int) -> None:
    assert measure(start, due_at(start, Norm(minutes), CALENDAR).at, CALENDAR) == minutes


@WITHIN
@given(day=st.dates(date(2026, 1, 1), date(2027, 12, 31)), due=INSTANTS, moment=st.times())
def test_remaining_changes_at_most_with_the_date_and_at_the_deadline(day: date, due: datetime, moment: time) -> None:
    now, midnight = datetime.combine(day, moment, WITA), datetime.combine(day, time.min, WITA)
    if (now > due) == (midnight > due):
        assert remaining(now, due, CALENDAR) == remaining(midnight, due, CALENDAR)


def test_office_open_on_saturday_without_a_break() -> None:
    """A week that the office chose itself works like the default one."""
    hours = OfficeHours(time(8), time(12))
    calendar = Calendar(week=(hours,) * 6 + (None,), ramadan_week=(hours,) * 6 + (None,))
    assert due_at(wita("2026-01-09 11:55"), Norm(10), calendar).at == wita("2026-01-10 08:05")
    assert due_at(wita("2026-01-09 09:00"), Norm(2, Unit.WORKING_DAYS), calendar).at == wita("2026-01-12 12:00")


def test_deadlines_and_remaining_times_are_cheap() -> None:
    """Five thousand rows a tick: a deadline well under a millisecond, a remaining time far less."""
    start, norm = wita("2026-03-13 13:30"), Norm(10, Unit.WORKING_DAYS)
    due = due_at(start, norm, CALENDAR).at
    began = stopwatch.perf_counter()
    for _ in range(500):
        due_at(start, norm, CALENDAR)
        remaining(start, due, CALENDAR)
    assert stopwatch.perf_counter() - began < 0.5
