"""How many of the latest complaints each disposition rule caught, so that staff see what a change does."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from automation.phrase_rules import GROUP, Rule, rule_book
from register.store import Store

TESTED_COMPLAINTS = 100
"""The latest ones that tab `Aturan Disposisi` counts."""

COUNTED_EVERY = timedelta(minutes=2)
"""New complaints change the counts no more often than this; changed rules at once."""


class RuleCounts:
    """The counts of a store's latest complaints, as the tab shows them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counted: tuple[datetime, tuple[Rule, ...], tuple[int, ...]] | None = None
        self._counted_through = 0
        self._met: dict[str, tuple[int, ...]] = {}
        """What each text of the last count meets, by rule."""

    @property
    def outdated(self) -> bool:
        """Whether anything happened to any complaint since the counting."""
        return self._store.trail_end() != self._counted_through

    def of(self, rules: tuple[Rule, ...], now: datetime) -> tuple[int, ...]:
        """By rule, in the order of the tab."""
        known = self._counted
        if known and known[1] == rules and (now - known[0] < COUNTED_EVERY or not self.outdated):
            return known[2]
        self._counted_through = self._store.trail_end()  # before reading: what comes meanwhile counts as new
        intakes = self._store.intakes(self._store.latest(TESTED_COMPLAINTS))
        texts = [f"{said.subject}\n{said.description}" for said in intakes.values()]
        met = self._met if known and known[1] == rules else {}
        self._met = {text: met[text] if text in met else caught(rules, [text]) for text in texts}
        counts = tuple(sum(self._met[text][place] for text in texts) for place in range(len(rules)))
        self._counted = (now, rules, counts)
        return counts


def caught(rules: Sequence[Rule], texts: Iterable[str]) -> tuple[int, ...]:
    """
    By rule, in the order of the tab: how many of the texts meet it; of a group of words, how many hold one of them.

    A rule that is not active catches nothing.
    """
    groups = tuple(rule for rule in rules if rule.category.startswith(GROUP))
    tried = tuple(_as_probe(rule) for rule in rules)
    book = rule_book((*tried, *groups))
    counts = Counter(met.number - 1 for text in texts for met in book.met_by(text))
    return tuple(counts[place] for place in range(len(rules)))


def _as_probe(rule: Rule) -> Rule:
    """The rule itself; a group as a rule that is met by any of its words."""
    return replace(rule, category="") if rule.category.startswith(GROUP) else rule
