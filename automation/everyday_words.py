"""
Text as people really write it, brought to plain words that rules can be matched against.

Letter case, punctuation, emoji and stretched letters go; chat abbreviations, Kutai and Banjar words become plain
Indonesian (everyday_words.toml); the possessive `-nya` and words that carry nothing are dropped. The same is done to
the words of the rules, so that both sides agree.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

LONGEST_TEXT = 20_000
"""Characters read; the form accepts 5,000."""

_WORDS = re.compile(r"[a-z]+|[0-9]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_DOUBLED = re.compile(r"\b([a-z]{3,})2\b")
_NYA = "nya"
_SHORTEST_WITH_NYA = 6


@dataclass(frozen=True)
class EverydayWords:
    """The table: written form to plain words, words that carry nothing, words that keep their `-nya`."""

    plain: Mapping[str, tuple[str, ...]]
    fillers: frozenset[str]
    keep_nya: frozenset[str]


def plain_words(text: str) -> list[str]:
    """
    The plain words of a text, in order. Never fails, whatever the text holds.

    "sdh 3x lapor ga dibales2" gives sudah 3 kali lapor tidak dibalas dibalas.
    """
    table = _table()
    return [word for written in _written(text) for word in _plain(written, table) if word not in table.fillers]


def _written(text: str) -> Iterator[str]:
    folded = unicodedata.normalize("NFKD", text[:LONGEST_TEXT]).casefold()
    folded = _DOUBLED.sub(r"\1 \1", _STRETCHED.sub(r"\1", folded))
    return (match[0] for match in _WORDS.finditer(folded))


def _plain(written: str, table: EverydayWords) -> tuple[str, ...]:
    known = table.plain.get(written)
    if known:
        return known
    if len(written) >= _SHORTEST_WITH_NYA and written.endswith(_NYA) and written not in table.keep_nya:
        bare = written.removesuffix(_NYA)
        return table.plain.get(bare, (bare,))
    return (written,)


@lru_cache(maxsize=1)
def _table() -> EverydayWords:
    data = tomllib.loads(files("automation").joinpath("everyday_words.toml").read_text(encoding="utf-8"))
    plain = {form: tuple(meaning.split()) for meaning, forms in data["plain"].items() for form in forms.split()}
    fillers = data["fillers"]
    return EverydayWords(plain, frozenset(fillers["words"].split()), frozenset(fillers["keep_nya"].split()))
