"""Finding a text in other texts and putting another one in its place."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from localsheets.errors import InvalidRequestError

MOST_SECONDS = 5
"""For one regular expression over all of its texts."""
_LONGEST_PATTERN = 1000


@dataclass(frozen=True)
class Search:
    """What is looked for, in Google's words; see `FindReplaceRequest`."""

    find: str
    replacement: str
    match_case: bool = False
    match_entire_cell: bool = False
    by_regex: bool = False

    def replaced(self, texts: list[str]) -> list[tuple[str, int]]:
        """
        What becomes of each text, and how many times it was found there.

        Raises: InvalidRequestError if the regular expression is none, or takes too long.
        """
        if self.by_regex:
            return self._by_child(texts) if texts else []
        pattern = re.compile(re.escape(self.find), 0 if self.match_case else re.IGNORECASE)
        found = pattern.fullmatch if self.match_entire_cell else pattern.search
        return [pattern.subn(lambda _: self.replacement, text) if found(text) else (text, 0) for text in texts]

    def _by_child(self, texts: list[str]) -> list[tuple[str, int]]:
        if len(self.find) > _LONGEST_PATTERN:
            raise InvalidRequestError(f"A regular expression may have {_LONGEST_PATTERN} characters.")
        task = {"pattern": self.find, "replacement": self.replacement, "ignore_case": not self.match_case}
        command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("pattern_child.py"))]
        try:
            done = subprocess.run(  # noqa: S603 (our own file, in this Python)
                command,
                input=json.dumps({**task, "whole": self.match_entire_cell, "texts": texts}),
                capture_output=True,
                text=True,
                timeout=MOST_SECONDS,
                check=True,
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            raise InvalidRequestError("The regular expression takes too long here.") from error
        answer = json.loads(done.stdout)
        if "error" in answer:
            raise InvalidRequestError(f"Invalid regular expression: {answer['error']}")
        return [(text, count) for text, count in answer["texts"]]
