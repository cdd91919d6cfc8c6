"""A deadline's short line: what a cell shows."""

import time
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.calendars.calendar_source import LocalDay, build_calendar
from automation.calendars.clocks import clock_due, window_end
from automation.calendars.derivation import LONGEST_BRIEF, Deadline, Kind, Passage
from automation.calendars.office_calendar import Calendar, OfficeHours
from automation.calendars.working_time import WITA, Norm, Unit, chain_due, due_at

CALENDAR = build_calendar(range(2025, 2030))
MONDAYS_OFF = build_calendar([2026], local_days=[LocalDay(datetime(2026, 1, 12).date(), "Hari Raya Idul Fitri")])


def wita(text: str) -> datetime:
    """An instant from "2026-02-13 09:00", in WITA."""
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


@pytest.mark.parametrize(
    ("start", "norm", "brief"),
    [
        pytest.param("2026-01-05 09:00", "10 menit", "Senin 10 m → 09.10 WITA", id="one day"),
        pytest.param(
            "2026-01-09 15:00",
            "2 jam",
            "Jumat 1 j 30 m, Sabtu–Minggu libur akhir pekan, Senin 30 m → 08.00 WITA",
            id="a weekend",
        ),
        pytest.param(
            "2026-03-17 14:30",
            "90 menit",
            "Selasa 17 Mar 30 m, 18–24 Mar libur Nyepi/Idul Fitri/cuti bersama, Rabu 25 Mar 1 j → 25 Mar 08.30 WITA",
            id="more than a week: dates, and holidays in one",
        ),
        pytest.param(
            "2026-03-25 09:00",
            "2 hari kerja",
            "Kamis hari ke-1, Jumat hari ke-2 → 27 Mar 16.30 WITA",
            id="working days",
        ),
        pytest.param(
            "2026-01-09 17:00",
            "1 hari kerja",
            "Sabtu–Minggu libur akhir pekan, Senin hari ke-1 → 12 Jan 16.00 WITA",
            id="after closing",
        ),
        pytest.param(
            "2026-12-23 09:00",
            "6 hari kerja",
            "24–27 Des libur Natal/cuti bersama/akhir pekan, 28–31 Des hari ke-1–4, "
            "1–3 Jan libur Tahun Baru Masehi/akhir pekan, Senin 4 Jan hari ke-5, "
            "Selasa 5 Jan libur Isra Mikraj Nabi Muhammad, Rabu 6 Jan hari ke-6 → 6 Jan 2027 16.00 WITA",
            id="runs of days, and another year",
        ),
        pytest.param(
            "2026-01-05 13:00",
            "30 jam",
            "Senin 3 j, Selasa–Kamis masing-masing 7 j 30 m, Jumat 4 j 30 m → 13.30 WITA",
            id="runs of whole days of service",
        ),
        pytest.param(
            "2026-01-05 09:00", "14 hari", "14 hari dari 5 Jan = 19 Jan → 19 Jan 16.00 WITA", id="calendar days"
        ),
        pytest.param(
            "2026-01-04 09:00",
            "14 hari",
            "14 hari dari 4 Jan = 18 Jan, 16–18 Jan libur Isra Mikraj Nabi Muhammad/akhir pekan, dimajukan "
            "→ 15 Jan 16.00 WITA",
            id="brought forward",
        ),
        pytest.param(
            "2026-03-18 09:00",
            "1 hari",
            "1 hari dari 18 Mar = 19 Mar, Rabu–Kamis libur Nyepi/cuti bersama, dimajukan, penutupan berikutnya "
            "→ 25 Mar 16.00 WITA",
            id="no service till then",
        ),
    ],
)
def test_brief_fits_a_cell(start: str, norm: str, brief: str) -> None:
    assert due_at(wita(start), Norm.parse(norm), CALENDAR).brief == brief


def test_brief_of_the_issue() -> None:
    deadline = due_at(wita("2026-01-09 15:00"), Norm(120), MONDAYS_OFF)
    assert deadline.brief == "Jumat 1 j 30 m, Sabtu–Senin libur Idul Fitri/akhir pekan, Selasa 30 m → 08.00 WITA"


def test_brief_of_a_chain_joins_the_minutes_of_a_day() -> None:
    norms = [Norm(10)] * 4 + [Norm(2, Unit.WORKING_DAYS)]
    assert chain_due(wita("2026-01-05 15:40"), norms, CALENDAR).brief == (
        "Senin 20 m, Selasa 20 m, Rabu hari ke-1, Kamis hari ke-2 → 8 Jan 16.00 WITA"
    )
    assert chain_due(wita("2026-01-05 15:40"), [], CALENDAR).brief == "→ 5 Jan 15.40 WITA"


