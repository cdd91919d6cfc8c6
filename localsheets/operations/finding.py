"""
Finding a text in other texts and putting another one in its place.

A regular expression runs in a process of its own, with limits of time and memory: a hostile or clumsy one can take
forever, and in our own process nothing could stop it.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from localsheets.errors import InvalidRequestError
from localsheets.formats.coercion import parse_entered
from localsheets.model.cells import Cell, value_of
from localsheets.operations.pattern_child import Found, TooLongError, all_found

MOST_SECONDS = 5
"""For one regular expression over all of its texts."""
LONGEST_PATTERN = 1000
MOST_CHARACTERS_IN_CELL = 50_000
MOST_CHARACTERS = 20_000_000
"""In all the texts that one search changes."""


def stays_text(cell: Cell, text: str, locale: str) -> bool:
    """Whether what replacing made of a cell is its text, not to be read as if typed: texts never become formulas."""
    return isinstance(value_of(cell), str) or parse_entered(text, locale=locale).formula is not None


class BadPatternError(InvalidRequestError):
    """The regular expression is none."""


class SlowPatternError(InvalidRequestError):
    """The regular expression takes too long."""


class LongResultError(InvalidRequestError):
    """What comes out is too long."""


@dataclass(frozen=True)
class Search:
    """What is looked for, in Google's words; see `FindReplaceRequest`. Without a replacement it is only found."""

    find: str
    replacement: str | None
    match_case: bool = False
    match_entire_cell: bool = False
    by_regex: bool = False

    def found(self, texts: Iterable[str]) -> dict[str, tuple[str, int]]:
        """
        The texts that match: what becomes of each, and how many times it was found there.

        Raises: BadPatternError, SlowPatternError, LongResultError.
        """
        different = list(dict.fromkeys(texts))
        if not different:
            return {}
        try:
            told = self._by_child(different) if self.by_regex else self._found_here(different)
        except TooLongError as error:
            raise LongResultError(
                f"A cell may have {MOST_CHARACTERS_IN_CELL} characters, and all that one replacement changes"
                f" {MOST_CHARACTERS}."
            ) from error
        return {different[place]: (new, count) for place, new, count in told}

    def _found_here(self, texts: list[str]) -> list[Found]:
        pattern = re.compile(re.escape(self.find), 0 if self.match_case else re.IGNORECASE)
        put = self.replacement
        made = None if put is None else lambda _: put
        rooms = {"cell_room": MOST_CHARACTERS_IN_CELL, "room": MOST_CHARACTERS}
        return all_found(pattern, texts, made, whole=self.match_entire_cell, **rooms)

    def _by_child(self, texts: list[str]) -> list[Found]:
        if len(self.find) > LONGEST_PATTERN:
            raise BadPatternError(f"A regular expression may have {LONGEST_PATTERN} characters.")
        task = {"pattern": self.find, "replacement": self.replacement, "ignore_case": not self.match_case}
        rooms = {"cell_room": MOST_CHARACTERS_IN_CELL, "room": MOST_CHARACTERS}
        command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("pattern_child.py"))]
        try:
            done = subprocess.run(  # noqa: S603 (our own file, in this Python)
                command,
                input=json.dumps({**task, **rooms, "whole": self.match_entire_cell, "texts": texts}),
                capture_output=True,
                text=True,
                timeout=MOST_SECONDS,
                check=True,
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            raise SlowPatternError("The regular expression takes too long here.") from error
        answer = json.loads(done.stdout)
        if "error" in answer:
            raise BadPatternError(f"Invalid regular expression: {answer['error']}")
        if "too_long" in answer:
            raise TooLongError
        return [(place, new, count) for place, new, count in answer["found"]]
