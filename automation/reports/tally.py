"""
What was counted of one period so far: of some of its complaints, and joined with what was counted of the others.

What each complaint adds is in `marks.py`, and what the figures are in `register/figures.py`.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from operator import add, attrgetter

from automation.reports.clock_labels import ClockName, clock_labels
from automation.reports.marks import LATE, ON_TIME, OVERDUE, RATINGS, Counted, looked_after
from automation.sop.clock_keys import step_of
from automation.sop.procedures import Procedure
from register.cases import Case
from register.figures import Dimension, Emergencies, Figures, Outcome, Timing, Verdicts
from register.periods import Period

values_of = attrgetter(*(dimension.value for dimension in Dimension))
"""A complaint's value of each dimension."""


def bounds(period: Period, now: datetime) -> tuple[datetime, datetime]:
    """From when up to when it is counted, in UTC, as instants of one zone compare fastest; nothing is after now."""
    until = min(period.until, now).astimezone(UTC)
    return min(period.since.astimezone(UTC), until), until


@dataclass
class Tally:
    """
    What was counted so far.

    Args:
        timed: The minutes that clocks (SOP, key, norm) took, by how they were kept (`on_time` ...): so many that
            counting them one by one would take longer than all else.
    """

    period: Period
    since: datetime
    until: datetime
    counts: Counter[str] = field(default_factory=Counter)
    received_by: tuple[Counter[str], ...] = field(default_factory=lambda: tuple(Counter() for _ in Dimension))
    timed: dict[tuple[str, str, str, str], list[int | None]] = field(default_factory=lambda: defaultdict(list))
    looks: Counter[int] = field(default_factory=Counter)
    months: "_Months" = field(init=False)

    def __post_init__(self) -> None:
        self.months = _Months([part for part in self.period.parts() if part.since < self.until], self.until)

    def concerns(self, case: Case) -> bool:
        """Whether a complaint may add anything: not what came later, nor what was over and done with before."""
        complaint, since = case.complaint, self.since
        if complaint.recorded_at >= self.until:
            return False
        return (
            complaint.updated_at >= since
            or not complaint.closed
            or any((clock.done_at or clock.due_at or since) >= since for clock in case.clocks)
        )

    def add(self, counted: Counted) -> None:
        """One complaint more."""
        case = counted.case
        self.counts.update(counted.marks)
        if "received" in counted.marks:
            for values, value in zip(self.received_by, values_of(case.complaint), strict=True):
                values[value] += 1
        if "emergencies" in counted.marks and (minutes := looked_after(case, self.until)) is not None:
            self.looks[minutes] += 1
        procedure, timed = case.complaint.procedure.value, self.timed
        for clock, how, minutes in counted.clocks:
            timed[procedure, clock.key, clock.norm, how].append(minutes)
        self.months.add(case)

    def join(self, other: "Tally") -> None:
        """What was counted of other complaints of the same period."""
        self.counts.update(other.counts)
        for values, others in zip(self.received_by, other.received_by, strict=True):
            values.update(others)
        for name, minutes in other.timed.items():
            self.timed[name] += minutes
        self.looks.update(other.looks)
        self.months.join(other.months)

    def figures(self, procedures: Mapping[str, Procedure]) -> Figures:
        """What it all comes to; a step's norm is the one that is in force."""
        count, times = self.counts, self._times()
        return Figures(
            period=self.period,
            until=self.until,
            received=count["received"],
            received_by={
                dimension: dict(sorted(values.items()))
                for dimension, values in zip(Dimension, self.received_by, strict=True)
            },
            closed=count["closed"],
            outcomes={outcome: count[f"outcome:{outcome.value}"] for outcome in Outcome},
            pending_before=count["pending_before"],
            pending_after=count["pending"],
            reopened=count["reopened"],
            timings=[
                times[name].timing(name, label, procedures) for name, label in clock_labels().items() if name in times
            ],
            verdicts=self._verdicts(),
            ratings={rating: count[f"rating:{rating}"] for rating in RATINGS},
            emergencies=Emergencies(
                count["emergencies"],
                count["emergencies:in_time"],
                count["emergencies:late"],
                count["emergencies:unseen"],
                quantile(self.looks, 1, 2),
                count["emergencies:waiting"],
            ),
            months=self.months.counted(),
        )

    def _times(self) -> Mapping[ClockName, "_Times"]:
        found: dict[ClockName, _Times] = defaultdict(_Times)
        for (procedure, key, norm, how), minutes in self.timed.items():
            times = found[procedure, key]
            times.kept[how] += len(minutes)
            times.norms[norm] += len(minutes)
            times.minutes.update(each for each in minutes if each is not None)
        return found

    def _verdicts(self) -> Verdicts:
        said = {verdict: self.counts[f"verdict:{verdict}"] for verdict in ("by_reporter", "disputed", "silent")}
        return Verdicts(by_office=sum(said.values()), **said)


