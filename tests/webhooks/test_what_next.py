"""The status page in every status: what is done, what comes next and by when, and where else to turn."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from flask import Flask

from automation.sop.procedures import load_procedures
from register.complaint import Clock, Status
from register.store import Store
from tests.builders import MOMENT, a_complaint
from tests.webhooks.conftest import Clock as Hand
from tests.webhooks.handled import DESK, Handled
from webhooks.what_next import NEXT, SAID_TO_REPORTERS, STEP_WORDS, is_late, may_turn_to_ombudsman, steps_of

HOUR = timedelta(hours=1)


def test_every_step_of_both_procedures_and_every_status_has_words() -> None:
    shorts = {step.short for procedure in load_procedures().values() for step in procedure.steps}
    assert shorts == set(STEP_WORDS)
    assert set(NEXT) == set(Status)


def test_reporters_are_spoken_to_in_what_the_trail_tells_of_them(build: Callable[..., Flask], store: Store) -> None:
    from tests.webhooks.test_translations import timeline_labels

    labels = set(timeline_labels())
    assert set(SAID_TO_REPORTERS) == {label for label in labels if "pelapor" in label.casefold()}
    page = build(desk=DESK).test_client().get(f"/status/{Handled(store).bring_to(Status.NEEDS_INFO)}").text
    assert "Anda diminta melengkapi pengaduan" in page
    assert "Atau datang, telepon" in page
    assert "Pelapor" not in page


@pytest.mark.parametrize(
    ("changes", "states"),
    [
        ({"step_begun_at": None}, []),
        ({"step": 2}, ["done", "now", "ahead"]),
        ({"step": 2, "pauses": ((MOMENT, None),)}, ["done", "ahead", "ahead"]),
        ({"step": 2, "pauses": ((MOMENT, None),), "status": Status.NEEDS_INFO}, ["done", "paused", "ahead"]),
        ({"step": 4}, ["done", "done", "done"]),
        ({"step": 4, "status": Status.MERGED}, []),
        ({"step": 3, "status": Status.WITHDRAWN}, []),
        ({"step": 3, "status": Status.RESOLVED, "replied_at": MOMENT}, ["done", "done", "now"]),
    ],
    ids=["not looked at", "running", "waiting", "for the reporter", "all done", "joined", "withdrawn", "answered"],
)
def test_steps_are_done_running_or_to_come(changes: dict[str, object], states: Sequence[str]) -> None:
    complaint = a_complaint(**{"step_begun_at": MOMENT, "step_due_at": MOMENT + HOUR} | changes)
    clocks = [Clock("langkah.1", 0, MOMENT, MOMENT, "", done_at=MOMENT)]
    shown = steps_of(complaint, clocks, ["Penerimaan", "Verifikasi", "Langkah baru"])
    assert [step.state for step in shown] == list(states)
    for step in shown:
        assert step.at == {"now": MOMENT + HOUR}.get(step.state, MOMENT if step.words == "Pengaduan diterima" else None)


def test_what_the_system_did_is_not_said_of_officers(build: Callable[..., Flask], store: Store) -> None:
    page = build(desk=DESK).test_client().get(f"/status/{Handled(store).file()}").text
    assert page.count("Sudah, otomatis oleh sistem") == 5
    assert "Diperiksa petugas" not in page
    assert "Anda diberi tahu" not in page


def test_steps_that_a_withdrawal_cut_off_were_not_done(build: Callable[..., Flask], store: Store) -> None:
    handled = Handled(store)
    ticket = handled.bring_to(Status.AWAITING_REPORTER)
    handled.now += HOUR
    handled.type(ticket, act="Buka Kembali")
    handled.now += HOUR
    handled.type(ticket, act="Cabut")
    client = build(desk=DESK).test_client()
    assert client.get(f"/status/{ticket}").text.count("Tidak dilanjutkan") == 3
    handled.now += HOUR
    handled.type(ticket, act="Buka Kembali")
    assert "Tidak dilanjutkan" not in client.get(f"/status/{ticket}").text


def test_an_answer_has_a_date_and_is_an_old_one_once_reopened(build: Callable[..., Flask], store: Store) -> None:
    handled = Handled(store)
    ticket = handled.bring_to(Status.AWAITING_REPORTER)
    client = build(desk=DESK).test_client()
    page = client.get(f"/status/{ticket}").text
    (answer,) = re.findall(r'<section class="reply".*?</section>', page, re.DOTALL)
    assert "Senin, 23 November 2026 pukul 10.30 WITA" in answer
    assert "sebelum pengaduan dibuka kembali" not in answer
    handled.type(ticket, act="Buka Kembali")
    assert "Jawaban kami sebelum pengaduan dibuka kembali" in client.get(f"/status/{ticket}").text
    handled.type(ticket, reply="Sudah kami periksa lagi.", send_reply="")
    handled.type(ticket, send_reply="TRUE")
    assert "sebelum pengaduan dibuka kembali" not in client.get(f"/status/{ticket}").text


@pytest.mark.parametrize(
    ("changes", "late", "ombudsman"),
    [
        ({"due_at": MOMENT}, False, False),
        ({"due_at": MOMENT - HOUR}, True, True),
        ({"due_at": None}, False, False),
        ({"due_at": MOMENT - HOUR, "pauses": ((MOMENT - HOUR, None),)}, False, False),
        ({"due_at": MOMENT - HOUR, "answered_at": MOMENT}, False, True),
        ({"status": Status.WITHDRAWN, "due_at": MOMENT - HOUR}, False, True),
        ({"replied_at": MOMENT}, False, True),
    ],
)
def test_the_ombudsman_is_told_of_after_an_answer_or_when_it_is_late(
    changes: dict[str, object], late: bool, ombudsman: bool
) -> None:
    complaint = a_complaint(**changes)
    assert (is_late(complaint, MOMENT), may_turn_to_ombudsman(complaint, MOMENT)) == (late, ombudsman)


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("status", Status)
def test_every_status_is_shown_whole(build: Callable[..., Flask], store: Store, status: Status, lang: str) -> None:
    ticket = Handled(store).bring_to(status)
    page = build(desk=DESK).test_client().get(f"/status/{ticket}?lang={lang}")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    turn, told = "turn-title" in page.text, NEXT[status] if lang == "id" else "Next:"
    assert turn or status is Status.MERGED or told in page.text
    assert ("ombudsman-title" in page.text) is (
        status in (Status.AWAITING_REPORTER, *(s for s in Status if a_complaint(status=s).closed))
    )
    assert ("Mohon kirim foto kartu keluarga." in page.text) is (status is Status.NEEDS_INFO)


def test_a_late_answer_is_said_and_excused(build: Callable[..., Flask], store: Store, clock: Hand) -> None:
    ticket = Handled(store).file()
    client = build(desk=DESK).test_client()
    assert "terlambat" not in client.get(f"/status/{ticket}").text
    clock.pass_by(days=1)
    page = client.get(f"/status/{ticket}").text
    assert "Jawaban kami terlambat." in page
    assert "0811-171-3737" in page
