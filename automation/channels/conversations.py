"""
The job that decides on what people write by channels (`conversing.py`) and does it (`deeds.py`).

A plan is committed before it is done, and done again if it was interrupted: killed anywhere, there is exactly one
complaint and no message is lost. One conversation that fails never keeps the others waiting.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from automation.channels.conversing import converse, disposition_of
from automation.channels.deeds import Deeds
from automation.channels.verdicts import Ask, Case, Deed, Plan, Wait
from automation.configuration.in_force import Configuration
from automation.disposition.categories import Urgency
from automation.sop.corrections import proposed
from register.complaint import WITA, Clock, Complaint, Intake
from register.message_groups import Group
from register.reporter_messages import MessageKind, ReporterMessage
from register.sealed_messages import GroupState
from register.store import Store
from register.undecided import Deciding

LEASE_SECONDS = 300
MOST_AT_ONCE = 200
"""Conversations in one run."""
MOST_LOOKED_AT = 100
"""Groups that wait for staff, looked at again in one run."""
MOST_STEPS = 50
"""Decisions about one conversation in one run."""
MOST_CASES = 20
"""As many of a conversation's complaints are looked at, the newest."""
PAUSES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""Before a conversation that failed is tried again."""
_STATES = {Deed.BOX: GroupState.BOXED, Deed.DROP: GroupState.DONE}

log = structlog.get_logger()


class Conversations:
    """
    Works off what waits to be decided on.

    Args:
        deeds: Does what was decided.
        tell: Queues what is told in the conversation.
        rules: The configuration in force.
        holder: Names this program to the lease; the same after a restart with the same data folder.
    """

    def __init__(
        self,
        store: Store,
        deeds: Deeds,
        *,
        rules: Callable[[datetime], Configuration],
        holder: str,
    ) -> None:
        self._store = store
        self._deeds = deeds
        self._rules = rules
        self._holder = holder
        self._looked_with: object = None
        self._looked_up_to = 0
        self._looked_at_all = False

    def __call__(self, now: datetime) -> int:
        """One run. Returns: how many decisions were made or done."""
        if not self._store.hold_lease("conversations", self._holder, now=now, seconds=LEASE_SECONDS):
            return 0
        rules = self._rules(now)
        self._look_again(rules, now)
        self._take_out_of_sight(now)
        waiting = self._store.conversations_to_decide(now, MOST_AT_ONCE)
        return sum(self._decide_on(each, rules, now) for each in waiting)

    def _look_again(self, rules: Configuration, now: datetime) -> None:
        """
        With other rules, what waits for staff may be something that not all of them may read.

        Some at a time, the oldest first, so that what comes in meanwhile is not kept waiting.
        """
        if rules.rules is not self._looked_with:
            self._looked_with, self._looked_up_to, self._looked_at_all = rules.rules, 0, False
        if self._looked_at_all:
            return
        groups = self._store.boxed_groups(MOST_LOOKED_AT, after=self._looked_up_to)
        for group in groups:
            if group.messages and disposition_of(group.messages, rules).restricted:
                self._store.replan_group(group, Deed.COMPLAINT, now)
            self._looked_up_to = group.id
        self._looked_at_all = len(groups) < MOST_LOOKED_AT

    def _take_out_of_sight(self, now: datetime) -> None:
        """Whoever has a complaint that not all staff may read must not show up where they all do, nor afterwards."""
        for number, ticket in self._store.boxed_beside_secrets().items():
            if (group := self._store.message_group(number)) and group.messages:
                self._store.replan_group(group, Deed.NOTE, now, ticket=ticket)

    def _decide_on(self, deciding: Deciding, rules: Configuration, now: datetime) -> int:
        try:
            return self._decide(deciding, rules, now)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one conversation concerns no other
            log.warning("conversation_failed", conversation=deciding.conversation, error=type(error).__name__)
            pause = PAUSES[min(deciding.attempts, len(PAUSES) - 1)]
            self._store.conversation_later(deciding, now + pause, failed=True)
            return 0

    def _decide(self, deciding: Deciding, rules: Configuration, now: datetime) -> int:
        conversation, count = deciding.conversation, 0
        while count < MOST_STEPS:
            for group in self._store.planned_groups(conversation):
                self._deeds.do(group, rules, now)
                count += 1
            found = self._store.undecided_messages(conversation)
            verdict = converse(
                found.channel,
                found.messages,
                self._cases(conversation, rules) if found.messages else (),
                rules,
                now,
                asked_at=found.asked_at,
            )
            if verdict is None or isinstance(verdict, Wait):
                self._store.conversation_later(deciding, verdict.until if verdict else None)
                return count
            if isinstance(verdict, Ask):
                day = now.astimezone(WITA).date().isoformat()
                question = ReporterMessage(
                    MessageKind.NEEDS_TEXT, channel=found.channel, conversation=conversation, mark=day
                )
                self._store.queue_message(question, now)
                self._store.note_asked(conversation, now)
            else:
                self._plan(conversation, verdict, now)
            count += 1
        self._store.conversation_later(deciding, now)
        return count

    def _plan(self, conversation: int, plan: Plan, now: datetime) -> Group | None:
        log.info("messages_decided", conversation=conversation, deed=plan.deed.value, count=len(plan.messages))
        return self._store.plan_messages(
            conversation,
            plan.messages,
            plan.deed.value,
            now,
            state=_STATES.get(plan.deed, GroupState.PLANNED),
            act=plan.act,
            ticket=plan.ticket,
            rating=plan.rating,
            hint=plan.hint,
        )

    def _cases(self, conversation: int, rules: Configuration) -> list[Case]:
        """What the conversation is about, the newest first; what was erased is nobody's case any more."""
        links = self._store.links_of_conversation(conversation)[:MOST_CASES]
        tickets = [link.ticket for link in links]
        complaints, clocks = self._store.complaints_of(tickets), self._store.clocks(tickets)
        said = self._store.intakes(tickets)
        return [
            _case(complaints[link.ticket], said[link.ticket], link.own, rules, clocks.get(link.ticket, ()))
            for link in links
            if link.ticket in complaints and link.ticket in said
        ]


def _case(complaint: Complaint, said: Intake, own: bool, rules: Configuration, clocks: Sequence[Clock]) -> Case:
    """What nobody has looked at yet is taken for what its words make of it."""
    restricted, urgency = complaint.restricted, complaint.urgency
    if complaint.step_begun_at is None:
        found = proposed(said, rules)
        restricted, urgency = restricted or found.restricted, found.urgency.value
    return Case(complaint, clocks, own, restricted, urgency == Urgency.EMERGENCY.value, said.subject)
