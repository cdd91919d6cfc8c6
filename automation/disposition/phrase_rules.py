"""
Disposition rules of the tab `Aturan Disposisi`, and finding which of them a text meets.

The cell `Kata Kunci` holds terms parted by commas; a rule is met if one of its terms is. A term is a word or a phrase:

- `potong*` also means every word that begins so, `~potong` every form of the word (word_stems.py);
- `@lansia` means any word of the group of that name: a row whose `Kategori` is `@lansia`;
- `a/b` asks for either, `a + b` for both anywhere in the text, `a & b` for both near each other;
- `+ !c` asks that c is absent.

What a text denies ("bukan PKH") it does not hold.

For instance: `@lansia + sendirian, ~minta & @uang + @petugas + !@tanya`.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

from automation.disposition.everyday_words import kept_words, plain_words
from automation.disposition.spelling import Spelling
from automation.disposition.word_stems import is_form_of, roots_of, stems_of

GROUP = "@"
"""Begins the `Kategori` of a row that names a group of words instead of speaking for a category."""
NEAR_WORDS = 6
"""Words of a text that `a & b` may lie apart."""
DENIAL = "bukan"
DENIED_WORDS = 2
"""Words after `bukan` that do not count: of "bukan soal PKH" nothing speaks for PKH."""
_PREFIX_LETTERS = 3

Phrase = tuple[str, ...]
"""Plain words; one that ends in `*` stands for every word that begins so, one that begins with `~` for its forms."""


@dataclass(frozen=True)
class Rule:
    """
    One row of the tab: words that speak for a category, with what weight, and how urgent they make it.

    `category` may be empty for a rule that only bears on urgency, or name a group (`@lansia`); `urgency` may be
    empty; `weight` may be negative.
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
class _Side:
    """One side of a `+`: any phrase of each of these parts, near each other if there are several; or just not that."""

    parts: tuple[int, ...]
    absent: bool

    def met_by(self, found: Mapping[int, Sequence[tuple[int, str]]]) -> bool:
        return self._present(found) is not self.absent

    def _present(self, found: Mapping[int, Sequence[tuple[int, str]]]) -> bool:
        if not all(part in found for part in self.parts):
            return False
        return all(
            any(abs(one - other) <= NEAR_WORDS for one, _ in found[left] for other, _ in found[right])
            for left, right in pairwise(self.parts)
        )


@dataclass(frozen=True)
class _Term:
    """One term of the rule at `index`; a text meets it if it meets every side."""

    index: int
    sides: tuple[_Side, ...]

    @property
    def needed(self) -> tuple[int, ...]:
        """The parts that a text must hold, as written."""
        return tuple(part for side in self.sides if not side.absent for part in side.parts)


@dataclass(frozen=True)
class RuleBook:
    """
    Rules made ready for matching.

    Equal choices of phrases, in whichever rules, are one part with one number. `parts` gives by phrase its part numbers
    and how the rule writes it; `keyed` by part number the places of the terms to look at once it is found; `starts`
    the phrases by their first word, by its first letters if it ends in `*`, or by a root of it if it begins with `~`.
    """

    rules: tuple[Rule, ...]
    terms: tuple[_Term, ...]
    parts: Mapping[Phrase, Sequence[tuple[int, str]]]
    keyed: Mapping[int, Sequence[int]]
    starts: Mapping[str, Sequence[Phrase]]
    spelling: Spelling

    def met_by(self, text: str) -> tuple[Met, ...]:
        """The active rules that a text meets, in their order."""
        found = self._parts_in([self.spelling.mend(word) for word in plain_words(text)])
        met: dict[int, Met] = {}
        for place in sorted(place for part in found for place in self.keyed.get(part, ())):
            term = self.terms[place]
            if term.index not in met and all(side.met_by(found) for side in term.sides):
                words = tuple(found[part][0][1] for part in term.needed)
                met[term.index] = Met(term.index + 1, self.rules[term.index], words)
        return tuple(met.values())

    def _parts_in(self, words: Sequence[str]) -> dict[int, list[tuple[int, str]]]:
        """By part number: at which words it stands, and with which of its phrases."""
        found: dict[int, list[tuple[int, str]]] = {}
        for at, word in enumerate(words):
            if DENIAL in words[max(at - DENIED_WORDS, 0) : at]:
                continue
            starts = (word, *(f"{word[:letters]}*" for letters in range(1, _PREFIX_LETTERS + 1)), *_forms(word))
            # a phrase may be reached by two of its roots
            for phrase in dict.fromkeys(phrase for start in starts for phrase in self.starts.get(start, ())):
                if _stands_at(phrase, words, at):
                    for part, shown in self.parts[phrase]:
                        found.setdefault(part, []).append((at, shown))
        return found


