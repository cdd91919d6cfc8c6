"""
The job that writes case reports and files what was reported, a few at a time, when their time has come.

Idle, it asks the trail what is new and looks into its own memory. It may be killed anywhere and run again: report,
event and the end of the step are committed together, if the complaint is still as it was when that was decided.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from automation.case_facts import CaseTold, case_tables, case_texts
from automation.configuration.in_force import Configuration
from automation.sop import reporting
from automation.sop.reporting import Do
from forms.papers import Facts, Office, Paper, facts_of, render
from register.case_report import SealedReport
from register.case_reports import CaseReports
from register.changes import Change
from register.complaint import Clock, Complaint, Status
from register.errors import AduanError, ErasedError
from register.store import Store

MOST_WRITTEN = 5
"""Reports in one run: setting one takes a tenth of a second, and the tick waits meanwhile."""
MOST_LOOKED_AT = 50
"""Complaints in one run."""
TRY_AGAIN = timedelta(hours=1)
"""After a report could not be written."""
SWEPT_EVERY = timedelta(hours=1)

log = structlog.get_logger(__name__)


def report_facts(
    store: Store,
    ticket: str,
    office: Office,
    rules: Configuration,
    *,
    now: datetime,
    documents: Sequence[str] = (),
    clocks: Sequence[Clock] | None = None,
) -> Facts:
    """
    Everything that a case report says: the paper's facts, and how the complaint was handled.

    Args:
        clocks: Those to tell of, if others than the store has by now.

    Raises: as `forms.papers.facts_of`.
    """
    facts = facts_of(store, ticket, office, now=now, documents=documents)
    complaint = facts.complaint or store.complaint(ticket)
    events = store.events(ticket, opened=facts.intake is not None)
    told = CaseTold(
        complaint,
        store.clocks([ticket])[ticket] if clocks is None else clocks,
        events,
        tuple(each.register_number for each in store.joined_to([ticket]).get(ticket, ())),
        lacking_of(facts),
        facts.root,
    )
    return replace(facts, tables=case_tables(told, rules, office), texts=case_texts(told, rules, office))


def lacking_of(facts: Facts) -> tuple[str, ...]:
    """Codes of what a closed complaint's report lacks (`reporting.LABELS`); of one that was erased nothing is asked."""
    if facts.complaint is None or facts.closing is None or facts.intake is None:
        return ()
    outcome = Status(facts.closing.data["status"])
    return reporting.lacks(outcome, follow_up=facts.follow_up, officer=facts.complaint.officer)


