"""What the SOP asks for next, as tables: pure, without store, sheet or clock."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from automation.configuration import Configuration, check
from automation.decision import decide_new, decide_row, remaining_time, stage
from register.changes import Change
from register.complaint import WITA, Channel, Complaint, EventKind, Intake, Procedure, Status
from tests.automation.test_configuration import all_tabs
from tests.builders import MOMENT, a_complaint, an_intake

RULES: Configuration = check(all_tabs(), last_good={}, year=2026).configuration


def wita(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


def apply(complaint: Complaint, change: Change | None) -> Complaint:
    return replace(complaint, **change.fields) if change else complaint  # type: ignore[arg-type]


def disposed(now: datetime = MOMENT, **changes: Any) -> Complaint:
    complaint = a_complaint(received_at=now, recorded_at=now, updated_at=now, **changes)
    return apply(complaint, decide_new(complaint, an_intake(), RULES, now))


def after(complaint: Complaint, now: datetime = MOMENT, **texts: str) -> tuple[Complaint, Change | None]:
    change = decide_row(complaint, texts=texts, changed=list(texts), intake=an_intake, rules=RULES, now=now)
    return apply(complaint, change), change


@pytest.mark.parametrize(
    ("received", "step_due", "answer_due"),
    [
        ("2026-11-23T10:30", "2026-11-23T11:00", "2026-11-23T13:20"),
        ("2026-11-23T11:30", "2026-11-23T12:00", "2026-11-23T14:20"),
        ("2026-11-23T11:31", "2026-11-23T13:01", "2026-11-23T14:21"),
        ("2026-11-23T15:45", "2026-11-24T07:45", "2026-11-24T09:05"),
        ("2026-11-21T22:00", "2026-11-23T08:00", "2026-11-23T09:20"),
        ("2026-03-17T15:00", "2026-03-25T08:00", "2026-03-25T09:20"),
    ],
    ids=["morning", "ends at the break", "over the break", "overnight", "Saturday night", "Idul Fitri 2026"],
)
def test_an_online_complaint_gets_the_clock_of_step_6_and_of_the_answer(
    received: str, step_due: str, answer_due: str
) -> None:
    complaint = disposed(wita(received))
    assert complaint.step == 6
    assert (complaint.step_due_at, complaint.due_at) == (wita(step_due), wita(answer_due))


def test_a_complaint_at_the_desk_gets_two_working_days() -> None:
    complaint = disposed(wita("2026-11-20T10:00"), channel=Channel.DESK, procedure=Procedure.LANGSUNG)
    assert complaint.step == 5
    assert complaint.step_due_at == complaint.due_at == wita("2026-11-24T16:00")


def test_paper_from_an_outage_is_due_from_when_it_was_received() -> None:
    now = wita("2026-11-23T10:30")
    complaint = a_complaint(
        channel=Channel.DESK, procedure=Procedure.LANGSUNG, received_at=wita("2026-11-19T09:00"), recorded_at=now
    )
    complaint = apply(complaint, decide_new(complaint, an_intake(), RULES, now))
    assert complaint.due_at == wita("2026-11-23T16:00")
    assert complaint.step_due_at == wita("2026-11-25T16:00")


@pytest.mark.parametrize(
    ("texts", "step", "status"),
    [
        ({"act": "Proses"}, 7, Status.IN_PROGRESS),
        ({"follow_up": "sudah ditelepon"}, 7, Status.IN_PROGRESS),
        ({"reply": "Segera cair."}, 8, Status.DISPOSED),
        ({"reply": "Segera cair.", "send_reply": "TRUE"}, 9, Status.AWAITING_REPORTER),
        ({"send_reply": "TRUE"}, 6, Status.DISPOSED),
        ({"act": "Bukan Kewenangan"}, 6, Status.OUT_OF_AUTHORITY),
        ({"act": "Minta Kelengkapan"}, 6, Status.NEEDS_INFO),
        ({"act": "Selesai"}, 6, Status.DISPOSED),
        ({"act": "entah"}, 6, Status.DISPOSED),
        ({"officer": "Bu Contoh"}, 6, Status.DISPOSED),
    ],
)
def test_what_a_cell_completes(texts: dict[str, str], step: int, status: Status) -> None:
    complaint, change = after(disposed(), **texts)
    assert change is not None
    assert (complaint.step, complaint.status) == (step, status)


def test_a_whole_life_online() -> None:
    complaint = disposed()
    for texts, status in (
        ({"act": "Proses"}, Status.IN_PROGRESS),
        ({"reply": "Segera cair.", "send_reply": "TRUE"}, Status.AWAITING_REPORTER),
        ({"act": "Selesai"}, Status.RESOLVED),
        ({"act": "Arsipkan"}, Status.ARCHIVED),
    ):
        complaint, _ = after(complaint, **texts)
        assert complaint.status is status
    assert complaint.closed
    assert remaining_time(complaint, RULES, MOMENT) == ""
    assert stage(complaint) == "Selesai"


def test_a_refused_act_changes_nothing_but_the_explanation() -> None:
    before = disposed()
    complaint, change = after(before, act="Arsipkan")
    assert change is not None
    assert set(change.fields) == {"note", "updated_at"}
    assert [event.kind for event in change.events] == [EventKind.CELL_READ, EventKind.ACT_REFUSED]
    assert complaint.note.startswith("Arsipkan: ")


def test_emptying_an_act_does_nothing_but_leaves_its_trace() -> None:
    before = disposed()
    change = decide_row(before, texts={}, changed=["act"], intake=Intake, rules=RULES, now=MOMENT)
    assert change is not None
    assert set(change.fields) == {"note", "updated_at"}, "what was refused before is no longer asked for"
    assert change.events[0].secret == {"value": ""}


def test_nothing_changed_is_no_change() -> None:
    assert decide_row(disposed(), texts={}, changed=[], intake=Intake, rules=RULES, now=MOMENT) is None


@pytest.mark.parametrize("text", ["2027-01-01 08:00", "kemarin", "31/02/2026", "23/11/0026", "2026", "1"])
def test_a_time_that_cannot_be_is_explained_and_changes_nothing(text: str) -> None:
    before = disposed()
    complaint, _ = after(before, received_at=text, description=an_intake().description, name="x", contact="y")
    assert complaint.received_at == before.received_at
    assert "Waktu Masuk" in complaint.note


def test_a_corrected_time_moves_the_answers_deadline() -> None:
    before = disposed()
    complaint, _ = after(before, received_at="2026-11-20 09:00")
    assert complaint.received_at == wita("2026-11-20T09:00")
    assert complaint.due_at == wita("2026-11-20T10:50")


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status.NEEDS_INFO, "menunggu pelapor"),
        (Status.AWAITING_REPORTER, "menunggu pelapor"),
        (Status.ON_HOLD, "ditunda"),
        (Status.WITHDRAWN, ""),
        (Status.DISPOSED, "hari ini"),
    ],
)
def test_the_remaining_time_while_nobody_at_the_office_is_asked(status: Status, text: str) -> None:
    assert remaining_time(replace(disposed(), status=status), RULES, MOMENT) == text


def test_the_remaining_time_changes_at_most_once_a_day_until_the_deadline() -> None:
    complaint = disposed(wita("2026-11-20T08:00"), channel=Channel.DESK, procedure=Procedure.LANGSUNG)
    start = wita("2026-11-20T08:00")
    shown = [remaining_time(complaint, RULES, start + timedelta(minutes=30 * n)) for n in range(48 * 6)]
    changes = [(a, b) for a, b in pairwise(shown) if a != b]
    assert len(changes) <= 6
    assert shown[-1].startswith("terlambat")


def test_words_of_a_restricted_case_are_not_in_public_events() -> None:
    complaint = a_complaint()
    change = decide_new(complaint, an_intake(description="Anak dipukuli bapak tirinya tiap hari"), RULES, MOMENT)
    assert change.fields["restricted"] is True
    assert not any(code in event.public_label for event in change.events for code in ("KEKERASAN", "Rehsos"))


def test_a_correction_keeps_what_stood_there_before_sealed() -> None:
    _, change = after(disposed(), description="Cerita baru", name="Nama Baru")
    assert change is not None
    assert [event.secret.get("before") for event in change.events[:2]] == [an_intake().description, an_intake().name]


def test_clearing_a_row_loses_nothing_and_says_so() -> None:
    change = decide_row(
        disposed(), texts={}, changed=["description", "name", "contact"], intake=an_intake, rules=RULES, now=MOMENT
    )
    assert change is not None
    assert change.intake is None
    assert "Uraian dikosongkan" in str(change.fields["note"])


def test_a_better_story_is_disposed_anew_until_somebody_acted() -> None:
    vague = a_complaint()
    vague = apply(vague, decide_new(vague, an_intake(description="tolong dong pak"), RULES, MOMENT))
    assert vague.category == ""
    texts = {"description": "Mohon bantuan kursi roda untuk anak saya"}
    told, _ = after(vague, **texts)
    assert (told.category, told.bidang) == ("DIFABEL", "Rehsos")
    acted, _ = after(vague, act="Proses")
    assert after(acted, **texts)[0].category == ""


@pytest.mark.parametrize(("box", "sent"), [("TRUE", True), ("ya", True), ("x", True), ("entah", False), ("", False)])
def test_a_tick_in_words_counts_and_anything_else_is_explained(box: str, sent: bool) -> None:
    complaint, change = after(disposed(), reply="Segera cair.", send_reply=box)
    assert change is not None
    assert (change.reply is not None) is sent
    assert ("tidak terbaca" in complaint.note) is (box == "entah")


def test_an_unknown_act_is_not_quoted() -> None:
    complaint, _ = after(disposed(), act="Telepon Ibu Contoh 0812 dulu")
    assert complaint.note.startswith("Tindakan: ")
    assert "0812" not in complaint.note


def test_a_reopened_complaint_is_handled_anew_with_a_clock_of_its_own() -> None:
    complaint = disposed()
    for texts in ({"reply": "Segera cair.", "send_reply": "TRUE"}, {"act": "Selesai"}):
        complaint, _ = after(complaint, **texts)
    later = MOMENT + timedelta(days=1)
    complaint, _ = after(complaint, now=later, act="Buka Kembali")
    assert (complaint.status, complaint.step) == (Status.IN_PROGRESS, 6)
    assert complaint.step_due_at == wita("2026-11-24T11:00")


def test_remaining_time_heeds_the_answers_deadline_too() -> None:
    """Paper from an outage may be late for its answer while its step has only begun."""
    now = wita("2026-11-24T02:30")
    complaint = a_complaint(received_at=wita("2026-11-23T10:00"), recorded_at=now)
    complaint = apply(complaint, decide_new(complaint, an_intake(), RULES, now))
    assert remaining_time(complaint, RULES, now).startswith("terlambat")


def test_staff_are_told_why_a_restricted_row_is_masked() -> None:
    change = decide_new(a_complaint(), an_intake(description="Anak dipukuli tiap hari"), RULES, MOMENT)
    assert "Register Terbatas" in str(change.fields["note"])
