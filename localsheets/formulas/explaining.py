"""
Why a formula failed, in Sheets' own words, where they can be told exactly from the formula and what it was given.

Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/other#errorvalue
"""

from collections.abc import Callable, Sequence
from typing import Any

from localsheets.formats.coercion import Scalar, parse_entered
from localsheets.formulas.preparing import arguments_of
from localsheets.formulas.references import CellReference, parse_reference
from localsheets.formulas.results import Result
from localsheets.formulas.tokens import Token, tokens

ValueAt = Callable[[CellReference], Any]
"""Answers what a cell that the formula names shows; None if it is empty."""
_OPERATORS = {"+": "ADD", "-": "MINUS", "*": "MULTIPLY", "/": "DIVIDE", "^": "POW"}
_SEEKING = frozenset({"HLOOKUP", "LOOKUP", "MATCH", "VLOOKUP"})
_SHEETS_HAS = frozenset(
    """
    ACCRINT ACCRINTM AI AMORLINC ARRAYFORMULA ARRAY_CONSTRAIN ASC AVERAGE.WEIGHTED BAHTTEXT BYCOL BYROW CELL
    CHISQ.DIST CHISQ.INV CHISQ.TEST CHITEST CHOOSECOLS CHOOSEROWS CODE CONVERT COUNTUNIQUE COUNTUNIQUEIFS COUPDAYBS
    COUPDAYS COUPDAYSNC COUPNCD COUPNUM COUPPCD CUMIPMT CUMPRINC DAVERAGE DB DCOUNT DCOUNTA DDB DECIMAL
    DETECTLANGUAGE DGET DISC DMAX DMIN DOLLARDE DOLLARFR DPRODUCT DSTDEV DSTDEVP DSUM DURATION DVAR DVARP ENCODEURL
    EPOCHTODATE ERF.PRECISE ERFC.PRECISE ERROR.TYPE EXPAND FILTER FILTERXML FLATTEN FORECAST FREQUENCY FTEST
    GAMMADIST GETPIVOTDATA GOOGLECLOCK GOOGLEFINANCE GOOGLETRANSLATE GROWTH HARMEAN HSTACK HYPERLINK IMAGE IMARGUMENT
    IMCOTH IMLOG IMPORTDATA IMPORTFEED IMPORTHTML IMPORTRANGE IMPORTXML IMTANH INDIRECT INTERCEPT INTRATE ISBETWEEN
    ISDATE ISEMAIL ISPMT ISURL JOIN LAMBDA LET LINEST LOGEST LOGINV MAKEARRAY MAP MARGINOFERROR MDETERM MDURATION
    MINVERSE MIRR MMULT MULTINOMIAL MUNIT NETWORKDAYS NETWORKDAYS.INTL NOMINAL ODDFYIELD PDURATION PERCENTIF
    PERMUTATIONA PRICE PRICEDISC PRICEMAT PROB PROPER QUERY RANDARRAY RECEIVED REDUCE REGEXEXTRACT REGEXMATCH
    REGEXREPLACE ROMAN RSQ SCAN SERIESSUM SINGLE SKEW.P SLOPE SORT SORTN SPARKLINE SPLIT STEYX SUMPRODUCT SUMSQ
    SUMX2MY2 SUMX2PY2 SUMXMY2 SWITCH SYD TBILLEQ TBILLPRICE TBILLYIELD TEXTJOIN TOCOL TOROW TO_DATE TO_DOLLARS
    TO_PERCENT TO_PURE_NUMBER TO_TEXT TRANSPOSE TREND TRIMMEAN TTEST UNICHAR UNICODE UNIQUE VDB VSTACK WEIBULL
    WRAPCOLS WRAPROWS XIRR XLOOKUP XMATCH XNPV YIELD YIELDDISC YIELDMAT ZTEST
    """.split()  # noqa: SIM905 - three hundred words read better as lines
)
"""Functions of Sheets that the calculator may lack; what is neither here nor known to it exists nowhere."""


