"""What the clocks that figures count are called, and in which order they stand: from the SOPs and the laws. Pure."""

from collections.abc import Mapping
from functools import lru_cache

from automation.sop.clock_keys import step_key
from automation.sop.procedures import Procedure, load_procedures
from register.figures import CLOCK_LABELS

ClockName = tuple[str, str]
"""Procedure and key, by which clocks are told apart."""


@lru_cache(maxsize=1)
def clock_labels() -> Mapping[ClockName, str]:
    """Of every clock that is the office's own, in the order of tables. The times that reporters have are not."""
    return {
        (procedure.key, key): label
        for procedure in load_procedures().values()
        for key, label in (*_step_labels(procedure), *CLOCK_LABELS.items())
    }


def _step_labels(procedure: Procedure) -> list[tuple[str, str]]:
    return [(step_key(step.no), f"{step.no}. {step.short}") for step in procedure.steps]
