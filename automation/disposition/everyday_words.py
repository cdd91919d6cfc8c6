"""
Text as people really write it, brought to plain words that rules can be matched against.

Letter case, punctuation, emoji and stretched letters go; chat abbreviations, Kutai, Banjar and Javanese words become
plain Indonesian (everyday_words.toml), and so does a text in English (english.py); the possessives `-nya` and `-ku` and
words that carry nothing are dropped. The same is done to the words of the rules, so that both sides agree.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from automation.disposition.english import in_indonesian, is_english

LONGEST_TEXT = 20_000
"""Characters read; the form accepts 5,000."""

_WORDS = re.compile(r"[a-z]+|[0-9]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_HOUR = re.compile(r"\bpukul (?=\d)")
"""`pukul 03.00` is an hour, not a blow."""
_MAN = re.compile(r"\blaki\W+laki\b")
"""Kutai `laki` is a husband, but `laki-laki` is any man."""
_DOUBLED = re.compile(r"\b([a-z]{3,})2\b")
_POSSESSIVE = ("nya", "ku", "x")
"""`x` is how haste writes -nya: biasax."""
_SHORTEST_WITH_POSSESSIVE = 6


@dataclass(frozen=True)
class EverydayWords:
    """
    The table: written form to plain words, words that carry nothing, words whose ending only looks like a possessive,
    and words that are not misspelt ones of the rules (spelling.py).
    """

    plain: Mapping[str, tuple[str, ...]]
    fillers: frozenset[str]
    whole: frozenset[str]
    kept: frozenset[str]


def plain_words(text: str) -> list[str]:
    """
    The plain words of a text, in order. Never fails, whatever the text holds.

    "sdh 3x lapor ga dibales2" gives sudah 3 kali lapor tidak dibalas dibalas.
    """
    table = _table()
    words = list(_written(text))
    if is_english(words):
        words = in_indonesian(words)
    return [word for written in words for word in _plain(written, table) if word not in table.fillers]


def seems_english(text: str) -> bool:
    """Whether a text is read as English."""
    return is_english(list(_written(text)))


def _written(text: str) -> Iterator[str]:
    folded = unicodedata.normalize("NFKD", text[:LONGEST_TEXT]).casefold()
    folded = _DOUBLED.sub(r"\1 \1", _STRETCHED.sub(r"\1", _HOUR.sub("jam ", folded)))
    folded = _MAN.sub("pria", folded)
    return (match[0] for match in _WORDS.finditer(folded))


def _plain(written: str, table: EverydayWords) -> tuple[str, ...]:
    known = table.plain.get(written)
    if known:
        return known
    if len(written) >= _SHORTEST_WITH_POSSESSIVE and written not in table.whole:
        for ending in _POSSESSIVE:
            if written.endswith(ending):
                bare = written.removesuffix(ending)
                return table.plain.get(bare, (bare,))
    return (written,)


def everyday_forms() -> Mapping[str, tuple[str, ...]]:
    """Each written form with the plain words it means."""
    return _table().plain


def fillers() -> frozenset[str]:
    """Words that carry nothing; in a rule they would silently be left out."""
    return _table().fillers


def kept_words() -> frozenset[str]:
    """Words that are spelt as meant, however near a word of the rules they are."""
    return _table().kept


@lru_cache(maxsize=1)
def _table() -> EverydayWords:
    data = tomllib.loads(files("automation.disposition").joinpath("everyday_words.toml").read_text(encoding="utf-8"))
    plain = {form: tuple(meaning.split()) for meaning, forms in data["plain"].items() for form in forms.split()}
    fillers, whole, kept = (frozenset(data["words"][name].split()) for name in ("fillers", "whole", "kept"))
    return EverydayWords(plain, fillers, whole, kept | plain.keys())
