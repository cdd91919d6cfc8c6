"""
English brought to plain Indonesian words, word by word, so that the same rules and the same model judge it.

Grammar is lost, and need not be kept: rules ask for words near each other, and the model counts them. What the table
(english_words.toml) does not know stays as it is: names, places, PKH. Only a text that is evidently English is touched.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain

LEAST_WORDS = 2
LEAST_SHARE = 0.3
"""Words of the table, and their share of a text, from which on it is English; Indonesian examples have up to 0.17."""
_LETTERS = 2
"""One letter tells no language."""

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class EnglishWords:
    """
    The table: English phrases to plain Indonesian words, none for what carries nothing; and the words that tell.

    `phrases` has them by their first word, the longest first. `telling` are words of theirs that only English has,
    `shared` those that tell nothing, as Indonesian has them too.
    """

    phrases: Mapping[str, Sequence[tuple[Phrase, Phrase]]]
    telling: frozenset[str]
    shared: frozenset[str]


def is_english(words: Sequence[str]) -> bool:
    """Whether words as written, in lower case, are evidently English."""
    table = english_words()
    counting = [word for word in words if len(word) >= _LETTERS and word.isalpha() and word not in table.shared]
    known = sum(word in table.telling for word in counting)
    return known >= LEAST_WORDS and known >= LEAST_SHARE * len(counting)


def in_indonesian(words: Sequence[str]) -> list[str]:
    """What English words mean, in their order; `asked for money` gives minta uang."""
    phrases, meant, at = english_words().phrases, list[str](), 0
    while at < len(words):
        fitting = (each for each in phrases.get(words[at], ()) if tuple(words[at : at + len(each[0])]) == each[0])
        phrase, meaning = next(fitting, ((words[at],), (words[at],)))
        meant += meaning
        at += len(phrase)
    return meant


@lru_cache(maxsize=1)
def english_words() -> EnglishWords:
    """As the file has it."""
    data = tomllib.loads(files("automation.disposition").joinpath("english_words.toml").read_text(encoding="utf-8"))
    meanings = {phrase: tuple(plain.split()) for plain, forms in data["meaning"].items() for phrase in _parted(forms)}
    meanings |= dict.fromkeys(_parted(data["words"]["empty"]), ())
    phrases: dict[str, list[tuple[Phrase, Phrase]]] = {}
    for phrase in sorted(meanings, key=len, reverse=True):
        phrases.setdefault(phrase[0], []).append((phrase, meanings[phrase]))
    words = frozenset(word for phrase in meanings for word in phrase)
    shared = words & {*chain.from_iterable(meanings.values()), *chain.from_iterable(_parted(data["words"]["shared"]))}
    return EnglishWords(phrases, words - shared, shared)


def _parted(forms: str) -> Iterable[Phrase]:
    return [tuple(form.split()) for form in forms.split(",")]
