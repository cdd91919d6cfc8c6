"""
What stands out in the figures of a period, in sentences of formal Indonesian. Pure: the same figures say the same.

From when on something stands out, and how it is said, is data: findings.toml. Where numbers are too small to tell
change from chance, that is said instead.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from automation.reports.document import shown
from automation.sop.clock_keys import step_of
from forms.categories import categories
from register.complaint import WITA
from register.figures import DIMENSION_LABELS, PROCEDURE_LABELS, Dimension, Figures, Timing
from register.indonesian_dates import long_date

_COUNTS = ("received", "closed")


@dataclass(frozen=True)
class Wording:
    """The file: from when on something is told, how, and words within."""

    least: Mapping[str, int]
    says: Mapping[str, str]
    words: Mapping[str, str]

    def say(self, sentence: str, /, **values: object) -> str:
        """A sentence with its values filled in, numbers as the tables have them."""
        return self.says[sentence].format(**{name: _written(value) for name, value in values.items()})


def _written(value: object) -> object:
    return shown(value) if isinstance(value, int) else value


@lru_cache(maxsize=1)
def wording() -> Wording:
    """As it is shipped."""
    data = tomllib.loads(files("automation.reports").joinpath("findings.toml").read_text(encoding="utf-8"))
    return Wording(data["from"], data["says"], data["words"])


def findings(figures: Figures, earlier: Sequence[Figures] = ()) -> Sequence[str]:
    """
    What is to be told of a period, the weightiest first; at least one sentence.

    Args:
        earlier: Of other periods, in any order; compared are the one right before, and that of a year before.
    """
    told = wording()
    if not (figures.received or figures.closed or figures.pending_before or figures.pending_after):
        return (told.say("nothing", period=figures.period.label_in_text),)
    found = [*_emergencies(figures, told), *_late(figures, told), *_disputed(figures, told)]
    running = figures.until < figures.period.until
    if running:
        period, until = figures.period.label, long_date(figures.until.astimezone(WITA))
        found.insert(0, told.say("running", period=period, until=until))
    elif _large(figures, told):
        found += _compared(figures, earlier, told)
    if _large(figures, told):
        found += [] if running else _pending(figures, told)
        found += [*_slowest(figures, told), *_unknown(figures, told)]
    else:
        found.append(_too_few(figures, told))
    if figures.reopened:
        found.append(told.say("reopened", count=figures.reopened))
    return tuple(found) or (told.say("nothing_notable", period=figures.period.label_in_text),)


def _large(figures: Figures, told: Wording) -> bool:
    return max(figures.received, figures.closed) >= told.least["fewest"]


def _too_few(figures: Figures, told: Wording) -> str:
    return told.say(
        "too_few",
        period=figures.period.label_in_text,
        received=figures.received,
        closed=figures.closed,
        fewest=told.least["fewest"],
    )


# -- by itself --------------------------------------------------------------------------------------------------------


def _emergencies(figures: Figures, told: Wording) -> Iterator[str]:
    """However few: each may be about a life."""
    seen = figures.emergencies
    if missed := seen.late + seen.unseen:
        yield told.say("emergencies", count=missed, all=seen.told, late=seen.late, unseen=seen.unseen)


def _late(figures: Figures, told: Wording) -> Iterator[str]:
    """Clocks that were not kept, the worst share first; of equal shares those of more complaints."""
    found = [(timing, timing.late + timing.overdue, timing.done + timing.overdue) for timing in figures.timings]
    notable = [
        (timing, late, count)
        for timing, late, count in found
        if count >= told.least["fewest"]
        and late >= told.least["late_count"]
        and late * 100 >= told.least["late_percent"] * count
    ]
    for timing, late, count in sorted(notable, key=lambda item: (-item[1] / item[2], -item[1])):
        yield told.say("late", **_named(timing), late=late, count=count, percent=percent(late, count))


def _disputed(figures: Figures, told: Wording) -> Iterator[str]:
    said = figures.verdicts
    enough = said.by_office >= told.least["fewest"] and said.disputed >= told.least["disputed_count"]
    if enough and said.disputed * 100 >= told.least["disputed_percent"] * said.by_office:
        share = percent(said.disputed, said.by_office)
        yield told.say("disputed", disputed=said.disputed, settled=said.by_office, percent=share)


def _pending(figures: Figures, told: Wording) -> Iterator[str]:
    before, after = figures.pending_before, figures.pending_after
    if abs(after - before) >= told.least["change_count"]:
        yield told.say("pending_more" if after > before else "pending_fewer", before=before, after=after)


def _slowest(figures: Figures, told: Wording) -> Iterator[str]:
    """The step of an SOP that took longest, in the middle of all times that it was done."""
    steps = [
        (timing.median, timing)
        for timing in figures.timings
        if step_of(timing.key) and timing.done >= told.least["slow_count"] and timing.median
    ]
    if steps:
        median, timing = max(steps, key=lambda item: item[0])
        yield told.say("slowest", **_named(timing), median=hours(median), done=timing.done, norm=timing.norm)


def _unknown(figures: Figures, told: Wording) -> Iterator[str]:
    """What is missing from the register, so that figures by it mislead."""
    if figures.received < told.least["fewest"]:
        return
    for dimension, label in DIMENSION_LABELS.items():
        count = figures.received_by.get(dimension, {}).get("", 0)
        if count >= told.least["unknown_count"] and count * 100 >= told.least["unknown_percent"] * figures.received:
            share = percent(count, figures.received)
            values = {"count": count, "received": figures.received, "percent": share}
            yield told.say("unknown", what=label, which=label.casefold(), **values)


# -- beside other periods ---------------------------------------------------------------------------------------------


def _compared(figures: Figures, earlier: Sequence[Figures], told: Wording) -> Iterator[str]:
    by_period = {each.period: each for each in earlier}
    period = figures.period
    before = by_period.get(period.moved(-1))
    year_before = by_period.get(period.moved(-12 // period.months))
    others = [each for each in (before, year_before) if each is not None]
    for other in dict.fromkeys(each.period for each in others):
        yield from _changes(figures, by_period[other], told)
    if before is not None and _too_small(before, told) is None:
        yield from _grown(figures, before, told)


def _too_small(other: Figures, told: Wording) -> str | None:
    """The count for which another period is no measure, of anything; None if it is one."""
    return next((name for name in _COUNTS if getattr(other, name) < told.least["fewest"]), None)


def _changes(figures: Figures, other: Figures, told: Wording) -> Iterator[str]:
    if name := _too_small(other, told):
        values = {"count": getattr(other, name), "what": told.words[name]}
        yield told.say("not_compared", earlier=other.period.label_in_text, **values)
        return
    for name in _COUNTS:
        before, after = getattr(other, name), getattr(figures, name)
        changed = abs(after - before)
        if changed >= told.least["change_count"] and changed * 100 >= told.least["change_percent"] * before:
            yield told.say(
                "more" if after > before else "fewer",
                what=told.words[name],
                percent=percent(changed, before),
                earlier=other.period.label_in_text,
                before=before,
                after=after,
            )


def _grown(figures: Figures, other: Figures, told: Wording) -> Iterator[str]:
    """The categories that grew most, as counts: from few, a share says nothing."""
    was, now = (each.received_by.get(Dimension.CATEGORY, {}) for each in (other, figures))
    grown = {
        code: count - was.get(code, 0)
        for code, count in now.items()
        if code
        and count - was.get(code, 0) >= told.least["grown_count"]
        and (count - was.get(code, 0)) * 100 >= told.least["grown_percent"] * was.get(code, 0)
    }
    labels = {each.code: each.label for each in categories()}
    for code in sorted(grown, key=lambda code: (-grown[code], code))[: told.least["grown_most"]]:
        label = labels.get(code, code)
        yield told.say(
            "grown", label=label, before=was.get(code, 0), earlier=other.period.label_in_text, after=now[code]
        )


# -- numbers in sentences ---------------------------------------------------------------------------------------------


def percent(part: int, whole: int) -> int:
    """Rounded half up, but never to none or to all where it is neither."""
    rounded = (200 * part + whole) // (2 * whole)
    if 0 < part < whole:
        return min(max(rounded, 1), 99)
    return rounded


def hours(minutes: int) -> str:
    """Of service, to the tenth, with a comma: "7,5"; at least 0,1 for any minute."""
    tenths = max((minutes * 10 + 30) // 60, 1 if minutes else 0)
    return f"{tenths // 10},{tenths % 10}" if tenths % 10 else f"{tenths // 10}"


def _named(timing: Timing) -> dict[str, str]:
    return {"label": timing.label, "procedure": PROCEDURE_LABELS.get(timing.procedure, timing.procedure)}
