"""
Counting the office's figures in one pass over the complaints: `register/figures.py` says what they are.

What each complaint adds to a period is in `marks.py`, and how that is summed up in `tally.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from automation.calendars.office_calendar import Calendar
from automation.reports.case_data import CaseData
from automation.reports.marks import counted_in, marks_of
from automation.reports.served import Served
from automation.reports.several_processes import counted_apart
from automation.reports.tally import Tally, bounds
from register.cases import Case, Cases
from register.complaint import Complaint
from register.figures import HIDDEN, Chosen, Figures
from register.periods import Period

if TYPE_CHECKING:
    from automation.configuration.in_force import Configuration  # processes that only count need not load it

ALL = Chosen()


@dataclass(frozen=True)
class Question:
    """
    What is to be counted: all that another process has to know of it.

    Args:
        calendar: By which minutes of service are counted.
        data_of: The period of which rows for an Excel file are kept; None for none.
    """

    periods: Sequence[Period]
    now: datetime
    chosen: Chosen
    calendar: Calendar
    data_of: Period | None = None

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """From when up to when anything counts."""
        begins, ends = zip(*(bounds(period, self.now) for period in self.periods), strict=True)
        return min(begins), max(ends)

    def count(self, cases: Iterable[Case]) -> "Count":
        """What some complaints come to."""
        served, count = Served(self.calendar), Count(self)
        for case in wanted(cases, self.chosen):
            for tally in count.tallies:
                if tally.concerns(case):
                    counted = counted_in(case, tally.since, tally.until, self.now, served)
                    tally.add(counted)
                    if tally.period == self.data_of:
                        count.data.add(counted, tally.until)
        return count


class Count:
    """What some complaints come to, by period; counts of different complaints can be joined."""

    def __init__(self, asked: Question) -> None:
        self.tallies = [Tally(period, *bounds(period, asked.now)) for period in asked.periods]
        self.data = CaseData()

    def join(self, later: "Count") -> None:
        """That of complaints which were recorded later."""
        for tally, other in zip(self.tallies, later.tallies, strict=True):
            tally.join(other)
        self.data.join(later.data)


class Counting:
    """`register.figures.Statistics` over a store, with the calendar and norms that are in force when it counts."""

    def __init__(self, store: Cases, rules: "Callable[[datetime], Configuration]") -> None:
        self._store = store
        self._rules = rules

    def figures(self, periods: Sequence[Period], now: datetime, chosen: Chosen = ALL) -> Sequence[Figures]:
        """The figures of each period, in the same order, counted in one go."""
        return self.figures_and_data(periods, now, chosen)[0]

    def figures_and_data(
        self, periods: Sequence[Period], now: datetime, chosen: Chosen = ALL, data_of: Period | None = None
    ) -> tuple[Sequence[Figures], CaseData]:
        """The figures, and of one period the rows that its Excel file counts from."""
        if not periods:
            return (), CaseData()
        rules = self._rules(now)
        asked = Question(periods, now, chosen, rules.calendar, data_of)
        tickets = self._store.touched(*asked.bounds)
        count = Count(asked)
        for part in counted_apart(self._store, tickets, asked.count):
            count.join(part)
        return [tally.figures(rules.procedures) for tally in count.tallies], count.data

    def tickets(self, period: Period, now: datetime, chosen: Chosen, of: str) -> Sequence[str]:
        """The complaints that bear a mark, in the order of recording; none for a mark that nothing bears."""
        since, until = bounds(period, now)
        return [
            case.complaint.ticket
            for case in wanted(self._store.cases(since, until), chosen)
            if of in marks_of(case, since, until, now)
        ]


def wanted(cases: Iterable[Case], chosen: Chosen) -> Iterator[Case]:
    """Those that are to be counted, as they are to be seen."""
    return (case for case in (map(hidden, cases) if chosen.hides else cases) if is_chosen(case.complaint, chosen))


def hidden(case: Case) -> Case:
    """A case without what the shared register hides of a restricted one; itself if it is none."""
    if not case.complaint.maybe_restricted:
        return case
    return replace(case, complaint=replace(case.complaint, category=HIDDEN, bidang=HIDDEN, district=HIDDEN))


def is_chosen(complaint: Complaint, chosen: Chosen) -> bool:
    """Whether a complaint is one of those that are to be counted."""
    return (not chosen.procedure or complaint.procedure == chosen.procedure) and all(
        getattr(complaint, dimension.value) == value for dimension, value in chosen.values.items()
    )
