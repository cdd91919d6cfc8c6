"""
Counting the office's figures in one pass over the complaints: `register/figures.py` says what they are.

What a complaint adds to a period is said once, as marks (`received`, `closed`, `late:online:langkah.5`). Figures count
the marks and a drill-down lists the complaints that bear one, so neither can say other than the other.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from automation.configuration.in_force import Configuration
from automation.disposition.categories import Urgency
from automation.reports.clock_labels import ClockName, clock_labels
from automation.reports.served import Served
from automation.sop.acts import load_acts
from automation.sop.deadlines import EMERGENCY, step_of
from register.cases import Case, CaseAct, Cases
from register.complaint import Clock, Complaint, Pause, Status
from register.figures import Chosen, Dimension, Emergencies, Figures, Outcome, Timing, Verdicts
from register.periods import Period

ALL = Chosen()
RATINGS = range(1, 6)
ON_TIME, LATE, OVERDUE = "on_time", "late", "overdue"
SETTLED = frozenset({Outcome.SETTLED_BY_STAFF, Outcome.SETTLED_BY_REPORTER, Outcome.SETTLED_BY_TIME})
_BY_STATUS = {
    Status.TRANSFERRED: Outcome.TRANSFERRED,
    Status.OUT_OF_AUTHORITY: Outcome.OUT_OF_AUTHORITY,
    Status.WITHDRAWN: Outcome.WITHDRAWN,
    Status.MERGED: Outcome.MERGED,
}
"""Of a closing whose act is none that closes: settled by the office where no status says otherwise."""
_MINUTE = timedelta(minutes=1)


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


# -- what a complaint adds to a period --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Timed:
    """A clock that counts in a period: how (`on_time`, `late`, `overdue`), and the minutes of service that it took."""

    clock: Clock
    how: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """What a complaint adds to a period: a mark for each time, and its clocks."""

    case: Case
    marks: Sequence[str]
    clocks: Sequence[Timed]


Told = Callable[[Period, Counted], None]


def counted_in(case: Case, since: datetime, until: datetime, now: datetime, served: Served) -> Counted:
    """What a complaint adds between two instants in UTC."""
    pauses = case.complaint.pauses
    clocks = [
        Timed(clock, how, None if how == OVERDUE else served.minutes(clock.begun_at, clock.done_at or until, pauses))
        for clock, how in _counted_clocks(case, since, until)
    ]
    return Counted(case, tuple(_marks(case, since, until, now)), clocks)


def marks_of(case: Case, since: datetime, until: datetime, now: datetime) -> Iterator[str]:
    """
    Everything that a complaint recorded before `until` counts for, between two instants in UTC; a mark for each time.

    Beside those of `Statistics.tickets`: `pending_before`, `verdict:…` and `emergencies:…`.
    """
    yield from _marks(case, since, until, now)
    for clock, how in _counted_clocks(case, since, until):
        yield f"{how}:{case.complaint.procedure.value}:{clock.key}"


def _marks(case: Case, since: datetime, until: datetime, now: datetime) -> Iterator[str]:
    """Those of no clock."""
    complaint = case.complaint
    if complaint.recorded_at >= until:
        return
    if complaint.recorded_at >= since:
        yield "received"
        if complaint.urgency == Urgency.EMERGENCY:
            yield "emergencies"
            yield f"emergencies:{_seen(case.clocks, until)}"
    elif case.closing_before(since) is None:
        yield "pending_before"
    closing = case.closing_before(until)
    if closing is None:
        yield "pending"
    elif closing.at >= since:
        yield from _closing_marks(case, closing, now)
    yield from _act_marks(case.acts, since, until)


def _counted_clocks(case: Case, since: datetime, until: datetime) -> Iterator[tuple[Clock, str]]:
    if case.complaint.recorded_at < until:
        labels, procedure = clock_labels(), case.complaint.procedure.value
        for clock in case.clocks:
            if (procedure, clock.key) in labels and (how := kept(clock, case, since, until)):
                yield clock, how


def outcome_of(closing: CaseAct) -> Outcome:
    """How a complaint ended, by the act that closed it, or where it stands if that is none of those that close."""
    try:
        return Outcome(closing.key)
    except ValueError:
        return _BY_STATUS.get(closing.status, Outcome.SETTLED_BY_STAFF)


def _closing_marks(case: Case, closing: CaseAct, now: datetime) -> Iterator[str]:
    outcome = outcome_of(closing)
    yield "closed"
    yield f"outcome:{outcome.value}"
    if outcome in SETTLED:
        yield "verdict:by_office"
        yield f"verdict:{_verdict(case, closing, outcome, now)}"


def _verdict(case: Case, closing: CaseAct, outcome: Outcome, now: datetime) -> str:
    """What the reporter said last since it was closed, as long as it was; they may take their time."""
    ended = next((each.ended_at for each in case.closings if each.act is closing), None) or now
    said = [act.rating for act in case.acts if closing.at <= act.at < ended and act.rating]
    rating = said[-1] if said else 0
    if rating in (1, 2):
        return "disputed"
    return "by_reporter" if rating >= 4 or outcome is Outcome.SETTLED_BY_REPORTER else "silent"


def _act_marks(acts: Iterable[CaseAct], since: datetime, until: datetime) -> Iterator[str]:
    for act in acts:
        if since <= act.at < until:
            if act.rating in RATINGS:
                yield f"rating:{act.rating}"
            if act.key in _reopening():
                yield "reopened"


@lru_cache(maxsize=1)
def _reopening() -> frozenset[str]:
    return frozenset(act.key for act in load_acts().values() if act.reopens)


def kept(clock: Clock, case: Case, since: datetime, until: datetime) -> str:
    """Whether a clock was kept in the period, by what its mark begins with; empty if it does not count in it."""
    due, done = clock.due_at, clock.done_at
    if due is None:
        return ""
    if done is not None and since <= done < until:
        return LATE if done > due else ON_TIME
    if not since <= due < until:
        return ""
    if done is None:
        return "" if _stands_still(clock.key, due, case.complaint.pauses) else OVERDUE
    return OVERDUE if done >= until else ""


def _stands_still(key: str, due: datetime, pauses: Sequence[Pause]) -> bool:
    """Whether the office waits for the reporter since before it was due: it is due later, none knows when."""
    return key != EMERGENCY and any(until is None and since <= due for since, until in pauses)


def looked_after(case: Case, until: datetime) -> int | None:
    """Minutes by the clock on the wall until somebody looked at an emergency; None if nobody did before `until`."""
    clock = _emergency_of(case.clocks)
    if clock is None or clock.done_at is None or clock.done_at >= until:
        return None
    return max(clock.done_at - clock.begun_at, timedelta()) // _MINUTE


def _emergency_of(clocks: Iterable[Clock]) -> Clock | None:
    """The clock that the first look at an emergency ends."""
    return next((clock for clock in clocks if clock.key == EMERGENCY), None)


def _seen(clocks: Iterable[Clock], until: datetime) -> str:
    clock = _emergency_of(clocks)
    if clock is None:
        return "unseen"
    if clock.done_at is None or clock.done_at >= until:
        return "waiting" if clock.due_at is not None and clock.due_at >= until else "unseen"
    return "late" if clock.late else "in_time"


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
