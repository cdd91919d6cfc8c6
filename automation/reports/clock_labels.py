"""What the clocks that figures count are called, and in which order they stand: from the SOPs and the laws. Pure."""

from collections.abc import Mapping
from functools import lru_cache

from automation.sop.deadlines import ANSWER, EMERGENCY, step_key
from automation.sop.laws import load_laws
from automation.sop.procedures import Procedure, load_procedures

ANSWER_NAME = "Jawaban kepada pelapor"
EMERGENCY_NAME = "Pengaduan darurat dilihat petugas"

ClockName = tuple[str, str]
"""Procedure and key, by which clocks are told apart."""


@lru_cache(maxsize=1)
def clock_labels() -> Mapping[ClockName, str]:
    """Of every clock that is the office's own, in the order of tables. The times that reporters have are not."""
    return {
        (procedure.key, key): label
        for procedure in load_procedures().values()
        for key, label in (
            *_step_labels(procedure),
            (ANSWER, ANSWER_NAME),
            *_law_labels().items(),
            (EMERGENCY, EMERGENCY_NAME),
        )
    }


def _step_labels(procedure: Procedure) -> list[tuple[str, str]]:
    return [(step_key(step.no), f"{step.no}. {step.short}") for step in procedure.steps]


def _law_labels() -> dict[str, str]:
    """A limit that differs by category is named after what it has in common: "SP4N-LAPOR: penyelesaian"."""
    found: dict[str, str] = {}
    for law in load_laws():
        common = f"{law.label.partition(':')[0]}: {law.key.rpartition('.')[2].replace('_', ' ')}"
        found[law.key] = common if law.key in found else law.label
    return found
