"""
What was learned from complaints that people have disposed: how much the words of a text speak for each category.

A model is plain numbers, kept as JSON, and is used without the library that trained it (learning_child.py). It knows no
number and no word that only few complaints have, so that it holds no name, address or telephone number.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from automation.everyday_words import plain_words
from automation.word_stems import stem_of

LEAST_CORRECTIONS = 200
"""Decided complaints of the register below which its own model stays off: fewer say nothing certain."""
VERSION = 1
MODEL_SETTING = "disposition_model"
"""Name in the store of the register's own model: `{"model": JSON as of Model.dump}`."""


@dataclass(frozen=True)
class Model:
    """
    Weights of words by category, for a text's normalised word counts.

    `rarity` weighs each known word; `weights` gives by word one number per category in the order of `categories`, ""
    among them for texts with nothing to go on; `alarm` says likewise whether it is an emergency. `examples` counts the
    texts it was trained on, `corrections` those of them from the register; `right` and `right_without` the shares of
    held-back ones disposed right with it and without.
    """

    categories: tuple[str, ...]
    rarity: Mapping[str, float]
    weights: Mapping[str, Sequence[float]]
    offsets: Sequence[float]
    alarm: Mapping[str, float]
    alarm_offset: float
    examples: int
    corrections: int = 0
    right: float = 0.0
    right_without: float = 0.0

    @property
    def in_force(self) -> bool:
        """Whether it may be used: trained on enough corrections, and better on held-back ones than what it replaces."""
        return self.corrections >= LEAST_CORRECTIONS and self.right > self.right_without

    def chances(self, text: str) -> Mapping[str, float]:
        """How likely each category is, 0 to 1, adding up to 1."""
        seen = self._normalised(text)
        sums = list(self.offsets)
        for word, amount in seen.items():
            for place, weight in enumerate(self.weights[word]):
                sums[place] += amount * weight
        top = max(sums)
        grown = [math.exp(each - top) for each in sums]
        return {code: each / sum(grown) for code, each in zip(self.categories, grown, strict=True)}

    def alarm_chance(self, text: str) -> float:
        """How likely the text tells of an emergency, 0 to 1."""
        seen = self._normalised(text)
        total = self.alarm_offset + sum(amount * self.alarm[word] for word, amount in seen.items())
        return 1 / (1 + math.exp(-max(min(total, 50.0), -50.0)))

    def _normalised(self, text: str) -> dict[str, float]:
        counts = Counter(word for word in words_seen(text) if word in self.rarity)
        amounts = {word: (1 + math.log(count)) * self.rarity[word] for word, count in counts.items()}
        length = math.sqrt(sum(amount * amount for amount in amounts.values())) or 1.0
        return {word: amount / length for word, amount in amounts.items()}

    def dump(self) -> str:
        """As JSON, for the store."""
        words = {word: [self.rarity[word], self.alarm[word], *self.weights[word]] for word in sorted(self.rarity)}
        facts = {
            "version": VERSION,
            "examples": self.examples,
            "corrections": self.corrections,
            "right": self.right,
            "right_without": self.right_without,
            "categories": self.categories,
            "offsets": [self.alarm_offset, *self.offsets],
            "words": words,
        }
        return json.dumps(facts, separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> "Model":
        """
        Back from JSON.

        Raises: ValueError if it is not a model of this version.
        """
        facts = json.loads(text)
        if not isinstance(facts, dict) or facts.get("version") != VERSION:
            raise ValueError("not a model of this version")
        words: Mapping[str, Sequence[float]] = facts["words"]
        return cls(
            categories=tuple(facts["categories"]),
            rarity={word: numbers[0] for word, numbers in words.items()},
            weights={word: tuple(numbers[2:]) for word, numbers in words.items()},
            offsets=tuple(facts["offsets"][1:]),
            alarm={word: numbers[1] for word, numbers in words.items()},
            alarm_offset=facts["offsets"][0],
            examples=facts["examples"],
            corrections=facts["corrections"],
            right=facts["right"],
            right_without=facts["right_without"],
        )


def words_seen(text: str) -> list[str]:
    """What a model sees of a text: the stems of its plain words; no numbers."""
    return [stem_of(word) for word in plain_words(text) if word.isalpha()]


@lru_cache(maxsize=1)
def starting_model() -> Model:
    """Trained on the invented examples of the program (starting_examples.jsonl): in force until a better one is."""
    return Model.load(files("automation").joinpath("starting_model.json").read_text(encoding="utf-8"))


def in_force(remembered: Mapping[str, Any] | None) -> Model:
    """The register's own model (the store's setting `MODEL_SETTING`) if it may be used, else the starting one."""
    try:
        model = Model.load((remembered or {}).get("model", "{}"))
    except (ValueError, KeyError, TypeError, IndexError):
        return starting_model()  # of an older version: the next training replaces it
    return model if model.in_force else starting_model()
