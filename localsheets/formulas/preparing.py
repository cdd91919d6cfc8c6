"""
A stored formula made ready for IronCalc, which speaks Excel's dialect and not Sheets'.

Functions that IronCalc has under another name, or can express exactly, are rewritten; open ranges are closed at the
last row in use; titles that it cannot take are replaced; names of ranges become the ranges.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from localsheets.formulas.references import CellReference, Corner, parse_reference
from localsheets.formulas.syntax import complaint
from localsheets.formulas.tokens import Token, tokens
from localsheets.model.a1 import quoted_title
from localsheets.model.box import Box

RENAMED = {
    "ARRAYFORMULA": "",  # IronCalc fills as many cells as a result has, unasked
    "TO_DATE": "",
    "TO_PURE_NUMBER": "",
    "ARRAY_CONSTRAIN": "TAKE",
    "FLATTEN": "TOCOL",
    "POW": "POWER",
    "REGEXMATCH": "REGEXTEST",
}
"""Sheets' name → IronCalc's, for the same arguments; "" leaves just the brackets."""
EXPRESSED = {
    ("ADD", 2): "(({0})+({1}))",
    ("AVERAGE.WEIGHTED", 2): "(SUMPRODUCT({0},{1})/SUM({1}))",
    ("CEILING", 1): "CEILING({0},1)",
    ("COUNTUNIQUE", 1): "IFERROR(ROWS(UNIQUE(TOCOL({0},1))),0)",
    ("DIVIDE", 2): "(({0})/({1}))",
    ("EQ", 2): "(({0})=({1}))",
    ("FILTER", 3): "FILTER({0},({1})*({2}))",
    ("FILTER", 4): "FILTER({0},({1})*({2})*({3}))",
    ("FILTER", 5): "FILTER({0},({1})*({2})*({3})*({4}))",
    ("FLOOR", 1): "FLOOR({0},1)",
    ("GT", 2): "(({0})>({1}))",
    ("GTE", 2): "(({0})>=({1}))",
    ("IFERROR", 1): 'IFERROR({0},"")',
    ("IFNA", 1): 'IFNA({0},"")',
    ("JOIN", 2): "TEXTJOIN({0},FALSE,{1})",
    ("LT", 2): "(({0})<({1}))",
    ("LTE", 2): "(({0})<=({1}))",
    ("MINUS", 2): "(({0})-({1}))",
    ("MULTIPLY", 2): "(({0})*({1}))",
    ("NE", 2): "(({0})<>({1}))",
    ("ROUND", 1): "ROUND({0},0)",
    ("ROUNDDOWN", 1): "ROUNDDOWN({0},0)",
    ("ROUNDUP", 1): "ROUNDUP({0},0)",
    ("SORT", 3): "SORT({0},{1},IF({2},1,-1))",
    ("SORT", 5): "SORT(SORT({0},{3},IF({4},1,-1)),{1},IF({2},1,-1))",
    ("UMINUS", 1): "(-({0}))",
    ("UNARY_PERCENT", 1): "(({0})/100)",
}
"""Sheets' name and number of arguments → the same in IronCalc's words."""
_PASS_CELLS_ON = frozenset(
    {"CHOOSE", "FILTER", "HLOOKUP", "IF", "IFERROR", "IFNA", "IFS", "INDEX", "INDIRECT", "LOOKUP", "OFFSET", "SORT"}
    | {"SORTBY", "SWITCH", "TRANSPOSE", "UNIQUE", "VLOOKUP", "XLOOKUP"}
)
"""An empty cell that one of these finds shows as empty in Sheets, and as 0 in Excel."""
_COUNT_EMPTY_ROWS = frozenset({"COUNTBLANK", "ROWS", "OFFSET"})
_READ_ANYWHERE = frozenset({"INDIRECT", "OFFSET"})
_EVERY_MINUTE = frozenset({"NOW", "RAND", "RANDARRAY", "RANDBETWEEN"})
_SHEETS_ONLY_TITLE = re.compile(r"[\\/?*:\[\]]")
_LONGEST_TITLE = 31


class Tab(NamedTuple):
    """What the calculator must know about a sheet: titles, size, and its last row in use (counted from 1)."""

    title: str
    rows: int
    columns: int
    used: int


@dataclass(frozen=True)
class Layout:
    """The sheets of a spreadsheet in order, and its named ranges (name in capitals → sheet and box)."""

    tabs: Sequence[Tab]
    named: Mapping[str, tuple[int, Box]]

    def index(self, title: str) -> int | None:
        """The place of the sheet with that title."""
        wanted = title.casefold()
        return next((place for place, tab in enumerate(self.tabs) if tab.title.casefold() == wanted), None)

    def inner_title(self, index: int) -> str:
        """A sheet's title as IronCalc can take it."""
        title = self.tabs[index].title
        fits = len(title) <= _LONGEST_TITLE and not _SHEETS_ONLY_TITLE.search(title) and title.strip("'") == title
        return title if fits else f"__sheet_{index}"


