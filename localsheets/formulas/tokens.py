"""
A formula's text cut into tokens.

Nothing is lost: the tokens of a formula joined are the formula. What is no part of any formula becomes a `mark`, too;
whether the tokens make sense together is `syntax.py`'s question.
"""

import re
from typing import NamedTuple

LONGEST_TITLE = 100
"""Characters of a sheet's title, as in this server; with its quotes doubled twice that."""
_TITLE = rf"(?:'(?:[^']|''){{1,{2 * LONGEST_TITLE}}}'|[^\W\d][\w.]{{0,{LONGEST_TITLE}}})!"
_COLUMN, _ROW = r"\$?[A-Z]{1,3}", r"\$?[1-9][0-9]{0,6}"
_CELLS = (
    rf"{_COLUMN}{_ROW}(?::(?:{_COLUMN}{_ROW}|{_COLUMN}|{_ROW}))?"
    rf"|{_COLUMN}:{_COLUMN}(?:{_ROW})?"
    rf"|{_ROW}:(?:{_COLUMN})?{_ROW}"
)
_NUMBER = r"(?:[0-9]+(?:{mark}[0-9]+|\.)?|\.[0-9]+{bare})(?:E[+-]?[0-9]{{1,3}})?"
_BARE_COMMA = r"|(?<![^(;=+\-*/^&<>{\\]),[0-9]+"
"""A number that begins with its decimal comma, where no argument could end before it."""
_ERRORS = r"#REF!|#N/A|#NAME\?|#DIV/0!|#VALUE!|#NUM!|#NULL!|#ERROR!"


def _pattern(decimal_mark: str, bare: str = "") -> re.Pattern[str]:
    kinds = {
        "text": r'"(?:[^"]|"")*"',
        "reference": rf"(?:{_TITLE})?(?:{_CELLS})(?![\w.(!$])",
        "error": rf"(?:{_TITLE})?(?:{_ERRORS})",
        "number": _NUMBER.format(mark=decimal_mark, bare=bare) + r"(?![\w])",
        "function": r"[^\W\d][\w.]*(?=\s*\()",
        "name": r"[^\W\d][\w.]*",
        "space": r"\s+",
        "mark": r"<=|>=|<>|.",
    }
    return re.compile("|".join(f"(?P<{kind}>{form})" for kind, form in kinds.items()), re.IGNORECASE | re.DOTALL)


_PATTERNS = {".": _pattern(r"\."), ",": _pattern("[.,]", _BARE_COMMA)}


class Token(NamedTuple):
    """
    A piece of a formula.

    Attributes:
        kind: text, reference, error, number, function, name, space or mark.
    """

    kind: str
    text: str


def tokens(formula: str, decimal_mark: str = ".") -> list[Token]:
    """The tokens of a formula without its leading `=`; with a decimal comma, `1,5` is one number."""
    body = formula.removeprefix("=")
    return [Token(str(match.lastgroup), match.group()) for match in _PATTERNS[decimal_mark].finditer(body)]


def joined(parts: list[Token]) -> str:
    """The formula that these tokens make."""
    return "=" + "".join(part.text for part in parts)
