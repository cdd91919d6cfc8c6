"""
Counting the office's figures in one pass over the complaints: `register/figures.py` says what they are.

What each complaint adds to a period is in `marks.py`.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import accumulate
from operator import attrgetter

from automation.configuration.in_force import Configuration
from automation.reports.clock_labels import ClockName, clock_labels
from automation.reports.marks import (
    LATE,
    ON_TIME,
    OVERDUE,
    RATINGS,
    Counted,
    counted_in,
    looked_after,
    marks_of,
)
from automation.reports.served import Served
from automation.sop.deadlines import step_of
from register.cases import Case, Cases
from register.complaint import Complaint
from register.figures import HIDDEN, Chosen, Dimension, Emergencies, Figures, Outcome, Timing, Verdicts
from register.periods import Period

ALL = Chosen()
Told = Callable[[Period, Counted], None]


class Counting:
    """`register.figures.Statistics` over a store, with the calendar and norms that are in force when it counts."""

    def __init__(self, store: Cases, rules: Callable[[datetime], Configuration]) -> None:
        self._store = store
        self._rules = rules

    def figures(
        self, periods: Sequence[Period], now: datetime, chosen: Chosen = ALL, told: "Told | None" = None
    ) -> Sequence[Figures]:
        """
        The figures of each period, in the same order, counted in one go.

        Args:
            told: Is told what each complaint adds to each period, in the order of recording.
        """
        if not periods:
            return ()
        rules = self._rules(now)
        served = Served(rules.calendar)
        tallies = [_Tally(period, *bounds(period, now)) for period in periods]
        for case in self._cases(periods, now, chosen):
            for tally in tallies:
                if tally.concerns(case):
                    counted = counted_in(case, tally.since, tally.until, now, served)
                    tally.add(counted)
                    if told is not None:
                        told(tally.period, counted)
        return [tally.figures(rules) for tally in tallies]

    def tickets(self, period: Period, now: datetime, chosen: Chosen, of: str) -> Sequence[str]:
        """The complaints that bear a mark, in the order of recording; none for a mark that nothing bears."""
        since, until = bounds(period, now)
        return [
            case.complaint.ticket
            for case in self._cases([period], now, chosen)
            if of in marks_of(case, since, until, now)
        ]

    def _cases(self, periods: Sequence[Period], now: datetime, chosen: Chosen) -> Iterator[Case]:
        begins, ends = zip(*(bounds(period, now) for period in periods), strict=True)
        since, until = min(begins), max(ends)
        cases = self._store.cases(since, until)
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


def bounds(period: Period, now: datetime) -> tuple[datetime, datetime]:
    """From when up to when it is counted, in UTC, as instants of one zone compare fastest; nothing is after now."""
    until = min(period.until, now).astimezone(UTC)
    return min(period.since.astimezone(UTC), until), until


# -- one period -------------------------------------------------------------------------------------------------------


values_of = attrgetter(*(dimension.value for dimension in Dimension))
"""A complaint's value of each dimension."""


@dataclass
class _Tally:
    """
    What was counted so far.

    Args:
        timed: How often a clock (SOP, key, norm) was kept in a way (`on_time` ...) and took so many minutes.
    """

    period: Period
    since: datetime
    until: datetime
    counts: Counter[str] = field(default_factory=Counter)
    received_by: tuple[Counter[str], ...] = field(default_factory=lambda: tuple(Counter() for _ in Dimension))
    timed: Counter[tuple[str, str, str, str, int | None]] = field(default_factory=Counter)
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
        case = counted.case
        self.counts.update(counted.marks)
        if "received" in counted.marks:
            for values, value in zip(self.received_by, values_of(case.complaint), strict=True):
                values[value] += 1
        if "emergencies" in counted.marks and (minutes := looked_after(case, self.until)) is not None:
            self.looks[minutes] += 1
        procedure = case.complaint.procedure.value
        self.timed.update([(procedure, clock.key, clock.norm, how, minutes) for clock, how, minutes in counted.clocks])
        self.months.add(case)

    def figures(self, rules: Configuration) -> Figures:
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
            timings=[times[name].timing(name, label, rules) for name, label in clock_labels().items() if name in times],
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
        for (procedure, key, norm, how, minutes), count in self.timed.items():
            times = found[procedure, key]
            times.kept[how] += count
            times.norms[norm] += count
            if minutes is not None:
                times.minutes[minutes] += count
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

    def timing(self, name: ClockName, label: str, rules: Configuration) -> Timing:
        (procedure, key), kept, minutes = name, self.kept, self.minutes
        return Timing(
            procedure=procedure,
            key=key,
            label=label,
            norm=self._norm(name, rules),
            on_time=kept[ON_TIME],
            late=kept[LATE],
            overdue=kept[OVERDUE],
            median=quantile(minutes, 1, 2),
            ninth_decile=quantile(minutes, 9, 10),
        )

    def _norm(self, name: ClockName, rules: Configuration) -> str:
        procedure, key = name
        if no := step_of(key):
            return str(rules.procedures[procedure].step(no).norm)
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
        self._received, self._closed, self._opened = ([0] * (len(parts) + 1) for _ in range(3))
        """The last is for what came after all; of what opened, closings are taken away, and it is not summed up."""

    def add(self, case: Case) -> None:
        recorded_at = case.complaint.recorded_at
        recorded = bisect_right(self._ends, recorded_at)
        self._received[recorded] += recorded_at >= self._begins
        self._opened[recorded] += 1
        for closing in case.closings:
            closed = bisect_right(self._ends, closing.act.at)
            ended = bisect_right(self._ends, closing.ended_at) if closing.ended_at else len(self._ends)
            self._opened[max(closed, recorded)] -= 1
            self._opened[max(ended, recorded)] += 1
            self._closed[closed] += recorded <= closed < ended and closing.act.at >= self._begins

    def counted(self) -> Sequence[tuple[Period, int, int, int]]:
        """Of each month: how many were received and closed in it, and open at its end."""
        return list(zip(self._parts, self._received, self._closed, accumulate(self._opened), strict=False))


def quantile(values: Counter[int], part: int, of: int) -> int | None:
    """The nearest-rank value: the ceil(part / of * n)-th smallest of n; None if there is none."""
    rank, passed = -(-part * values.total() // of), 0
    for value in sorted(values):
        passed += values[value]
        if passed >= rank:
            return value
    return None
