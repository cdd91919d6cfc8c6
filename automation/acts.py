"""
What staff may do with a complaint, and when: the choices of the column `Tindakan`, and sending a reply.

The acts are data (automation/sop/acts.toml). Loading them checks that every status exists, that every open complaint
can still reach the archive, and that no two acts share a name.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from automation.errors import ProcedureError
from register.complaint import Status

SEND_REPLY = "kirim_balasan"
"""Key of the one act that is not a choice of `Tindakan`: staff tick `Kirim Balasan`."""

FINAL = frozenset({Status.MERGED, Status.ARCHIVED})
"""Statuses that nothing leaves."""


@dataclass(frozen=True)
class Act:
    """
    One act: from which statuses to which, and its wordings.

    `stays_in` are statuses in which it may be done without a change of status. `completes_step` says whether some SOP
    step ends with it. `refusal` is one formal Indonesian sentence; `timeline` is public.
    """

    key: str
    label: str
    label_en: str
    sources: frozenset[Status]
    to: Status
    stays_in: frozenset[Status]
    completes_step: bool
    in_dropdown: bool
    timeline: str
    timeline_en: str
    refusal: str


@dataclass(frozen=True)
class Allowed:
    """The act may be done; the status becomes `to`, which may be the present one."""

    act: Act
    to: Status


@dataclass(frozen=True)
class Refused:
    """The act may not be done; `reason` is one Indonesian sentence for `Catatan Sistem`. `act` is None if unknown."""

    reason: str
    act: Act | None = None


def decide_act(label_or_key: str, status: Status) -> Allowed | Refused:
    """Whether that act may be done to a complaint in that status. Letter case and spaces around do not matter."""
    act = _named().get(_folded(label_or_key))
    if act is None:
        return Refused("Tindakan ini tidak dikenal. Mohon pilih salah satu tindakan dari daftar.")
    if status in act.sources:
        return Allowed(act, act.to)
    return Allowed(act, status) if status in act.stays_in else Refused(act.refusal, act)


def dropdown_labels() -> tuple[str, ...]:
    """The choices of the column `Tindakan`, in order."""
    return tuple(act.label for act in load_acts().values() if act.in_dropdown)


@lru_cache(maxsize=1)
def load_acts() -> Mapping[str, Act]:
    """Every act by its key, in the order of the file. Raises: ProcedureError if they contradict themselves."""
    text = files("automation.sop").joinpath("acts.toml").read_text(encoding="utf-8")
    return read_acts(text)


def read_acts(text: str) -> Mapping[str, Act]:
    """The acts that a TOML text holds, checked. Raises: ProcedureError naming the act or the status at fault."""
    acts = [_act(row) for row in tomllib.loads(text).get("act", [])]
    by_key = {act.key: act for act in acts}
    names = [name for act in acts for name in {_folded(act.key), _folded(act.label)}]
    if len(set(names)) < len(names):
        raise ProcedureError("Dua tindakan memakai nama yang sama. Mohon bedakan namanya pada acts.toml.")
    _check_every_status_leads_on(by_key)
    return MappingProxyType(by_key)


def _act(row: Mapping[str, Any]) -> Act:
    try:
        return Act(
            key=row["key"],
            label=row["label"],
            label_en=row["label_en"],
            sources=frozenset(Status(name) for name in row["from"]),
            to=Status(row["to"]),
            stays_in=frozenset(Status(name) for name in row.get("stays_in", [])),
            completes_step=row["completes_step"],
            in_dropdown=row["in_dropdown"],
            timeline=row["timeline"],
            timeline_en=row["timeline_en"],
            refusal=row["refusal"],
        )
    except (KeyError, ValueError) as error:
        raise ProcedureError(
            f"Tindakan {row.get('key', '(tanpa kunci)')} pada acts.toml tidak lengkap atau menyebut status yang "
            f"tidak ada: {error}.",
            act=row.get("key"),
        ) from error


def _check_every_status_leads_on(acts: Mapping[str, Act]) -> None:
    """Every status that is not final has a path of acts to the archive."""
    leads_on = {Status.ARCHIVED}
    while more := {source for act in acts.values() if act.to in leads_on for source in act.sources} - leads_on:
        leads_on |= more
    stuck = sorted(set(Status) - FINAL - leads_on)
    if stuck:
        raise ProcedureError(
            f"Tidak ada tindakan yang membawa status {', '.join(stuck)} sampai diarsipkan. Mohon lengkapi acts.toml.",
            statuses=stuck,
        )


@lru_cache(maxsize=1)
def _named() -> Mapping[str, Act]:
    return {_folded(name): act for act in load_acts().values() for name in (act.key, act.label)}


def _folded(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())
