"""When a report is written, what holds it back, and when a complaint is filed: tables of cases."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from automation.calendars.explaining_due import rules_for
from automation.sop import reporting
from automation.sop.clock_keys import step_key
from automation.sop.reporting import ERASED, Do, Lack, comes_up, judge, lacks, named
from automation.sop.states import load_states
from register.complaint import WITA, Clock, Complaint, EventKind, Procedure, Status
from tests.builders import a_complaint

RULES = rules_for(2026, None)


def wita(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


CLOSED_AT = wita("2026-11-23T10:30")
"""A Monday."""
WRITTEN_FROM, DUE = wita("2026-11-26T16:00"), wita("2026-12-07T16:00")
LAST_CHANCE = DUE - timedelta(minutes=30)
WINDOW_ENDS = wita("2026-12-23T16:00")


def closed(status: Status = Status.RESOLVED, **changes: Any) -> Complaint:
    known = {"procedure": Procedure.LANGSUNG, "step": 6, "step_begun_at": CLOSED_AT, "updated_at": CLOSED_AT}
    return replace(a_complaint(), status=status, **(known | changes))


def clocks(*, done_at: datetime | None = None, due: datetime | None = DUE) -> list[Clock]:
    last = Clock(step_key(6), 0, CLOSED_AT, due, "10 hari kerja", done_at=done_at)
    return [last, Clock("buka_kembali", 0, CLOSED_AT, WINDOW_ENDS, "30 hari")]


@pytest.mark.parametrize(
    ("now", "lacking", "wanted"),
    [
        (CLOSED_AT, (), Do.WAIT),
        (WRITTEN_FROM - timedelta(seconds=1), (), Do.WAIT),
        (WRITTEN_FROM, (), Do.WRITE),
        (WRITTEN_FROM, ("petugas",), Do.HOLD),
        (LAST_CHANCE - timedelta(seconds=1), ("petugas",), Do.HOLD),
        (LAST_CHANCE, ("petugas",), Do.WRITE),
        (DUE + timedelta(days=100), ("petugas",), Do.WRITE),
    ],
)
def test_a_report_waits_then_is_held_then_written_all_the_same(
    now: datetime, lacking: tuple[str, ...], wanted: Do
) -> None:
    found = judge(closed(), clocks(), lacking, RULES, now)
    assert found.do is wanted
    assert found.lacking == (() if wanted is Do.WAIT else lacking)
    assert found.again == {Do.WAIT: WRITTEN_FROM, Do.HOLD: LAST_CHANCE, Do.WRITE: None}[wanted]


def test_staff_have_their_days_from_the_closing_on_not_from_the_answer() -> None:
    """The last step began when the reply was sent; the reporter said a week later that the matter is settled."""
    last, window = clocks()
    answered = replace(last, begun_at=CLOSED_AT - timedelta(days=7))
    assert comes_up(closed(), [answered, window], RULES) == WRITTEN_FROM


def test_the_time_for_it_never_lies_behind_the_deadline_of_the_step() -> None:
    tight = clocks(due=wita("2026-11-24T16:00"))
    assert comes_up(closed(), tight, RULES) == wita("2026-11-24T15:30")
    assert comes_up(closed(), clocks(due=CLOSED_AT + timedelta(minutes=5)), RULES) == CLOSED_AT
    assert judge(closed(), clocks(due=None), ("petugas",), RULES, DUE).do is Do.HOLD


@pytest.mark.parametrize(
    ("complaint", "done_at", "now", "wanted"),
    [
        (closed(Status.ARCHIVED), None, CLOSED_AT, Do.WRITE),
        (closed(Status.ARCHIVED, step=7), DUE, WINDOW_ENDS + timedelta(days=9), Do.WAIT),
        (closed(step=7), DUE, WINDOW_ENDS, Do.WAIT),
        (closed(step=7), DUE, WINDOW_ENDS + timedelta(seconds=1), Do.FILE),
        (closed(Status.WITHDRAWN, step=7), DUE, WINDOW_ENDS + timedelta(seconds=1), Do.FILE),
        (closed(Status.IN_PROGRESS), None, WINDOW_ENDS + timedelta(days=9), Do.WAIT),
        (closed(Status.MERGED, step=7), DUE, WINDOW_ENDS + timedelta(days=9), Do.WAIT),
    ],
)
def test_what_is_filed_by_hand_is_reported_at_once_and_what_was_reported_is_filed_in_the_end(
    complaint: Complaint, done_at: datetime | None, now: datetime, wanted: Do
) -> None:
    assert judge(complaint, clocks(done_at=done_at), ("petugas",), RULES, now).do is wanted


@pytest.mark.parametrize(
    ("outcome", "follow_up", "officer", "wanted"),
    [
        (Status.RESOLVED, "Bank dihubungi.", "Sari", ()),
        (Status.RESOLVED, "  ", "Sari", ("tindak_lanjut",)),
        (Status.RESOLVED, "", "", ("tindak_lanjut", "petugas")),
        (Status.TRANSFERRED, "", "", ("petugas",)),
        (Status.OUT_OF_AUTHORITY, "", "Sari", ()),
        (Status.WITHDRAWN, "", "", ()),
    ],
)
def test_what_people_should_have_filled_in(
    outcome: Status, follow_up: str, officer: str, wanted: tuple[str, ...]
) -> None:
    assert lacks(outcome, follow_up=follow_up, officer=officer) == wanted


def test_lacks_are_named_as_the_columns_are() -> None:
    assert named([]) == ""
    assert named([Lack.OFFICER]) == "Petugas"
    assert named([Lack.FOLLOW_UP, Lack.OFFICER]) == "Tindak Lanjut dan Petugas"
    assert named([ERASED]) == "data pelapor (sudah dihapus)"


def test_a_row_says_once_what_its_report_waits_for_and_no_longer_once_it_is_written() -> None:
    complaint, now = closed(note="Selesai: diterapkan."), WRITTEN_FROM
    held = reporting.held(complaint, clocks(), judge(complaint, clocks(), ("petugas",), RULES, now), RULES, now)
    assert held is not None
    said = "Selesai: diterapkan. Laporan ditahan: Petugas belum diisi; tanpa itu laporan ditulis 2026-12-07 15:30 WITA."
    assert held.fields["note"] == said
    assert [(event.kind, event.data) for event in held.events] == [(EventKind.REPORT_HELD, {"missing": "petugas"})]
    complaint = held.applied_to(complaint)
    verdict = judge(complaint, clocks(), ("petugas",), RULES, now)
    assert reporting.held(complaint, clocks(), verdict, RULES, now) is None
    more = judge(complaint, clocks(), ("tindak_lanjut", "petugas"), RULES, now)
    again = reporting.held(complaint, clocks(), more, RULES, now)
    assert again is not None
    assert str(again.fields["note"]).count("Laporan ditahan") == 1
    written = reporting.reported(
        reporting.completed(complaint, clocks(), ("petugas",), RULES, LAST_CHANCE), ("petugas",), None
    )
    assert written.fields["note"] == "Selesai: diterapkan. Laporan ditulis 2026-12-07 15:30 WITA; Petugas belum diisi."
    assert written.fields["step"] == 7
    assert [event.kind for event in written.events] == [EventKind.STEP_DONE, EventKind.REPORTED]
    assert {clock.key: clock.done_at for clock in written.clocks} == {step_key(6): LAST_CHANCE}


def test_every_state_with_a_report_to_come_is_filed_in_the_end() -> None:
    filed = {status for status, state in load_states().items() if state.filed_by}
    assert filed == {Status.RESOLVED, Status.TRANSFERRED, Status.OUT_OF_AUTHORITY, Status.WITHDRAWN}
    for status in filed:
        change = reporting.filed(closed(status, step=7), clocks(done_at=DUE), RULES, WINDOW_ENDS)
        assert change is not None
        assert change.fields["status"] is Status.ARCHIVED
    assert reporting.filed(closed(Status.MERGED), clocks(done_at=DUE), RULES, WINDOW_ENDS) is None
