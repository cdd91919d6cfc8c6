"""What the reporter's own pages ask of the SOP: what they may do, what an act makes, and which steps there are."""

from collections.abc import Callable, Sequence
from datetime import datetime

from automation.configuration.in_force import Configuration
from automation.sop.acts import Refused
from automation.sop.decision import decide_by_reporter, reporter_acts
from automation.sop.procedures import load_procedures
from register.changes import Change
from register.complaint import Clock, Complaint


class ReporterDesk:
    """
    Answers by the rules in force.

    Args:
        rules: The configuration in force at an instant, as the last tick found it.
    """

    def __init__(self, rules: Callable[[datetime], Configuration]) -> None:
        self._rules = rules

    def acts(self, complaint: Complaint, clocks: Sequence[Clock], now: datetime) -> tuple[str, ...]:
        """Keys of the acts that the reporter may do now."""
        return reporter_acts(complaint, clocks, now)

    def decide(
        self, complaint: Complaint, act: str, clocks: Sequence[Clock], now: datetime, *, said: str = "", rating: int = 0
    ) -> Change | str:
        """What their act makes of the complaint, or one Indonesian sentence that says why it may not be done."""
        found = decide_by_reporter(complaint, act, clocks, self._rules(now), now, said=said, rating=rating)
        return found.reason if isinstance(found, Refused) else found

    def steps(self, complaint: Complaint) -> tuple[str, ...]:
        """The short names of its SOP's steps, from the first on."""
        return tuple(step.short for step in load_procedures()[complaint.procedure.value].steps)
