"""
Delivering messages to staff: claim one, send it outside any transaction, note what became of it.

It runs beside the tick, so that a server which does not answer holds up nothing but other messages, and each of those
for `SEND_SECONDS` at the most. One sender at a time, by a lease in the store.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from automation.channels.outcome import Outcome, Result
from automation.configuration.checked import check
from automation.configuration.in_force import Configuration, from_json
from automation.reminders.escalation import serving
from automation.reminders.people import find
from register.complaint import WITA
from register.notices import StaffMessage, State
from register.settings import RESTRICTED_ROLES
from register.store import Store

Send = Callable[[Sequence[str], str, str], Outcome]
"""Sends to some channel URLs a title and a text; takes half a minute at the most and raises nothing it could tell."""

LEASE_SECONDS = 120
MOST_AT_ONCE = 20
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
"""Before each further attempt at what nobody accepted; after the last the message has failed."""
LONGEST_WAIT = timedelta(hours=6)
"""A server that asks for a longer pause is asked again by then."""

log = structlog.get_logger()


class Delivery:
    """
    Works off the queue of messages.

    Args:
        rules: The configuration in force: who has which channels, and when the office serves.
        holder: Names this program to the lease; the same after a restart with the same data folder.
        clock: Gives the present after each message, which may have taken a while.
    """

    def __init__(
        self,
        store: Store,
        send: Send,
        *,
        holder: str,
        clock: Callable[[], datetime],
        rules: Callable[[datetime], Configuration],
    ) -> None:
        self._store = store
        self._send = send
        self._holder = holder
        self._clock = clock
        self._rules = rules
        self._settled = False

    def __call__(self, now: datetime) -> int:
        """Send what waits, outside service time only what is urgent. Returns: how many messages were sent or tried."""
        rules = self._rules(now)
        for count in range(MOST_AT_ONCE):
            urgent_only = not serving(now, rules.calendar)
            if self._settled and not self._store.messages_wait(now, urgent_only=urgent_only):
                return count
            if not self._store.hold_lease("delivery", self._holder, now=now, seconds=LEASE_SECONDS):
                self._settled = False
                return count
            if not self._settled:
                self._settle_interrupted(now)
            message = self._store.claim(now, urgent_only=urgent_only)
            if message is None:
                return count
            self._settled = False  # should anything fail from here on, the next run settles it
            outcome = self._deliver(message, rules)
            now = self._clock()
            self._note(message, outcome, now)
            self._settled = True
        return MOST_AT_ONCE

    def _settle_interrupted(self, now: datetime) -> None:
        """What an earlier run left half done: nobody else sends now, so whatever is being sent is not."""
        if count := self._store.settle_interrupted(now):
            log.warning("notices_interrupted", count=count)
        self._settled = True

    def _deliver(self, message: StaffMessage, rules: Configuration) -> Outcome:
        officer = find(rules.officers, message.person)
        if officer is None or not officer.channels:
            return Outcome(Result.REFUSED, "penerima tidak lagi mempunyai kanal pada tab Petugas")
        return self._send(officer.channels, message.title, message.text)

    def _note(self, message: StaffMessage, outcome: Outcome, now: datetime) -> None:
        log.info(
            "notice_sent" if outcome.result is Result.SENT else "notice_not_sent",
            message=message.id,
            attempt=message.attempts,
            result=outcome.result.value,
        )
        if outcome.result is Result.SENT:
            self._store.settle(message, State.SENT, now, outcome.problem)
        elif outcome.result is Result.UNSURE and not message.urgent:
            self._store.settle(message, State.MAYBE, now, outcome.problem)
        elif message.attempts > len(PAUSES):
            given_up = State.FAILED if outcome.result is Result.REFUSED else State.MAYBE
            self._store.settle(message, given_up, now, outcome.problem)
        else:
            pause = min(max(PAUSES[message.attempts - 1], timedelta(seconds=outcome.wait_seconds)), LONGEST_WAIT)
            self._store.try_again(message, now, now + pause, outcome.problem)


def remembered_rules(store: Store, restricted_roles: str = RESTRICTED_ROLES) -> Callable[[datetime], Configuration]:
    """The configuration that the last tick found good, as the store remembers it; the seeds before the first."""

    def rules(now: datetime) -> Configuration:
        remembered = store.setting("configuration") or {}
        last_good = {title: from_json(rows) for title, rows in remembered.items()}
        year = now.astimezone(WITA).year
        return check({}, last_good=last_good, year=year, restricted_roles=restricted_roles).configuration

    return rules
