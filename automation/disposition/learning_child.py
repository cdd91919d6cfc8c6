"""
The process that trains: `python -m automation.disposition.learning_child`, a question as JSON on its input, a model on
its output.

It is a process of its own so that scikit-learn's memory goes with it, and texts pass through pipes only. The question:
`examples` (invented) and `corrections` (the register's), each a list of [text, category, urgency], and the `rules` in
force.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from automation.disposition.disposing import dispose
from automation.disposition.learning import LEAST_CORRECTIONS, Model, traits, words_seen
from automation.disposition.phrase_rules import Rule

LEAST_COMPLAINTS = 5
"""A word of the register's complaints must be in so many of them; names and addresses are in fewer."""
LEAST_EXAMPLES = 2
LEAST_PAIRED = 3
"""Of the examples, for a pair of words."""
LEAST_NAMED = 20
"""Texts that must have a word which is mostly written as a name."""
FOLDS = 5
STRENGTH = 8.0
"""Inverse of the penalty on large weights, found on authors who were left out (bench/authors.py)."""
ROUNDS = 300
PRECISION = 1e-3
DIGITS = 2

_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+")
"""A word with a capital letter, and only one, within a sentence."""

Labelled = Sequence[str]
"""Text, category ("" for nothing to go on), urgency ("" for unknown)."""


def main() -> None:
    """Answer the one question."""
    question = json.load(sys.stdin)
    sys.stdout.write(learn(question["examples"], question["corrections"], question["rules"]).dump())


def learn(examples: Sequence[Labelled], corrections: Sequence[Labelled], rules: Iterable[Sequence[Any]]) -> Model:
    """The model of all of them, with what it and the examples' alone make of held-back corrections."""
    if len(corrections) < LEAST_CORRECTIONS:
        return _fit(examples, corrections)
    without = _fit(examples, [])
    right, right_without = 0, 0
    known = tuple(Rule(category, tuple(words), *others) for category, words, *others in rules)
    for fold in range(FOLDS):
        held_back = corrections[fold::FOLDS]
        model = _fit(examples, [each for place, each in enumerate(corrections) if place % FOLDS != fold])
        right += _right(held_back, known, model)
        right_without += _right(held_back, known, without)
    count = len(corrections)
    return _fit(examples, corrections, right=right / count, right_without=right_without / count)


def _right(labelled: Sequence[Labelled], rules: tuple[Rule, ...], model: Model) -> int:
    found = (dispose(text, rules=rules, bidang_of={}, learned=model).category for text, _, _ in labelled)
    return sum(category == wanted for category, (_, wanted, _) in zip(found, labelled, strict=True))


def _fit(
    examples: Sequence[Labelled],
    corrections: Sequence[Labelled],
    *,
    right: float = 0.0,
    right_without: float = 0.0,
) -> Model:
    both = [*examples, *corrections]
    names = _names([text for text, _, _ in both])
    frequent = _frequent(examples, LEAST_EXAMPLES, LEAST_PAIRED)
    frequent |= _frequent(corrections, LEAST_COMPLAINTS, LEAST_COMPLAINTS)
    known = sorted(trait for trait in frequent if names.isdisjoint(trait.split()))
    counting = TfidfVectorizer(analyzer=traits, vocabulary=known, sublinear_tf=True)
    seen = counting.fit_transform([text for text, _, _ in both])
    sorting = _regression("balanced").fit(seen, [category for _, category, _ in both])
    told = [place for place, (_, _, urgency) in enumerate(both) if urgency]
    urging = _regression(None).fit(seen[told], [both[place][2] for place in told])
    columns = zip(known, *sorting.coef_, *urging.coef_, strict=True)
    return Model(
        categories=tuple(str(each) for each in sorting.classes_),
        urgencies=tuple(str(each) for each in urging.classes_),
        rarity=dict(zip(known, _rounded(counting.idf_), strict=True)),
        weights={trait: _rounded(column) for trait, *column in columns},
        offsets=_rounded([*sorting.intercept_, *urging.intercept_]),
        examples=len(both),
        corrections=len(corrections),
        right=right,
        right_without=right_without,
    )


def _frequent(labelled: Iterable[Labelled], least: int, least_paired: int) -> set[str]:
    counts = Counter(trait for text, _, _ in labelled for trait in set(traits(text)))
    return {trait for trait, count in counts.items() if count >= (least_paired if " " in trait else least)}


def _names(texts: Sequence[str]) -> set[str]:
    """Words that most texts which have them write as names, unless many have them (Dinas Sosial, Tenggarong)."""
    having = Counter(word for text in texts for word in set(words_seen(text)))
    naming = Counter(word for text in texts for word in set(words_seen(" ".join(_NAME.findall(text)))))
    return {word for word, count in naming.items() if 2 * count > having[word] and having[word] < LEAST_NAMED}


def _regression(class_weight: str | None) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=ROUNDS, tol=PRECISION, class_weight=class_weight)


def _rounded(numbers: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(float(each), DIGITS) for each in numbers)


if __name__ == "__main__":
    main()
