"""Delivering messages to staff: outside service time only what is urgent, and that until it surely arrived."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog

from automation.channels.outcome import Outcome, Result
from automation.configuration.checked import check
from automation.configuration.in_force import Configuration, from_json
from automation.reminders.escalation import serving
from automation.reminders.people import find
from automation.reminders.working_off import WorkingOff, pause_after, worn_out
from register.complaint import WITA
from register.notices import StaffMessage, State
from register.settings import RESTRICTED_ROLES
from register.store import Store

Send = Callable[[Sequence[str], str, str], Outcome]
"""Sends to some channel URLs a title and a text; takes half a minute at the most and raises nothing it could tell."""

log = structlog.get_logger()


class Delivery(WorkingOff[StaffMessage]):
    """
    Works off the messages to staff.

    Args:
        rules: The configuration in force: who has which channels, and when the office serves.
    """

    lease = "delivery"

    def __init__(
        self,
        store: Store,
        send: Send,
        *,
        holder: str,
        clock: Callable[[], datetime],
        rules: Callable[[datetime], Configuration],
    ) -> None:
        super().__init__(store, holder=holder, clock=clock)
        self._send = send
        self._rules = rules

    def begin(self, now: datetime) -> None:
        """The rules hold for the whole run."""
        self._in_force = self._rules(now)

    def waits(self, now: datetime) -> bool:
        """Only reads."""
        return self._store.messages_wait(now, urgent_only=self._urgent_only(now))

    def claim(self, now: datetime) -> StaffMessage | None:
        """Urgent ones first."""
        return self._store.claim(now, urgent_only=self._urgent_only(now))

    def settle_interrupted(self, now: datetime) -> int:
        """Urgent ones are sent again."""
        return self._store.settle_interrupted(now)

    def work_off(self, message: StaffMessage, now: datetime) -> None:
        """Send it to all channels of its person."""
        outcome = self._deliver(message)
        self._note(message, outcome, self._clock())

    def _urgent_only(self, now: datetime) -> bool:
        return not serving(now, self._in_force.calendar)

    def _deliver(self, message: StaffMessage) -> Outcome:
        officer = find(self._in_force.officers, message.person)
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
        elif worn_out(message.attempts):
            given_up = State.FAILED if outcome.result is Result.REFUSED else State.MAYBE
            self._store.settle(message, given_up, now, outcome.problem)
        else:
            at = now + pause_after(message.attempts, outcome.wait_seconds)
            self._store.try_again(message, now, at, outcome.problem)


def remembered_rules(store: Store, restricted_roles: str = RESTRICTED_ROLES) -> Callable[[datetime], Configuration]:
    """
    The configuration that the last tick found good, as the store remembers it; the seeds before the first.

    It is checked again only once what is remembered, or the year, is another one.
    """
    latest: tuple[Mapping[str, Any], int, Configuration] | None = None

    def rules(now: datetime) -> Configuration:
        nonlocal latest
        remembered, year, before = store.setting("configuration") or {}, now.astimezone(WITA).year, latest
        if before is not None and before[:2] == (remembered, year):
            return before[2]
        last_good = {title: from_json(rows) for title, rows in remembered.items()}
        found = check({}, last_good=last_good, year=year, restricted_roles=restricted_roles).configuration
        latest = remembered, year, found
        return found

    return rules
