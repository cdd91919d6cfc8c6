"""
Texts that match what somebody searches for, and what replacing makes of them.

A regular expression runs in a process of its own with a time limit: a hostile or clumsy one can take forever, and in
our own process nothing could stop it.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass

from localsheets.errors import InvalidRequestError
from localsheets.grid.sessions import words

LONGEST_PATTERN = 1000
"""Characters."""
PATTERN_SECONDS = 4
_CHILD = """
import json, re, sys
told = json.load(sys.stdin)
pattern = re.compile(told["pattern"], told["flags"])
match = pattern.fullmatch if told["whole"] else pattern.search
put = told["put"]
found = [bool(match(text)) for text in told["texts"]]
made = None if put is None else [pattern.sub(put, text) if hit else None for text, hit in zip(told["texts"], found)]
json.dump({"found": found, "made": made}, sys.stdout)
"""


@dataclass(frozen=True)
class Wanted:
    """
    What somebody looks for.

    Attributes:
        whole: The text must match from its first to its last letter.
        regex: `text` is a regular expression.
    """

    text: str
    match_case: bool = False
    whole: bool = False
    regex: bool = False

    def matches(self, texts: list[str]) -> list[bool]:
        """
        Which texts match.

        Raises: InvalidRequestError for a pattern that cannot be read, or takes too long.
        """
        return self._run(texts, None)[0]

    def replaced(self, texts: list[str], by: str) -> list[str | None]:
        """Each text with every match replaced (`$1` is the first group of a regular expression); None: no match."""
        return self._run(texts, by)[1]

    def _run(self, texts: list[str], by: str | None) -> tuple[list[bool], list[str | None]]:
        if not self.text or len(self.text) > LONGEST_PATTERN or len(by or "") > LONGEST_PATTERN:
            raise InvalidRequestError(words()["search_length"].format(most=LONGEST_PATTERN))
        if self.regex:
            return self._run_apart(texts, by)
        pattern = re.compile(re.escape(self.text), 0 if self.match_case else re.IGNORECASE)
        match = pattern.fullmatch if self.whole else pattern.search
        found = [match(text) is not None for text in texts]
        if by is None:
            return found, []
        return found, [pattern.sub(lambda _: by, text) if hit else None for text, hit in zip(texts, found, strict=True)]

    def _run_apart(self, texts: list[str], by: str | None) -> tuple[list[bool], list[str | None]]:
        flags = 0 if self.match_case else int(re.IGNORECASE)
        put = None if by is None else re.sub(r"\$(\d)", r"\\g<\1>", by.replace("\\", r"\\"))
        try:
            re.compile(self.text, flags)
        except (re.error, RecursionError, OverflowError) as error:
            raise InvalidRequestError(words()["bad_pattern"].format(why=str(error))) from error
        told = {"pattern": self.text, "flags": flags, "whole": self.whole, "put": put, "texts": texts}
        try:
            done = subprocess.run(  # noqa: S603  (our own program; what people typed is its input)
                [sys.executable, "-I", "-S", "-c", _CHILD],
                input=json.dumps(told).encode(),
                capture_output=True,
                timeout=PATTERN_SECONDS,
                check=True,
            )
        except subprocess.TimeoutExpired as error:
            raise InvalidRequestError(words()["slow_pattern"]) from error
        except subprocess.CalledProcessError as error:
            raise InvalidRequestError(words()["bad_pattern"].format(why=self.text)) from error
        answer = json.loads(done.stdout)
        return answer["found"], answer["made"] or []
