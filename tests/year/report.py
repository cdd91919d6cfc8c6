"""What a year came to: deadlines compared, service levels by step, and whether register and trail are whole."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

import sqlalchemy as sa

from automation.sop.procedures import load_procedures
from register import tables
from register.complaint import STATUS_LABELS, Clock, Complaint, Event, EventKind
from tests.year.brute_force import LAST_STEP, Comparison, Told, compare, told
from tests.year.simulation import Year, rules_of_the_year
from tests.year.timetable import Rules, Timetable, instant, minute

PORTION = 500


@dataclass
class Outcome:
    """See the module. `faults` are sentences; there should be none."""

    comparison: Comparison = field(default_factory=Comparison)
    kept: list[tuple[Complaint, Clock]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


def examine(year: Year) -> Outcome:
    """Compare every clock in the store with its trail, and look at register and trail as a whole."""
    began = time.monotonic()
    outcome, store, rules, end = Outcome(), year.office.store, rules_of_the_year(), instant(year.ended)
    complaints = store.complaints()
    for some in _portions(list(complaints)):
        for ticket, clocks in store.clocks(some).items():
            complaint = complaints[ticket]
            events = store.events(ticket)
            case = told(events, rules, end)
            kept = {(clock.round, clock.key): _kept(clock) for clock in clocks}
            limits = [None if at is None else minute(at) for at in (complaint.due_at, complaint.step_due_at)]
            compare(outcome.comparison, complaint.register_number, kept, case, *limits)
            outcome.faults += _report_faults(complaint.register_number, events, kept, complaint.procedure, rules)
            if case.status != complaint.status:
                outcome.comparison.differs(complaint.register_number, complaint.status, case.status)
            outcome.kept += [(complaint, clock) for clock in clocks]
    outcome.faults += _register_faults(year, complaints)
    outcome.faults += _notice_faults(year, outcome, rules)
    outcome.faults += [str(finding) for finding in store.verify().findings]
    outcome.seconds = time.monotonic() - began
    return outcome


def _report_faults(
    name: str, events: Sequence[Event], kept: Mapping[tuple[int, str], Told], sop: str, rules: Sequence[Rules]
) -> Iterable[str]:
    """Case reports written too early or late, twice in a round, or not at all before the complaint was filed."""
    last, round_, written, by_hand, closed = f"langkah.{LAST_STEP[sop]}", 0, set[int](), False, 0
    for event in events:
        at, act = minute(event.at), event.data.get("act")
        if event.data.get("status") in ("resolved", "transferred", "out_of_authority", "withdrawn"):
            closed = at
        if act == "buka_kembali":
            round_ += 1
        elif act == "arsipkan" and event.actor != "sistem":
            by_hand = True  # then the report follows at once
        elif act == "arsipkan" and round_ not in written:
            yield f"{name}: filed by itself before its report was written"
        elif event.kind is EventKind.REPORTED:
            if round_ in written:
                yield f"{name}: reported twice in round {round_}"
            written.add(round_)
            clock = kept[round_, last]
            in_force = next(each for each in reversed(rules) if each.since <= at)
            soonest = (
                at if by_hand else in_force.timetable.due(max(clock.begun, closed), [in_force.norms["laporan_setelah"]])
            )
            if at < min(soonest, (clock.due or soonest) - 30) or (clock.due is not None and at > clock.due):
                yield f"{name}: reported at {instant(at)}, closed at {instant(clock.begun)}"


def _register_faults(year: Year, complaints: dict[str, Complaint]) -> Iterable[str]:
    values = year.office.staff.read(["Register"])["Register"]
    shown = Counter(str(cells[0]) for cells in values.rows if cells)
    for ticket in shown.keys() | complaints.keys():
        if shown[ticket] != (ticket in complaints):
            yield f"{ticket or 'a row without ticket'}: {shown[ticket]} times in the register"
    place = values.header.index("Batas Waktu")
    for cells in values.rows:
        known = complaints.get(str(cells[0])) if cells else None
        wanted = instant(minute(known.due_at)).strftime("%Y-%m-%d %H:%M") if known and known.due_at else ""
        if known and cells[place] != wanted:
            yield f"{known.ticket}: Batas Waktu shows {cells[place]} instead of {wanted}"


def _notice_faults(year: Year, outcome: Outcome, rules: Sequence[Rules]) -> Iterable[str]:
    """Messages to staff outside service time, a Darurat's aside, and notices that somebody was given twice."""
    table = tables.staff_messages
    with year.office.store._read() as connection:
        messages = connection.execute(sa.select(table)).all()
        rungs = connection.execute(sa.select(tables.notices.c.rung, sa.func.count()).group_by(tables.notices.c.rung))
        outcome.told.update({row[0]: row[1] for row in rungs})
    given: Counter[tuple[str, ...]] = Counter()
    for message in messages:
        kind = "digest" if message.digest_on else "alert of a Darurat" if message.urgent else "reminder"
        outcome.told[f"messages: {kind}"] += 1
        at = minute(message.created_at)
        served = next(part.timetable for part in reversed(rules) if part.since <= at).served
        if not message.urgent and not (served[at] or served[at - 1]):
            yield f"a message to {message.person} at {instant(at):%a %Y-%m-%d %H:%M}, outside service time"
        given.update((message.person, *(str(part) for part in notice.values())) for notice in message.notices)
    yield from (f"told twice: {notice}" for notice, times in given.items() if times > 1)


