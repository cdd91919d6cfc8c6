"""
Reminders and escalations: after each tick, what has come due since the last run is told, once and for all.

A run reads, plans and queues; sending is another job's (`automation/delivery.py`). It may be killed anywhere and run
again: a notice and the message that carries it are committed together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog
from sqlalchemy.exc import IntegrityError

from automation.configuration import Configuration
from automation.escalation import digest_at, horizon, next_service, serving
from automation.notice_plan import Matter, move_notice, plan, still_to_come
from register.complaint import WITA
from register.notices import Notice
from register.store import Store

LOOK_AHEAD = timedelta(hours=1)
"""How long a run may be idle without looking again, and how far it looks for what is to come."""

QUIET_MORNING = timedelta(hours=1)
"""How long after opening notices wait for the digest at the most."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Report:
    """How many notices a run gave and how many messages carry them; `idle_until` is when the next is expected."""

    notices: int = 0
    messages: int = 0
    digests: bool = False
    idle_until: datetime | None = None


@dataclass(frozen=True)
class Move:
    """A deadline that was counted anew: which clock of which complaint, and from when to when."""

    ticket: str
    round: int
    clock: str
    before: datetime
    after: datetime


class Reminders:
    """The reminders of one store. What it remembers only spares work: a new one does the same."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looked: tuple[datetime, datetime, int, Configuration] | None = None

    def moved(self, moves: Iterable[Move], now: datetime) -> None:
        """
        Keep moved deadlines for the next digest of whom they concern.

        To be called before the move itself is committed: a move that is kept twice is told once.
        """
        self._store.note_moves([move_notice(m.ticket, m.round, m.clock, m.before, m.after) for m in moves], now)

    def run(self, rules: Configuration, now: datetime) -> Report:
        """Tell what has come due. Cheap while nothing happened to any complaint and nothing is due."""
        end = self._store.trail_end()
        if self._looked and self._idle(now, end, rules):
            return Report(idle_until=self._looked[1])
        self._looked = None
        today = now.astimezone(WITA).date()
        morning = digest_at(today, rules)
        speak = morning is not None and serving(now, rules.calendar) and now >= min(morning, _end_of_quiet(now, rules))
        digest = speak and morning is not None and now >= morning and self._no_digest_since(today)
        moves = self._store.waiting_moves() if digest else []
        matters = self._matters(rules, now, moves, speak=speak, digest=digest)
        batch = plan(matters.values(), moves=moves, rules=rules, now=now, speak=speak, digest=digest)
        if batch.notices or batch.digest_on:
            try:
                self._store.queue(batch, now)
            except IntegrityError:  # another worker was first; the next run sees what it told
                log.warning("notices_told_by_another")
                return Report()
            log.info("notices", notices=len(batch.notices), messages=len(batch.messages), digest=digest)
            return Report(len(batch.notices), len(batch.messages), digest)
        until = self._idle_until(matters, rules, now, morning)
        self._looked = (now, until, end, rules)
        return Report(idle_until=until)

    def _idle(self, now: datetime, end: int, rules: Configuration) -> bool:
        """Nothing has happened since the last look, which found nothing due before some later instant."""
        if self._looked is None:
            return False
        looked_at, until, seen, in_force = self._looked
        return looked_at <= now < until and seen == end and in_force is rules

    def _no_digest_since(self, on: date) -> bool:
        made = self._store.digest_made_on()
        return made is None or made < on

    def _matters(
        self, rules: Configuration, now: datetime, moves: Iterable[Notice], *, speak: bool, digest: bool
    ) -> dict[str, Matter]:
        """Complaints of which something may have to be told; while the office sleeps only those of a Darurat."""
        until = horizon(now + LOOK_AHEAD, rules) if speak else now - timedelta(days=36500)
        if digest:
            tomorrow = now.astimezone(WITA).date() + timedelta(days=1)
            until = max(until, datetime.combine(tomorrow, time.min, WITA))
        clocks = self._store.clocks_due(until)
        fresh = set(self._store.newly_disposed()) if speak else set()
        tickets = {*clocks, *fresh, *(move.ticket for move in moves)}
        complaints, told = self._store.complaints_of(tickets), self._store.told(tickets)
        return {
            ticket: Matter(complaint, clocks.get(ticket, ()), told[ticket], ticket in fresh)
            for ticket, complaint in complaints.items()
        }

    def _idle_until(
        self,
        matters: dict[str, Matter],
        rules: Configuration,
        now: datetime,
        morning: datetime | None,
    ) -> datetime:
        times = [now + LOOK_AHEAD]
        if (due := still_to_come(matters, rules, now)) is not None:
            times.append(due)
        times += [
            at for at in (morning, _end_of_quiet(now, rules), next_service(now, rules.calendar)) if at and at > now
        ]
        return min(times)


def _end_of_quiet(now: datetime, rules: Configuration) -> datetime:
    """Until then the day's first notices wait for the digest; a digest late in the day does not hold them up."""
    day = datetime.combine(now.astimezone(WITA).date(), time.min, WITA)
    return next_service(day, rules.calendar) + QUIET_MORNING
