"""Clocks that stand still: examples by hand, both sides of each boundary, and the articles' laws on any calendar."""

from datetime import datetime

import pytest

from automation.calendars.calendar_source import build_calendar
from automation.calendars.clocks import clock_due, window_end
from automation.calendars.working_time import WITA, Deadline, Norm, chain_due, due_at

CALENDAR = build_calendar(range(2025, 2030))
SOP_A = ("10 menit", "10 menit", "10 menit", "10 menit", "2 hari kerja")

Pauses = list[tuple[datetime, datetime | None]]


def wita(text: str) -> datetime:
    """An instant from "2026-02-13 09:00", in WITA."""
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


def pauses(*spans: str) -> Pauses:
    """Pauses from "2026-01-05 09:00 / 2026-01-05 10:00"; nothing after the stroke is a pause without an end."""
    both = [[part.strip() for part in span.split("/")] for span in spans]
    return [(wita(since), wita(until) if until else None) for since, until in both]


def due(start: str, norms: tuple[str, ...], *spans: str, extension: str = "") -> Deadline:
    return clock_due(
        wita(start),
        [Norm.parse(norm) for norm in norms],
        CALENDAR,
        pauses=pauses(*spans),
        extension=Norm.parse(extension) if extension else None,
    )


@pytest.mark.parametrize(
    ("start", "minutes", "span", "at"),
    [
        # 09.00-09.30 and 10.30-11.00 are the hour.
        pytest.param("2026-01-05 09:00", 60, "2026-01-05 09:30 / 2026-01-05 10:30", "2026-01-05 11:00", id="an hour"),
        # 09.00-09.30, then the pause ends in the break: 13.00-13.30.
        pytest.param("2026-01-05 09:00", 60, "2026-01-05 09:30 / 2026-01-05 12:30", "2026-01-05 13:30", id="to break"),
        # The half hour is over as the pause begins.
        pytest.param(
            "2026-01-05 09:00", 30, "2026-01-05 09:30 / 2026-01-05 12:30", "2026-01-05 09:30", id="at its end"
        ),
        pytest.param(
            "2026-01-05 09:00", 31, "2026-01-05 09:30 / 2026-01-05 12:30", "2026-01-05 13:01", id="a minute on"
        ),
        # Monday 15.00-16.00, Tuesday 07.30-08.30: a pause in the night takes nothing.
        pytest.param("2026-01-05 15:00", 120, "2026-01-05 16:00 / 2026-01-06 07:30", "2026-01-06 08:30", id="a night"),
        pytest.param(
            "2026-01-05 15:00", 120, "2026-01-05 16:00 / 2026-01-06 07:31", "2026-01-06 08:31", id="and 1 min"
        ),
        # Friday 15.30-16.30, the weekend and Monday till 10.00 pass, then 10.00-11.00.
        pytest.param(
            "2026-01-09 15:30", 120, "2026-01-09 20:00 / 2026-01-12 10:00", "2026-01-12 11:00", id="a weekend"
        ),
        # Starts inside: from 10.00.
        pytest.param(
            "2026-01-05 09:00", 60, "2026-01-05 08:00 / 2026-01-05 10:00", "2026-01-05 11:00", id="starts in it"
        ),
        pytest.param(
            "2026-01-05 10:00", 60, "2026-01-05 08:00 / 2026-01-05 10:00", "2026-01-05 11:00", id="at its end"
        ),
    ],
)
def test_minutes_in_a_pause_do_not_count(start: str, minutes: int, span: str, at: str) -> None:
    assert due(start, (f"{minutes} menit",), span).at == wita(at)


