"""
Reminders and escalations: after each tick, what has come due since the last run is told, once and for all.

A run reads, plans and queues; sending is another job's (`automation/reminders/delivery.py`). It may be killed anywhere
and run again: a notice and the message that carries it are committed together.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog
from sqlalchemy.exc import IntegrityError

from automation.configuration.in_force import Configuration
from automation.reminders.escalation import digest_at, horizon, next_service, serving
from automation.reminders.notice_plan import Matter, move_notice, next_telling, plan
from register.complaint import WITA
from register.notices import Notice
from register.store import Store

LOOK_AHEAD = timedelta(hours=12)
"""How long one look at everything holds at the most, and so how far it looks for what is to come."""

QUIET_MORNING = timedelta(hours=1)
"""How long after opening notices wait for the digest at the most."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Report:
    """How many notices a run gave, how many messages carry them, and whether it made the morning's digests."""

    notices: int = 0
    messages: int = 0
    digests: bool = False


@dataclass(frozen=True)
class Move:
    """A deadline that was counted anew: which clock of which complaint, and from when to when."""

    ticket: str
    round: int
    clock: str
    before: datetime
    after: datetime


@dataclass
class _Look:
    """
    What the last look at everything found: it holds until `until`, under the same rules and as long as the office may
    or may not be spoken to. Since then only `coming` and what happens after event `seen` matter.
    """

    at: datetime
    until: datetime
    rules: Configuration
    speak: bool
    seen: int
    coming: dict[str, datetime]

    def holds(self, now: datetime, rules: Configuration, *, speak: bool) -> bool:
        """Whether it still tells all that is to come; a clock that was set back ends it."""
        return self.at <= now < self.until and self.rules is rules and self.speak == speak


class Reminders:
    """The reminders of one store. What it remembers only spares work: a new one does the same."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._look: _Look | None = None
        self._made: date | None = None

    def moved(self, moves: Iterable[Move], now: datetime) -> None:
        """
        Keep moved deadlines for the next digest of whom they concern.

        To be called before the move itself is committed: a move that is kept twice is told once.
        """
        self._store.note_moves([move_notice(m.ticket, m.round, m.clock, m.before, m.after) for m in moves], now)

    def run(self, rules: Configuration, now: datetime) -> Report:
        """Tell what has come due. Cheap while nothing happened to any complaint and nothing is due."""
        today = now.astimezone(WITA).date()
        morning = digest_at(today, rules)
        speak = morning is not None and serving(now, rules.calendar) and now >= min(morning, _end_of_quiet(now, rules))
        digest = speak and morning is not None and now >= morning and not self._digest_made(today)
        look, self._look = self._look, None  # should anything fail, the next run looks at everything
        try:
            if look is None or digest or not look.holds(now, rules, speak=speak):
                look = _Look(now, now + LOOK_AHEAD, rules, speak, self._store.trail_end(), {})
                report = self._look_at_everything(look, digest=digest)
            else:
                report = self._look_at_what_changed(look, now)
        except IntegrityError:  # another worker was first; the next run sees what it told
            log.warning("notices_told_by_another")
            return Report()
        self._look = look
        return report

    def _look_at_what_changed(self, look: _Look, now: datetime) -> Report:
        look.seen, touched = self._store.changed_since(look.seen)
        tickets = touched | {ticket for ticket, at in look.coming.items() if at <= now}
        if not tickets:
            return Report()
        fresh = self._store.newly_disposed(tickets) if look.speak else set()
        return self._tell(self._matters(tickets, fresh), look, now)

    def _look_at_everything(self, look: _Look, *, digest: bool) -> Report:
        until = horizon(look.until, look.rules) if look.speak else look.at - timedelta(days=36500)
        if digest:
            tomorrow = look.at.astimezone(WITA).date() + timedelta(days=1)
            until = max(until, datetime.combine(tomorrow, time.min, WITA))
            self._made = None
        moves = self._store.waiting_moves() if digest else []
        fresh = self._store.newly_disposed() if look.speak else set()
        heard = self._store.newly_heard() if look.speak else set()
        tickets = self._store.tickets_due(until) | fresh | heard | {move.ticket for move in moves}
        return self._tell(self._matters(tickets, fresh), look, look.at, moves, digest=digest)

    def _tell(
        self,
        matters: Mapping[str, Matter],
        look: _Look,
        now: datetime,
        moves: Sequence[Notice] = (),
        *,
        digest: bool = False,
    ) -> Report:
        batch = plan(matters.values(), moves=moves, rules=look.rules, now=now, speak=look.speak, digest=digest)
        if batch.notices or batch.digest_on:
            self._store.queue(batch, now)
            log.info("notices", notices=len(batch.notices), messages=len(batch.messages), digest=digest)
        for ticket, matter in matters.items():
            look.coming.pop(ticket, None)
            if (at := next_telling(matter, look.rules, now, speak=look.speak)) is not None:
                look.coming[ticket] = at
        return Report(len(batch.notices), len(batch.messages), digest)

    def _digest_made(self, on: date) -> bool:
        if self._made != on:
            self._made = on if self._store.digest_made(on) else None
        return self._made == on

    def _matters(self, tickets: Collection[str], fresh: Collection[str]) -> dict[str, Matter]:
        complaints, told = self._store.complaints_of(tickets), self._store.told(tickets)
        clocks = self._store.running_clocks_of(tickets)
        return {
            ticket: Matter(complaint, clocks.get(ticket, ()), told[ticket], ticket in fresh)
            for ticket, complaint in complaints.items()
        }


def _end_of_quiet(now: datetime, rules: Configuration) -> datetime:
    """Until then the day's first notices wait for the digest; a digest late in the day does not hold them up."""
    day = datetime.combine(now.astimezone(WITA).date(), time.min, WITA)
    return next_service(day, rules.calendar) + QUIET_MORNING
