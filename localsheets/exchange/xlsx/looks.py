"""
How a cell looks: Google's `CellFormat` as openpyxl's styles, and back.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/cells#CellFormat
"""

from typing import Any

from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_datetime

from localsheets.model.colours import THEME

Json = dict[str, Any]
_LINES = {
    "thin": "SOLID",
    "medium": "SOLID_MEDIUM",
    "thick": "SOLID_THICK",
    "dashed": "DASHED",
    "dotted": "DOTTED",
    "double": "DOUBLE",
    "hair": "DOTTED",
    "mediumDashed": "DASHED",
    "dashDot": "DASHED",
    "mediumDashDot": "DASHED",
    "dashDotDot": "DOTTED",
    "mediumDashDotDot": "DOTTED",
    "slantDashDot": "DASHED",
}
_LINES_OUT = {kind: name for name, kind in reversed(_LINES.items())}
_ACROSS = {"LEFT": "left", "CENTER": "center", "RIGHT": "right"}
_DOWN = {"TOP": "top", "MIDDLE": "center", "BOTTOM": "bottom"}
_PATTERNS = {
    "DATE": "yyyy-mm-dd",
    "TIME": "hh:mm:ss",
    "DATE_TIME": "yyyy-mm-dd hh:mm:ss",
    "PERCENT": "0.00%",
    "NUMBER": "#,##0.00",
    "CURRENCY": "#,##0.00",
    "SCIENTIFIC": "0.00E+00",
}
"""What a number format without a pattern looks like."""
_SIDES = ("top", "bottom", "left", "right")
_STANDARD_THEME = (
    "FFFFFF",     "000000",     "E7E6E6",     "44546A",     "4472C4",     "ED7D31",     "A5A5A5",     "FFC000",
    "5B9BD5",     "70AD47",     "0563C1",     "954F72",
)  # fmt: skip
"""Excel's own colours, in the order in which cells number them; a workbook's other theme is not looked into."""
_SHORT_DATES = {14: "DATE", 22: "DATE_TIME"}
"""Built-in formats that Excel shows in the reader's own order of day and month; so do we."""


def rgb(cell_format: Json, name: str) -> str | None:
    """A colour as RRGGBB: `backgroundColorStyle` goes before `backgroundColor`."""
    style = cell_format.get(f"{name}Style") or {}
    color = style.get("rgbColor", THEME.get(str(style.get("themeColor")), cell_format.get(name)))
    if not isinstance(color, dict):
        return None
    parts = [color.get(part, 0) for part in ("red", "green", "blue")]
    return "".join(f"{round(255 * min(max(float(part), 0), 1)):02X}" for part in parts)


def font(cell_format: Json) -> Font:
    """The font of a `CellFormat`, on Google's own Arial 10."""
    told = cell_format.get("textFormat") or {}
    return Font(
        name=told.get("fontFamily") or "Arial",
        size=told.get("fontSize") or 10,
        bold=bool(told.get("bold")),
        italic=bool(told.get("italic")),
        strike=bool(told.get("strikethrough")),
        underline="single" if told.get("underline") else None,
        color=rgb(told, "foregroundColor"),
    )


def fill(cell_format: Json) -> PatternFill:
    """The background of a `CellFormat`."""
    color = rgb(cell_format, "backgroundColor")
    return PatternFill("solid", fgColor=color) if color else PatternFill()


def alignment(cell_format: Json) -> Alignment:
    """Where the text stands in its cell."""
    turned = cell_format.get("textRotation") or {}
    angle = int(turned.get("angle", 0))
    return Alignment(
        horizontal=_ACROSS.get(cell_format.get("horizontalAlignment", "")),
        vertical=_DOWN.get(cell_format.get("verticalAlignment", "")),
        wrap_text=True if cell_format.get("wrapStrategy") == "WRAP" else None,
        text_rotation=255 if turned.get("vertical") else (90 - angle if angle < 0 else angle),
    )


def border(cell_format: Json) -> Border:
    """The lines around a cell."""
    told = cell_format.get("borders") or {}
    sides = {side: told[side] for side in _SIDES if isinstance(told.get(side), dict)}
    drawn: dict[str, Any] = {
        side: Side(style=_line(line), color=rgb(line, "color")) for side, line in sides.items() if _line(line)
    }
    return Border(**drawn)


def _line(told: Json) -> Any:
    return _LINES_OUT.get(str(told.get("style")))


def number_format(cell_format: Json) -> str:
    """The pattern of a number format."""
    told = cell_format.get("numberFormat") or {}
    if told.get("type") == "TEXT":
        return "@"
    return str(told.get("pattern") or _PATTERNS.get(told.get("type", ""), "General"))


