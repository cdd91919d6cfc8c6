"""
How a spreadsheet looks before anybody formats it: Google's default format and theme.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets#SpreadsheetProperties
"""

from localsheets.model.colours import THEME, Json, with_colours

DEFAULT_FORMAT: Json = with_colours(
    {
        "backgroundColor": THEME["BACKGROUND"],
        "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
        "verticalAlignment": "BOTTOM",
        "wrapStrategy": "OVERFLOW_CELL",
        "textFormat": {
            "foregroundColor": THEME["TEXT"],
            "fontFamily": "arial,sans,sans-serif",
            "fontSize": 10,
            "bold": False,
            "italic": False,
            "strikethrough": False,
            "underline": False,
        },
    }
)
DEFAULT_THEME: Json = {
    "primaryFontFamily": "Arial",
    "themeColors": [{"colorType": name, "color": {"rgbColor": colour}} for name, colour in THEME.items()],
}


def told_properties(properties: Json) -> Json:
    """`SpreadsheetProperties` with what nobody changed as Google has it."""
    first = {name: properties[name] for name in ("title", "locale", "autoRecalc", "timeZone") if name in properties}
    own = with_colours(properties)
    return {
        **first,
        "defaultFormat": laid_over(DEFAULT_FORMAT, own.get("defaultFormat", {})),
        "spreadsheetTheme": DEFAULT_THEME,
        **{name: value for name, value in own.items() if name not in {*first, "defaultFormat"}},
    }


def laid_over(below: Json, above: Json) -> Json:
    """Both together; where both say something, what is above counts."""
    told = dict(below)
    for name, value in above.items():
        inner = told.get(name)
        mixed = isinstance(value, dict) and isinstance(inner, dict) and "olor" not in name and name != "numberFormat"
        told[name] = laid_over(inner, value) if mixed and inner is not None else value
    return told
