"""
What a run tells whom: notices whose time has come, put together into one message per person, and the morning's digests.

Pure: complaints, clocks and what was told before go in, a batch for the store comes out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from automation.configuration.in_force import Configuration, Officer
from automation.reminders.escalation import (
    ALERTS,
    CLIMB,
    EMERGENCY,
    LEVELS,
    Rise,
    Rung,
    alerts,
    rises,
    up,
    watched,
)
from automation.reminders.people import Level, find, may_know, on_call, reach, stand_ins
from automation.reminders.staff_wording import Entry, Section, digest_text, listed, notice_text
from register.complaint import WITA, Clock, Complaint
from register.indonesian_dates import long_date
from register.notices import Batch, Notice, StaffMessage
from register.tables import instant_text

ALERT_TITLE = "DARURAT: pengaduan masyarakat"
REMINDER_TITLE = "Pengingat pengaduan"
_PLAIN = {Rung.DISPOSED: Section.NEW, Rung.HEARD: Section.HEARD}
"""Where a notice stands in a digest that is not about a deadline of today; the others under `REMINDED`."""
DIGEST_TITLE = "Ringkasan pengaduan {tanggal}"


@dataclass(frozen=True)
class Matter:
    """A complaint, its running clocks and every notice that it was given; `fresh` if its bidang is to be told of it."""

    complaint: Complaint
    clocks: Sequence[Clock] = ()
    told: Sequence[Notice] = ()
    fresh: bool = False


@dataclass(frozen=True)
class Telling:
    """A notice whose time has come, and who gets it."""

    rise: Rise
    complaint: Complaint
    people: tuple[Officer, ...]


def coming(matter: Matter, rules: Configuration) -> list[Rise]:
    """Everything that is still to be told of a complaint as it stands now, alerts aside."""
    complaint = matter.complaint
    found = [
        rise for clock in watched(complaint, matter.clocks) for rise in rises(complaint, clock, matter.told, rules)
    ]
    if matter.fresh:
        notice = Notice(complaint.ticket, complaint.round, "disposisi", Rung.DISPOSED, complaint.bidang)
        found.append(Rise(notice, complaint.recorded_at, complaint.due_at))
    if complaint.heard_at:
        notice = Notice(complaint.ticket, 0, "pelapor", Rung.HEARD, instant_text(complaint.heard_at))
        found += [] if notice in matter.told else [Rise(notice, complaint.heard_at, None)]
    return found


def coming_alerts(matter: Matter, rules: Configuration) -> list[Rise]:
    """The alerts that a Darurat would still give, if nobody acted on it."""
    found = [clock for clock in matter.clocks if clock.key == EMERGENCY]
    return [rise for clock in found for rise in alerts(matter.complaint, clock, matter.told, rules)]


def plan(
    matters: Iterable[Matter],
    *,
    moves: Sequence[Notice] = (),
    rules: Configuration,
    now: datetime,
    speak: bool,
    digest: bool,
) -> Batch:
    """
    What to tell now.

    Args:
        matters: Complaints of which something may have to be told; for a digest all that are late or due today.
        moves: Deadlines that moved since the last digest.
        speak: Whether the office may be told of anything but a Darurat: in service time, from the digest on.
        digest: Whether this run makes the morning's digests, into which everything else then goes.
    """
    found = {matter.complaint.ticket: matter for matter in matters}
    on = now.astimezone(WITA).date()
    urgent = [
        Telling(rise, matter.complaint, alert_people(Rung(rise.notice.rung), matter.complaint, rules, on))
        for matter in found.values()
        for rise in up(coming_alerts(matter, rules), now)
    ]
    ordinary = [
        Telling(rise, matter.complaint, _people(rise, matter.complaint, rules, on))
        for matter in found.values()
        for rise in (up(coming(matter, rules), now) if speak else ())
    ]
    told_moves = [
        Telling(_move(notice), found[notice.ticket].complaint, _concerned(found[notice.ticket], rules, on))
        for notice in (moves if digest else ())
        if notice.ticket in found
    ]
    messages = [_alert(name, tellings, rules, now) for name, tellings in _by_person(urgent).items()]
    if digest:
        messages += _digests(found.values(), ordinary, told_moves, rules, now)
    else:
        messages += [_reminder(name, tellings, rules, now) for name, tellings in _by_person(ordinary).items()]
    everything = [*urgent, *ordinary, *told_moves]
    return Batch(
        notices=[telling.rise.notice for telling in everything],
        silent=[pair for telling in everything for pair in _silent(telling)],
        messages=messages,
        digest_on=on if digest else None,
    )


def alert_people(rung: Rung, complaint: Complaint, rules: Configuration, on: date) -> tuple[Officer, ...]:
    """
    Who is alerted of a Darurat: `petugas_siaga`, then Kepala Bidang and Ketua Tim, then the Kepala Dinas.

    Without `petugas_siaga` it begins with the second group. A group in which nobody has a channel hands on at once:
    an alert that reaches no telephone is none.
    """
    named = [officer for name in on_call(rules) if (officer := find(rules.officers, name))]
    ready = tuple(officer for officer in stand_ins(named, rules, on) if may_know(officer, complaint, rules))
    middle = (*reach(Level.KABID, complaint, rules, on), *reach(Level.KETUA_TIM, complaint, rules, on))
    groups = [group for group in (ready, middle, reach(Level.KADIS, complaint, rules, on)) if group]
    told: dict[str, Officer] = {}
    for group in groups[min(ALERTS.index(rung), len(groups) - 1) :] if groups else ():
        told |= {officer.name: officer for officer in group}
        if any(officer.channels for officer in group):
            break
    return tuple(told.values())


def move_notice(ticket: str, round_: int, clock: str, before: datetime, after: datetime) -> Notice:
    """A deadline that moved, as it waits for the digest."""
    return Notice(ticket, round_, clock, Rung.MOVED, f"{before.isoformat()}>{after.isoformat()}")


def _people(rise: Rise, complaint: Complaint, rules: Configuration, on: date) -> tuple[Officer, ...]:
    rung = Rung(rise.notice.rung)
    waits_for_ketua_tim = complaint.undecided and not complaint.closed and rung in CLIMB[:2]
    return reach(Level.KETUA_TIM if waits_for_ketua_tim else LEVELS[rung], complaint, rules, on)


def _concerned(matter: Matter, rules: Configuration, on: date) -> tuple[Officer, ...]:
    """In whose digest a complaint stands: who handles it, the bidang's head, and whoever it was escalated to."""
    complaint = matter.complaint
    if complaint.closed:
        levels = [Level.PETUGAS]
    elif complaint.undecided:
        levels = [Level.KETUA_TIM]
    else:
        levels = [Level.PETUGAS, Level.KABID]
    running = {(clock.round, clock.key) for clock in watched(complaint, matter.clocks)}
    climbed = {notice.rung for notice in matter.told if (notice.round, notice.clock) in running}
    levels += [LEVELS[rung] for rung in CLIMB[3:] if rung in climbed]
    people = [officer for level in levels for officer in reach(level, complaint, rules, on)]
    return tuple({officer.name: officer for officer in people}.values())


