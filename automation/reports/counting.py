"""
Counting the office's figures in one pass over the complaints: `register/figures.py` says what they are.

What a complaint adds to a period is said once, as marks (`received`, `closed`, `late:online:langkah.5`). Figures count
the marks and a drill-down lists the complaints that bear one, so neither can say other than the other.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

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

    def figures(self, periods: Sequence[Period], now: datetime, chosen: Chosen = ALL) -> Sequence[Figures]:
        """The figures of each period, in the same order, counted in one go."""
        if not periods:
            return ()
        rules = self._rules(now)
        served = Served(rules.calendar)
        tallies = [_Tally(period, *_bounds(period, now)) for period in periods]
        for case in self._cases(periods, now, chosen):
            for tally in tallies:
                tally.add(case, now, served)
        return [tally.figures(rules) for tally in tallies]

    def tickets(self, period: Period, now: datetime, chosen: Chosen, of: str) -> Sequence[str]:
        """The complaints that bear a mark, in the order of recording; none for a mark that nothing bears."""
        since, until = _bounds(period, now)
        return [
            case.complaint.ticket
            for case in self._cases([period], now, chosen)
            if of in marks_of(case, since, until, now)
        ]

    def _cases(self, periods: Sequence[Period], now: datetime, chosen: Chosen) -> Iterator[Case]:
        bounds = [_bounds(period, now) for period in periods]
        since, until = min(since for since, _ in bounds), max(until for _, until in bounds)
        return (case for case in self._store.cases(since, until) if is_chosen(case.complaint, chosen))


def is_chosen(complaint: Complaint, chosen: Chosen) -> bool:
    """Whether a complaint is one of those that are to be counted."""
    return (not chosen.procedure or complaint.procedure == chosen.procedure) and all(
        getattr(complaint, dimension.value) == value for dimension, value in chosen.values.items()
    )


def _bounds(period: Period, now: datetime) -> tuple[datetime, datetime]:
    """From when up to when it is counted, in UTC, as instants of one zone compare fastest; nothing is after now."""
    until = min(period.until, now).astimezone(UTC)
    return min(period.since.astimezone(UTC), until), until


# -- what a complaint adds to a period --------------------------------------------------------------------------------


def marks_of(case: Case, since: datetime, until: datetime, now: datetime) -> Iterator[str]:
    """
    Everything that a complaint recorded before `until` counts for, between two instants in UTC; a mark for each time.

    Beside those of `Statistics.tickets`: `pending_before`, `verdict:…` and `emergencies:…`.
    """
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
    for clock in case.clocks:
        if (complaint.procedure.value, clock.key) in clock_labels() and (how := kept(clock, case, since, until)):
            yield f"{how}:{complaint.procedure.value}:{clock.key}"


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
            if act.key in load_acts() and load_acts()[act.key].reopens:
                yield "reopened"


def kept(clock: Clock, case: Case, since: datetime, until: datetime) -> str:
    """Whether a clock was kept in the period, by what its mark begins with; empty if it does not count in it."""
    due, done = clock.due_at, clock.done_at
    if due is None:
        return ""
    if done is not None and since <= done < until:
        return "late" if done > due else "on_time"
    if not since <= due < until:
        return ""
    if done is None:
        return "" if _stands_still(clock.key, due, case.complaint.pauses) else "overdue"
    return "overdue" if done >= until else ""


def _stands_still(key: str, due: datetime, pauses: Sequence[Pause]) -> bool:
    """Whether the office waits for the reporter since before it was due: it is due later, none knows when."""
    return key != EMERGENCY and any(until is None and since <= due for since, until in pauses)


def emergency_of(clocks: Iterable[Clock]) -> Clock | None:
    """The clock that the first look at an emergency ends."""
    return next((clock for clock in clocks if clock.key == EMERGENCY), None)


def _seen(clocks: Iterable[Clock], until: datetime) -> str:
    clock = emergency_of(clocks)
    if clock is None or clock.done_at is None or clock.done_at >= until:
        return "unseen"
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
    norms: dict[ClockName, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    looks: Counter[int] = field(default_factory=Counter)
    months: list["_Month"] = field(init=False)

    def __post_init__(self) -> None:
        self.months = [
            _Month(part, part.since.astimezone(UTC), min(part.until.astimezone(UTC), self.until))
            for part in self.period.parts()
            if part.since < self.until
        ]

    def add(self, case: Case, now: datetime, served: Served) -> None:
        complaint = case.complaint
        marks = list(marks_of(case, self.since, self.until, now))
        if not marks and complaint.recorded_at >= self.until:
            return
        self.counts.update(marks)
        if "received" in marks:
            for dimension, counted in self.received_by.items():
                counted[getattr(complaint, dimension.value)] += 1
            if complaint.urgency == Urgency.EMERGENCY:
                self._look(case)
        for clock in case.clocks:
            self._time(clock, case, served)
        for month in self.months:
            month.add(case)

    def _time(self, clock: Clock, case: Case, served: Served) -> None:
        name = (case.complaint.procedure.value, clock.key)
        if name not in clock_labels() or not (how := kept(clock, case, self.since, self.until)):
            return
        self.norms[name][clock.norm] += 1
        if how != "overdue" and clock.done_at is not None:
            took = served.minutes(clock.begun_at, clock.done_at, case.complaint.pauses)
            self.minutes[name][took] += 1

    def _look(self, case: Case) -> None:
        clock = emergency_of(case.clocks)
        if clock is not None and clock.done_at is not None and clock.done_at < self.until:
            self.looks[max(clock.done_at - clock.begun_at, timedelta()) // _MINUTE] += 1

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
            ),
            months=[(month.period, month.received, month.closed, month.pending) for month in self.months],
        )

    def _timing(self, name: ClockName, label: str, rules: Configuration) -> Timing:
        (procedure, key), minutes = name, self.minutes[name]
        return Timing(
            procedure=procedure,
            key=key,
            label=label,
            norm=self._norm(name, rules),
            on_time=self.counts[f"on_time:{procedure}:{key}"],
            late=self.counts[f"late:{procedure}:{key}"],
            overdue=self.counts[f"overdue:{procedure}:{key}"],
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
