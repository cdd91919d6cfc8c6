"""
What was learned from complaints that people have disposed: how much the words of a text speak for each category.

A model is plain numbers, kept as JSON, and is used without the library that trained it (learning_child.py). It sees the
stems of words, pairs of them, whether something is asked, and how long a text is. It knows no number, no word that only
few complaints have and none that is written as a name, so that it holds no name, address or telephone number.
"""

import json
import math
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from automation.disposition.everyday_words import plain_words
from automation.disposition.word_stems import stem_of

LEAST_CORRECTIONS = 200
"""Decided complaints of the register below which its own model stays off: fewer say nothing certain."""
VERSION = 2
MODEL_SETTING = "disposition_model"
"""Name in the store of the register's own model: `{"model": JSON as of Model.dump}`."""


SHORTEST_TELLING = 4
LEAST_TELLING = 2
"""Known words of so many letters, and how many of them, without which a text tells a model nothing."""

LEAST_READ = 5
LEAST_READ_SHARE = 0.3
"""Of so many words a model knows at least this share if they are Indonesian; of unseen ones it knew half or more."""

SIZES = range(3, 6)
"""Sizes of texts that are told apart, each twice as long as the one before; shorter ones may say anything."""


@dataclass(frozen=True)
class Model:
    """
    Weights of words by category and by urgency, for a text's normalised counts of what `traits` sees of it.

    `rarity` weighs each known trait; `weights` gives by trait one number per category in the order of `categories`, ""
    among them for texts with nothing to go on, and then one per urgency in the order of `urgencies`; so do `offsets`.
    `examples` counts the texts it was trained on, `corrections` those of them from the register; `right` and
    `right_without` the shares of held-back ones disposed right with it and without.
    """

    categories: tuple[str, ...]
    urgencies: tuple[str, ...]
    rarity: Mapping[str, float]
    weights: Mapping[str, Sequence[float]]
    offsets: Sequence[float]
    examples: int
    corrections: int = 0
    right: float = 0.0
    right_without: float = 0.0

    @property
    def in_force(self) -> bool:
        """Whether it may be used: trained on enough corrections, and better on held-back ones than what it replaces."""
        return self.corrections >= LEAST_CORRECTIONS and self.right > self.right_without

    @property
    def sources(self) -> str:
        """What it learned from, in Indonesian."""
        examples = f"{self.examples - self.corrections} contoh pengaduan"
        return f"{examples} dan {self.corrections} pengaduan yang sudah diputuskan" if self.corrections else examples

    def knows(self, text: str) -> bool:
        """Whether it knows enough of a text's words to say anything of it where no rule does."""
        known = {word for word in words_seen(text) if word in self.rarity and len(word) >= SHORTEST_TELLING}
        return len(known) >= LEAST_TELLING

    def reads(self, text: str) -> bool:
        """
        Whether a text is in a language it knows, as far as the words allow to tell.

        Letters of another script are of none.
        """
        foreign = sum(letter.isalpha() and not letter.isascii() for letter in unicodedata.normalize("NFKD", text))
        if foreign >= LEAST_READ and foreign * 2 > sum(map(str.isalpha, text)):
            return False
        words = words_seen(text)
        return len(words) < LEAST_READ or sum(word in self.rarity for word in words) >= LEAST_READ_SHARE * len(words)

    def chances(self, text: str) -> tuple[Mapping[str, float], Mapping[str, float]]:
        """How likely each category is, and how likely each urgency: 0 to 1, adding up to 1."""
        sums = list(self.offsets)
        for trait, amount in self._normalised(text).items():
            for place, weight in enumerate(self.weights[trait]):
                sums[place] += amount * weight
        known = len(self.categories)
        return _likely(self.categories, sums[:known]), _likely(self.urgencies, sums[known:])

    def _normalised(self, text: str) -> dict[str, float]:
        counts = Counter(trait for trait in traits(text) if trait in self.rarity)
        amounts = {trait: (1 + math.log(count)) * self.rarity[trait] for trait, count in counts.items()}
        length = math.sqrt(sum(amount * amount for amount in amounts.values())) or 1.0
        return {trait: amount / length for trait, amount in amounts.items()}

    def dump(self) -> str:
        """As JSON, for the store."""
        facts = {
            "version": VERSION,
            "examples": self.examples,
            "corrections": self.corrections,
            "right": self.right,
            "right_without": self.right_without,
            "categories": self.categories,
            "urgencies": self.urgencies,
            "offsets": self.offsets,
            "traits": {trait: [self.rarity[trait], *self.weights[trait]] for trait in sorted(self.rarity)},
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
        seen: Mapping[str, Sequence[float]] = facts["traits"]
        return cls(
            categories=tuple(facts["categories"]),
            urgencies=tuple(facts["urgencies"]),
            rarity={trait: numbers[0] for trait, numbers in seen.items()},
            weights={trait: tuple(numbers[1:]) for trait, numbers in seen.items()},
            offsets=tuple(facts["offsets"]),
            examples=facts["examples"],
            corrections=facts["corrections"],
            right=facts["right"],
            right_without=facts["right_without"],
        )


def _likely(choices: Sequence[str], sums: Sequence[float]) -> dict[str, float]:
    top = max(sums)
    grown = [math.exp(each - top) for each in sums]
    return {choice: each / sum(grown) for choice, each in zip(choices, grown, strict=True)}


def words_seen(text: str) -> list[str]:
    """The stems of a text's plain words; no numbers."""
    return [stem_of(word) for word in plain_words(text) if word.isalpha()]


def traits(text: str) -> list[str]:
    """What a model sees of a text: stems, pairs of them ("belum cair"), "?", and its size as several "#"."""
    words = words_seen(text)
    size = min(int(math.log2(len(words) + 1)), SIZES[-1])
    return [*words, *map(" ".join, pairwise(words)), *("?" in text) * ["?"], *(size in SIZES) * ["#" * size]]


@lru_cache(maxsize=1)
def starting_model() -> Model:
    """Trained on the invented examples of the program (starting_examples.jsonl): in force until a better one is."""
    return Model.load(files("automation.disposition").joinpath("starting_model.json").read_text(encoding="utf-8"))


def in_force(remembered: Mapping[str, Any] | None) -> Model:
    """The register's own model (the store's setting `MODEL_SETTING`) if it may be used, else the starting one."""
    try:
        model = Model.load((remembered or {}).get("model", "{}"))
    except (ValueError, KeyError, TypeError, IndexError):
        return starting_model()  # of an older version: the next training replaces it
    return model if model.in_force else starting_model()