def test_brief_of_a_clock_tells_pauses_and_extension() -> None:
    pause = (wita("2026-03-03 10:00"), wita("2026-03-05 11:00"))
    norms = [Norm(10)] * 4 + [Norm(2, Unit.WORKING_DAYS)]
    clock = clock_due(wita("2026-03-02 09:00"), norms, CALENDAR, pauses=[pause], extension=Norm(1, Unit.WORKING_DAYS))
    assert clock.brief == (
        "Senin 2 Mar 40 m, Selasa 3 Mar hari ke-1, berhenti 3–5 Mar (menunggu pelapor), Jumat 6 Mar hari ke-2, "
        "diperpanjang 1 hari kerja, 7–8 Mar libur akhir pekan, Senin 9 Mar hari ke-1 → 9 Mar 15.00 WITA"
    )
    assert clock.derivation[8:] == (
        "Senin, 2 Maret 2026: hari mulai, tidak dihitung",
        "Selasa, 3 Maret 2026: hari kerja ke-1",
        "Selasa, 3 Maret 2026 pukul 10.00 WITA s.d. Kamis, 5 Maret 2026 pukul 11.00 WITA: berhenti (menunggu pelapor)",
        "Kamis, 5 Maret 2026: hari dilanjutkan, tidak dihitung",
        "Jumat, 6 Maret 2026: hari kerja ke-2",
        "Batas 2 hari kerja: Jumat, 6 Maret 2026 pukul 15.30 WITA",
        "Diperpanjang 1 hari kerja",
        "Jumat, 6 Maret 2026: hari mulai, tidak dihitung",
        "Sabtu, 7 Maret 2026: libur akhir pekan",
        "Minggu, 8 Maret 2026: libur akhir pekan",
        "Senin, 9 Maret 2026: hari kerja ke-1",
        "Batas 1 hari kerja: Senin, 9 Maret 2026 pukul 15.00 WITA",
    )


def test_brief_of_minutes_and_calendar_days_with_pauses() -> None:
    pause = (wita("2026-03-02 10:00"), wita("2026-03-04 11:00"))
    assert clock_due(wita("2026-03-02 09:00"), [Norm(600)], CALENDAR, pauses=[pause]).brief == (
        "Senin 1 j, berhenti 2–4 Mar (menunggu pelapor), Rabu 3 j 30 m, Kamis 5 j 30 m → 14.00 WITA"
    )
    assert clock_due(wita("2026-03-02 09:00"), [Norm(14, Unit.CALENDAR_DAYS)], CALENDAR, pauses=[pause]).brief == (
        "14 hari dari 2 Mar = 16 Mar, berhenti 2–4 Mar (menunggu pelapor), 2 hari berhenti dari 16 Mar = 18 Mar, "
        "Rabu 18 Mar libur cuti bersama, dimajukan → 17 Mar 15.00 WITA"
    )
    late = (wita("2026-03-03 10:00"), wita("2026-03-04 16:00"))
    assert clock_due(wita("2026-03-02 09:00"), [Norm(1, Unit.WORKING_DAYS)], CALENDAR, pauses=[late]).brief == (
        "Selasa hari ke-1, berhenti 3–4 Mar (menunggu pelapor), Rabu jam layanan sudah berakhir, "
        "Kamis sampai penutupan layanan → 5 Mar 15.00 WITA"
    )


def test_brief_of_a_reporters_time() -> None:
    assert window_end(wita("2026-02-22 09:00"), Norm(30, Unit.CALENDAR_DAYS), CALENDAR).brief == (
        "30 hari dari 22 Feb = 24 Mar, Selasa 24 Mar libur cuti bersama → 25 Mar 16.00 WITA"
    )


def test_brief_names_a_weekday_that_the_office_chose_to_close() -> None:
    hours = OfficeHours(datetime(2026, 1, 1, 8).time(), datetime(2026, 1, 1, 12).time())
    calendar = Calendar(week=(hours, None, *[hours] * 3, None, None), ramadan_week=(hours,) * 7)
    assert due_at(wita("2026-01-05 11:30"), Norm(60), calendar).brief == (
        "Senin 30 m, Selasa tidak ada layanan hari Selasa, Rabu 30 m → 08.30 WITA"
    )


def test_a_long_brief_loses_its_middle() -> None:
    brief = due_at(wita("2026-01-05 09:00"), Norm(60, Unit.WORKING_DAYS), CALENDAR).brief
    assert len(brief) <= LONGEST_BRIEF
    assert brief.startswith("6–9 Jan hari ke-1–4, ")
    assert ", …, " in brief
    assert brief.endswith("6–10 Apr hari ke-56–60 → 10 Apr 16.30 WITA")


def test_a_brief_of_very_many_dates_takes_no_time() -> None:
    days = [wita("2026-01-05 09:00").date() + timedelta(days=n) for n in range(40_000)]
    passages = [Passage(Kind.ADVANCED if day.toordinal() % 2 else Kind.OVER, day, why="libur") for day in days]
    began = time.process_time()
    brief = Deadline(wita("2135-07-10 16:00"), tuple(passages)).brief
    assert len(brief) <= LONGEST_BRIEF
    assert time.process_time() - began < 10, "with the square of their number it would be a minute"


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 30), timezones=st.just(WITA)),
    norms=st.lists(st.builds(Norm, st.integers(1, 40), st.sampled_from(Unit)), min_size=1, max_size=5),
    gaps=st.lists(st.integers(0, 3 * 24 * 60), max_size=12),
    still=st.booleans(),
)
def test_brief_is_short_and_tells_when(start: datetime, norms: list[Norm], gaps: list[int], still: bool) -> None:
    moments = [start + timedelta(minutes=sum(gaps[: n + 1])) for n in range(len(gaps))]
    spans = list(zip(moments[::2], moments[1::2], strict=False))
    pauses = [*spans, (moments[-1], None)] if still and moments else spans
    clock = clock_due(start, norms, CALENDAR, pauses=pauses)
    assert len(clock.brief) <= LONGEST_BRIEF
    assert clock.brief.endswith(f"{clock.at:%H.%M} WITA")
    assert "\n" not in clock.brief
    assert clock.derivation[-1].startswith(("Batas ", "Sejak "))
    assert sum(phrase.startswith("Batas ") for phrase in clock.derivation) == len(norms)
