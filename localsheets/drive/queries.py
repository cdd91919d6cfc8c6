"""
Searching for files: `name contains 'Register' and (trashed = false or 'me' in owners)`.

Source: https://developers.google.com/workspace/drive/api/guides/ref-search-terms
"""

import operator
import re
from collections.abc import Callable
from typing import Any

from localsheets.drive.http import DriveError

Json = dict[str, Any]
Test = Callable[[Json], bool]
_DEEPEST = 50
_TOKEN = re.compile(r"""\s*(?:('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(<=|>=|!=|[=<>()])|([A-Za-z]+))""")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TEXTS = {"name", "mimeType"}
_MOMENTS = {"createdTime", "modifiedTime"}
_FLAGS = {"trashed", "starred", "sharedWithMe"}
_COLLECTIONS = {"parents", "owners", "writers", "readers"}


def parse_query(text: str) -> Test:
    """
    Whether a file fits a query; it is asked with the file's JSON and the lists `writers` and `readers`.

    Raises: DriveError if the query cannot be understood.
    """
    if not text.strip():
        return lambda _: True
    parser = _Parser(text)
    test = parser.either(0)
    if parser.left():
        raise _unreadable()
    return test


def _unreadable() -> DriveError:
    return DriveError(400, "Invalid Value", "invalid", "q")


class _Parser:
    """A walk through the tokens of a query, one method for each level of binding."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        at = 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if match is None:
                raise _unreadable()
            self.tokens.append(match.group().strip())
            at = match.end()
        self.at = 0

    def left(self) -> bool:
        return self.at < len(self.tokens)

    def _next(self) -> str:
        if not self.left():
            raise _unreadable()
        self.at += 1
        return self.tokens[self.at - 1]

    def _took(self, word: str) -> bool:
        if self.left() and self.tokens[self.at].lower() == word:
            self.at += 1
            return True
        return False

    def either(self, depth: int) -> Test:
        """Terms joined by `or`."""
        tests = [self._both(depth)]
        while self._took("or"):
            tests.append(self._both(depth))
        return lambda file: any(test(file) for test in tests)

    def _both(self, depth: int) -> Test:
        tests = [self._single(depth)]
        while self._took("and"):
            tests.append(self._single(depth))
        return lambda file: all(test(file) for test in tests)

    def _single(self, depth: int) -> Test:
        if depth > _DEEPEST:
            raise _unreadable()
        if self._took("not"):
            test = self._single(depth + 1)
            return lambda file: not test(file)
        if self._took("("):
            test = self.either(depth + 1)
            if not self._took(")"):
                raise _unreadable()
            return test
        return self._term()

    def _term(self) -> Test:
        first = self._next()
        if first in _FLAGS and (not self.left() or self.tokens[self.at] not in {"=", "!="}):
            return lambda file: bool(file.get(first))
        operation, second = self._next(), self._next()
        if operation.lower() == "in":
            # Google writes 'ID' in parents; some clients turn it round, and Google takes that, too.
            wanted, name = (first, second) if second in _COLLECTIONS else (second, first)
            return _held(name, _value(wanted))
        return _compared(first, operation, second)


def _value(token: str) -> str:
    if token[0] not in "'\"":
        raise _unreadable()
    return re.sub(r"\\(.)", r"\1", token[1:-1])


def _held(name: str, wanted: str) -> Test:
    if name not in _COLLECTIONS:
        raise _unreadable()
    key = wanted if name == "parents" else wanted.casefold()
    return lambda file: key in file[f"{name}Held"]


def _compared(name: str, operation: str, wanted: str) -> Test:
    if name in _FLAGS and operation in {"=", "!="} and wanted in {"true", "false"}:
        return lambda file: (bool(file.get(name)) == (wanted == "true")) == (operation == "=")
    value = _value(wanted)
    if name in _TEXTS and operation == "contains":
        return lambda file: value.casefold() in str(file[name]).casefold()
    if (name in _TEXTS and operation in {"=", "!="}) or (name in _MOMENTS and operation in _COMPARE):
        compare = _COMPARE[operation]
        moment = name in _MOMENTS
        return lambda file: compare(str(file[name])[:19] if moment else file[name], value[:19] if moment else value)
    raise _unreadable()
