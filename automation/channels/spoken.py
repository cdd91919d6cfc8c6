"""
What people say in chats beside their complaint: greetings, a question for the status, a rating, that it is settled.

The words are data (spoken.toml). Pure; nothing here fails, whatever a text holds.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from automation.disposition.everyday_words import LONGEST_TEXT, plain_words
from register.errors import InvalidTicketError
from register.tickets import parse_ticket

_WORDS = re.compile(r"[^\W_]+")
_LETTER = re.compile(r"[^\W\d_]")
_APART = r"[\s.\-\u2010–—_]{0,3}"
_TICKET = re.compile(
    rf"(?<![^\W_])(?=([0-9a-z]{{4}}({_APART})[0-9a-z]{{4}}({_APART})[0-9a-z])(?![^\W_]))", re.IGNORECASE
)
_RATING = re.compile(r"\W*([1-5])(?![\d.,]*\d)(?:\s*/\s*5)?(?!\w)")
_RATED = re.compile(r"^\W*(?:nilai|bintang|skor|rating)\W*([1-5])(?![\d.,]*\d)(?!\w)")
_SHORT = 200
"""Letters; a command is shorter."""


@dataclass(frozen=True)
class Spoken:
    """The table; word lists as sets, phrases in order."""

    idle: frozenset[str]
    pleas: frozenset[str]
    asking: frozenset[str]
    about_status: frozenset[str]
    settled: frozenset[str]
    settled_with: frozenset[str]
    denying: frozenset[str]
    objecting: tuple[str, ...]
    withdrawing: tuple[str, ...]
    rating_with: frozenset[str]
    new_matter: tuple[str, ...]
    praise: frozenset[str]
    praise_phrases: tuple[str, ...]
    wanting: frozenset[str]
    unnamed: tuple[str, ...]
    bounces: tuple[str, ...]


@dataclass(frozen=True)
class StatusQuestion:
    """A question for the status. `ticket` is in its shown form, or empty; `mistyped` if what was given is none."""

    ticket: str = ""
    mistyped: bool = False


def status_question(text: str) -> StatusQuestion | None:
    """
    Whether a text asks for the status and nothing else: "status abcd efgh j", "cek tiket …", or just the ticket.

    Without a ticket ("status aduan saya") it means whatever the conversation is about.
    """
    if len(text) > _SHORT:
        return None
    folded = _folded(text)
    found = [(match.start(1), match.group(1)) for match in _TICKET.finditer(folded)]
    tickets = [(at, written, ticket) for at, written in found if (ticket := _ticket(written))]
    for at, written, ticket in tickets:
        rest = folded[:at] + " " + folded[at + len(written) :]
        meant = _looks_typed(written) or _asks(rest) or not _words(rest)  # "saya ingin" happens to be a ticket
        if meant and _about_status(rest):
            return StatusQuestion(ticket)
    for at, written in found:
        rest = folded[:at] + " " + folded[at + len(written) :]
        if _looks_typed(written) and _asks(rest) and _about_status(rest):
            return StatusQuestion(mistyped=True)
    return StatusQuestion() if _asks(folded) and _about_status(folded) else None


def rating(text: str) -> int:
    """The rating from 1 to 5 that a text gives, alone or with a courtesy ("5 terima kasih"); 0 if it gives none."""
    if len(text) > _SHORT:
        return 0
    folded, table = _folded(text), _table()
    if match := _RATED.match(folded) or _RATING.match(folded):
        allowed = table.rating_with | table.settled | table.settled_with
        if _consists_of(folded[match.end() :], allowed):
            return int(match.group(1))
    return 0


def says_settled(text: str) -> bool:
    """Whether a text says that the matter is settled, and nothing else."""
    table, words = _table(), plain_words(text[:_SHORT])
    said = set(words)
    if len(text) > _SHORT or said & table.denying:
        return False
    alone = said <= table.settled | table.settled_with | table.idle
    return alone and (bool(said & table.settled) or words == ["sudah"])


def objects(text: str) -> bool:
    """Whether a text begins with saying that the matter is not settled."""
    return _begins(text, _table().objecting)


def withdraws(text: str) -> bool:
    """Whether a text begins with asking to withdraw the complaint."""
    return _begins(text, _table().withdrawing)


def is_new_matter(text: str) -> bool:
    """Whether a text says that it is about something new."""
    folded = " ".join(_words(_folded(text)))
    return any(phrase in folded for phrase in _table().new_matter)


def letters(text: str) -> int:
    """How many letters of a text are left without greetings, courtesies and announcements."""
    idle = _table().idle
    return sum(len(_LETTER.findall(word)) for word in plain_words(text) if word not in idle)


def says_something(text: str) -> bool:
    """Whether there is anything in a text but greetings, courtesies and announcements."""
    idle = _table().idle
    return any(word not in idle for word in plain_words(text))


def pleads(text: str) -> bool:
    """Whether a text asks for help, if only in one word."""
    return bool(_table().pleas.intersection(_words(_folded(text))))


def praises(text: str) -> bool:
    """Whether a text praises, and neither wants anything nor tells of anything wrong."""
    table, words = _table(), plain_words(text)
    if "?" in text or table.wanting.intersection(words):
        return False
    return bool(table.praise.intersection(words)) or _holds(words, table.praise_phrases)


def wants_no_name(text: str) -> bool:
    """Whether whoever wrote a text does not want to be named."""
    return _holds(plain_words(text), _table().unnamed)


def is_bounce(*texts: str) -> bool:
    """Whether an automatic mail says no more than that a mail did not arrive, or that somebody is away."""
    folded = "\n".join(text[:2000] for text in texts).casefold()
    return any(phrase in folded for phrase in _table().bounces)


def _ticket(written: str) -> str:
    """The ticket that was meant; empty if it is none. `u` is no letter of tickets, and taken for the `v` that is."""
    for tried in (written, written.replace("u", "v")):
        try:
            return parse_ticket(tried)
        except InvalidTicketError:
            continue
    return ""


def _looks_typed(written: str) -> bool:
    """Two words and a letter are no mistyped ticket; what holds digits or dashes is."""
    return any(letter.isdigit() for letter in written) or not written.replace(" ", "").isalnum()


def _about_status(text: str) -> bool:
    return _consists_of(text, _table().about_status)


def _consists_of(text: str, allowed: frozenset[str]) -> bool:
    """Whether there is nothing in a text but these words, idle ones, and those that carry nothing at all."""
    known = allowed | _table().idle
    return all(word in known or not plain_words(word) for word in _words(text))


def _asks(text: str) -> bool:
    return bool(_table().asking.intersection(_words(text)))


def _begins(text: str, phrases: Iterable[str]) -> bool:
    """Whether a text begins with one of them, after idle words; as it is written, or in plain words."""
    return any(_begin(words, phrases) for words in (plain_words(text), _words(_folded(text))))


def _begin(words: Sequence[str], phrases: Iterable[str]) -> bool:
    idle = _table().idle
    for at, word in enumerate(words):
        if any(_starts(words[at:], phrase) for phrase in phrases):
            return True
        if word not in idle and plain_words(word):
            return False
    return False


def _starts(words: Sequence[str], phrase: str) -> bool:
    wanted = phrase.split()
    return list(words[: len(wanted)]) == wanted


def _holds(words: Sequence[str], phrases: Iterable[str]) -> bool:
    text = f" {' '.join(words)} "
    return any(f" {phrase} " in text for phrase in phrases)


def _words(text: str) -> list[str]:
    return _WORDS.findall(text)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).casefold()


@lru_cache(maxsize=1)
def _table() -> Spoken:
    raw = tomllib.loads(files("automation.channels").joinpath("spoken.toml").read_text(encoding="utf-8"))
    values: dict[str, Any] = {
        name: frozenset(text.split()) if isinstance(text, str) else tuple(text) for name, text in raw.items()
    }
    return Spoken(**values)
