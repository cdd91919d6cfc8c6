"""When somebody is told: before, at and after a deadline, in the office's own time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.calendars.working_time import Norm, due_at, measure
from automation.reminders.escalation import (
    ALERTS,
    CLIMB,
    Rung,
    alerts,
    digest_at,
    horizon,
    lead_start,
    next_service,
    rises,
    serving,
    watched,
)
from register.complaint import WITA, Clock, Complaint, Procedure, Status
from register.notices import Notice
from tests.automation.reminders.staff_rules import a_clock, handled, on, rules, seeds, wita

CALENDAR = seeds().calendar
TICKET = handled().ticket


def told(*rungs: Rung, mark: str = "") -> list[Notice]:
    return [Notice(TICKET, 0, "langkah.5", rung, mark if rung is Rung.BEFORE else "") for rung in rungs]


def times(clock: Clock, known: Sequence[Notice] = (), **changes: Any) -> dict[str, datetime]:
    found = rises(handled(**changes), clock, known, rules())
    return {rise.notice.rung: rise.at.astimezone(WITA) for rise in found}


@pytest.mark.parametrize(
    ("due", "lead", "start"),
    [
        ("2026-11-23 16.00", "4 jam", "2026-11-23 11.00"),
        ("2026-11-23 13.30", "1 jam", "2026-11-23 11.30"),
        ("2026-11-23 13.00", "30 menit", "2026-11-23 11.30"),
        ("2026-11-23 12.00", "30 menit", "2026-11-23 11.30"),
        ("2026-11-23 08.00", "4 jam", "2026-11-20 13.00"),
        ("2026-11-23 07.30", "15 menit", "2026-11-20 16.15"),
        ("2026-11-20 14.00", "2 jam", "2026-11-20 10.30"),
        ("2026-03-17 15.00", "4 jam", "2026-03-17 10.30"),
        ("2026-03-25 09.00", "4 jam", "2026-03-17 12.30"),
        ("2026-11-23 16.00", "1 hari kerja", "2026-11-20 07.30"),
        ("2026-03-26 16.00", "2 hari kerja", "2026-03-17 08.00"),
        ("2026-11-23 16.00", "1 hari", "2026-11-23 07.30"),
        ("2026-11-23 16.00", "3 hari", "2026-11-20 07.30"),
    ],
    ids=str,
)
def test_the_lead_is_counted_back_in_service_time(due: str, lead: str, start: str) -> None:
    """By hand: over lunch, Friday's break, a weekend, Ramadan hours and Idul Fitri 2026 (18-24 March)."""
    assert lead_start(wita(due), Norm.parse(lead), CALENDAR) == wita(start)


@given(minutes=st.integers(0, 60 * 24 * 360), lead=st.integers(1, 3000), offset=st.integers(0, 500))
def test_lead_and_norm_are_each_others_inverse(minutes: int, lead: int, offset: int) -> None:
    due = due_at(datetime(2026, 2, 1, tzinfo=UTC) + timedelta(minutes=minutes), Norm(30 + offset), CALENDAR).at
    start = lead_start(due, Norm(lead), CALENDAR)
    assert measure(start, due, CALENDAR) == lead
    assert due_at(start, Norm(lead), CALENDAR).at == due


@given(
    minutes=st.integers(0, 60 * 24 * 300), amount=st.integers(1, 9), unit=st.sampled_from(["jam", "hari", "hari kerja"])
)
def test_nothing_beyond_the_horizon_is_to_be_told_yet(minutes: int, amount: int, unit: str) -> None:
    config = rules(settings={"pengingat_sebelum_langsung": f"{amount} {unit}"})
    now = datetime(2026, 2, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    due = due_at(horizon(now, config), Norm(1), CALENDAR).at
    assert lead_start(due, config.norm("pengingat_sebelum_langsung"), CALENDAR) > now


@pytest.mark.parametrize(
    ("at", "serves", "following"),
    [
        ("2026-11-23 07.29", False, "2026-11-23 07.30"),
        ("2026-11-23 07.30", True, "2026-11-23 07.30"),
        ("2026-11-23 12.00", True, "2026-11-23 12.00"),
        ("2026-11-23 12.30", False, "2026-11-23 13.00"),
        ("2026-11-23 16.00", True, "2026-11-23 16.00"),
        ("2026-11-23 16.01", False, "2026-11-24 07.30"),
        ("2026-11-24 00.00", False, "2026-11-24 07.30"),
        ("2026-11-21 10.00", False, "2026-11-23 07.30"),
        ("2026-03-17 07.45", False, "2026-03-17 08.00"),
        ("2026-03-18 10.00", False, "2026-03-25 07.30"),
        ("2026-12-25 10.00", False, "2026-12-28 07.30"),
    ],
)
def test_service_ends_with_the_day_the_week_and_at_lunch(at: str, serves: bool, following: str) -> None:
    assert serving(wita(at), CALENDAR) is serves
    assert next_service(wita(at), CALENDAR) == wita(following)


@pytest.mark.parametrize(
    ("day", "setting", "expected"),
    [
        ("2026-11-23", "07.45", "2026-11-23 07.45"),
        ("2026-11-23", "06.00", "2026-11-23 07.30"),
        ("2026-03-17", "07.45", "2026-03-17 08.00"),
        ("2026-11-23", "12.15", "2026-11-23 13.00"),
        ("2026-11-23", "23.59", "2026-11-23 07.30"),
        ("2026-11-22", "07.45", None),
        ("2026-03-20", "07.45", None),
    ],
)
def test_the_digest_comes_in_the_morning_of_a_working_day(day: str, setting: str, expected: str | None) -> None:
    config = rules(settings={"ringkasan_pagi": setting})
    assert digest_at(on(day), config) == (wita(expected) if expected else None)


def test_a_late_complaint_climbs_the_ladder() -> None:
    assert times(a_clock(wita("2026-11-23 16.00"))) == {
        Rung.BEFORE: wita("2026-11-23 11.00"),
        Rung.DUE: wita("2026-11-23 16.00"),
        Rung.KABID: wita("2026-11-24 08.30"),
        Rung.KETUA_TIM: wita("2026-11-24 16.00"),
        Rung.KADIS: wita("2026-11-26 16.00"),
    }


def test_no_reminder_lies_before_the_clock_began() -> None:
    begun, due = wita("2026-11-23 09.00"), wita("2026-11-23 09.10")
    clock = a_clock(due, begun=begun)
    assert times(clock, procedure=Procedure.ONLINE)[Rung.BEFORE] == begun


def test_a_ladder_set_the_wrong_way_round_still_climbs() -> None:
    config = rules(
        settings={"eskalasi_kabid": "5 hari kerja", "eskalasi_sekretaris": "1 jam", "eskalasi_kadis": "2 jam"}
    )
    found = [rise.at for rise in rises(handled(), a_clock(wita("2026-11-23 10.00")), (), config)]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("known", "left"),
    [
        ([], list(CLIMB)),
        ([Rung.BEFORE], list(CLIMB)),
        ([Rung.DUE], list(CLIMB[2:])),
        ([Rung.BEFORE, Rung.KETUA_TIM], [Rung.KADIS]),
        ([Rung.KADIS], []),
        ([Rung.MOVED, Rung.DISPOSED], list(CLIMB)),
    ],
    ids=str,
)
def test_what_was_told_is_not_told_again_nor_what_lies_below(known: list[Rung], left: list[Rung]) -> None:
    """With a moved deadline: a reminder before it only if the former one was not passed."""
    assert list(times(a_clock(wita("2026-11-23 16.00")), told(*known, mark="2026-11-20T08:00Z"))) == left


