"""The keys of a complaint's clocks: `langkah.<no>` for a step of its SOP, these, and those of the laws. Pure."""

ANSWER = "jawaban"
"""The clock of `Batas Waktu` after the SOP: the norms of all steps up to the answer, one after another."""
EMERGENCY = "darurat"
"""Somebody must look at an emergency within this time, by the clock on the wall."""
_STEP = "langkah."


def step_key(no: int) -> str:
    """The key of a step's clock."""
    return f"{_STEP}{no}"


def step_of(key: str) -> int:
    """The number of the step that a clock is of; 0 if it is of none."""
    return int(key.removeprefix(_STEP)) if key.startswith(_STEP) else 0
