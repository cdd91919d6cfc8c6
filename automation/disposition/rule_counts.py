"""
How many of the latest complaints each disposition rule caught, so that staff see what a change does.

Restricted complaints are not counted: a rule with a name in it would otherwise search in them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from automation.disposition.phrase_rules import GROUP, Rule, RuleBook, rule_book
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
        """By ticket, which rules its text meets, of those that were counted last."""

    @property
    def outdated(self) -> bool:
        """Whether anything happened to any complaint since the counting."""
        return self._store.trail_end() != self._counted_through

    def of(self, rules: tuple[Rule, ...], now: datetime) -> tuple[int, ...]:
        """By rule, in the order of the tab."""
        known = self._counted
        if known and known[1] == rules and (now - known[0] < COUNTED_EVERY or not self.outdated):
            return known[2]
        if known and known[1] == rules:
            self._counted_through, touched = self._store.changed_since(self._counted_through)
        else:  # before reading: what comes meanwhile counts as new
            touched, self._counted_through = set(self._met), self._store.trail_end()
        latest = self._store.latest_unrestricted(TESTED_COMPLAINTS)
        kept = {ticket: self._met[ticket] for ticket in latest if ticket in self._met and ticket not in touched}
        fresh = self._store.intakes(ticket for ticket in latest if ticket not in kept)
        book = _testing(rules)
        self._met = kept | {
            ticket: _met(book, len(rules), f"{said.subject}\n{said.description}") for ticket, said in fresh.items()
        }
        counts = tuple(map(sum, zip(*self._met.values(), strict=True))) or (0,) * len(rules)
        self._counted = (now, rules, counts)
        return counts


def caught(rules: Sequence[Rule], texts: Iterable[str]) -> tuple[int, ...]:
    """
    By rule, in the order of the tab: how many of the texts meet it; of a group of words, how many hold one of them.

    A rule that is not active catches nothing.
    """
    book = _testing(tuple(rules))
    counts = Counter(met.number - 1 for text in texts for met in book.met_by(text))
    return tuple(counts[place] for place in range(len(rules)))


def _testing(rules: tuple[Rule, ...]) -> RuleBook:
    """The rules with each group of words as a rule of its own, made ready."""
    groups = tuple(rule for rule in rules if rule.category.startswith(GROUP))
    return rule_book((*map(_as_probe, rules), *groups))


def _met(book: RuleBook, rules: int, text: str) -> tuple[int, ...]:
    """By rule, 1 if the text meets it."""
    found = {met.number - 1 for met in book.met_by(text)}
    return tuple(int(place in found) for place in range(rules))


def _as_probe(rule: Rule) -> Rule:
    """The rule itself; a group as a rule that is met by any of its words."""
    return replace(rule, category="") if rule.category.startswith(GROUP) else rule
