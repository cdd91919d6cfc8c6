"""
The decree's two procedures (SOP) as data: steps, actors, norms, outputs, and what of ours completes each step.

Source: Keputusan Kepala Dinas Sosial 1167/DINSOS/SET.1/337/12/2022, annexes 1 (langsung) and 2 (online), kept in
automation/sop/*.toml. Completing a later step completes the earlier ones.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from automation.calendars.working_time import Norm
from automation.errors import NormError, ProcedureError
from automation.sop.acts import Act, load_acts

SYSTEM = "system"
REPORT = "report"
"""The case report was written (automation/sop/reporting.py)."""
KEYS = ("langsung", "online")


@dataclass(frozen=True)
class Step:
    """
    One step of a procedure, worded as the decree has it.

    `norm_as_written` is the decree's text where `norm` had to choose; `note` says in English where the scan leaves
    doubt. `completed_by` holds "system", "act:<key>", "cell:<column key>" and "report".
    """

    no: int
    short: str
    short_en: str
    wording: str
    actor: str
    to: str
    requires: str
    norm: Norm
    norm_as_written: str
    output: str
    completed_by: tuple[str, ...]
    note: str

    def with_norm(self, norm: Norm) -> "Step":
        """The same step with another norm; how the decree words its own stays."""
        return replace(self, norm=norm)

    @property
    def by_system(self) -> bool:
        """Whether the program itself completes this step."""
        return SYSTEM in self.completed_by


@dataclass(frozen=True)
class Procedure:
    """One SOP. At `dispose_step` a bidang is found; the reporter must have an answer at the end of `answer_step`."""

    key: str
    title: str
    nomor: str
    dispose_step: int
    answer_step: int
    steps: tuple[Step, ...]

    def with_norms(self, norms: Mapping[int, Norm]) -> "Procedure":
        """The same procedure with other norms, by number of the step."""
        return replace(self, steps=tuple(step.with_norm(norms.get(step.no, step.norm)) for step in self.steps))

    def step(self, no: int) -> Step:
        """Step `no`, counted from 1. Raises: ProcedureError if there is none."""
        if not 1 <= no <= len(self.steps):
            raise ProcedureError(
                f"SOP {self.key} mempunyai langkah 1 sampai {len(self.steps)}.", procedure=self.key, step=no
            )
        return self.steps[no - 1]

    def norms_through(self, last: int, *, first: int = 1) -> tuple[Norm, ...]:
        """The norms of steps `first` to `last`, both included, for `chain_due`."""
        return tuple(self.step(no).norm for no in range(first, last + 1))

    @property
    def answer_norms(self) -> tuple[Norm, ...]:
        """The norms from receipt to the answer."""
        return self.norms_through(self.answer_step)

    @property
    def system_steps(self) -> int:
        """How many steps, from the first on, the program completes by itself once a bidang is known."""
        return max((step.no for step in self.steps if step.by_system), default=0)

    def completed_through(
        self, *, acts: Collection[str] = (), cells: Collection[str] = (), disposed: bool = True
    ) -> int:
        """
        The number of the last completed step; 0 if none is.

        Args:
            acts: Keys of the acts done (not merely chosen), `kirim_balasan` among them.
            cells: Keys of the staff columns that are filled.
            disposed: Whether the program has brought the complaint to a bidang.
        """
        done = {f"act:{key}" for key in acts} | {f"cell:{key}" for key in cells} | ({SYSTEM} if disposed else set())
        return max((step.no for step in self.steps if done.intersection(step.completed_by)), default=0)

    def running_step(self, completed: int) -> Step | None:
        """The step after the last completed one, or None if all are completed."""
        return self.steps[completed] if completed < len(self.steps) else None


@lru_cache(maxsize=1)
def load_procedures() -> Mapping[str, Procedure]:
    """Both procedures by key. Raises: ProcedureError if the shipped data contradict themselves."""
    folder, acts = files("automation.sop"), load_acts()
    texts = {key: folder.joinpath(f"{key}.toml").read_text(encoding="utf-8") for key in KEYS}
    procedures = {key: read_procedure(text, acts) for key, text in texts.items()}
    _check_acts_agree(procedures, acts)
    return MappingProxyType(procedures)


def read_procedure(text: str, acts: Mapping[str, Act]) -> Procedure:
    """The procedure that a TOML text holds, checked. Raises: ProcedureError naming the procedure and step at fault."""
    data = tomllib.loads(text)
    key = data["key"]
    steps = tuple(_step(key, row) for row in data.get("step", []))
    procedure = Procedure(key, data["title"], data["nomor"], data["dispose_step"], data["answer_step"], steps)
    if [step.no for step in steps] != list(range(1, len(steps) + 1)) or not steps:
        raise ProcedureError(f"Langkah SOP {key} harus bernomor urut mulai 1.", procedure=key)
    procedure.step(procedure.answer_step)
    procedure.step(procedure.dispose_step)
    for step in steps:
        _check_completion(key, step, acts)
    return procedure


def _step(procedure: str, row: Mapping[str, Any]) -> Step:
    try:
        return Step(
            no=row["no"],
            short=row["short"],
            short_en=row["short_en"],
            wording=row["wording"],
            actor=row["actor"],
            to=row["to"],
            requires=row["requires"],
            norm=Norm.parse(row["norm"]),
            norm_as_written=row.get("norm_as_written", row["norm"]),
            output=row["output"],
            completed_by=tuple(row["completed_by"]),
            note=row.get("note", ""),
        )
    except (KeyError, NormError) as error:
        raise ProcedureError(
            f"Langkah {row.get('no', '(tanpa nomor)')} SOP {procedure} tidak lengkap: {error}.",
            procedure=procedure,
            step=row.get("no"),
        ) from error


def _check_completion(procedure: str, step: Step, acts: Mapping[str, Act]) -> None:
    for means in step.completed_by:
        kind, _, key = means.partition(":")
        known = means in (SYSTEM, REPORT) or (kind == "act" and key in acts) or (kind == "cell" and key)
        if not known:
            raise ProcedureError(
                f"Langkah {step.no} SOP {procedure} diselesaikan oleh '{means}', yang tidak dikenal.",
                procedure=procedure,
                step=step.no,
            )
    if not step.completed_by:
        raise ProcedureError(
            f"Langkah {step.no} SOP {procedure} tidak diselesaikan oleh apa pun.", procedure=procedure, step=step.no
        )


def _check_acts_agree(procedures: Mapping[str, Procedure], acts: Mapping[str, Act]) -> None:
    """An act says that it completes a step exactly if some step says so too."""
    named = {means for procedure in procedures.values() for step in procedure.steps for means in step.completed_by}
    for act in acts.values():
        if act.completes_step != (f"act:{act.key}" in named):
            raise ProcedureError(
                f"Tindakan {act.key} dan langkah SOP tidak sepakat: periksa completes_step dan completed_by.",
                act=act.key,
            )
