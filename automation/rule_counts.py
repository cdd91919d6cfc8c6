"""How many of the latest complaints each disposition rule caught, so that staff see what a change does. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from automation.phrase_rules import GROUP, Rule, rule_book

TESTED_COMPLAINTS = 100
"""The latest ones that tab `Aturan Disposisi` counts."""


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
