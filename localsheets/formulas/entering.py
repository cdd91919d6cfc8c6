"""
Formulas as people type and read them, and as they are stored.

Stored, a formula is English: `,` between arguments, a decimal point, names of functions and columns in capitals. In a
locale with a decimal comma people write `;` between arguments and `\\` between the columns of an array; the API gives
and takes formulas in the spreadsheet's locale, too, as Google's does.

Source: https://support.google.com/docs/answer/3093197 (arrays in locales with a decimal comma)
"""

import re
from functools import lru_cache
from itertools import pairwise

from localsheets.formats.locales import customs_of
from localsheets.formulas.references import CellReference, parse_reference
from localsheets.formulas.syntax import LONGEST_FORMULA, missing_brackets
from localsheets.formulas.tokens import Token, joined, tokens

_DATES = frozenset({"DATE", "DATEVALUE", "EDATE", "EOMONTH", "TODAY", "TO_DATE", "WORKDAY", "WORKDAY.INTL"})
_NUMBER_FORMATS = {
    **{name: {"type": "DATE"} for name in _DATES},
    "NOW": {"type": "DATE_TIME"},
    "TIME": {"type": "TIME"},
    "TIMEVALUE": {"type": "TIME"},
}
"""Functions whose results are moments → how these are shown where nobody chose a format; the locale has the pattern."""
_SIMPLE = re.compile(r"[^()+*/&=<>,-]+([+*-][0-9.]+)?|(SUM|MIN|MAX|AVERAGE|MEDIAN)\([^()+*/&=<>,-]+\)")
_BARE_POINT = re.compile(r"\.(?![0-9])")
_TELEPHONE = re.compile(r"\+[0-9][0-9\s().-]*")


def is_formula(text: str) -> bool:
    """
    Whether a typed text is a formula: it begins with `=`, or with `+` as in `+A1*2`.

    At Google `+62 812-0000` is a formula, too, and shows an error; a telephone number stays a text here.
    """
    if text.startswith("="):
        return bool(text[1:].strip())
    return len(text) > 1 and text.startswith("+") and not _TELEPHONE.fullmatch(text) and text[1] not in "+ "


def canonical(text: str, locale: str) -> str:
    """The stored form of a typed formula. What cannot be read is kept as it is."""
    formula = text if text.startswith("=") else "=" + text
    if len(formula) > LONGEST_FORMULA:
        return formula
    mark = customs_of(locale).decimal
    parts = tokens(formula, mark) if mark == "," and _has_decimal_commas(formula) else tokens(formula)
    own = {part.text.casefold() for part in parts if part.kind == "name"}  # of LET and LAMBDA, where case matters
    parts = [_in_english(part, inside, own) for part, inside in _with_brackets(_spelled_out(parts))]
    return joined(parts).rstrip() + missing_brackets(parts)


def _has_decimal_commas(formula: str) -> bool:
    """Whether commas in numbers are decimal: so they are, unless one number would hold two of them."""
    parts = tokens(formula, ",")
    if any(part.text == ";" and inside != "{" for part, inside in _with_brackets(parts)):
        return True
    return not any(
        one.kind == "number" and "," in one.text and two.text.startswith(",") for one, two in pairwise(parts)
    )


@lru_cache(10_000)
def number_format_of(formula: str) -> dict[str, str] | None:
    """How a formula's result is shown if nobody says otherwise: `=TODAY()+7` is a date; None for most."""
    parts = [part for part in tokens(formula) if part.kind != "space"]
    if not parts or parts[0].kind != "function" or parts[0].text not in _NUMBER_FORMATS:
        return None
    rest = iter(_with_brackets(parts))
    outside = [part.text for part, inside in rest if not inside and part.kind != "function"]
    shifts = set("".join(outside)) <= set("()+-0123456789.")  # brackets of the call, and days more or less
    return _NUMBER_FORMATS[parts[0].text] if shifts and "." not in "".join(outside) else None


def looks_like(formula: str) -> CellReference | None:
    """
    The cell whose number format the result takes over: of `=A2`, `=A2+7`, `=SUM(A2:A9)`; None for most.

    At Google the first cell that a formula names gives the format in many more cases.
    """
    match = _SIMPLE.fullmatch("".join(part.text for part in tokens(formula) if part.kind != "space"))
    found = next((part for part in tokens(formula) if part.kind == "reference"), None)
    return parse_reference(found.text) if match and found else None


def in_locale(formula: str, locale: str) -> str:
    """A stored formula as people with that locale read it."""
    if customs_of(locale).decimal == "." or not formula:
        return formula
    parts = tokens(formula)
    unclear = _unclear(parts)
    told = [
        part if unclear and part.kind == "number" else _translated(part, inside)
        for part, inside in _with_brackets(_spelled_out(parts))
    ]
    return joined(told)


def _with_brackets(parts: list[Token]) -> list[tuple[Token, str]]:
    """Every token with the bracket that it stands in; "" outside of all."""
    told: list[tuple[Token, str]] = []
    open_brackets: list[str] = []
    for part in parts:
        if part.text in {")", "}"} and open_brackets:
            open_brackets.pop()
        told.append((part, open_brackets[-1] if open_brackets else ""))
        if part.text in {"(", "{"} and part.kind == "mark":
            open_brackets.append(part.text)
    return told


def _in_english(part: Token, inside: str, own: set[str]) -> Token:
    if part.kind == "mark" and part.text in {";", "\\"}:
        return part._replace(text="," if part.text == "\\" or inside != "{" else ";")
    if part.kind == "number":
        return part._replace(text=part.text.replace(",", ".").upper())
    if part.kind == "function" and part.text.casefold() in own:
        return part
    if part.kind in {"function", "error"} or part.text.upper() in {"TRUE", "FALSE"}:
        return part._replace(text=part.text.upper())
    return _capital_columns(part) if part.kind == "reference" else part


def _spelled_out(parts: list[Token]) -> list[Token]:
    """
    `.5` as `0.5` and `1.` as `1`: with a comma before or behind it, a number would be read as arguments.

    Where a number touches another one or a point, as in `1..5`, nobody knows what was meant: it stays as it was typed.
    """
    if _unclear(parts):
        return parts
    return [part._replace(text=_whole(part.text)) if part.kind == "number" else part for part in parts]


def _unclear(parts: list[Token]) -> bool:
    return any(all(each.kind == "number" or each.text == "." for each in pair) for pair in pairwise(parts))


def _whole(number: str) -> str:
    return _BARE_POINT.sub("", "0" + number if number[0] in ".," else number)


def _capital_columns(part: Token) -> Token:
    title, mark, cells = part.text.rpartition("!")
    return part._replace(text=title + mark + cells.upper())


def _translated(part: Token, inside: str) -> Token:
    if part.kind == "number":
        return part._replace(text=part.text.replace(".", ","))
    if part.kind == "mark" and part.text == ",":
        return part._replace(text="\\" if inside == "{" else ";")
    return part
