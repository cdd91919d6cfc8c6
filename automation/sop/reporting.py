"""
When a complaint's report is written, what holds it back, and when the complaint is filed after it. Pure.

The report completes the last step of both SOPs ("Pelaporan dan pengarsipan"). It is written some time after the matter
was closed (`laporan_setelah`), so that what people still have to note is there; what they did not note holds it back
until shortly before the step's own deadline. Then it is written all the same, and names what is missing.

Source: SOP A step 6 and SOP B step 9 (decree 1167/DINSOS/SET.1/337/12/2022).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from automation.calendars.working_time import due_at
from automation.configuration.in_force import Configuration
from automation.errors import CalendarEndsError
from automation.sop.acts import Actor, Allowed, decide_act
from automation.sop.clock_keys import step_key
from automation.sop.drafts import SYSTEM, Draft, draft_of
from automation.sop.handling import do
from automation.sop.states import load_states
from automation.sync.rows import shown_instant
from register.case_report import SealedReport
from register.changes import Change
from register.complaint import Clock, Complaint, EventKind, Status

AFTER = "laporan_setelah"
LAST_CHANCE = timedelta(minutes=30)
"""So long before the step's deadline a report that was held back is written all the same, to be in time."""

ERASED = "data_pelapor"
"""Missing of a complaint whose key was destroyed: of it nothing can be kept, so its step ends without a file."""


class Lack(StrEnum):
    """What people should have filled in, by its code in the trail."""

    FOLLOW_UP = "tindak_lanjut"
    OFFICER = "petugas"


LABELS: Mapping[str, str] = {
    Lack.FOLLOW_UP: "Tindak Lanjut",
    Lack.OFFICER: "Petugas",
    ERASED: "data pelapor (sudah dihapus)",
}
"""As the register's columns are headed."""

_ASKED: Mapping[Status, tuple[Lack, ...]] = {
    Status.RESOLVED: (Lack.FOLLOW_UP, Lack.OFFICER),
    Status.TRANSFERRED: (Lack.OFFICER,),
    Status.OUT_OF_AUTHORITY: (Lack.OFFICER,),
}
"""By how the matter ended: what was withdrawn needs neither."""

_HELD = re.compile(r" ?Laporan ditahan: [^.]*\.")


class Do(StrEnum):
    """What is to be done about a report now."""

    WAIT = "wait"
    HOLD = "hold"
    WRITE = "write"
    FILE = "file"


@dataclass(frozen=True)
class Verdict:
    """
    What is to be done now.

    Args:
        lacking: Codes of what is missing, for HOLD and WRITE.
        again: When there is something to do by itself, for WAIT and HOLD; None if never.
    """

    do: Do
    lacking: tuple[str, ...] = ()
    again: datetime | None = None


def comes_up(complaint: Complaint, clocks: Sequence[Clock], rules: Configuration) -> datetime | None:
    """From when on `judge` has something to say other than WAIT; None if never, as long as nothing happens to it."""
    if not complaint.closed:
        return None
    draft = draft_of(complaint, clocks, rules, complaint.updated_at)
    last = _last_step(draft)
    if last is None:
        return None
    state = load_states()[complaint.status]
    window = draft.clocks.get((complaint.round, state.window))
    if last.done_at is None:
        closed_at = max(last.begun_at, window.begun_at) if window else last.begun_at
        return last.begun_at if complaint.status is Status.ARCHIVED else _written_from(last, closed_at, rules)
    return window.due_at if state.filed_by and window else None


def judge(
    complaint: Complaint, clocks: Sequence[Clock], lacking: Sequence[str], rules: Configuration, now: datetime
) -> Verdict:
    """
    What is to be done about a complaint's report.

    Args:
        lacking: As `lacks` finds it.
        now: Aware instant.
    """
    at = comes_up(complaint, clocks, rules)
    if at is None or now < at:
        return Verdict(Do.WAIT, again=at)
    last = _last_step(draft_of(complaint, clocks, rules, now))
    if last is None or last.done_at is not None:
        return Verdict(Do.FILE) if last and now > at else Verdict(Do.WAIT, again=at)
    forced = _forced(last)
    if lacking and complaint.status is not Status.ARCHIVED and (forced is None or now < forced):
        return Verdict(Do.HOLD, tuple(lacking), forced)
    return Verdict(Do.WRITE, tuple(lacking))