@pytest.mark.parametrize(
    ("start", "days", "span", "at"),
    [
        # Monday + 2 = Wednesday. From Tuesday Wednesday is left (1); Thursday + 1 = Friday, which closes at 16.30.
        pytest.param("2026-01-05 09:00", 2, "2026-01-06 10:00 / 2026-01-08 10:00", "2026-01-09 16:30", id="two days"),
        # The same day: 1 left, Tuesday + 1 = Wednesday, as without it.
        pytest.param("2026-01-05 09:00", 2, "2026-01-06 10:00 / 2026-01-06 11:00", "2026-01-07 16:00", id="an hour"),
        # From the due date itself nothing is left: that of resumption, until its closing.
        pytest.param("2026-01-05 09:00", 2, "2026-01-07 10:00 / 2026-01-08 10:00", "2026-01-08 16:00", id="none left"),
        pytest.param("2026-01-05 09:00", 2, "2026-01-07 10:00 / 2026-01-08 16:00", "2026-01-08 16:00", id="at closing"),
        pytest.param("2026-01-05 09:00", 2, "2026-01-07 10:00 / 2026-01-08 16:01", "2026-01-09 16:30", id="after it"),
        pytest.param("2026-01-05 09:00", 2, "2026-01-07 10:00 / 2026-01-10 09:00", "2026-01-12 16:00", id="Saturday"),
        # Begins at the deadline: too late to move it; a minute before it does.
        pytest.param("2026-01-05 09:00", 2, "2026-01-07 16:00 / 2026-01-09 10:00", "2026-01-07 16:00", id="too late"),
        pytest.param("2026-01-05 09:00", 2, "2026-01-07 15:59 / 2026-01-09 10:00", "2026-01-09 16:30", id="just so"),
        # On the starting day both are left: Thursday + 2 = Friday, Monday.
        pytest.param("2026-01-05 09:00", 2, "2026-01-05 10:00 / 2026-01-08 10:00", "2026-01-12 16:00", id="first day"),
        # Starts on Saturday, which is not counted, so Monday is due; resumed on Saturday, likewise.
        pytest.param("2026-01-10 09:00", 1, "2026-01-10 10:00 / 2026-01-10 11:00", "2026-01-12 16:00", id="not more"),
        # Idul Fitri: from 17 March 2 are due on the 26th. On the 17th 2 are left; from the 20th, closed: 25th, 26th.
        pytest.param("2026-03-17 09:00", 2, "2026-03-17 10:00 / 2026-03-20 10:00", "2026-03-26 16:00", id="Idul Fitri"),
        # Across 31 December: Tuesday the 29th + 3 = 30th, 31st, 4 January. On the 30th 2 are left; resumed on New Year,
        # 4 January is the first, the 5th is Isra Mikraj, the 6th the second.
        pytest.param("2026-12-29 09:00", 3, "2026-12-30 10:00 / 2027-01-01 10:00", "2027-01-06 16:00", id="new year"),
    ],
)
def test_working_days_left_are_counted_anew(start: str, days: int, span: str, at: str) -> None:
    assert due(start, (f"{days} hari kerja",), span).at == wita(at)


@pytest.mark.parametrize(
    ("norm", "span", "at"),
    [
        # 5 + 14 = 19 January; 2 days' pause: 21st.
        pytest.param("14 hari", "2026-01-06 10:00 / 2026-01-08 09:00", "2026-01-21 16:00", id="two dates"),
        pytest.param("14 hari", "2026-01-06 10:00 / 2026-01-06 23:59", "2026-01-19 16:00", id="within a date"),
        pytest.param("14 hari", "2026-01-06 23:59 / 2026-01-07 00:00", "2026-01-20 16:00", id="over midnight"),
        # 19 + 5 = 24th, a Saturday: Friday the 23rd, 16.30.
        pytest.param("14 hari", "2026-01-06 10:00 / 2026-01-11 09:00", "2026-01-23 16:30", id="to a Saturday"),
        pytest.param("14 hari", "2026-01-19 16:00 / 2026-01-25 09:00", "2026-01-19 16:00", id="begins at the deadline"),
        # 19 + 4 = Friday the 23rd, resumed on that Friday after its closing: the next closing is Monday's.
        pytest.param("14 hari", "2026-01-19 15:00 / 2026-01-23 17:00", "2026-01-26 16:00", id="resumed too late"),
        # 5 April + 10 = 15 April.
        pytest.param("3 bulan", "2026-02-01 00:00 / 2026-02-11 00:00", "2026-04-15 16:00", id="months"),
    ],
)
def test_the_date_of_calendar_days_moves_by_the_dates_of_the_pause(norm: str, span: str, at: str) -> None:
    assert due("2026-01-05 09:00", (norm,), span).at == wita(at)


