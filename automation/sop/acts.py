"""
What may be done with a complaint, by whom and when: choices of `Tindakan`, sending a reply, what reporters and time do.

The acts are data (automation/sop/acts.toml). Loading them checks that every status exists, that every open complaint
can still reach the archive, that no state is a dead end, and that no two acts share a name.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from automation.errors import ProcedureError
from register.complaint import Status

SEND_REPLY = "kirim_balasan"
"""Key of the act that staff do by ticking `Kirim Balasan`."""

FINAL = frozenset({Status.ARCHIVED})
"""Statuses that nothing leaves."""

Needs = tuple[tuple[str, ...], ...]
"""Keys of columns: of each group one must be filled."""


class Actor(StrEnum):
    """Who does an act."""

    STAFF = "staff"
    REPORTER = "reporter"
    SYSTEM = "system"


@dataclass(frozen=True)
class Act:
    """
    One act: from which statuses to which, by whom, and its wordings.

    `to` is None for an act that never changes the status. `stays_in` are statuses in which it may be done without a
    change. `completes_step` says whether some SOP step ends with it. `needs` are keys of staff columns without which it
    waits, of each group any one; `needs_in_emergency` takes its place for a Darurat. `needs_answer` says whether it
    waits for a reply; `reason_letters`, how many letters a reason has at the least that it needs; `tells_why`, whether
    the reporter reads it. `answers` says whether it gives the reporter the office's answer; `reopens`, whether handling
    begins anew.
    `within` is the reporter's time (a window of states.toml) within which a reporter may do it. `column` is the staff
    column by which it is done, if that is not `Tindakan`. `refusal` is one formal Indonesian sentence; `timeline` is
    public.
    """

    key: str
    label: str
    label_en: str
    by: frozenset[Actor]
    sources: frozenset[Status]
    to: Status | None
    stays_in: frozenset[Status]
    completes_step: bool
    needs: Needs
    needs_in_emergency: Needs
    needs_answer: bool
    reason_letters: int
    tells_why: bool
    once: bool
    answers: bool
    reopens: bool
    within: str
    column: str
    timeline: str
    timeline_en: str
    refusal: str

    @property
    def in_dropdown(self) -> bool:
        """Whether staff choose it in `Tindakan`."""
        return Actor.STAFF in self.by and self.column == "act"


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


UNKNOWN = "Tindakan ini tidak dikenal. Mohon pilih salah satu tindakan dari daftar."
TOO_LATE = "Waktu untuk membuka kembali pengaduan ini sudah berakhir; mohon sampaikan pengaduan baru."


def decide_act(
    label_or_key: str,
    status: Status,
    *,
    by: Actor = Actor.STAFF,
    window_ends: datetime | None = None,
    now: datetime | None = None,
) -> Allowed | Refused:
    """
    Whether that act may be done to a complaint in that status. Letter case and spaces around do not matter.

    Args:
        by: Who wants to do it; an act that is not theirs is unknown to them.
        window_ends: End of the time that the reporter has for it, where it has one; staff are not bound by it.
        now: Aware instant, needed where `window_ends` is given.
    """
    act = _named().get(_folded(label_or_key))
    if act is None or by not in act.by:
        return Refused(UNKNOWN)
    if by is Actor.REPORTER and act.within and window_ends and now and now > window_ends:
        return Refused(TOO_LATE, act)
    if status in act.sources and act.to is not None:
        return Allowed(act, act.to)
    return Allowed(act, status) if status in act.stays_in else Refused(act.refusal, act)


def possible_acts(status: Status, *, but: Act | None = None) -> tuple[str, ...]:
    """The choices of `Tindakan` that may be done in that status, in order; without one that may not all the same."""
    return tuple(
        act.label
        for act in load_acts().values()
        if act.in_dropdown and act is not but and status in act.sources | act.stays_in
    )


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
            by=frozenset(Actor(name) for name in row["by"]),
            sources=frozenset(Status(name) for name in row.get("from", [])),
            to=Status(row["to"]) if "to" in row else None,
            stays_in=frozenset(Status(name) for name in row.get("stays_in", [])),
            completes_step=row.get("completes_step", False),
            needs=_needs(row.get("needs", [])),
            needs_in_emergency=_needs(row.get("needs_in_emergency", row.get("needs", []))),
            needs_answer=row.get("needs_answer", False),
            reason_letters=row.get("reason_letters", 1),
            tells_why=row.get("tells_why", False),
            once=row.get("once", False),
            answers=row.get("answers", False),
            reopens=row.get("reopens", False),
            within=row.get("within", ""),
            column=row.get("column", "act"),
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


def _needs(groups: Iterable[str | Sequence[str]]) -> Needs:
    return tuple((group,) if isinstance(group, str) else tuple(group) for group in groups)


def _check_every_status_leads_on(acts: Mapping[str, Act]) -> None:
    """Every status that is not final has a path of acts to the archive, and people alone can walk it."""
    leads_on = {Status.ARCHIVED}
    by_people = [act for act in acts.values() if act.by != {Actor.SYSTEM}]
    while more := {source for act in by_people if act.to in leads_on for source in act.sources} - leads_on:
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