def _kept(clock: Clock) -> Told:
    due, done = (None if at is None else minute(at) for at in (clock.due_at, clock.done_at))
    return Told(minute(clock.begun_at), due, done)


def _portions(tickets: Sequence[str]) -> Iterable[Sequence[str]]:
    return (tickets[start : start + PORTION] for start in range(0, len(tickets), PORTION))


# -- printing ---------------------------------------------------------------------------------------------------------


def printed(year: Year, outcome: Outcome, seed: int) -> str:
    """The report, as text."""
    lines = [
        f"A simulated year, seed {seed}: {len(year.lives)} complaints until {instant(year.ended):%d %B %Y}",
        f"  people come and act on a grid of {year.grid} min; idle ticks every {year.idle} min",
        f"  {year.seconds / 60:.1f} minutes for {year.counts['ticks']} ticks, {outcome.seconds / 60:.1f} for checking",
        "  " + ", ".join(f"{name} {count}" for name, count in sorted(year.counts.items())),
        "  " + ", ".join(f"{STATUS_LABELS[s]} {n}" for s, n in _statuses(outcome).most_common()),
        "",
        *_service_levels(outcome, rules_of_the_year()[-1].timetable),
        "",
        "Told to staff: " + (", ".join(f"{name} {count}" for name, count in sorted(outcome.told.items())) or "nothing"),
        "",
        "Deadlines compared with the brute force:",
        *(f"  {kind:24}{count:8}" for kind, count in sorted(outcome.comparison.compared.items())),
        f"  {'all':24}{sum(outcome.comparison.compared.values()):8}",
        f"  differences: {len(outcome.comparison.differences)}",
        *(f"    {text}" for text in outcome.comparison.differences[:40]),
        f"Register and trail: {len(outcome.faults)} faults",
        *(f"    {text}" for text in outcome.faults[:40]),
    ]
    return "\n".join(lines)


def _statuses(outcome: Outcome) -> Counter[str]:
    return Counter({complaint.ticket: complaint.status for complaint, _ in outcome.kept}.values())


def _service_levels(outcome: Outcome, timetable: Timetable) -> list[str]:
    """Per clock that was done: how many, service minutes it took, and the share that was late."""
    done: dict[str, list[tuple[int, bool]]] = {}
    for complaint, clock in outcome.kept:
        if clock.done_at is not None:
            served = timetable.served.count(1, minute(clock.begun_at), minute(clock.done_at))
            done.setdefault(_name(complaint, clock), []).append((served, clock.late))
    lines = [f"{'Done':44}{'n':>7}{'median':>10}{'90 %':>10}{'late':>8}"]
    for name, found in sorted(done.items()):
        minutes = [served for served, _ in found]
        most = quantiles(minutes, n=10)[-1] if len(minutes) > 1 else minutes[0]
        late = sum(late for _, late in found) / len(found)
        lines.append(f"{name:44}{len(found):7}{_span(median(minutes)):>10}{_span(most):>10}{late:8.1%}")
    return lines


def _name(complaint: Complaint, clock: Clock) -> str:
    if not clock.key.startswith("langkah."):
        return f"{clock.key} ({complaint.procedure})" if clock.key == "jawaban" else clock.key
    procedure = load_procedures()[complaint.procedure.value]
    step = procedure.step(int(clock.key.removeprefix("langkah.")))
    return f"SOP {complaint.procedure} {step.no}. {step.short} ({step.norm})"


def _span(served: float) -> str:
    """Service minutes; from a day of 450 on in working days."""
    return f"{served:.0f} min" if served < 450 else f"{served / 450:.1f} days"