def test_two_pauses_of_working_days() -> None:
    """5 January + 4: 6, 7, 8, 9. On the 6th 3 left; 7th + 3 = 8, 9, 12. On the 9th 1 left (12); 14th + 1 = 15."""
    spans = ("2026-01-06 10:00 / 2026-01-07 10:00", "2026-01-09 10:00 / 2026-01-14 10:00")
    assert due("2026-01-05 09:00", ("4 hari kerja",), *spans).at == wita("2026-01-15 16:00")
    assert due("2026-01-05 09:00", ("4 hari kerja",), *reversed(spans)).at == wita("2026-01-15 16:00")


def test_pauses_that_overlap_or_touch_are_one() -> None:
    one = due("2026-01-05 09:00", SOP_A, "2026-01-06 10:00 / 2026-01-09 09:00")
    pieces = (
        "2026-01-07 09:00 / 2026-01-09 09:00",
        "2026-01-06 12:00 / 2026-01-07 09:00",
        "2026-01-06 10:00 / 2026-01-06 15:00",
    )
    assert due("2026-01-05 09:00", SOP_A, *pieces) == one


@pytest.mark.parametrize("span", ["2026-01-06 10:00 / 2026-01-06 10:00", "2026-01-07 10:00 / 2026-01-06 10:00"])
def test_a_pause_that_does_not_run_forwards_changes_nothing(span: str) -> None:
    assert due("2026-01-05 09:00", SOP_A, span) == due("2026-01-05 09:00", SOP_A)


def test_a_clock_that_still_stands_shows_the_deadline_as_it_stood() -> None:
    standing = due("2026-01-05 09:00", SOP_A, "2026-01-06 10:00 /")
    assert standing.at == wita("2026-01-07 16:00")
    assert "Sejak Selasa, 6 Januari 2026 pukul 10.00 WITA: berhenti (menunggu pelapor)" in standing.derivation
    assert "berhenti sejak 6 Jan (menunggu pelapor)" in standing.brief
    begun_in_it = due("2026-01-06 11:00", SOP_A, "2026-01-06 10:00 /")
    assert begun_in_it.at == wita("2026-01-08 16:00")
    swallowed = due("2026-01-05 09:00", SOP_A, "2026-01-05 09:10 / 2026-01-06 12:00", "2026-01-06 10:00 /")
    assert swallowed.at == wita("2026-01-07 16:00"), "a pause that one without an end touches has no end either"
    touched = due("2026-01-05 09:00", SOP_A, "2026-01-05 09:10 / 2026-01-06 12:00", "2026-01-06 12:00 /")
    assert touched.at == wita("2026-01-07 16:00")
    assert due("2026-01-05 09:00", SOP_A, "2026-01-07 16:00 /") == due("2026-01-05 09:00", SOP_A)


def test_a_chain_stands_still_as_a_whole() -> None:
    """
    Steps 1 to 3 end at 15.50, 16.00 and, on Tuesday, 07.40. The pause from 07.35 leaves 5 minutes of step 3: Wednesday
    10.05; step 4 until 10.15; two working days after Wednesday: Friday.
    """
    assert due("2026-01-05 15:40", SOP_A, "2026-01-06 07:35 / 2026-01-07 10:00").at == wita("2026-01-09 16:30")
    assert due("2026-01-05 15:40", SOP_A[:3], "2026-01-06 07:35 / 2026-01-07 10:00").at == wita("2026-01-07 10:05")


def test_a_step_that_ends_as_a_pause_begins_hands_over_at_its_end() -> None:
    """The first ten minutes end at 09.10; the second begin after the pause."""
    assert due("2026-01-05 09:00", SOP_A[:2], "2026-01-05 09:10 / 2026-01-05 10:00").at == wita("2026-01-05 10:10")


