"""
Formulas as Excel writes them, and back to ours.

Excel wants `_xlfn.` before every function that is younger than its file format, knows no open range (`A2:A`), and has
never heard of some functions that Google has: such a cell is exported with its value alone.
Source: https://support.microsoft.com/en-us/office/issue-an-xlfn-function-is-displayed-in-front-of-a-formula-882f1ef7
"""

import re
from dataclasses import replace

from localsheets.formulas.references import CellReference, parse_reference
from localsheets.formulas.tokens import Token, joined, tokens

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The size of an Excel sheet."""
_YOUNG = frozenset({
    "ACOT", "ACOTH", "ARABIC", "BASE", "BITAND", "BITLSHIFT", "BITOR", "BITRSHIFT", "BITXOR", "BYCOL", "BYROW",
    "CEILING.MATH", "CHOOSECOLS", "CHOOSEROWS", "CHISQ.DIST", "CHISQ.INV", "CHISQ.TEST", "COMBINA", "CONCAT",
    "CONFIDENCE.NORM", "CONFIDENCE.T", "COT", "COTH", "COVARIANCE.P", "COVARIANCE.S", "CSC", "CSCH", "DAYS",
    "DECIMAL", "DROP", "EXPAND", "EXPON.DIST", "F.DIST", "F.INV", "F.TEST", "FILTER", "FLOOR.MATH",
    "FORMULATEXT", "GAMMA", "GAUSS", "HSTACK", "IFNA", "IFS", "ISFORMULA", "ISOWEEKNUM", "LAMBDA", "LET",
    "LOGNORM.DIST", "MAKEARRAY", "MAP", "MAXIFS", "MINIFS", "MODE.MULT", "MODE.SNGL", "MUNIT", "NORM.DIST",
    "NORM.INV", "NORM.S.DIST", "NORM.S.INV", "NUMBERVALUE", "PERCENTILE.EXC", "PERCENTILE.INC", "PERMUTATIONA",
    "PHI", "POISSON.DIST", "QUARTILE.EXC", "QUARTILE.INC", "RANDARRAY", "RANK.AVG", "RANK.EQ", "REDUCE", "RRI",
    "SCAN", "SEC", "SECH", "SEQUENCE", "SHEET", "SHEETS", "SORT", "SORTBY", "STDEV.P", "STDEV.S", "SWITCH",
    "T.DIST", "T.INV", "T.TEST", "TAKE", "TEXTAFTER", "TEXTBEFORE", "TEXTJOIN", "TEXTSPLIT", "TOCOL", "TOROW",
    "UNICHAR", "UNICODE", "UNIQUE", "VAR.P", "VAR.S", "VSTACK", "WEBSERVICE", "WEIBULL.DIST", "WRAPCOLS",
    "WRAPROWS", "XLOOKUP", "XMATCH", "XOR",
})  # fmt: skip
_SHEETS_OF_FUNCTIONS = frozenset({"FILTER", "SORT"})  # Excel writes `_xlfn._xlws.` before these two
_ONLY_GOOGLE = frozenset({
    "ARRAYFORMULA", "ARRAY_CONSTRAIN", "COUNTUNIQUE", "COUNTUNIQUEIFS", "DETECTLANGUAGE", "FLATTEN",
    "GOOGLEFINANCE", "GOOGLETRANSLATE", "IMAGE", "IMPORTDATA", "IMPORTFEED", "IMPORTHTML", "IMPORTRANGE",
    "IMPORTXML", "ISDATE", "ISEMAIL", "ISURL", "JOIN", "QUERY", "REGEXEXTRACT", "REGEXMATCH", "REGEXREPLACE",
    "SORTN", "SPARKLINE", "SPLIT", "TO_DATE", "TO_DOLLARS", "TO_PERCENT", "TO_PURE_NUMBER", "TO_TEXT",
    "EPOCHTODATE", "UPLUS", "UMINUS", "UNARY_PERCENT", "ADD", "MINUS", "MULTIPLY", "DIVIDE", "POW", "EQ", "NE",
    "GT", "GTE", "LT", "LTE", "ISBETWEEN", "AVERAGE.WEIGHTED", "MARGINOFERROR",
})  # fmt: skip
_EXTERNAL = re.compile(r"\[[0-9]+\]|\[[^\]]*\.xl[a-z]+\]", re.IGNORECASE)
_PREFIX = re.compile(r"_xlfn\.(?:_xlws\.)?|_xlws\.|_xlpm\.", re.IGNORECASE)


def excel_formula(formula: str) -> str | None:
    """The formula as Excel understands it; None if only Google does."""
    parts: list[Token] = []
    in_array = False
    for token in tokens(formula):
        name = token.text.upper()
        in_array = token.text == "{" or (in_array and token.text != "}")
        if in_array and token.kind in {"reference", "function", "name"} and name not in {"TRUE", "FALSE"}:
            return None  # Google's arrays may hold ranges; Excel's hold constants only
        if token.kind == "function" and name in _ONLY_GOOGLE:
            return None
        if token.kind == "function" and name in _YOUNG:
            prefix = "_xlfn._xlws." if name in _SHEETS_OF_FUNCTIONS else "_xlfn."
            parts.append(Token("function", prefix + token.text))
        elif token.kind == "reference":
            parts.append(Token("reference", str(_closed(parse_reference(token.text)))))
        else:
            parts.append(token)
    return joined(parts)


def _closed(ref: CellReference) -> CellReference:
    """`A2:A` with the end that Excel wants; whole columns and rows stay."""
    first, last = ref.first, ref.last
    if last is None:
        return ref
    if first.row is not None and last.row is None and last.column is not None:
        last = replace(last, row=LAST_ROW - 1)
    if first.column is not None and last.column is None and last.row is not None:
        last = replace(last, column=LAST_COLUMN - 1)
    return replace(ref, last=last)


def own_formula(formula: str) -> str | None:
    """A formula from a workbook as ours; None if it asks another file."""
    if _EXTERNAL.search(re.sub(r'"[^"]*"', "", formula)) or not formula.strip("= "):
        return None
    texts = re.split(r'("(?:[^"]|"")*")', formula)  # every second one stands in quotes
    return "".join(text if at % 2 else _PREFIX.sub("", text) for at, text in enumerate(texts))
