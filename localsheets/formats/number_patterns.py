"""
Number patterns such as `"Rp"#,##0.00;[Red](0)` or `# ?/?`: read once, then filled with digits.

Source: https://developers.google.com/workspace/sheets/api/guides/formats#number_format_patterns
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

from localsheets.formats.locales import Customs

MOST_DECIMALS = 30
_EXACT = Context(prec=1000)
"""Digits enough for the largest float with all its decimals."""
_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*"?)|\\(?P<escaped>.)|_(?P<gap>.)|(?P<fill>\*.)|\[(?P<bracket>[^\]]*)\]
    |(?P<exponent>E[+-]?0+)|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<slash>/)|(?P<text>@)
    |(?P<moment>am/pm|a/p|y+|m+|d+|h+|s+)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_COMPARISONS = {
    "<": float.__lt__,
    "<=": float.__le__,
    ">": float.__gt__,
    ">=": float.__ge__,
    "=": float.__eq__,
    "<>": float.__ne__,
}


@dataclass(frozen=True)
class Token:
    """A part of a pattern: `literal`, `digit`, `point`, `comma`, `percent`, `exponent`, `slash`, `text`, `moment`, …"""

    kind: str
    text: str


@dataclass(frozen=True)
class Section:
    """One of the patterns that `;` parts, and the numbers it says it is for (None: by its place)."""

    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None

    def holds(self, number: float) -> bool:
        """Whether the section's own condition takes that number."""
        return self.condition is not None and _COMPARISONS[self.condition[0]](float(number), self.condition[1])

    def has(self, kind: str) -> bool:
        """Whether a token of that kind is in it."""
        return any(token.kind == kind for token in self.tokens)


@lru_cache(maxsize=2000)
def sections_of(pattern: str) -> tuple[Section, ...]:
    """The sections of a pattern; at least one."""
    sections: list[Section] = []
    tokens: list[Token] = []
    condition: tuple[str, float] | None = None
    for token in _tokens(pattern):
        if token.kind == "condition":
            match = _CONDITION.fullmatch(token.text)
            condition = (match.group(1), float(match.group(2))) if match else condition
        elif token.kind == "end":
            sections.append(Section(tuple(tokens), condition))
            tokens, condition = [], None
        else:
            tokens.append(token)
    return (*sections, Section(tuple(tokens), condition))


