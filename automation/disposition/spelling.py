"""
Words spelt in haste or as Banjar speaks them, known again as words that the rules use.

Two things only, so that no ordinary word is bent: vowels that were left out (bntuan, disablitas), and the Banjar `a`
where Indonesian has `e` (sasak, basar, manangis). A word that the rules use, or one of the list `kept`, stays as it is.
"""

from collections.abc import Iterable

_VOWELS = str.maketrans("", "", "aeiou")
_SHORTEST = 4
_SHORTEST_WITHOUT_VOWELS = 6
_SHORTEST_REMAINS = 5


class Spelling:
    """Mends words towards a vocabulary."""

    def __init__(self, vocabulary: Iterable[str], kept: Iterable[str] = ()) -> None:
        words = sorted({word for word in vocabulary if word.isalpha()})
        self._known = frozenset(words) | frozenset(kept)
        self._by_sound = _unique((word.replace("e", "a"), word) for word in words if len(word) >= _SHORTEST)
        long = (word for word in words if len(word) >= _SHORTEST_WITHOUT_VOWELS)
        self._by_consonants = _unique((word.translate(_VOWELS), word) for word in long)

    def mend(self, word: str) -> str:
        """The word of the vocabulary that is meant, or the word itself."""
        if word in self._known or len(word) < _SHORTEST:
            return word
        if sounding := self._by_sound.get(word.replace("e", "a")):
            return sounding
        meant = self._by_consonants.get(word.translate(_VOWELS), "") if len(word) >= _SHORTEST_REMAINS else ""
        return meant if len(meant) > len(word) and _left_out(word, meant) else word


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The pairs whose first half leads to one word only: where two could be meant, none is."""
    found: dict[str, str] = {}
    for key, word in pairs:
        found[key] = word if key not in found else ""
    return {key: word for key, word in found.items() if word}


def _left_out(written: str, meant: str) -> bool:
    """Whether `written` is `meant` with letters left out."""
    letters = iter(meant)
    return written[0] == meant[0] and all(letter in letters for letter in written)
