"""
Whom a complaint about staff accuses, so that it never goes to their own unit.

Pure. Source: domain section 3 (PUNGLI: never to the accused's unit); the same holds for KEKERASAN.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from automation.configuration.in_force import Officer
from automation.disposition.disposing import DEFAULT_BIDANG, Disposition

KADIS = "Kadis"
"""Code of the row of tab `Bidang` to which a complaint goes that nobody below may handle."""

_WORD = re.compile(r"[a-z0-9]+")
_TITLES = frozenset(
    ["pak", "bu", "bapak", "ibu", "bpk", "sdr", "sdri", "saudara", "saudari", "mas", "mbak", "bang", "haji", "hj"]
)
_SHORTEST_NAME = 4
_ROLE_WORDS = frozenset(
    ["petugas", "loket", "admin", "media", "sosial", "ketua", "tim", "pengaduan", "kepala", "bidang", "dinas", "kadis"]
)
"""A person of the tab who is only named by a role ("Petugas Loket") is nobody whom a text accuses by name."""


def accused_units(
    text: str, *, respondent: str, officers: Iterable[Officer], bidang: Mapping[str, str]
) -> frozenset[str]:
    """
    Codes of the bidang that the text or the `Terlapor` field names, or whose officers it names.

    Args:
        text: Subject and description.
        respondent: What the reporter wrote as the one complained of, or "".
        officers: Of tab `Petugas`.
        bidang: Names by code, of tab `Bidang`. The Kadis is no unit that can be avoided upwards.
    """
    words = _words(f"{text} . {respondent}")
    spoken = f" {' '.join(words)} "
    named = {code for code, name in bidang.items() if any(f" {way} " in spoken for way in _ways_to_say(code, name))}
    alone = _called(words) | {word for word in _words(respondent) if len(word) >= _SHORTEST_NAME}
    known = {each.bidang for each in officers if each.bidang and _is_named(_words(each.name), spoken, alone)}
    return frozenset(named | known) - {KADIS}


def kept_from_accused(found: Disposition, accused: frozenset[str]) -> Disposition:
    """
    The disposition, or one to the Kadis if it would reach the unit that a restricted complaint accuses.

    Whoever is asked in doubt (the Ketua Tim sits in the Sekretariat) is not asked then either, nor if it is accused.
    """
    asked = {found.bidang, DEFAULT_BIDANG} if found.unsure else {found.bidang}
    reached = sorted(asked & accused)
    if not found.restricted or not reached:
        return found
    sentence = f"{found.explanation.removesuffix('.')}; ke {KADIS} karena {reached[0]} disebut sebagai terlapor."
    return replace(found, bidang=KADIS, explanation=sentence, unsure=False)


def _ways_to_say(code: str, name: str) -> list[str]:
    """The code, the whole name, and each part of it around `dan` that says enough by itself."""
    bare = name.casefold().removeprefix("bidang ")
    parts = [part for part in bare.split(" dan ") if len(part.split()) > 1]
    return [" ".join(_words(way)) for way in (code, bare, *parts) if _words(way)]


def _called(words: list[str]) -> set[str]:
    """Words that follow a title: the name in `Pak Wahyudi`."""
    return {name for title, name in pairwise(words) if title in _TITLES}


def _is_named(name: list[str], spoken: str, alone: set[str]) -> bool:
    if not name or _ROLE_WORDS.issuperset(name):
        return False
    whole = len(name) > 1 and f" {' '.join(name)} " in spoken
    return whole or any(word in alone for word in name if len(word) >= _SHORTEST_NAME and word not in _ROLE_WORDS)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