@dataclass(frozen=True)
class Prepared:
    """
    A formula taken apart.

    Attributes:
        parts: Its text, with cell references and names taken out of it.
        complaint: Why it cannot be calculated; "" if it can.
        changes: How often its result changes by itself: "", "day" or "minute".
        counts_rows: An open range is meant to the sheet's last row, used or not.
        reads_anywhere: Which cells it needs is known only when it is calculated.
        is_reference: It only shows another cell.
    """

    parts: tuple[str | CellReference | Token, ...]
    complaint: str
    changes: str
    counts_rows: bool = False
    reads_anywhere: bool = False
    is_reference: bool = False

    @property
    def follows_layout(self) -> bool:
        """Whether its text for IronCalc depends on more than itself."""
        return any(
            isinstance(part, Token) or (isinstance(part, CellReference) and _is_open(part)) for part in self.parts
        )


def _is_open(ref: CellReference) -> bool:
    return ref.last is not None and None in (ref.first.row, ref.first.column, ref.last.row, ref.last.column)


def prepare(formula: str) -> Prepared:
    """Take a stored formula apart."""
    cut = tokens(formula)
    wrong = complaint(formula, cut)
    if wrong:
        return Prepared((), wrong, "")
    solid = [token for token in cut if token.kind != "space"]
    called = {token.text.upper() for token in solid if token.kind == "function"}
    single = len(solid) == 1 and solid[0].kind == "reference"
    written = _rewritten(solid)
    if (single and ":" in solid[0].text) or _is_call_of(_PASS_CELLS_ON, solid):
        written = [Token("mark", "LET(v_,"), *written, Token("mark", ',IF(v_="","",v_))')]
    return Prepared(
        tuple(_part(token) for token in written),
        "",
        "minute" if called & _EVERY_MINUTE else "day" if "TODAY" in called else "",
        counts_rows=bool(called & _COUNT_EMPTY_ROWS),
        reads_anywhere=bool(called & _READ_ANYWHERE) or any(token.text == ":" for token in solid),
        is_reference=single and ":" not in solid[0].text,
    )


def on_sheet(prepared: Prepared, title: str) -> Prepared:
    """The same with every reference naming its sheet, so that it reads the same anywhere."""
    parts = tuple(
        replace(part, title=title) if isinstance(part, CellReference) and part.title is None else part
        for part in prepared.parts
    )
    return replace(prepared, parts=parts)


def _part(token: Token) -> str | CellReference | Token:
    if token.kind == "reference":
        return parse_reference(token.text)
    return token if token.kind == "name" else token.text


def _is_call_of(functions: frozenset[str], parts: list[Token]) -> bool:
    return parts[0].kind == "function" and parts[0].text.upper() in functions and _closing(parts, 1) == len(parts) - 1


def _closing(parts: list[Token], opening: int) -> int:
    """The place of the bracket that closes the one at that place."""
    depth = 0
    for place in range(opening, len(parts)):
        if parts[place].kind == "mark":
            depth += (parts[place].text in "({") - (parts[place].text in ")}")
        if depth == 0:
            return place
    return len(parts) - 1