def lacks(outcome: Status, *, follow_up: str, officer: str) -> tuple[str, ...]:
    """
    Codes of what people should have filled in and did not.

    Args:
        outcome: How the matter ended, before it was filed.
        follow_up, officer: What stands in `Tindak Lanjut` and `Petugas`.
    """
    said = {Lack.FOLLOW_UP: follow_up, Lack.OFFICER: officer}
    return tuple(lack.value for lack in _ASKED.get(outcome, ()) if not said[lack].strip())


def named(lacking: Sequence[str]) -> str:
    """Codes as people read them: "Tindak Lanjut dan Petugas"."""
    labels = [LABELS.get(code, code) for code in lacking]
    return " dan ".join(filter(None, (", ".join(labels[:-1]), *labels[-1:])))


def held(
    complaint: Complaint, clocks: Sequence[Clock], verdict: Verdict, rules: Configuration, now: datetime
) -> Change | None:
    """That the row and the trail say what the report waits for; None if they do."""
    until = f"; tanpa itu laporan ditulis {shown_instant(verdict.again)} WITA" if verdict.again else ""
    said = f"Laporan ditahan: {named(verdict.lacking)} belum diisi{until}."
    if said in complaint.note:
        return None
    draft = draft_of(complaint, clocks, rules, now)
    draft.set(note=f"{_HELD.sub('', complaint.note)} {said}".strip())
    draft.record(EventKind.REPORT_HELD, SYSTEM, missing=" ".join(verdict.lacking))
    draft.recount()
    return draft.change()


def completed(
    complaint: Complaint, clocks: Sequence[Clock], lacking: Sequence[str], rules: Configuration, now: datetime
) -> Draft:
    """The complaint with its last step done, as its report tells of it; `reported` makes the change."""
    without = f"; {named(lacking)} belum diisi" if lacking else ""
    draft = draft_of(complaint, clocks, rules, now)
    draft.complete_steps(len(draft.procedure.steps), SYSTEM)
    draft.set(note=f"{_HELD.sub('', complaint.note)} Laporan ditulis {shown_instant(now)} WITA{without}.".strip())
    draft.recount()
    return draft


def reported(draft: Draft, lacking: Sequence[str], sealed: SealedReport | None) -> Change:
    """The change that commits a report; `sealed` is None only for a complaint that was erased."""
    digest = sealed.report.sha256 if sealed else ""
    draft.record(EventKind.REPORTED, SYSTEM, sha256=digest, missing=" ".join(lacking))
    return replace(draft.change(), report=sealed)


def filed(complaint: Complaint, clocks: Sequence[Clock], rules: Configuration, now: datetime) -> Change | None:
    """What files a complaint by itself; None if its state is filed by nothing."""
    verdict = decide_act(load_states()[complaint.status].filed_by, complaint.status, by=Actor.SYSTEM)
    if not isinstance(verdict, Allowed):
        return None
    draft = draft_of(complaint, clocks, rules, now)
    do(draft, verdict, SYSTEM)
    draft.notes.append(f"{verdict.act.label}: {shown_instant(now)} WITA.")
    draft.recount()
    return draft.change()


def _last_step(draft: Draft) -> Clock | None:
    return draft.clocks.get((draft.complaint.round, step_key(len(draft.procedure.steps))))


def _written_from(last: Clock, closed_at: datetime, rules: Configuration) -> datetime:
    """
    `laporan_setelah` after the matter was closed; earlier if the step's deadline is.

    The last step begins with the answer, and the reporter may take their time until it is closed.
    """
    forced = _forced(last)
    try:
        at = due_at(closed_at, rules.norm(AFTER), rules.calendar).at
    except CalendarEndsError:
        return forced or closed_at
    return min(at, forced) if forced else at


def _forced(last: Clock) -> datetime | None:
    return max(last.begun_at, last.due_at - LAST_CHANCE) if last.due_at else None