class _Binding:
    """Gives each different choice of phrases its number."""

    def __init__(self, groups: Mapping[str, tuple[str, ...]]) -> None:
        self.groups = groups
        self.numbers: dict[tuple[tuple[Phrase, str], ...], int] = {}

    def term(self, index: int, text: str) -> _Term:
        sides = [_Side(self._parts(side), side.startswith("!")) for side in map(str.strip, text.split("+"))]
        return _Term(index, tuple(side for side in sides if side.parts))

    def _parts(self, side: str) -> tuple[int, ...]:
        """Their numbers. A group that nobody named is a choice of nothing, which no text holds."""
        choices = ((self._choice(part), GROUP in part) for part in side.removeprefix("!").split("&"))
        return tuple(self.numbers.setdefault(choice, len(self.numbers)) for choice, group in choices if choice or group)

    def _choice(self, part: str) -> tuple[tuple[Phrase, str], ...]:
        written = [each.strip() for each in part.split("/")]
        spread = [word for each in written for word in self._spread(each)]
        return tuple((phrase, word.strip("~")) for word in spread if (phrase := _phrase(word)))

    def _spread(self, written: str) -> tuple[str, ...]:
        return self.groups.get(written.casefold(), ()) if written.startswith(GROUP) else (written,)


@lru_cache(maxsize=8)
def rule_book(rules: tuple[Rule, ...]) -> RuleBook:
    """Those rules, made ready. Inactive rules, and terms that no text could meet, are never met."""
    active = [(index, rule) for index, rule in enumerate(rules) if rule.active]
    binding = _Binding(_groups(rule for _, rule in active))
    bound = (binding.term(index, words) for index, rule in active if not _is_group(rule) for words in rule.words)
    terms = tuple(term for term in bound if term.needed)
    parts: dict[Phrase, list[tuple[int, str]]] = {}
    sizes: dict[int, int] = {}
    for choice, number in binding.numbers.items():
        sizes[number] = len(choice)
        for phrase, shown in choice:
            parts.setdefault(phrase, []).append((number, shown))
    keyed: dict[int, list[int]] = {}
    for place, term in enumerate(terms):
        keyed.setdefault(min(term.needed, key=lambda part: sizes[part]), []).append(place)
    spelling = Spelling((word.lstrip("~") for phrase in parts for word in phrase), kept_words())
    return RuleBook(rules, terms, parts, keyed, _starts(parts), spelling)


def words_of(cell: str) -> tuple[str, ...]:
    """The terms of a cell `Kata Kunci`, as typed."""
    return tuple(term for part in cell.replace("\n", ",").split(",") if (term := " ".join(part.split())))


def term_problem(term: str, groups: Container[str]) -> str:
    """
    Why no text could ever meet a term, in words that follow it; empty if one could.

    Args:
        groups: Names of the groups there are, in lower case, each with its `@`.
    """
    sides = [side.strip() for side in term.split("+")]
    for part in (part for side in sides for part in side.removeprefix("!").split("&")):
        written = [each.strip() for each in part.split("/")]
        if any(each.startswith(GROUP) and each.casefold() not in groups for each in written):
            return "menyebut kelompok kata yang tidak ada"
        if not any(each.startswith(GROUP) or _phrase(each) for each in written):
            return "belum lengkap: ada bagian tanpa kata"
    return "hanya berisi kata yang harus tiada" if all(side.startswith("!") for side in sides) else ""


def _is_group(rule: Rule) -> bool:
    return rule.category.startswith(GROUP)


def _groups(rules: Iterable[Rule]) -> dict[str, tuple[str, ...]]:
    """Words by the name of their group; rows of one name add up. A group does not hold other groups."""
    groups: dict[str, tuple[str, ...]] = {}
    for rule in filter(_is_group, rules):
        name = rule.category.casefold()
        groups[name] = groups.get(name, ()) + rule.words
    return groups


def _starts(phrases: Iterable[Phrase]) -> dict[str, list[Phrase]]:
    starts: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        first = phrase[0]
        if first.startswith("~"):
            keys = [f"~{root}" for root in roots_of(first[1:])]
        else:
            keys = [f"{first[:-1][:_PREFIX_LETTERS]}*" if first.endswith("*") else first]
        for key in keys:
            starts.setdefault(key, []).append(phrase)
    return starts


@lru_cache(maxsize=20_000)
def _forms(word: str) -> tuple[str, ...]:
    return tuple(f"~{stem}" for stem in stems_of(word))


@lru_cache(maxsize=50_000)
def _phrase(text: str) -> Phrase:
    return tuple(chain.from_iterable(map(_in_phrase, text.casefold().split())))


@lru_cache(maxsize=20_000)
def _in_phrase(word: str) -> tuple[str, ...]:
    """What a word of a rule stands for: itself if it names its forms, its plain words otherwise."""
    bare = word.strip("*~")
    return (word,) if bare.isalnum() and word in (f"{bare}*", f"~{bare}") else tuple(plain_words(word))


def _stands_at(phrase: Phrase, words: Sequence[str], at: int) -> bool:
    if at + len(phrase) > len(words):
        return False
    for word in phrase:  # a plain loop: this is the hottest line of a disposition
        if words[at] != word and not _is_form(words[at], word):
            return False
        at += 1
    return True


def _is_form(written: str, word: str) -> bool:
    if word[-1] == "*":
        return written.startswith(word[:-1])
    return word[0] == "~" and is_form_of(written, word[1:])