def _tokens(pattern: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(pattern):
        kind, text = str(match.lastgroup), match.group(str(match.lastgroup))
        if kind == "bracket":
            yield from _bracket(text)
        elif kind == "quoted":
            yield Token("literal", text.strip('"'))
        elif kind == "gap":
            yield Token("literal", " ")
        elif kind == "other":
            yield Token("end" if text == ";" else "literal", text)
        elif kind != "fill":
            yield Token("literal" if kind == "escaped" else kind, text)


def _bracket(text: str) -> Iterator[Token]:
    """`[$Rp-421]` is money, `[h]` elapsed time, `[<100]` a condition; any other is a colour, which a text has not."""
    if text.startswith("$"):
        yield Token("literal", text[1:].partition("-")[0])
    elif _ELAPSED.fullmatch(text.removesuffix("+")):
        yield Token("elapsed", text.removesuffix("+").lower())
    elif _CONDITION.fullmatch(text):
        yield Token("condition", text)


def section_for(sections: Sequence[Section], number: float) -> tuple[Section, bool]:
    """The section that shows a number, and whether a minus sign must be put before it."""
    for section in sections:
        if section.holds(number):
            return section, number < 0
    free = [section for section in sections if section.condition is None] or list(sections)
    if number < 0 and len(free) > 1 and len(free) == len(sections):
        return free[1], False
    if number == 0 and len(free) > 2:
        return free[2], False
    return (free[0] if len(free) == len(sections) else free[-1]), number < 0


def show_number(section: Section, number: float, customs: Customs) -> str | None:
    """A number of zero or more in the form of a section; None if the section has no place for digits."""
    if not section.has("digit"):
        return "".join(token.text for token in section.tokens) if section.tokens else None
    number *= 100 ** sum(token.kind == "percent" for token in section.tokens)
    if math.isinf(number):
        return None
    if section.has("exponent"):
        return _scientific(section, number, customs)
    if section.has("slash"):
        return _fraction(section, number)
    return _fixed(section, number, customs)


def _fixed(section: Section, number: float, customs: Customs) -> str:
    whole, tail = _parted(section.tokens)
    digits = [i for i, token in enumerate(whole) if token.kind == "digit"]
    last = digits[-1] if digits else -1
    scale = sum(token.kind == "comma" for token in [*whole[last + 1 :], *tail]) if digits else 0
    grouped = any(token.kind == "comma" for token in whole[:last])
    wanted = [token.text for token in tail if token.kind == "digit"][:MOST_DECIMALS]
    places = -len(wanted)
    value = Decimal(repr(number)).scaleb(-3 * scale, _EXACT)
    rounded = value.quantize(Decimal(1).scaleb(places), rounding=ROUND_HALF_UP, context=_EXACT)
    head, _, fraction = f"{rounded:f}".partition(".")
    return _whole(whole, head.lstrip("0"), grouped, customs) + _decimals(tail, fraction, customs)


def _parted(tokens: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """The tokens before the decimal mark, and those from it on; words after the digits belong to the latter."""
    at = next((i for i, token in enumerate(tokens) if token.kind == "point"), len(tokens))
    return list(tokens[:at]), list(tokens[at:])


def _whole(tokens: Sequence[Token], digits: str, grouped: bool, customs: Customs) -> str:
    """Digits are laid in from the right; the first place takes all that are left."""
    places = [i for i, token in enumerate(tokens) if token.kind == "digit"]
    if not places:
        return "".join(token.text for token in tokens if token.kind != "comma") + digits
    shown: list[str] = []
    laid = 0
    for i in range(len(tokens) - 1, -1, -1):
        token = tokens[i]
        if token.kind == "digit":
            run = digits if i == places[0] else digits[-1:]
            digits = digits[: len(digits) - len(run)]
            for digit in reversed(run or {"0": "0", "?": " "}.get(token.text, "")):
                if grouped and laid and laid % 3 == 0 and digit != " ":
                    shown.append(customs.group)
                shown.append(digit)
                laid += 1
        elif token.kind != "comma":
            shown.append(token.text)
    return "".join(reversed(shown))


def _decimals(tokens: Sequence[Token], fraction: str, customs: Customs) -> str:
    wanted = [token.text for token in tokens if token.kind == "digit"][:MOST_DECIMALS]
    kept = len(fraction)
    while kept and fraction[kept - 1] == "0" and wanted[kept - 1] != "0":
        kept -= 1
    shown, place = [], 0
    for token in tokens:
        if token.kind == "point":
            shown.append(customs.decimal if kept or "0" in wanted or not wanted else "")
        elif token.kind == "digit" and place < len(wanted):
            shown.append(fraction[place] if place < kept else " " if token.text == "?" else "")
            place += 1
        elif token.kind not in {"digit", "comma"}:
            shown.append(token.text)
    return "".join(shown)


def _scientific(section: Section, number: float, customs: Customs) -> str:
    at = next(i for i, token in enumerate(section.tokens) if token.kind == "exponent")
    whole, tail = _parted(section.tokens[:at])
    step = max(sum(token.kind == "digit" for token in whole), 1)
    places = min(sum(token.kind == "digit" for token in tail), MOST_DECIMALS)
    exponent = 0
    if number:
        exponent = math.floor(Decimal(repr(number)).adjusted() / step) * step
        rounded = round(Decimal(repr(number)).scaleb(-exponent), places)
        exponent += step if rounded >= 10**step else 0
    mantissa = float(Decimal(repr(number)).scaleb(-exponent, _EXACT))
    sign = "-" if exponent < 0 else "+" if "+" in section.tokens[at].text else ""
    power = f"E{sign}{abs(exponent):0{section.tokens[at].text.count('0')}d}"
    rest = "".join(token.text for token in section.tokens[at + 1 :])
    return _fixed(Section((*whole, *tail), None), mantissa, customs) + power + rest


def _fraction(section: Section, number: float) -> str:
    """`# ?/?`: a whole part if there is a place for it, then numerator and denominator."""
    tokens = section.tokens
    slash = next(i for i, token in enumerate(tokens) if token.kind == "slash")
    over = "".join(token.text for token in tokens[slash + 1 :]).strip()
    before = "".join(token.text if token.kind != "digit" else "#" for token in tokens[:slash]).rstrip()
    mixed = " " in before.strip() and "#" in before.rpartition(" ")[0]
    whole = int(number) if mixed else 0
    rest = Fraction(repr(number) if math.isfinite(number) else "0") - whole
    if over.isdigit() and int(over):
        part = Fraction(round(rest * int(over)), 1)
        numerator, denominator = int(part), int(over)
    else:
        part = rest.limit_denominator(10 ** min(max(over.count("?") + over.count("#") + over.count("0"), 1), 9) - 1)
        numerator, denominator = part.numerator, part.denominator
    if mixed and numerator == denominator:
        whole, numerator = whole + 1, 0
    if mixed and not numerator:
        return str(whole)
    return (f"{whole} " if mixed and whole else "") + f"{numerator}/{denominator}"