class CaseReporting:
    """
    See the module. What it remembers only spares work: a new one does the same.

    Args:
        rules: The configuration in force at an instant; the same object as long as it is the same.
        office: Who the office is on its papers.
        documents: Names of the files kept with a ticket.
    """

    def __init__(
        self,
        store: Store,
        reports: CaseReports,
        *,
        rules: Callable[[datetime], Configuration],
        office: Callable[[], Office],
        documents: Callable[[str], Sequence[str]],
    ) -> None:
        self._store, self._reports = store, reports
        self._rules, self._office, self._documents = rules, office, documents
        self._in_force: Configuration | None = None
        self._seen = 0
        self._looked_at: datetime | None = None
        self._swept_at: datetime | None = None
        self._coming: dict[str, datetime] = {}

    def __call__(self, now: datetime) -> int:
        """One run. Returns: how many complaints it reported, such as were erased among them."""
        if self._swept_at is None or not timedelta() <= now - self._swept_at < SWEPT_EVERY:
            self._swept_at = now
            if gone := self._reports.sweep(now):
                log.info("reports_swept", files=gone)
        rules = self._rules(now)
        self._look(rules, now)
        ripe = sorted((at, ticket) for ticket, at in self._coming.items() if at <= now)[:MOST_LOOKED_AT]
        written = 0
        for _, ticket in ripe:
            if written == MOST_WRITTEN:
                break
            try:
                written += self._take_up(ticket, rules, now)
            except AduanError as error:  # of one complaint, which must not hold up the others
                log.error("report_failed", ticket=ticket, code=error.code)  # noqa: TRY400 - its trace tells nothing more
                self._coming[ticket] = now + TRY_AGAIN
        return written

    def _look(self, rules: Configuration, now: datetime) -> None:
        """Learn when which complaint comes up; of all that are closed at first, then of those that changed."""
        holds = self._in_force is rules and self._looked_at is not None and self._looked_at <= now
        self._in_force = None  # should anything fail, the next run looks at everything
        if holds:
            self._seen, touched = self._store.changed_since(self._seen)
        else:
            self._seen, self._coming = self._store.trail_end(), {}
            touched = self._store.settled()
        self._note(touched, rules)
        self._in_force, self._looked_at = rules, now

    def _note(self, tickets: Iterable[str], rules: Configuration) -> None:
        complaints = self._store.complaints_of(tickets)
        closed = {ticket: each for ticket, each in complaints.items() if each.closed}
        clocks = self._store.clocks(closed) if closed else {}
        for ticket in complaints:
            at = reporting.comes_up(closed[ticket], clocks[ticket], rules) if ticket in closed else None
            if at is None:
                self._coming.pop(ticket, None)
            else:
                self._coming[ticket] = at

    def _take_up(self, ticket: str, rules: Configuration, now: datetime) -> int:
        """Do what is to be done about one complaint. Returns: how many reports were written."""
        complaint, clocks = self._store.complaint(ticket), self._store.clocks([ticket])[ticket]
        facts = facts_of(self._store, ticket, self._office())
        verdict = reporting.judge(complaint, clocks, lacking_of(facts), rules, now)
        if verdict.again is None:
            self._coming.pop(ticket, None)
        else:
            self._coming[ticket] = max(verdict.again, now + timedelta(microseconds=1))
        match verdict.do:
            case Do.WRITE:
                return self._write(complaint, clocks, verdict.lacking, rules, now)
            case Do.HOLD:
                self._commit(reporting.held(complaint, clocks, verdict, rules, now), complaint, now)
            case Do.FILE:
                self._commit(reporting.filed(complaint, clocks, rules, now), complaint, now)
        return 0

    def _write(
        self,
        complaint: Complaint,
        clocks: Sequence[Clock],
        lacking: Sequence[str],
        rules: Configuration,
        now: datetime,
    ) -> int:
        draft = reporting.completed(complaint, clocks, lacking, rules, now)
        try:
            sealed = self._sealed(complaint, list(draft.clocks.values()), tuple(lacking), rules, now)
        except ErasedError:
            return self._commit(reporting.reported(draft, [reporting.ERASED], None), complaint, now)
        try:
            kept = self._commit(reporting.reported(draft, lacking, sealed), complaint, now)
        except ErasedError:  # meanwhile: the next run knows of it
            self._reports.drop(sealed)
            self._coming[complaint.ticket] = now
            return 0
        if not kept:
            self._reports.drop(sealed)
        return kept

    def _sealed(
        self,
        complaint: Complaint,
        clocks: Sequence[Clock],
        lacking: tuple[str, ...],
        rules: Configuration,
        now: datetime,
    ) -> SealedReport:
        """Raises: ErasedError."""
        ticket = complaint.ticket
        self._store.intake(ticket)
        documents = self._documents(ticket)
        facts = report_facts(self._store, ticket, self._office(), rules, now=now, documents=documents, clocks=clocks)
        pdf = render(Paper.REPORT, facts)
        return self._reports.seal(ticket, complaint.round, pdf, now=now, missing=lacking)

    def _commit(self, change: Change | None, known: Complaint, now: datetime) -> int:
        """1 if it was applied; what changed meanwhile is looked at again by the next run."""
        if change is None:
            return 0
        if self._store.commit_if_unchanged(change, known):
            return 1
        self._coming[known.ticket] = now
        return 0
