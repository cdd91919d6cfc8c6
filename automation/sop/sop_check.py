"""
`aduan sop`, in words: how every step is left and where every state leads, and what would be stuck.

Pure. What loading already refuses (acts.py, states.py, procedures.py) is refused there; this looks at the whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from automation.sop.acts import FINAL, Act, Actor
from automation.sop.procedures import REPORT, SYSTEM, Procedure, Step
from register.complaint import STATUS_LABELS, Status
from sheets_schema.columns import Owner
from sheets_schema.register_tab import REGISTER

START = Status.RECEIVED
DISPOSITION = "Disposisi"
"""The one change of status that is a step of both procedures and no act."""
WHO: Mapping[Actor, str] = {Actor.STAFF: "petugas", Actor.REPORTER: "pelapor", Actor.SYSTEM: "sistem"}


@dataclass(frozen=True)
class Transition:
    """A change of status: what does it, by whom, from where to where (None: it changes nothing), where it may stay."""

    label: str
    by: tuple[Actor, ...]
    sources: frozenset[Status]
    to: Status | None
    stays_in: frozenset[Status] = frozenset()

    @property
    def who(self) -> str:
        """Who does it, in words: "petugas, pelapor"."""
        return ", ".join(WHO[actor] for actor in self.by)


@dataclass(frozen=True)
class SopCheck:
    """What was looked at, line by line, and what is wrong; nothing is if `problems` is empty."""

    lines: tuple[str, ...]
    problems: tuple[str, ...]


def transitions(acts: Mapping[str, Act]) -> tuple[Transition, ...]:
    """Every change of status there is: the disposition, then the acts in the order of their file."""
    disposition = Transition(DISPOSITION, (Actor.SYSTEM, Actor.STAFF), frozenset({START}), Status.DISPOSED)
    return (
        disposition,
        *(
            Transition(act.label, tuple(actor for actor in Actor if actor in act.by), act.sources, act.to, act.stays_in)
            for act in acts.values()
        ),
    )


def completions(step: Step, acts: Mapping[str, Act]) -> str:
    """What ends a step, in words: "otomatis", "tindakan Proses atau kolom Tindak Lanjut diisi"."""
    return " atau ".join(_means(means, acts) for means in step.completed_by)


def check_sop(procedures: Iterable[Procedure], acts: Mapping[str, Act]) -> SopCheck:
    """Whether every step can be left and every state leads to the archive, with the ways."""
    ways = transitions(acts)
    reached = _reached(ways)
    lines: list[str] = []
    problems: list[str] = []
    for procedure in procedures:
        lines.append(f"SOP {procedure.key}: {len(procedure.steps)} langkah.")
        for step in procedure.steps:
            lines.append(f"  Langkah {step.no} ({step.short}, {step.norm_as_written}): {completions(step, acts)}.")
            if not any(_possible(means, acts, reached) for means in step.completed_by):
                problems.append(f"SOP {procedure.key}, langkah {step.no}: tidak ada cara untuk menyelesaikannya.")
    lines.append("Keadaan pengaduan:")
    lines += [f"  {STATUS_LABELS[status]}: {_ways_out(status, ways)}." for status in Status]
    problems += _stuck(ways, reached)
    return SopCheck(tuple(lines), tuple(problems))


def _means(means: str, acts: Mapping[str, Act]) -> str:
    kind, _, key = means.partition(":")
    if means == SYSTEM:
        return "otomatis"
    if means == REPORT:
        return "laporan pengaduan ditulis (otomatis)"
    if kind == "act":
        return f"tindakan {acts[key].label if key in acts else key.replace('_', ' ').title()}"
    return f"kolom {_staff_headers().get(key, key)} diisi"


def _staff_headers() -> dict[str, str]:
    return {column.key: column.header for column in REGISTER.columns if column.owner is Owner.STAFF}


def _possible(means: str, acts: Mapping[str, Act], reached: set[Status]) -> bool:
    """Whether that can happen to some complaint."""
    kind, _, key = means.partition(":")
    if kind == "act":
        return key in acts and bool((acts[key].sources | acts[key].stays_in) & reached)
    return means in (SYSTEM, REPORT) or key in _staff_headers()


def _ways_out(status: Status, ways: Sequence[Transition]) -> str:
    if status in FINAL:
        return "akhir"
    out = [f"{way.label} → {STATUS_LABELS[way.to]}" for way in ways if status in way.sources and way.to]
    return "; ".join(out) or "tidak ada jalan keluar"


def _reached(ways: Sequence[Transition]) -> set[Status]:
    reached = {START}
    while more := {way.to for way in ways if way.to and way.sources & reached} - reached:
        reached |= more
    return reached


def _stuck(ways: Sequence[Transition], reached: set[Status]) -> list[str]:
    ends = set(FINAL)
    while more := {source for way in ways if way.to in ends for source in way.sources} - ends:
        ends |= more
    return [
        *(f"Keadaan {STATUS_LABELS[s]}: buntu, tidak sampai diarsipkan." for s in Status if s not in ends),
        *(f"Keadaan {STATUS_LABELS[s]}: tidak pernah tercapai." for s in Status if s not in reached),
    ]
