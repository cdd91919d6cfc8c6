"""The two SOPs as the decree has them, what completes their steps, and data that contradict themselves."""

import pytest

from automation.errors import ProcedureError
from automation.sop.acts import load_acts
from automation.sop.procedures import load_procedures, read_procedure

LANGSUNG, ONLINE = load_procedures()["langsung"], load_procedures()["online"]

A_PROCEDURE = """
key = "uji"
title = "Uji"
nomor = "1"
dispose_step = 1
answer_step = {answer}
[[step]]
no = {no}
short = "Satu"
short_en = "One"
wording = "Satu."
actor = "Petugas"
to = "Pelapor"
requires = ""
norm = "{norm}"
output = "Laporan"
completed_by = [{by}]
"""


def test_norms_are_those_of_the_decree() -> None:
    assert [str(step.norm) for step in LANGSUNG.steps] == [*["10 menit"] * 4, "2 hari kerja", "10 hari kerja"]
    assert [step.norm.amount for step in ONLINE.steps] == [5, 10, 5, 10, 10, 30, 10, 30, 3]
    assert sum(norm.amount for norm in ONLINE.answer_norms) == 110
    assert ONLINE.steps[-1].norm_as_written == "3 bulan/6 bulan"
    assert LANGSUNG.nomor == ONLINE.nomor == "10/DINSOS/SET.1/337/12/2022"


def test_answer_is_due_at_step_5_and_step_8() -> None:
    assert len(LANGSUNG.answer_norms) == LANGSUNG.answer_step == 5
    assert len(ONLINE.answer_norms) == ONLINE.answer_step == 8
    assert ONLINE.norms_through(8, first=6) == ONLINE.answer_norms[5:]


def test_every_step_is_complete() -> None:
    for step in LANGSUNG.steps + ONLINE.steps:
        assert all((step.short, step.short_en, step.wording, step.actor, step.to, step.output, step.completed_by))


@pytest.mark.parametrize(
    ("key", "acts", "cells", "step"),
    [
        pytest.param("langsung", [], [], 4, id="A: disposed"),
        pytest.param("langsung", ["proses"], ["follow_up", "reply"], 4, id="A: being handled"),
        pytest.param("langsung", ["kirim_balasan"], [], 5, id="A: answered"),
        pytest.param("langsung", ["selesai"], [], 5, id="A: resolved"),
        pytest.param("langsung", ["arsipkan"], [], 4, id="A: archived, which is no report"),
        pytest.param("online", [], [], 5, id="B: disposed"),
        pytest.param("online", ["proses"], [], 6, id="B: taken up"),
        pytest.param("online", [], ["follow_up"], 6, id="B: follow-up written"),
        pytest.param("online", [], ["reply"], 7, id="B: reply written"),
        pytest.param("online", ["kirim_balasan"], ["reply"], 8, id="B: reply sent"),
        pytest.param("online", ["tunda", "minta_kelengkapan"], ["officer"], 5, id="B: waiting completes nothing"),
        pytest.param("online", ["arsipkan"], [], 5, id="B: archived, which is no report"),
    ],
)
def test_completed_step(key: str, acts: list[str], cells: list[str], step: int) -> None:
    procedure = load_procedures()[key]
    assert procedure.completed_through(acts=acts, cells=cells) == step
    following = procedure.running_step(step)
    assert (following.no if following else None) == (step + 1 if step < len(procedure.steps) else None)


def test_nothing_is_completed_before_the_disposition() -> None:
    assert ONLINE.completed_through(disposed=False) == 0
    assert (LANGSUNG.system_steps, ONLINE.system_steps) == (4, 5)


@pytest.mark.parametrize("no", [0, 7])
def test_step_that_does_not_exist(no: int) -> None:
    with pytest.raises(ProcedureError) as missing:
        LANGSUNG.step(no)
    assert missing.value.facts == {"procedure": "langsung", "step": no}


@pytest.mark.parametrize(
    ("answer", "no", "norm", "by"),
    [
        pytest.param(1, 2, "10 menit", '"system"', id="numbered from 2"),
        pytest.param(2, 1, "10 menit", '"system"', id="answer after the last step"),
        pytest.param(1, 1, "segera", '"system"', id="no norm"),
        pytest.param(1, 1, "10 menit", "", id="nothing completes it"),
        pytest.param(1, 1, "10 menit", '"act:hapus"', id="unknown act"),
        pytest.param(1, 1, "10 menit", '"doa"', id="unknown means"),
    ],
)
def test_procedure_that_contradicts_itself_is_refused(answer: int, no: int, norm: str, by: str) -> None:
    with pytest.raises(ProcedureError):
        read_procedure(A_PROCEDURE.format(answer=answer, no=no, norm=norm, by=by), load_acts())


def test_sound_procedure_is_read() -> None:
    text = A_PROCEDURE.format(answer=1, no=1, norm="10 menit", by='"act:selesai", "cell:reply"')
    assert read_procedure(text, load_acts()).steps[0].completed_by == ("act:selesai", "cell:reply")