@pytest.mark.parametrize(
    ("spans", "at"),
    [
        # 5 January + 2 = 7th; + 5 = 8, 9, 12, 13, 14.
        pytest.param((), "2026-01-14 16:00", id="no pause"),
        # 6th to 8th: due on the 9th; + 5 = 12, 13, 14, 15, and 19 after the holiday of the 16th.
        pytest.param(("2026-01-06 10:00 / 2026-01-08 10:00",), "2026-01-19 16:00", id="a pause before it, once"),
        # On the 12th, 2 are left of the extension (13, 14); 15th + 2 = 19, 20.
        pytest.param(("2026-01-12 10:00 / 2026-01-15 10:00",), "2026-01-20 16:00", id="a pause inside it"),
    ],
)
def test_an_extension_follows_the_deadline_found(spans: tuple[str, ...], at: str) -> None:
    extended = due("2026-01-05 09:00", SOP_A, *spans, extension="5 hari kerja")
    assert extended.at == wita(at)
    assert "Diperpanjang 5 hari kerja" in extended.derivation
    assert "diperpanjang 5 hari kerja" in extended.brief


def test_an_extension_equal_to_a_norm_is_told_once() -> None:
    norm = Norm.parse("2 hari kerja")
    told = clock_due(wita("2026-01-05 09:00"), [norm], CALENDAR, extension=norm).derivation
    assert told.count("Diperpanjang 2 hari kerja") == 1


def test_without_pauses_it_is_the_chain() -> None:
    norms = [Norm.parse(norm) for norm in SOP_A]
    for start in ("2026-01-05 15:40", "2026-03-17 15:45", "2026-12-31 23:59"):
        assert clock_due(wita(start), norms, CALENDAR) == chain_due(wita(start), norms, CALENDAR)
    assert clock_due(wita("2026-01-05 15:40"), [], CALENDAR).at == wita("2026-01-05 15:40")


def test_naive_instants_are_refused() -> None:
    naive = datetime(2026, 1, 5, 9)
    with pytest.raises(ValueError, match="zone"):
        clock_due(naive, [Norm(1)], CALENDAR)
    with pytest.raises(ValueError, match="zone"):
        clock_due(wita("2026-01-05 09:00"), [Norm(1)], CALENDAR, pauses=[(naive, None)])


@pytest.mark.parametrize(
    ("start", "norm", "at"),
    [
        # 5 January + 30 = 4 February, a Wednesday.
        pytest.param("2026-01-05 09:00", "30 hari", "2026-02-04 16:00", id="an open day"),
        pytest.param("2026-01-05 23:59", "30 hari", "2026-02-04 16:00", id="late in the day"),
        # 8 January + 30 = 7 February, a Saturday: Monday the 9th.
        pytest.param("2026-01-08 09:00", "30 hari", "2026-02-09 16:00", id="Saturday"),
        # 8 March + 10 = 18 March, where Idul Fitri's leave begins: the 25th.
        pytest.param("2026-03-08 09:00", "10 hari", "2026-03-25 16:00", id="Idul Fitri"),
        # 21 December + 10 = 31 December, a Thursday; + 11 is New Year, then a weekend: 4 January.
        pytest.param("2026-12-21 09:00", "10 hari", "2026-12-31 16:00", id="31 December"),
        pytest.param("2026-12-21 09:00", "11 hari", "2027-01-04 16:00", id="New Year"),
        pytest.param("2026-11-30 09:00", "3 bulan", "2027-03-01 15:00", id="28 February is a Sunday, in Ramadan"),
        pytest.param("2026-01-05 09:00", "2 hari kerja", "2026-01-07 16:00", id="working days"),
    ],
)
def test_a_reporters_time_never_ends_early(start: str, norm: str, at: str) -> None:
    assert window_end(wita(start), Norm.parse(norm), CALENDAR).at == wita(at)
    assert window_end(wita(start), Norm.parse(norm), CALENDAR).at >= due_at(wita(start), Norm.parse(norm), CALENDAR).at