def _rewritten(parts: list[Token]) -> list[Token]:
    """The tokens with Sheets' functions in IronCalc's words."""
    result: list[Token] = []
    place = 0
    while place < len(parts):
        token = parts[place]
        name = token.text.upper()
        if token.kind != "function":
            result.append(token)
        elif name in RENAMED:
            result.append(Token("function", RENAMED[name]))
        else:
            end = _closing(parts, place + 1)
            arguments = arguments_of(parts[place + 2 : end])
            form = EXPRESSED.get((name, len(arguments)))
            if form is not None:
                result += _filled(form, [_rewritten(argument) for argument in arguments])
                place = end + 1
                continue
            result.append(token)
        place += 1
    return result


def arguments_of(parts: list[Token]) -> list[list[Token]]:
    """What stands between a call's brackets, cut at its commas."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in parts:
        if token.kind == "mark":
            depth += (token.text in "({") - (token.text in ")}")
        if token.text == "," and depth == 0:
            found.append([])
        else:
            found[-1].append(token)
    return found


def _filled(form: str, arguments: list[list[Token]]) -> list[Token]:
    result: list[Token] = []
    for piece in re.split(r"(\{[0-9]\})", form):
        result += arguments[int(piece[1])] if piece.startswith("{") else [Token("mark", piece)]
    return result


def rendered(prepared: Prepared, layout: Layout, here: int) -> str:
    """The formula for IronCalc, on the sheet at that place."""
    return "=" + "".join(_rendered_part(part, prepared, layout, here) for part in prepared.parts)


def _rendered_part(part: str | CellReference | Token, prepared: Prepared, layout: Layout, here: int) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, CellReference):
        index = here if part.title is None else layout.index(part.title)
        return "#REF!" if index is None else _closed(part, prepared, layout, index)
    named = layout.named.get(part.text.upper())
    if named is None:
        return part.text
    index, box = named
    last = Corner(None if box.right is None else box.right - 1, None if box.bottom is None else box.bottom - 1)
    first = Corner(box.left, box.top, column_fixed=True, row_fixed=True)
    whole = CellReference("", first, replace(last, column_fixed=True, row_fixed=True))
    return _closed(whole, prepared, layout, index)


def _closed(ref: CellReference, prepared: Prepared, layout: Layout, index: int) -> str:
    """The reference with its open ends closed, within the sheet."""
    tab = layout.tabs[index]
    box = closed_box(ref.box(), tab, counts_rows=prepared.counts_rows)
    if box.top >= tab.rows or box.left >= tab.columns:
        return "#REF!"
    right, bottom = (box.right or 1) - 1, (box.bottom or 1) - 1
    first = replace(ref.first, column=box.left, row=box.top)
    last = None if ref.last is None else replace(ref.last, column=right, row=bottom)
    title = "" if ref.title is None else quoted_title(layout.inner_title(index)) + "!"
    return title + str(replace(ref, title=None, first=first, last=last))


def closed_box(box: Box, tab: Tab, *, counts_rows: bool) -> Box:
    """A box with its open ends closed: at the last row in use, so that arrays do not fill a sheet with empty rows."""
    end = tab.rows if counts_rows else max(tab.used, 1)
    bottom = max(end, box.top + 1) if box.bottom is None else min(box.bottom, max(tab.rows, box.top + 1))
    right = tab.columns if box.right is None else min(box.right, tab.columns)
    return Box(box.top, bottom, box.left, max(right, box.left + 1))


def needed_boxes(prepared: Prepared, layout: Layout, here: int) -> list[tuple[int, Box]]:
    """The cells that a formula names, as places of sheets and closed boxes."""
    if prepared.reads_anywhere:
        return [(index, Box(0, tab.used, 0, tab.columns)) for index, tab in enumerate(layout.tabs)]
    found = []
    for part in prepared.parts:
        if isinstance(part, CellReference):
            index = here if part.title is None else layout.index(part.title)
            if index is not None:
                found.append((index, part.box()))
        elif isinstance(part, Token) and part.text.upper() in layout.named:
            found.append(layout.named[part.text.upper()])
    return [(i, closed_box(box, layout.tabs[i], counts_rows=prepared.counts_rows)) for i, box in found]
