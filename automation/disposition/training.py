"""Having a model trained: the question goes to a child process (learning_child.py) and its answer comes back."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from automation.disposition.disposing import DEFAULT_BIDANG
from automation.disposition.learning import Model
from automation.disposition.phrase_rules import Rule
from automation.errors import TrainingError
from register.complaint import Status
from register.store import Store

NOTHING = "KOSONG"
"""Of the examples that hold nothing to go on."""
LONGEST_SECONDS = 900.0
JUDGED = frozenset({Status.RESOLVED, Status.TRANSFERRED, Status.OUT_OF_AUTHORITY})
"""What a complaint only becomes by an act of staff that rests on what it is about."""


@dataclass(frozen=True)
class Decided:
    """
    A complaint as people left it: its text, the final category and bidang, and the urgency if that was checked.

    `author` tells the invented examples of one hand from those of another.
    """

    text: str
    category: str
    bidang: str
    urgency: str = ""
    author: str = ""


def train(
    decided: Iterable[Decided],
    *,
    rules: Sequence[Rule],
    bidang_of: Mapping[str, str],
    examples: Iterable[Decided] | None = None,
    seconds: float = LONGEST_SECONDS,
) -> Model:
    """
    A model of the invented examples and the register's decided complaints; `in_force` says whether it may be used.

    Args:
        decided: Oldest first. Those whose bidang does not handle their category are left out: they say nothing of it.
        rules: In force, to compare with.
        examples: Instead of all invented ones.
        seconds: After which the child is ended.

    Raises: TrainingError if the child does not answer.
    """
    corrections = [
        (each.text, each.category, each.urgency)
        for each in decided
        if each.bidang == bidang_of.get(each.category, DEFAULT_BIDANG)
    ]
    invented = starting_examples() if examples is None else examples
    question = {
        "examples": [(each.text, each.category, each.urgency) for each in invented],
        "corrections": corrections,
        "rules": [astuple(rule) for rule in rules],
    }
    return Model.load(_ask(json.dumps(question), seconds))


def decided_complaints(store: Store) -> list[Decided]:
    """
    The complaints of the store that people have judged, oldest first, with their texts.

    Whoever answers a complaint or passes it on has corrected its category or has agreed with it. A complaint that was
    withdrawn, joined to another or filed away may never have been looked at, and says nothing.
    """
    judged = {ticket: each for ticket, each in store.complaints().items() if each.status in JUDGED and each.category}
    intakes = store.intakes(judged)
    return [
        Decided(f"{said.subject}\n{said.description}", judged[ticket].category, judged[ticket].bidang)
        for ticket in sorted(judged, key=lambda one: judged[one].received_at)
        if (said := intakes.get(ticket))
    ]


@lru_cache(maxsize=1)
def starting_examples() -> tuple[Decided, ...]:
    """Invented complaints with their answers, which every model learns from first."""
    text = files("automation.disposition").joinpath("starting_examples.jsonl").read_text(encoding="utf-8")
    rows = (json.loads(line) for line in text.splitlines())
    return tuple(
        Decided(
            row["text"],
            "" if row["category"] == NOTHING else row["category"],
            row["bidang"],
            row["urgency"],
            row["author"],
        )
        for row in rows
    )


def _ask(question: str, seconds: float) -> str:
    paths = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
    # One thread: the office's machine has other things to do.
    settings = {"PYTHONPATH": os.pathsep.join(path for path in paths if path), "OMP_NUM_THREADS": "1"}
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "automation.disposition.learning_child"],
            input=question.encode("utf-8"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a stack trace there could quote a complaint
            env={**os.environ, **settings, "OPENBLAS_NUM_THREADS": "1"},
            timeout=seconds,
            check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise TrainingError(f"Pelatihan aturan disposisi tidak berhasil ({type(error).__name__}).") from None
    return answer.stdout.decode("utf-8")


def rebuild() -> None:
    """`python -m automation.disposition.training`: train the starting model anew, after the examples changed."""
    model = train((), rules=(), bidang_of={})
    Path(__file__).with_name("starting_model.json").write_text(model.dump() + "\n", encoding="utf-8")


if __name__ == "__main__":
    rebuild()
