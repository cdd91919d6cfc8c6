"""The check in words: nothing is wrong with what is shipped, and each way of being stuck is found."""

from dataclasses import replace

import pytest

from automation.sop.acts import Act, load_acts
from automation.sop.procedures import load_procedures
from automation.sop.sop_check import check_sop, transitions
from register.complaint import STATUS_LABELS, Status

ACTS, PROCEDURES = load_acts(), load_procedures()


def problems(acts: dict[str, Act]) -> tuple[str, ...]:
    return check_sop(PROCEDURES.values(), acts).problems


def test_what_is_shipped_gets_nowhere_stuck() -> None:
    checked = check_sop(PROCEDURES.values(), ACTS)
    assert checked.problems == ()
    assert "  Langkah 5 (Tindak lanjut, 2 hari kerja): tindakan Kirim Balasan atau tindakan Selesai." in checked.lines
    assert "  Langkah 7 (Balasan bidang, 10 menit): kolom Balasan diisi." in checked.lines
    assert "  Diarsipkan: akhir." in checked.lines
    told = "\n".join(checked.lines)
    for way in transitions(ACTS):
        assert all(f"{way.label} → {STATUS_LABELS[way.to]}" in told for _ in way.sources if way.to)
    for status in Status:
        assert f"\n  {STATUS_LABELS[status]}: " in told


def test_a_state_that_nothing_leaves_is_a_dead_end() -> None:
    acts = {key: replace(act, sources=act.sources - {Status.ON_HOLD}) for key, act in ACTS.items()}
    assert problems(acts) == ("Keadaan Ditunda: buntu, tidak sampai diarsipkan.",)


def test_states_that_lead_only_to_each_other_are_a_dead_end() -> None:
    acts = {
        key: replace(act, sources=act.sources - {Status.ON_HOLD} if act.to is not Status.NEEDS_INFO else act.sources)
        for key, act in ACTS.items()
    }
    acts = {key: replace(act, sources=act.sources - {Status.NEEDS_INFO}, to=act.to) for key, act in acts.items()} | {
        "tunda": replace(ACTS["tunda"], sources=ACTS["tunda"].sources | {Status.NEEDS_INFO})
    }
    assert problems(acts) == (
        "Keadaan Menunggu Kelengkapan: buntu, tidak sampai diarsipkan.",
        "Keadaan Ditunda: buntu, tidak sampai diarsipkan.",
    )


def test_a_state_that_nothing_leads_to_is_told() -> None:
    acts = {key: act for key, act in ACTS.items() if act.to is not Status.ON_HOLD}
    assert problems(acts) == ("Keadaan Ditunda: tidak pernah tercapai.",)


def test_a_step_that_nothing_completes_is_told() -> None:
    found = problems({name: act for name, act in ACTS.items() if name not in ("kirim_balasan", "selesai")})
    assert "SOP langsung, langkah 5: tidak ada cara untuk menyelesaikannya." in found
    assert "SOP online, langkah 8: tidak ada cara untuk menyelesaikannya." in found


def test_an_archive_that_nothing_leads_to_is_told() -> None:
    found = problems({name: act for name, act in ACTS.items() if name != "arsipkan"})
    assert "Keadaan Diarsipkan: tidak pernah tercapai." in found
    assert sum("buntu" in problem for problem in found) == len(Status) - 1


@pytest.mark.parametrize("means", ["act:tidak_ada", "cell:tidak_ada", "cell:status"])
def test_a_step_left_by_what_is_not_there_is_told(means: str) -> None:
    """A system column, such as `status`, is none that staff could fill."""
    langsung = PROCEDURES["langsung"]
    steps = (*langsung.steps[:-1], replace(langsung.steps[-1], completed_by=(means,)))
    assert check_sop([replace(langsung, steps=steps)], ACTS).problems == (
        "SOP langsung, langkah 6: tidak ada cara untuk menyelesaikannya.",
    )
