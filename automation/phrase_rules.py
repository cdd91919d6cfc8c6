"""
Disposition rules of the tab `Aturan Disposisi`, and finding which of them a text meets.

The cell `Kata Kunci` holds terms parted by commas; a rule is met if one of its terms is. A term is a word or a phrase;
`potong*` also means every word that begins so; `a + b` asks for both anywhere in the text; `a/b` for either;
`+ !c` that c is absent. For instance: `nenek/kakek + sendirian, jompo + !panti`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from automation.everyday_words import plain_words

_STEM_LETTERS = 3

Phrase = tuple[str, ...]
"""Plain words; one that ends in `*` stands for every word that begins so."""


@dataclass(frozen=True)
class Rule:
    """
    One row of the tab: words that speak for a category, with what weight, and how urgent they make it.

    `category` may be empty for a rule that only bears on urgency; `urgency` may be empty; `weight` may be negative.
    """

    category: str
    words: tuple[str, ...]
    weight: float = 1.0
    urgency: str = ""
    note: str = ""
    active: bool = True


@dataclass(frozen=True)
class Met:
    """A rule that a text meets: its number as staff count (1 is the first row), and the words that met it."""

    number: int
    rule: Rule
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    """One side of a `+`: any of these phrases, or none of them."""

    phrases: tuple[tuple[Phrase, str], ...]
    absent: bool

    def met_by(self, found: set[Phrase]) -> bool:
        """Whether the phrases found meet this side."""
        return any(phrase in found for phrase, _ in self.phrases) is not self.absent

    def shown(self, found: set[Phrase]) -> str:
        """The first of its phrases that was found, as the rule writes it."""
        return next(shown for phrase, shown in self.phrases if phrase in found)


@dataclass(frozen=True)
class _Term:
    """One term of the rule at `index`; a text meets it if it meets every part."""

    index: int
    parts: tuple[_Part, ...]

    @property
    def key(self) -> Iterable[Phrase]:
        """Phrases of which one is found whenever the term is met: those of its shortest part; none if never met."""
        present = [part for part in self.parts if not part.absent]
        return [phrase for phrase, _ in min(present, key=lambda part: len(part.phrases)).phrases] if present else []

    def met_by(self, found: set[Phrase]) -> bool:
        return all(part.met_by(found) for part in self.parts)

    def shown(self, found: set[Phrase]) -> tuple[str, ...]:
        return tuple(part.shown(found) for part in self.parts if not part.absent)


@dataclass(frozen=True)
class RuleBook:
    """
    Rules made ready for matching.

    `terms` are in the order of the rules; `keyed` gives the places of those that a phrase may meet; `starts` the
    phrases by their first word, or by its first letters if it is a stem.
    """

    rules: tuple[Rule, ...]
    terms: tuple[_Term, ...]
    keyed: Mapping[Phrase, Sequence[int]]
    starts: Mapping[str, Sequence[Phrase]]

    def met_by(self, text: str) -> tuple[Met, ...]:
        """The active rules that a text meets, in their order."""
        found = self._phrases_in(plain_words(text))
        met: dict[int, Met] = {}
        for place in sorted({place for phrase in found for place in self.keyed.get(phrase, ())}):
            term = self.terms[place]
            if term.index not in met and term.met_by(found):
                met[term.index] = Met(term.index + 1, self.rules[term.index], term.shown(found))
        return tuple(met.values())

    def _phrases_in(self, words: Sequence[str]) -> set[Phrase]:
        found: set[Phrase] = set()
        for at, word in enumerate(words):
            for start in (word, *(f"{word[:letters]}*" for letters in range(1, _STEM_LETTERS + 1))):
                found.update(phrase for phrase in self.starts.get(start, ()) if _stands_at(phrase, words, at))
        return found


@lru_cache(maxsize=8)
def rule_book(rules: tuple[Rule, ...]) -> RuleBook:
    """Those rules, made ready. Inactive rules, and terms that no text could meet, are never met."""
    active = [(index, rule) for index, rule in enumerate(rules) if rule.active]
    terms = tuple(_Term(index, _parts(words)) for index, rule in active for words in rule.words)
    keyed: dict[Phrase, list[int]] = {}
    for place, term in enumerate(terms):
        for phrase in term.key:
            keyed.setdefault(phrase, []).append(place)
    starts: dict[str, list[Phrase]] = {}
    for phrase in {phrase for term in terms for part in term.parts for phrase, _ in part.phrases}:
        starts.setdefault(_start(phrase[0]), []).append(phrase)
    return RuleBook(rules, terms, keyed, starts)


def words_of(cell: str) -> tuple[str, ...]:
    """The terms of a cell `Kata Kunci`, as typed."""
    return tuple(term for part in cell.replace("\n", ",").split(",") if (term := " ".join(part.split())))


def _parts(text: str) -> tuple[_Part, ...]:
    return tuple(part for side in text.split("+") if (part := _part(side.strip())).phrases)


def _part(text: str) -> _Part:
    absent = text.startswith("!")
    pairs = ((_phrase(choice), choice.strip()) for choice in text.removeprefix("!").split("/"))
    return _Part(tuple((phrase, shown) for phrase, shown in pairs if phrase), absent)


def _phrase(text: str) -> Phrase:
    words: list[str] = []
    for word in text.casefold().split():
        if word.endswith("*") and word.rstrip("*").isalnum():
            words.append(word.rstrip("*") + "*")
        else:
            words += plain_words(word)
    return tuple(words)


def _start(word: str) -> str:
    return f"{word[:-1][:_STEM_LETTERS]}*" if word[-1] == "*" else word


def _stands_at(phrase: Phrase, words: Sequence[str], at: int) -> bool:
    if at + len(phrase) > len(words):
        return False
    for word in phrase:  # a plain loop: this is the hottest line of a disposition
        if words[at] != word and not (word[-1] == "*" and words[at].startswith(word[:-1])):
            return False
        at += 1
    return True