def explained(formula: str, result: Result, value_at: ValueAt, is_title: Callable[[str], bool]) -> Result:
    """The failed result with Sheets' explanation, if that is one of those that are known exactly."""
    solid = [token for token in tokens(formula) if token.kind != "space"]
    message = _message(solid, result, value_at, is_title)
    if result.unsupported and message:
        result = result._replace(unsupported="")
    return result._replace(error={**(result.error or {}), "message": message}) if message else result


def _message(solid: list[Token], result: Result, value_at: ValueAt, is_title: Callable[[str], bool]) -> str:
    if result.unsupported:
        return "" if result.unsupported in _SHEETS_HAS else f"Unknown function: '{result.unsupported}'."
    references = [parse_reference(token.text) for token in solid if token.kind == "reference"]
    for reference in references:
        if result.value == "#REF!" and reference.title is not None and not is_title(reference.title):
            return f"Unresolved sheet name '{reference.title}'."
    names = [token.text.upper() for token in solid if token.kind == "name"]
    if result.value == "#NAME?" and len(names) == 1 and not any(token.kind == "function" for token in solid):
        return f"Unknown range name: '{names[0]}'."
    given = _operands(solid, value_at)
    if given is None:
        return ""
    name, operands = given
    return _of_call(name, operands, str(result.value))


def _operands(solid: list[Token], value_at: ValueAt) -> tuple[str, list[Any]] | None:
    """The one function or operator that the formula consists of, and what it was given; None if it is more."""
    if len(solid) > 2 and solid[0].kind == "function" and solid[-1].text == ")":
        arguments = arguments_of(solid[2:-1])
        values = [_value(argument, value_at) for argument in arguments]
        return solid[0].text.upper(), values
    for place, token in enumerate(solid):
        if token.text in _OPERATORS and token.kind == "mark" and place:
            values = [_value(solid[:place], value_at), _value(solid[place + 1 :], value_at)]
            return None if _UNKNOWN in values else (_OPERATORS[token.text], values)
    return None


_UNKNOWN = object()
"""An argument that is more than a value."""


def _value(parts: Sequence[Token], value_at: ValueAt) -> Any:
    sign = -1 if parts and parts[0].text == "-" else 1
    if len(parts) == 2 and sign == -1 and parts[1].kind == "number":
        return -float(parts[1].text)
    if len(parts) != 1:
        return _UNKNOWN
    (token,) = parts
    if token.kind == "reference" and ":" not in token.text:
        return value_at(parse_reference(token.text))
    if token.kind == "text":
        return token.text[1:-1].replace('""', '"')
    return float(token.text) if token.kind == "number" else _UNKNOWN


def _of_call(name: str, operands: list[Any], shown: str) -> str:
    if shown == "#DIV/0!" and name in {"DIVIDE", "MOD", "QUOTIENT"} and len(operands) == 2:
        return f"Function {name} parameter 2 cannot be zero." if _is_zero(operands[1]) else ""
    if shown == "#N/A" and name in _SEEKING and _is_plain(operands[0]):
        return f"Did not find value '{_written(operands[0])}' in {name} evaluation."
    if shown == "#NUM!" and name == "SQRT" and len(operands) == 1 and _is_number(operands[0]) and operands[0] < 0:
        return "Function SQRT parameter 1 value is negative. It should be positive or zero."
    if shown == "#VALUE!" and name in _OPERATORS.values() and len(operands) == 2:
        wrong = next(
            (n for n, each in enumerate(operands, 1) if isinstance(each, str) and not _reads_as_number(each)), 0
        )
        if wrong and not operands[wrong - 1].startswith("#"):
            return (
                f"Function {name} parameter {wrong} expects number values. But '{operands[wrong - 1]}' is a text and"
                " cannot be coerced to a number."
            )
    return ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_zero(value: Any) -> bool:
    return value is None or value == 0 or value is False


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not (isinstance(value, str) and value.startswith("#"))


def _written(value: Scalar) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _reads_as_number(text: str) -> bool:
    return not isinstance(parse_entered(text).value, str)
