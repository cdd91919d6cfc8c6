"""
The process that trains: `python -m automation.learning_child`, a question as JSON on its input, a model on its output.

It is a process of its own so that scikit-learn's memory goes with it, and texts pass through pipes only. The question:
`examples` (invented) and `corrections` (the register's), each a list of [text, category, urgency], and the `rules` in
force.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from automation.categories import Urgency
from automation.disposition import dispose
from automation.learning import LEAST_CORRECTIONS, Model, words_seen
from automation.phrase_rules import Rule

LEAST_COMPLAINTS = 5
"""A word of the register's complaints must be in so many of them; names and addresses are in fewer."""
LEAST_EXAMPLES = 2
FOLDS = 5
STRENGTH = 8.0
"""Inverse of the penalty on large weights, found by cross-validation on the examples."""
ROUNDS = 1000
DIGITS = 3

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
    vocabulary = sorted(_frequent(examples, LEAST_EXAMPLES) | _frequent(corrections, LEAST_COMPLAINTS))
    counting = TfidfVectorizer(analyzer=words_seen, vocabulary=vocabulary, sublinear_tf=True)
    seen = counting.fit_transform([text for text, _, _ in both])
    sorting = _regression().fit(seen, [category for _, category, _ in both])
    told = [place for place, (_, _, urgency) in enumerate(both) if urgency]
    alarming = _regression().fit(seen[told], [both[place][2] == Urgency.EMERGENCY for place in told])
    return Model(
        categories=tuple(str(each) for each in sorting.classes_),
        rarity=_by_word(vocabulary, counting.idf_),
        weights={word: _rounded(column) for word, column in zip(vocabulary, sorting.coef_.T, strict=True)},
        offsets=_rounded(sorting.intercept_),
        alarm=_by_word(vocabulary, alarming.coef_[0]),
        alarm_offset=round(float(alarming.intercept_[0]), DIGITS),
        examples=len(both),
        corrections=len(corrections),
        right=right,
        right_without=right_without,
    )


def _frequent(labelled: Iterable[Labelled], least: int) -> set[str]:
    counts = Counter(word for text, _, _ in labelled for word in set(words_seen(text)))
    return {word for word, count in counts.items() if count >= least}


def _regression() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=ROUNDS, class_weight="balanced")


def _rounded(numbers: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(float(each), DIGITS) for each in numbers)


def _by_word(words: Sequence[str], numbers: Iterable[float]) -> Mapping[str, float]:
    return dict(zip(words, _rounded(numbers), strict=True))


if __name__ == "__main__":
    main()
