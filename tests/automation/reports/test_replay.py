"""What would have been late under other rules: dates by hand, and that the office's own rules move nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.calendars.norms import Norm
from automation.errors import QuestionError
from automation.reports.replay import Line, replay
from automation.reports.supposing import Supposed, read_supposed, rules_supposed
from automation.sop.clock_keys import ANSWER
from automation.sop.deadlines import counted
from register.cases import Case
from register.complaint import Channel, Clock, Complaint, Procedure
from tests.builders import a_complaint

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = datetime(2027, 1, 1, tzinfo=UTC)
YEARS = range(2025, 2029)
OWN = rules_supposed(None, Supposed(), YEARS)
STEP_5 = "langkah.5"


def wita(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def at_the_desk(**changes: object) -> Complaint:
    desk = {"channel": Channel.DESK, "procedure": Procedure.LANGSUNG, "category": "PKH"}
    return a_complaint(**{**desk, **changes})


def a_case(complaint: Complaint, key: str, begun: str, done: str = "") -> Case:
    """With a clock that was counted by the office's own rules."""
    clock = counted(Clock(key, complaint.round, wita(begun), None, ""), complaint, OWN)
    return Case(complaint, (replace(clock, done_at=wita(done) if done else None),), ())


FOLLOWED_UP = a_case(at_the_desk(), STEP_5, "2026-03-17T14:45", "2026-03-27T09:00")
"""Due on 26 March, with Nyepi, Idul Fitri and its collective leave between: a day late."""


@pytest.mark.parametrize(
    ("supposed", "late"),
    [
        (Supposed(), 1),
        (Supposed({"norma_langsung_5": Norm.parse("3 hari kerja")}), 0),  # due on 27 March at 16.30
        (Supposed({"norma_langsung_5": Norm.parse("1 hari kerja")}), 1),
        (Supposed({"norma_online_6": Norm.parse("3 hari kerja")}), 1),  # of the other SOP
        (Supposed(closed=frozenset({date(2026, 3, 26)})), 0),
        (Supposed(closed=frozenset({date(2026, 3, 17)})), 1),  # the day that is left out anyhow
        (Supposed(opened=frozenset({date(2026, 3, 18)})), 1),
    ],
)
def test_one_clock(supposed: Supposed, late: int) -> None:
    found = replay([FOLLOWED_UP], rules_supposed(None, supposed, YEARS), since=SINCE, until=UNTIL, now=UNTIL)
    assert found.lines == {("langsung", STEP_5): Line("langsung 5, Tindak lanjut", 1, 1, late)}
    assert [moved.late for moved in found.moved] == ([] if late else [False])


def test_what_was_in_time_may_become_late() -> None:
    in_time = a_case(at_the_desk(), STEP_5, "2026-03-17T14:45", "2026-03-26T15:59")
    stricter = rules_supposed(None, Supposed({"norma_langsung_5": Norm.parse("1 hari kerja")}), YEARS)
    found = replay([in_time], stricter, since=SINCE, until=UNTIL, now=UNTIL)
    [moved] = found.moved
    assert (moved.late, moved.was, moved.would) == (True, wita("2026-03-26T16:00"), wita("2026-03-25T16:00"))


def test_what_still_runs_is_late_once_its_limit_is_over() -> None:
    running = a_case(at_the_desk(), STEP_5, "2026-03-17T14:45")
    before, after = wita("2026-03-26T15:59"), wita("2026-03-26T16:01")
    late = [
        replay([running], OWN, since=SINCE, until=UNTIL, now=now).lines["langsung", STEP_5].late
        for now in (before, after)
    ]
    assert late == [0, 1]


def test_only_clocks_that_began_in_the_period_count() -> None:
    found = replay([FOLLOWED_UP], OWN, since=wita("2026-03-17T14:46"), until=UNTIL, now=UNTIL)
    assert (found.complaints, found.lines) == (0, {})


def test_a_time_that_the_reporter_had_is_no_norm_of_the_office() -> None:
    window = a_case(at_the_desk(), "tanggapan", "2026-03-17T14:45", "2026-06-01T09:00")
    assert replay([window], OWN, since=SINCE, until=UNTIL, now=UNTIL).lines == {}


def test_what_came_after_it_was_done_moves_nothing() -> None:
    later = wita("2026-03-25T09:00")
    complaint = at_the_desk(pauses=((later, None),), extended_at=later, extension="5 hari kerja")
    case = a_case(at_the_desk(), STEP_5, "2026-03-17T14:45", "2026-03-25T08:00")
    found = replay([replace(case, complaint=complaint)], OWN, since=SINCE, until=UNTIL, now=UNTIL)
    assert found.moved == []
    assert found.lines["langsung", STEP_5] == Line("langsung 5, Tindak lanjut", 1, 0, 0)


@given(
    minutes=st.integers(0, 360 * 24 * 60),
    took=st.integers(0, 90 * 24 * 60),
    key=st.sampled_from([STEP_5, ANSWER, "langkah.2", "darurat", "sp4n.tindak_lanjut", "uu25.keputusan"]),
    pause=st.none() | st.tuples(st.integers(0, 60 * 24 * 60), st.integers(0, 30 * 24 * 60)),
)
def test_the_offices_own_rules_move_nothing(minutes: int, took: int, key: str, pause: tuple[int, int] | None) -> None:
    begun = SINCE + timedelta(minutes=minutes)
    since = begun + timedelta(minutes=pause[0]) if pause else begun
    pauses = ((since, since + timedelta(minutes=pause[1])),) if pause and pause[0] < took else ()
    complaint = at_the_desk(received_at=begun, pauses=pauses)
    clock = counted(Clock(key, 0, begun, None, ""), complaint, OWN)
    case = Case(complaint, (replace(clock, done_at=begun + timedelta(minutes=took)),), ())
    found = replay([case], OWN, since=SINCE, until=UNTIL + timedelta(days=1), now=UNTIL)
    assert found.moved == []
    assert [line.count for line in found.lines.values()] == [1]


def test_norms_are_read_as_they_are_typed() -> None:
    read = read_supposed(["Langsung.5 = 3 hari kerja", "online.6=90 menit"], [date(2026, 3, 17)], [])
    assert read.norms == {"norma_langsung_5": Norm.parse("3 hari kerja"), "norma_online_6": Norm.parse("90 menit")}
    assert read.lines == ["norma_langsung_5 = 3 hari kerja", "norma_online_6 = 90 menit", "2026-03-17 libur"]


@pytest.mark.parametrize(
    ("norms", "closed", "opened", "said"),
    [
        ([], [], [], "Sebutkan apa yang diandaikan"),
        (["langsung.7=3 hari kerja"], [], [], "langsung.1 sampai langsung.6"),
        (["desk.5=3 hari kerja"], [], [], "langsung.1 sampai langsung.6"),
        (["langsung.5=segera"], [], [], "Norma waktu tidak terbaca"),
        (["langsung.5=0 menit"], [], [], "paling sedikit 1"),
        ([], [date(2026, 3, 17)], [date(2026, 3, 17)], "sekaligus"),
    ],
)
def test_what_cannot_be_read_is_said(norms: list[str], closed: list[date], opened: list[date], said: str) -> None:
    with pytest.raises(QuestionError, match=said):
        read_supposed(norms, closed, opened)