def dressed(cell: Any, cell_format: Json) -> Any:
    """The openpyxl cell with that look."""
    cell.font, cell.fill, cell.alignment = font(cell_format), fill(cell_format), alignment(cell_format)
    cell.border, cell.number_format = border(cell_format), number_format(cell_format)
    return cell


def format_of(cell: Any) -> Json:
    """The `CellFormat` of an openpyxl cell; what is as everywhere is left out."""
    parts = {
        "numberFormat": number_format_of(cell.number_format),
        "backgroundColor": _background(cell.fill),
        "textFormat": _text_format(cell.font) or None,
        "borders": _borders(cell.border) or None,
        "horizontalAlignment": _named(_ACROSS, cell.alignment.horizontal),
        "verticalAlignment": _named(_DOWN, cell.alignment.vertical),
        "wrapStrategy": "WRAP" if cell.alignment.wrap_text else None,
        "textRotation": _turned(cell.alignment.text_rotation),
    }
    return {name: part for name, part in parts.items() if part is not None}


def number_format_of(pattern: str) -> Json | None:
    """The `NumberFormat` of a pattern; None for General."""
    if not pattern or pattern == "General":
        return None
    if pattern == "@":
        return {"type": "TEXT", "pattern": "@"}
    for number, kind in _SHORT_DATES.items():
        if pattern == BUILTIN_FORMATS[number]:
            return {"type": kind, "pattern": _PATTERNS[kind]}
    moment = is_datetime(pattern)
    if moment:
        return {"type": {"date": "DATE", "time": "TIME"}.get(moment, "DATE_TIME"), "pattern": pattern}
    marks = (("%", "PERCENT"), ("E+", "SCIENTIFIC"), ("[$", "CURRENCY"), ("$", "CURRENCY"), ("Rp", "CURRENCY"))
    return {"type": next((kind for mark, kind in marks if mark in pattern), "NUMBER"), "pattern": pattern}


def color_json(color: Color | None) -> Json | None:
    """Google's `Color` of an openpyxl colour; None if it is the automatic one."""
    text = _hex(color)
    if text is None:
        return None
    parts = (int(text[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return {name: part for name, part in zip(("red", "green", "blue"), parts, strict=True) if part}


def _hex(color: Color | None) -> str | None:
    if color is None:
        return None
    if color.type == "rgb" and isinstance(color.rgb, str):
        return color.rgb[-6:]
    if color.type == "indexed" and isinstance(color.indexed, int) and color.indexed < len(COLOR_INDEX):
        return str(COLOR_INDEX[color.indexed])[-6:]
    if color.type == "theme" and isinstance(color.theme, int) and color.theme < len(_STANDARD_THEME):
        return _tinted(_STANDARD_THEME[color.theme], float(color.tint or 0))
    return None


def _tinted(text: str, tint: float) -> str:
    """Lighter (tint above 0) or darker (below 0) by that share."""
    parts = (int(text[at : at + 2], 16) for at in (0, 2, 4))
    return "".join(f"{round(p + (255 - p) * tint if tint > 0 else p * (1 + max(tint, -1))):02X}" for p in parts)


def _background(filled: PatternFill) -> Json | None:
    solid = filled is not None and getattr(filled, "fill_type", None) == "solid"
    return color_json(filled.fgColor) if solid else None


def _text_format(told: Font | None) -> Json:
    if told is None:
        return {}
    color = None if told.color is None or told.color.type == "indexed" else color_json(told.color)
    parts: Json = {
        "foregroundColor": color,
        "fontFamily": None if told.name in {None, "Arial", "Calibri"} else told.name,
        "fontSize": None if told.sz in {None, 10, 11} else round(float(told.sz or 10)),
        "bold": bool(told.b),
        "italic": bool(told.i),
        "strikethrough": bool(told.strike),
        "underline": told.u in {"single", "double"},
    }
    return {name: part for name, part in parts.items() if part}


def _borders(told: Border | None) -> Json:
    sides = {side: getattr(told, side, None) for side in _SIDES}
    return {
        side: {"style": _LINES[line.style], "color": color_json(line.color) or {}}
        for side, line in sides.items()
        if line is not None and line.style in _LINES
    }


def _named(names: dict[str, str], wanted: str | None) -> str | None:
    return next((name for name, told in names.items() if told == wanted), None)


def _turned(rotation: int | None) -> Json | None:
    if not rotation:
        return None
    return {"vertical": True} if rotation == 255 else {"angle": 90 - rotation if rotation > 90 else rotation}