@dataclass
class _Times:
    """Of one kind of clock."""

    kept: Counter[str] = field(default_factory=Counter)
    norms: Counter[str] = field(default_factory=Counter)
    minutes: Counter[int] = field(default_factory=Counter)

    def timing(self, name: ClockName, label: str, procedures: Mapping[str, Procedure]) -> Timing:
        (procedure, key), kept, minutes = name, self.kept, self.minutes
        return Timing(
            procedure=procedure,
            key=key,
            label=label,
            norm=self._norm(name, procedures),
            on_time=kept[ON_TIME],
            late=kept[LATE],
            overdue=kept[OVERDUE],
            median=quantile(minutes, 1, 2),
            ninth_decile=quantile(minutes, 9, 10),
        )

    def _norm(self, name: ClockName, procedures: Mapping[str, Procedure]) -> str:
        procedure, key = name
        if no := step_of(key):
            return str(procedures[procedure].step(no).norm)
        return min(self.norms.items(), key=lambda item: (-item[1], item[0]))[0]


class _Months:
    """
    What was received and closed in each month, and what was open at its end.

    Args:
        parts: The months that have begun, in order; the last one is counted up to `until`.
    """

    def __init__(self, parts: Sequence[Period], until: datetime) -> None:
        self._parts = parts
        self._begins = parts[0].since.astimezone(UTC) if parts else until
        self._ends = [min(part.until.astimezone(UTC), until) for part in parts]
        self.received, self.closed, self.opened = ([0] * (len(parts) + 1) for _ in range(3))
        """The last is for what came after all; of what opened, closings are taken away, and it is not summed up."""

    def add(self, case: Case) -> None:
        recorded_at = case.complaint.recorded_at
        recorded = bisect_right(self._ends, recorded_at)
        self.received[recorded] += recorded_at >= self._begins
        self.opened[recorded] += 1
        for closing in case.closings:
            closed = bisect_right(self._ends, closing.act.at)
            ended = bisect_right(self._ends, closing.ended_at) if closing.ended_at else len(self._ends)
            self.opened[max(closed, recorded)] -= 1
            self.opened[max(ended, recorded)] += 1
            self.closed[closed] += recorded <= closed < ended and closing.act.at >= self._begins

    def join(self, other: "_Months") -> None:
        """What was counted of other complaints."""
        self.received = list(map(add, self.received, other.received))
        self.closed = list(map(add, self.closed, other.closed))
        self.opened = list(map(add, self.opened, other.opened))

    def counted(self) -> Sequence[tuple[Period, int, int, int]]:
        """Of each month: how many were received and closed in it, and open at its end."""
        return list(zip(self._parts, self.received, self.closed, accumulate(self.opened), strict=False))


def quantile(values: Counter[int], part: int, of: int) -> int | None:
    """The nearest-rank value: the ceil(part / of * n)-th smallest of n; None if there is none."""
    rank, passed = -(-part * values.total() // of), 0
    for value in sorted(values):
        passed += values[value]
        if passed >= rank:
            return value
    return None