def _move(notice: Notice) -> Rise:
    before, after = (datetime.fromisoformat(text) for text in notice.mark.split(">"))
    return Rise(notice, before, after)


def _by_person(tellings: Iterable[Telling]) -> dict[str, list[Telling]]:
    """What each person who has a channel is told."""
    found: dict[str, list[Telling]] = {}
    for telling in tellings:
        for officer in telling.people:
            if officer.channels:
                found.setdefault(officer.name, []).append(telling)
    return found


def _silent(telling: Telling) -> list[tuple[Notice, str]]:
    if not telling.people:
        return [(telling.rise.notice, "")]
    return [(telling.rise.notice, officer.name) for officer in telling.people if not officer.channels]


def _notices(tellings: Iterable[Telling]) -> tuple[Notice, ...]:
    return tuple(telling.rise.notice for telling in tellings)


def _alert(name: str, tellings: Sequence[Telling], rules: Configuration, now: datetime) -> StaffMessage:
    text = listed(_lines(tellings, rules, now))
    return StaffMessage(name, ALERT_TITLE, text, _notices(tellings), urgent=True)


def _reminder(name: str, tellings: Sequence[Telling], rules: Configuration, now: datetime) -> StaffMessage:
    return StaffMessage(name, REMINDER_TITLE, listed(_lines(tellings, rules, now)), _notices(tellings))


