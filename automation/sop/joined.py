"""
Complaints that were joined to a case: each reporter keeps a ticket, and learns what becomes of the case.

A joined complaint stands right under its case. What happens to the case is passed on in the same tick; what was missed
then (the case was joined to another one, had its reply before, turned out restricted, was withdrawn) is made up for by
how both stand, whoever brought it about.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from automation.configuration.in_force import Configuration
from automation.sop.acts import Allowed, load_acts
from automation.sop.clock_keys import ANSWER
from automation.sop.corrections import RESTRICTED_NOTE, record_disposition
from automation.sop.drafts import SYSTEM, Draft, draft_of
from automation.sop.handling import REPLIED_LABEL, Find, case_of, do, passed_on
from register.changes import Change
from register.complaint import Clock, Complaint, EventKind, Status
from register.errors import ErasedError, KeyFileError
from register.store import Store

REOPEN = "buka_kembali"
ALONE = "Pengaduan Anda kini ditangani tersendiri."
"""Told to a reporter whose case came to nothing; that somebody else withdrew is not theirs to know."""
ALONE_NOTE = "Pengaduan induk dicabut atau tidak ditemukan; pengaduan ini dibuka kembali dan ditangani tersendiri."
MOVED_ALONG_NOTE = "Pengaduan induk digabung lagi; pengaduan ini ikut pada induk yang baru."
CASE_RESTRICTED_NOTE = "Pengaduan induk kini terbatas."

JoinedTo = Callable[[Iterable[str]], Mapping[str, Sequence[Complaint]]]
"""The complaints that were joined to each of some cases."""


def passed_on_to_all(changes: Sequence[Change], joined_to: JoinedTo) -> list[Change]:
    """What the reporters of joined complaints must learn of these changes, however many cases lie between."""
    found: list[Change] = []
    told = {change.ticket: change for change in changes if change.events}
    reached: set[str] = set()
    while told:
        reached |= told.keys()
        following: dict[str, Change] = {}
        for case, some in joined_to(told).items():
            passed = [each for joined in some if (each := passed_on(told[case], joined)) is not None]
            found += passed
            following |= {each.ticket: told[case] for each in passed if each.ticket not in reached}
        told = following
    return found


def once_committed(joined_to: JoinedTo, before: Mapping[str, Complaint], after: Mapping[str, Complaint]) -> JoinedTo:
    """`joined_to` as it will be; `after` holds the complaints that a tick changes, `before` those and others."""
    moved = {ticket: each for ticket, each in after.items() if each.merged_into != before[ticket].merged_into}

    def found(tickets: Iterable[str]) -> dict[str, list[Complaint]]:
        cases = list(tickets)
        known = {case: [each for each in some if each.ticket not in moved] for case, some in joined_to(cases).items()}
        for each in moved.values():
            if each.merged_into in cases:
                known.setdefault(each.merged_into, []).append(each)
        return known

    return found


def catch_up(store: Store, find: Find, rules: Configuration, now: datetime) -> list[Change]:
    """Changes of the joined complaints that do not stand as their case does; cheap while there are none."""
    lagging = store.lagging_behind_their_case()
    if not lagging:
        return []
    clocks = store.clocks(lagging)
    after: dict[str, Complaint] = {}
    changes: list[Change] = []
    for ticket, joined in lagging.items():
        case = case_of(joined.merged_into, lambda other: after.get(other) or find(other))
        reply = _reply_to_come(store, joined, case)
        change = follow_case(joined, case, clocks[ticket], rules, now, reply=reply)
        if change is not None:
            after[ticket] = change.applied_to(joined)
            changes.append(change)
    return changes


def _reply_to_come(store: Store, joined: Complaint, case: Complaint | None) -> str:
    """The reply of the case that the joined one's reporter did not get, if there is one that can be opened."""
    if case is None or case.answered_at is None or case.replied_at is None:
        return ""
    if joined.replied_at is not None and joined.replied_at >= case.replied_at:
        return ""
    try:
        reply = store.reply(case.ticket)
    except (ErasedError, KeyFileError):
        return ""
    return reply.text if reply else ""


def follow_case(
    joined: Complaint,
    case: Complaint | None,
    clocks: Sequence[Clock],
    rules: Configuration,
    now: datetime,
    *,
    reply: str = "",
) -> Change | None:
    """
    What brings a joined complaint to where its case stands; None if it stands there.

    Args:
        case: The one to which it leads in the end; None if it leads to none.
        reply: The reply of the case, if the reporter did not get it yet.
    """
    draft = draft_of(joined, clocks, rules, now)
    if case is None or case.status is Status.WITHDRAWN:
        if joined.status is not Status.MERGED or _answered(draft):
            return None
        do(draft, Allowed(load_acts()[REOPEN], Status.IN_PROGRESS), SYSTEM, public=ALONE)
        draft.notes.append(ALONE_NOTE)
        draft.recount()
        return draft.change()
    if case.ticket != joined.merged_into:
        draft.set(merged_into=case.ticket)
        draft.record(EventKind.MERGED, SYSTEM, into=case.ticket)
        draft.notes.append(MOVED_ALONG_NOTE)
    if case.restricted and not joined.restricted:
        draft.set(restricted=True)
        record_disposition(draft, SYSTEM, why=CASE_RESTRICTED_NOTE)
        draft.notes += [CASE_RESTRICTED_NOTE, RESTRICTED_NOTE]
    if reply:
        draft.reply = reply
        draft.set(replied_at=now)
        draft.record(EventKind.REPLIED, SYSTEM, REPLIED_LABEL, case="induk")
    return draft.change() if draft.events else None


def _answered(draft: Draft) -> bool:
    """Whether the reporter has an answer since the complaint was filed, or opened again."""
    answer = draft.clocks.get((draft.complaint.round, ANSWER))
    replied_at = draft.complaint.replied_at
    return replied_at is not None and (answer is None or replied_at >= answer.begun_at)
