"""A long text in several messages, where a channel limits how long one may be. Pure."""

import unicodedata
from collections.abc import Callable

_BREAKS = ("\n\n", "\n", ". ", "; ", ", ", " ")
"""Where a text may be broken, the best place first: between paragraphs, lines, sentences, words."""
_ENDS_WITH = (". ", "; ", ", ")
"""Breaks whose first character stays with what goes before."""
_JOINER = "\u200d"


def parts_of(text: str, limit: int, size: Callable[[str], int] = len) -> tuple[str, ...]:
    """
    A text in as few parts as reading allows, in order, none longer than the limit.

    Args:
        limit: Of one part, in what `size` measures; at least 16.
        size: How long a text is: it must grow with the text.

    Returns: The text itself where it fits; otherwise parts without blanks at their ends. Nothing but blanks is lost.
    """
    parts = []
    rest = text
    while size(rest) > limit:
        end = _break_at(rest, _longest(rest, limit, size))
        if part := rest[:end].rstrip():
            parts.append(part)
        rest = rest[end:].lstrip()
    return (*parts, rest) if rest.strip() else tuple(parts)


def _longest(text: str, limit: int, size: Callable[[str], int]) -> int:
    """How many characters of the text fit; found by halving, as `size` may be slow."""
    fits, too_many = 1, len(text)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if size(text[:middle]) <= limit:
            fits = middle
        else:
            too_many = middle
    return fits


def _break_at(text: str, most: int) -> int:
    """Where the first part ends: at the best break in the second half of what fits, within a word if there is none."""
    for mark in _BREAKS:
        kept = len(mark.rstrip(" ")) if mark in _ENDS_WITH else 0
        place = text.rfind(mark, most // 2, most - kept + len(mark))
        if place > 0 and place + kept <= most:
            return place + kept
    return _between_letters(text, most)


def _between_letters(text: str, most: int) -> int:
    """Not before a mark that belongs to the letter or sign before it."""
    end = most
    while end > most // 2 and (unicodedata.combining(text[end]) or _JOINER in text[end - 1 : end + 1]):
        end -= 1
    return end if end > most // 2 else most
