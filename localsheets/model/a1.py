"""
A1 notation: reading what clients ask for, writing what Google would answer.

Source: https://developers.google.com/sheets/api/guides/concepts#cell
"""

import re
from dataclasses import dataclass

from localsheets.errors import InvalidRequestError
from localsheets.model.box import Box

_CELLS = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9][0-9]{0,8})?(?::\$?([A-Za-z]{1,3})?\$?([1-9][0-9]{0,8})?)?")
_NUMBERED = re.compile(r"[Rr]([1-9][0-9]{0,8})[Cc]([1-9][0-9]{0,4})(?::[Rr]([1-9][0-9]{0,8})[Cc]([1-9][0-9]{0,4}))?")
_PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CELL_LIKE = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*|[A-Za-z]{1,3}|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]")


@dataclass(frozen=True)
class Reference:
    """
    What a range text names.

    Attributes:
        title: The sheet named before `!`, or by quotes alone; None if none was named.
        cells: The text after `!`, or the whole text if it is not yet known what it names; "" means the whole sheet.
    """

    title: str | None
    cells: str


def split_reference(text: str) -> Reference:
    """
    Part a range text into sheet title and cells: `'It''s'!A1` → `It's`, `A1`.

    Raises: InvalidRequestError if a quote is never closed or something stands between quote and `!`.
    """
    if not text.startswith("'"):
        title, mark, cells = text.rpartition("!")
        return Reference(title if mark else None, cells)
    closed = re.match(r"'((?:[^']|'')*)'(?:!(.*))?$", text, re.DOTALL)
    if closed is None:
        raise _unreadable(text)
    return Reference(closed.group(1).replace("''", "'"), closed.group(2) or "")


def parse_cells(text: str) -> Box | None:
    """
    The box that `B2`, `A1:C5`, `A:Z`, `A2:D`, `3:7` or `R1C1:R5C3` names; None if the text is no cell reference.

    Ends may come in either order and may carry `$`.
    """
    match = _CELLS.fullmatch(text)
    if match is None:
        return _parse_numbered(text)
    left, top, right, bottom = match.groups()
    if ":" not in text:
        if not (left and top):
            return None
        right, bottom = left, top
    elif not ((left or top) and (right or bottom)):
        return None
    columns = _ends(column_index(left) if left else None, column_index(right) if right else None)
    rows = _ends(int(top) - 1 if top else None, int(bottom) - 1 if bottom else None)
    return Box(rows[0], rows[1], columns[0], columns[1])


def _parse_numbered(text: str) -> Box | None:
    match = _NUMBERED.fullmatch(text)
    if match is None:
        return None
    top, left, bottom, right = (int(end) if end else None for end in match.groups())
    rows, columns = sorted((top or 1, bottom or top or 1)), sorted((left or 1, right or left or 1))
    return Box(rows[0] - 1, rows[1], columns[0] - 1, columns[1])


def _ends(first: int | None, last: int | None) -> tuple[int, int | None]:
    if first is not None and last is not None:
        first, last = min(first, last), max(first, last)
    return first or 0, None if last is None else last + 1


def column_index(letters: str) -> int:
    """Index from 0 of a column named by letters: A → 0, AA → 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(index: int) -> str:
    """Letters of the column at that index from 0: 0 → A, 26 → AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def quoted_title(title: str) -> str:
    """A sheet title as Google writes it in a range: quoted only where needed."""
    if _PLAIN_TITLE.fullmatch(title) and not _CELL_LIKE.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def format_range(title: str, box: Box) -> str:
    """`Sheet1!A1:B2`; one cell is written as `Sheet1!A1`."""
    first = f"{column_letters(box.left)}{box.top + 1}"
    last = (column_letters(box.right - 1) if box.right else "") + (str(box.bottom) if box.bottom else "")
    return f"{quoted_title(title)}!{first}" + (f":{last}" if last != first and last else "")


def _unreadable(text: str) -> InvalidRequestError:
    return InvalidRequestError(f"Unable to parse range: {text}")
