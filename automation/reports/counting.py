"""
Counting the office's figures in one pass over the complaints: `register/figures.py` says what they are.

What each complaint adds to a period is in `marks.py`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

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
from register.figures import Chosen, Dimension, Emergencies, Figures, Outcome, Timing, Verdicts
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
        return (case for case in self._store.cases(since, until) if is_chosen(case.complaint, chosen))


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


@dataclass
class _Tally:
    """What was counted so far. `months` are those that have begun, each with its bounds."""

    period: Period
    since: datetime
    until: datetime
    counts: Counter[str] = field(default_factory=Counter)
    received_by: dict[Dimension, Counter[str]] = field(default_factory=lambda: {each: Counter() for each in Dimension})
    minutes: dict[ClockName, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    kept: dict[ClockName, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    norms: dict[ClockName, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    looks: Counter[int] = field(default_factory=Counter)
    months: list["_Month"] = field(init=False)

    def __post_init__(self) -> None:
        self.months = [
            _Month(part, part.since.astimezone(UTC), min(part.until.astimezone(UTC), self.until))
            for part in self.period.parts()
            if part.since < self.until
        ]

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
            for dimension, values in self.received_by.items():
                values[getattr(case.complaint, dimension.value)] += 1
        if "emergencies" in counted.marks and (minutes := looked_after(case, self.until)) is not None:
            self.looks[minutes] += 1
        procedure = case.complaint.procedure.value
        for timed in counted.clocks:
            name = (procedure, timed.clock.key)
            self.kept[name][timed.how] += 1
            self.norms[name][timed.clock.norm] += 1
            if timed.minutes is not None:
                self.minutes[name][timed.minutes] += 1
        for month in self.months:
            month.add(case)

    def figures(self, rules: Configuration) -> Figures:
        count = self.counts
        return Figures(
            period=self.period,
            until=self.until,
            received=count["received"],
            received_by={dimension: dict(sorted(counted.items())) for dimension, counted in self.received_by.items()},
            closed=count["closed"],
            outcomes={outcome: count[f"outcome:{outcome.value}"] for outcome in Outcome},
            pending_before=count["pending_before"],
            pending_after=count["pending"],
            reopened=count["reopened"],
            timings=[self._timing(name, label, rules) for name, label in clock_labels().items() if name in self.norms],
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
            months=[(month.period, month.received, month.closed, month.pending) for month in self.months],
        )

    def _timing(self, name: ClockName, label: str, rules: Configuration) -> Timing:
        (procedure, key), minutes, kept = name, self.minutes[name], self.kept[name]
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
        return min(self.norms[name].items(), key=lambda item: (-item[1], item[0]))[0]

    def _verdicts(self) -> Verdicts:
        said = {verdict: self.counts[f"verdict:{verdict}"] for verdict in ("by_reporter", "disputed", "silent")}
        return Verdicts(by_office=sum(said.values()), **said)


@dataclass
class _Month:
    period: Period
    since: datetime
    until: datetime
    received: int = 0
    closed: int = 0
    pending: int = 0

    def add(self, case: Case) -> None:
        if case.complaint.recorded_at >= self.until:
            return
        self.received += case.complaint.recorded_at >= self.since
        closing = case.closing_before(self.until)
        self.pending += closing is None
        self.closed += closing is not None and closing.at >= self.since


def quantile(values: Counter[int], part: int, of: int) -> int | None:
    """The nearest-rank value: the ceil(part / of * n)-th smallest of n; None if there is none."""
    rank, passed = -(-part * values.total() // of), 0
    for value in sorted(values):
        passed += values[value]
        if passed >= rank:
            return value
    return None
