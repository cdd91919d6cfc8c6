"""
Colours as Google tells them: parts of 255, zeros left out, and each one twice, as `…Color` and as `…ColorStyle`.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/other#ColorStyle
"""

import struct
from math import floor
from typing import Any

Json = dict[str, Any]
_PARTS = ("red", "green", "blue")


def _single(value: float) -> float:
    """The shortest decimal that stands for the same number of single precision, as Google writes them."""
    packed = struct.pack("f", value)
    (single,) = struct.unpack("f", packed)
    return next(short for digits in range(1, 18) if struct.pack("f", short := float(f"{single:.{digits}g}")) == packed)


_SHADES = [_single(shade / 255) for shade in range(256)]


def _colour(hexadecimal: str) -> Json:
    return {part: _SHADES[shade] for part, shade in zip(_PARTS, bytes.fromhex(hexadecimal), strict=True) if shade}


THEME: dict[str, Json] = {
    "TEXT": _colour("000000"),
    "BACKGROUND": _colour("ffffff"),
    "ACCENT1": _colour("4285f4"),
    "ACCENT2": _colour("ea4335"),
    "ACCENT3": _colour("fbbc04"),
    "ACCENT4": _colour("34a853"),
    "ACCENT5": _colour("ff6d01"),
    "ACCENT6": _colour("46bdc6"),
    "LINK": _colour("1155cc"),
}
"""The colours of the theme that a new spreadsheet has."""


def told_colour(colour: Json) -> Json:
    """A colour with its parts rounded to multiples of 1/255; black is empty."""
    shades = {part: _shade(colour.get(part, 0)) for part in _PARTS}
    return {part: _SHADES[shade] for part, shade in shades.items() if shade}


def _shade(part: Any) -> int:
    return shade_of(part) if isinstance(part, int | float) else 0


def shade_of(part: float) -> int:
    """The nearest of 256 shades; halves go up."""
    return floor(min(max(part, 0), 1) * 255 + 0.5)


def with_colours(value: Any) -> Any:
    """A JSON value in which every colour, at any depth, is told both ways."""
    if isinstance(value, list):
        return [with_colours(item) for item in value]
    if not isinstance(value, dict):
        return value
    told: Json = {}
    for name, inner in value.items():
        if name.lower().endswith("color") and isinstance(inner, dict):
            told.setdefault(name, told_colour(inner))
            told.setdefault(name + "Style", {"rgbColor": told_colour(inner)})
        elif name.lower().endswith("colorstyle") and isinstance(inner, dict):
            themed = inner.get("themeColor")
            if not themed and "rgbColor" not in inner:
                continue  # a style that names no colour is none
            colour = THEME.get(str(themed), {}) if themed else told_colour(inner.get("rgbColor") or {})
            told[name.removesuffix("Style")] = colour
            told[name] = {"themeColor": themed} if themed else {"rgbColor": colour}
        else:
            told[name] = with_colours(inner)
    return told
