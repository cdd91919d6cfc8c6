"""Whoever has every public edition and a solver, and wants to find a count that points at one to four people."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped]

from automation.reports.public import DIMENSIONS, Shown, compose, due, needed
from register.editions import OTHERS, PUBLISHED_AFTER, PublicEdition
from register.figures import Dimension, Emergencies, Figures, Timing, Verdicts
from register.periods import Period

CHANNEL, DISTRICT = Dimension.CHANNEL, Dimension.DISTRICT
MANY = 10_000
"""More than any of these offices has."""


@dataclass(frozen=True)
class Entry:
    """A complaint as an entry of the register: its month, from 0, and the value by which each dimension knows it."""

    month: int
    channel: str = "web"
    district: str = "a"
    category: str = "DATA"


@dataclass
class Office:
    """An office that recorded something from a first month on, and knows these values."""

    first: Period
    values: Mapping[Dimension, Sequence[str]]
    entries: Sequence[Entry]
    never: frozenset[str] = frozenset()
    timings: Sequence[Timing] = ()
    ratings: Mapping[int, int] | None = None

    def figures(self, period: Period) -> Figures:
        """What the office counts of a period."""
        since = (period.first.year - self.first.first.year) * 12 + period.first.month - self.first.first.month
        inside = [entry for entry in self.entries if since <= entry.month < since + period.months]
        by = {each: Counter(getattr(entry, each.value) for entry in inside) for each in DIMENSIONS}
        nobody = Emergencies(0, 0, 0, 0, None)
        return Figures(
            *(period, period.until, len(inside), by, 0, {}, 0, 0, 0),
            timings=self.timings,
            verdicts=Verdicts(0, 0, 0, 0),
            ratings=self.ratings or {},
            emergencies=nobody,
            months=(),
        )

    @property
    def shown(self) -> Mapping[Dimension, Shown]:
        """All its values."""
        return {each: Shown({value: value for value in self.values[each]}, self.never) for each in DIMENSIONS}

    def publish(self, shelf: list[PublicEdition], wished: int, now: datetime) -> None:
        """Everything that is due, onto the shelf."""
        periods = due(self.first.since if self.entries else None, shelf, wished, now)
        figures = {each: self.figures(each) for each in needed(periods, shelf)}
        for period in periods:
            shelf.append(compose(period, figures, shelf, self.shown, wished=wished, now=now))

    def published(self, months: int, wished: int) -> list[PublicEdition]:
        """The shelf after so many months, each of them published when it was due."""
        shelf: list[PublicEdition] = []
        for month in range(months):
            self.publish(shelf, wished, self.first.moved(month).until + PUBLISHED_AFTER + timedelta(hours=1))
        return shelf


Atom = tuple[date, str, str]
"""A month, a channel and a kecamatan: the smallest group of which anything could be asked."""


class Adversary:
    """Knows every value that there is; of what was recorded only what was published."""

    def __init__(self, office: Office, months: int, shelf: Sequence[PublicEdition]) -> None:
        firsts = [office.first.moved(by).first for by in range(months)]
        self._channels, self._districts = office.values[CHANNEL], office.values[DISTRICT]
        self.atoms: list[Atom] = list(product(firsts, self._channels, self._districts))
        equations = [equation for edition in shelf for equation in self._said(edition)]
        self._left = np.array([left for left, _ in equations]) if equations else None
        self._right = np.array([right for _, right in equations]) if equations else None

    def _said(self, edition: PublicEdition) -> Iterator[tuple[list[float], int]]:
        inside = [any(span.first <= month <= span.last for span in edition.spans) for month, _, _ in self.atoms]
        for span in edition.spans:
            yield [float(span.first <= month <= span.last) for month, _, _ in self.atoms], span.received
        for key, place, values in ((CHANNEL, 1, self._channels), (DISTRICT, 2, self._districts)):
            if table := edition.table(key.value):
                alone = {row.key for row in table.rows if row.key != OTHERS}
                for row in table.rows:
                    of = set(values) - alone if row.key == OTHERS else {row.key}
                    pairs = zip(self.atoms, inside, strict=True)
                    yield [float(within and atom[place] in of) for atom, within in pairs], row.count

    def most(self, atom: Atom) -> int:
        """The most that there can be of a group, by all that was published; with it any larger group has as many."""
        aim = np.array([-1.0 if each == atom else 0.0 for each in self.atoms])
        found = linprog(aim, A_eq=self._left, b_eq=self._right, bounds=(0, MANY))
        assert found.status == 0, found.message
        return int(-found.fun + 1e-6)

    def exposed(self) -> list[tuple[Atom, int]]:
        """Groups of which is certain that they are fewer than five, and not that they are none."""
        return [(atom, most) for atom in self.atoms if 0 < (most := self.most(atom)) < 5]