def _lines(tellings: Iterable[Telling], rules: Configuration, now: datetime) -> list[str]:
    """One line for each complaint: the highest rung, and the earliest deadline on it; besides, that it was heard of."""
    order = list(Rung)
    highest: dict[tuple[str, bool], Telling] = {}
    for telling in sorted(tellings, key=lambda each: (-order.index(Rung(each.rise.notice.rung)), _due(each))):
        highest.setdefault((telling.complaint.ticket, telling.rise.notice.rung == Rung.HEARD), telling)
    return [
        notice_text(each.rise.notice, each.complaint, each.rise.due, rules, now)
        for each in sorted(highest.values(), key=_due)
    ]


def _due(telling: Telling) -> str:
    return f"{telling.rise.due.astimezone(WITA).isoformat() if telling.rise.due else ''} {telling.complaint.ticket}"


def _digests(
    matters: Iterable[Matter],
    tellings: Sequence[Telling],
    moves: Sequence[Telling],
    rules: Configuration,
    now: datetime,
) -> list[StaffMessage]:
    on = now.astimezone(WITA).date()
    entries: dict[str, list[Entry]] = {}
    for matter in matters:
        if entry := _standing(matter, now):
            for officer in _concerned(matter, rules, on):
                entries.setdefault(officer.name, []).append(entry)
    told, moved = _by_person(tellings), _by_person(moves)
    for name, some in told.items():
        entries.setdefault(name, []).extend(_reminded(telling, now) for telling in some)
    for name, some in moved.items():
        entries.setdefault(name, []).extend(_moved(some))
    title = DIGEST_TITLE.format(tanggal=long_date(on))
    return [
        StaffMessage(
            name,
            title,
            digest_text(name, _once(found), rules, on),
            _notices([*told.get(name, ()), *moved.get(name, ())]),
            digest_on=on,
        )
        for name, found in entries.items()
        if found and rules.officers[name].channels
    ]


def _standing(matter: Matter, now: datetime) -> Entry | None:
    """Where a complaint stands in a digest by itself, if it does."""
    dues = [clock.due_at for clock in watched(matter.complaint, matter.clocks) if clock.due_at]
    if not dues:
        return None
    due = min(dues)
    if matter.complaint.undecided and not matter.complaint.closed:
        return Entry(Section.WAITING, matter.complaint, due)
    section = _section(due, now)
    return Entry(section, matter.complaint, due) if section else None


def _section(due: datetime, now: datetime) -> Section | None:
    if due <= now:
        return Section.LATE
    return Section.TODAY if due.astimezone(WITA).date() == now.astimezone(WITA).date() else None


def _reminded(telling: Telling, now: datetime) -> Entry:
    due = telling.rise.due
    plain = _PLAIN.get(Rung(telling.rise.notice.rung), Section.REMINDED)
    return Entry((_section(due, now) if due else None) or plain, telling.complaint, due)


def _moved(tellings: Iterable[Telling]) -> list[Entry]:
    """Of a deadline that moved several times, from where to where in the end."""
    ways: dict[tuple[str, int, str], tuple[Telling, Telling]] = {}
    for telling in tellings:
        notice = telling.rise.notice
        key = (notice.ticket, notice.round, notice.clock)
        ways[key] = (ways.get(key, (telling, telling))[0], telling)
    return [
        Entry(Section.MOVED, first.complaint, last.rise.due, before=first.rise.at)
        for first, last in ways.values()
        if first.rise.at != last.rise.due
    ]


def _once(entries: Iterable[Entry]) -> list[Entry]:
    """Each complaint once, in the first section that it stands in; what moved is told besides."""
    order = list(Section)
    found: dict[tuple[str, bool], Entry] = {}
    for entry in sorted(entries, key=lambda each: order.index(each.section)):
        found.setdefault((entry.complaint.ticket, entry.section is Section.MOVED), entry)
    return list(found.values())


def next_telling(matter: Matter, rules: Configuration, now: datetime, *, speak: bool) -> datetime | None:
    """The next instant after now at which something of it is to be told, if nothing happens to it before."""
    found = (*coming_alerts(matter, rules), *(coming(matter, rules) if speak else ()))
    return min((rise.at for rise in found if rise.at > now), default=None)
