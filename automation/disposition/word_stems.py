"""
Forms of one word known again: `~pukul` in a rule also means dipukul, memukuli, pemukulan, mukulin and tapukul.

Affixes of the standard language are the Snowball stemmer's; what people say is added here: the nasal sound without
`me-` (motong, nyiksa, ngancam), the ending `-in`, and the prefixes of Kutai and Banjar (ba-, ta-, ma-).
"""

from functools import lru_cache

import snowballstemmer

_STEMMER = snowballstemmer.stemmer("indonesian")
_SPOKEN_PREFIXES = ("ba", "be", "ta", "te", "ma", "ka", "ke", "nge", "bar", "tar")
_SPOKEN_ENDING = "in"
_SHORTEST = 4
"""Letters that must remain of a word once something spoken was taken off it."""
_KEEPING_PREFIXES = ("di", "be", "te", "per")
"""After these, unlike `me-` and `pe-`, a root keeps its first letter: diabet is not of sabet, periksa not of siksa."""
_NASALS = {"p": "m", "t": "n", "k": "ng", "s": "ny"}
_VOWELS = frozenset("aeiou")


@lru_cache(maxsize=20_000)
def stem_of(word: str) -> str:
    """The word without the affixes of the standard language."""
    return str(_STEMMER.stemWord(word))


@lru_cache(maxsize=20_000)
def stems_of(word: str) -> frozenset[str]:
    """What a written word may be a form of, the word itself included."""
    found = {word, stem_of(word)}
    bare = [word.removeprefix(prefix) for prefix in _SPOKEN_PREFIXES if word.startswith(prefix)]
    if word.endswith(_SPOKEN_ENDING):
        bare += [each.removesuffix(_SPOKEN_ENDING) for each in (word, *bare)]
    for each in bare:
        if len(each) >= _SHORTEST:
            found |= {each, stem_of(each)}
    return frozenset(found)


@lru_cache(maxsize=5_000)
def roots_of(word: str) -> frozenset[str]:
    """
    How the root of a word may come out of `stems_of`: whole, without the first letter, or with its nasal.

    `potong` gives potong, otong (me-motong is taken for mem-otong) and motong.
    """
    found = {word}
    if word[0] in _NASALS:
        found |= {word[1:], _NASALS[word[0]] + word[1:]}
    elif word[0] in _VOWELS:
        found.add("ng" + word)
    elif word[0] == "m":  # the stemmer takes me-minta for mem-pinta
        found.add("p" + word[1:])
    return frozenset(each for each in found if len(each) > 1)


def is_form_of(written: str, root: str) -> bool:
    """Whether a written word may be a form of the root."""
    roots = roots_of(root) - {root[1:]} if written.startswith(_KEEPING_PREFIXES) else roots_of(root)
    return not stems_of(written).isdisjoint(roots)