def test_the_same_deadline_has_one_reminder_and_a_wandering_one_at_most_three() -> None:
    clock = a_clock(wita("2026-11-23 16.00"))
    mark = "2026-11-23T08:00Z"
    assert Rung.BEFORE not in times(clock, told(Rung.BEFORE, mark=mark))
    three = [notice for day in (1, 2, 3) for notice in told(Rung.BEFORE, mark=f"2026-11-2{day}T01:00Z")]
    assert Rung.BEFORE in times(clock, three[:2])
    assert Rung.BEFORE not in times(clock, three)


def test_another_round_begins_anew() -> None:
    clock = replace(a_clock(wita("2026-11-23 16.00")), round=1)
    assert len(times(clock, told(*CLIMB), round=1)) == len(CLIMB)


@pytest.mark.parametrize(
    ("complaint", "keys"),
    [
        (handled(), ["langkah.5", "jawaban"]),
        (handled(step=4, undecided=True), ["jawaban"]),
        (handled(pauses=((wita("2026-11-20 08.00"), None),)), []),
        (handled(pauses=((wita("2026-11-20 08.00"), wita("2026-11-20 09.00")),)), ["langkah.5", "jawaban"]),
        (handled(status=Status.ON_HOLD), ["langkah.5", "jawaban"]),
        (handled(status=Status.RESOLVED), ["langkah.5"]),
        (handled(status=Status.ARCHIVED, step=7), []),
        (handled(round=1), []),
    ],
    ids=["open", "another step", "waiting", "waited", "on hold", "only the report", "archived", "another round"],
)
def test_only_what_the_office_owes_is_watched(complaint: Complaint, keys: list[str]) -> None:
    due = wita("2026-11-23 16.00")
    clocks = [
        a_clock(due),
        a_clock(due, key="jawaban"),
        a_clock(due, key="uu25.tanggapan"),
        a_clock(due, key="tanggapan"),
        replace(a_clock(due, key="langkah.5"), done_at=due),
        replace(a_clock(due), due_at=None),
    ]
    assert [clock.key for clock in watched(complaint, clocks)] == keys


def test_the_report_of_a_closed_complaint_never_climbs() -> None:
    assert list(times(a_clock(wita("2026-11-23 16.00")), status=Status.RESOLVED)) == [Rung.BEFORE, Rung.DUE]


def test_a_complaint_without_bidang_climbs_past_the_kepala_bidang() -> None:
    found = times(a_clock(wita("2026-11-23 16.00")), undecided=True)
    assert list(found) == [Rung.BEFORE, Rung.DUE, Rung.KETUA_TIM, Rung.KADIS]


def test_alerts_go_by_the_clock_on_the_wall() -> None:
    begun = wita("2026-11-21 23.50")
    clock = a_clock(begun + timedelta(hours=1), key="darurat", begun=begun)
    found = alerts(handled(), clock, (), rules())
    assert [rise.at - begun for rise in found] == [timedelta(), timedelta(hours=1), timedelta(hours=2)]
    known = [Notice(TICKET, 0, "darurat", ALERTS[0])]
    assert [rise.notice.rung for rise in alerts(handled(), clock, known, rules())] == list(ALERTS[1:])
    assert alerts(handled(), replace(clock, done_at=begun), (), rules()) == []
    assert alerts(handled(status=Status.RESOLVED), clock, (), rules()) == []
    assert alerts(handled(round=1), clock, (), rules()) == []
