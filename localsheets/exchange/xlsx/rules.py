"""
Validation rules and colours by rule, as Excel has them, and back.

A kind of rule that the other side does not know is left out.
Source: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/other#ConditionType
"""

from collections.abc import Callable
from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation

from localsheets.exchange.xlsx.formulas import excel_formula, own_formula
from localsheets.exchange.xlsx.looks import color_json, fill, font
from localsheets.formats.coercion import decimal_mark, parse_entered

Json = dict[str, Any]
LONGEST_LIST = 255
"""Characters of the choices that an Excel rule itself can hold; longer ones stand on a sheet of their own."""
CHECK_BOX = '"TRUE,FALSE"'
"""How a check box is written: Excel has none that is a rule."""
_COMPARISONS = {
    "NUMBER_GREATER": ("decimal", "greaterThan"),
    "NUMBER_GREATER_THAN_EQ": ("decimal", "greaterThanOrEqual"),
    "NUMBER_LESS": ("decimal", "lessThan"),
    "NUMBER_LESS_THAN_EQ": ("decimal", "lessThanOrEqual"),
    "NUMBER_EQ": ("decimal", "equal"),
    "NUMBER_NOT_EQ": ("decimal", "notEqual"),
    "NUMBER_BETWEEN": ("decimal", "between"),
    "NUMBER_NOT_BETWEEN": ("decimal", "notBetween"),
    "DATE_AFTER": ("date", "greaterThan"),
    "DATE_ON_OR_AFTER": ("date", "greaterThanOrEqual"),
    "DATE_BEFORE": ("date", "lessThan"),
    "DATE_ON_OR_BEFORE": ("date", "lessThanOrEqual"),
    "DATE_EQ": ("date", "equal"),
    "DATE_BETWEEN": ("date", "between"),
    "DATE_NOT_BETWEEN": ("date", "notBetween"),
}
_KINDS = {told: kind for kind, told in _COMPARISONS.items()}
_TESTS = {
    "TEXT_CONTAINS": "ISNUMBER(SEARCH({text},{cell}))",
    "TEXT_NOT_CONTAINS": "ISERROR(SEARCH({text},{cell}))",
    "TEXT_STARTS_WITH": "LEFT({cell},LEN({text}))={text}",
    "TEXT_ENDS_WITH": "RIGHT({cell},LEN({text}))={text}",
    "TEXT_EQ": "{cell}={text}",
    "TEXT_NOT_EQ": "{cell}<>{text}",
    "TEXT_IS_EMAIL": 'ISNUMBER(SEARCH("?*@?*.?*",{cell}))',
    "BLANK": "LEN(TRIM({cell}))=0",
    "NOT_BLANK": "LEN(TRIM({cell}))>0",
}
"""Conditions that Excel has as a formula about the first cell of the range."""
_TEXT_RULES = {
    "containsText": "TEXT_CONTAINS",
    "notContainsText": "TEXT_NOT_CONTAINS",
    "beginsWith": "TEXT_STARTS_WITH",
    "endsWith": "TEXT_ENDS_WITH",
}
Choices = Callable[[list[str]], str]
"""Puts choices that are too long for a rule onto a sheet, and answers the reference to them."""


def _texts(condition: Json) -> list[str]:
    return [str(value.get("userEnteredValue", "")) for value in condition.get("values", [])]


def validation_out(rule: Json, cell: str, locale: str, choices: Choices) -> DataValidation | None:
    """
    An Excel rule, still without its range.

    Args:
        cell: The first cell of that range, for rules that are formulas.
    """
    condition = rule.get("condition") or {}
    told = _rule_out(condition, cell, locale, choices)
    if told is None:
        return None
    strict = bool(rule.get("strict"))
    validation = DataValidation(
        **told,
        allowBlank=True,
        showErrorMessage=True,
        errorStyle="stop" if strict else "warning",
        showInputMessage=bool(rule.get("inputMessage")),
        prompt=(str(rule["inputMessage"])[:LONGEST_LIST] if rule.get("inputMessage") else None),
    )
    # In the file this flag says the opposite of its name: set, it hides the arrow.
    validation.showDropDown = told["type"] == "list" and rule.get("showCustomUi") is False
    return validation


def _rule_out(condition: Json, cell: str, locale: str, choices: Choices) -> Json | None:
    kind, texts = str(condition.get("type")), _texts(condition)
    if kind == "BOOLEAN":
        return {"type": "list", "formula1": _quoted_list(texts) if texts else CHECK_BOX}
    if kind == "ONE_OF_LIST":
        inline = len(",".join(texts)) <= LONGEST_LIST and not any(mark in text for text in texts for mark in ',"')
        return {"type": "list", "formula1": _quoted_list(texts) if inline else choices(texts)}
    if kind == "ONE_OF_RANGE" and texts:
        formula = excel_formula(texts[0])
        return (formula and {"type": "list", "formula1": formula[1:]}) or None
    if kind in _COMPARISONS:
        numbers = _bounds(texts, locale)
        names = dict(zip(("formula1", "formula2"), numbers, strict=False))
        shape, operator = _COMPARISONS[kind]
        return {"type": shape, "operator": operator, **names} if numbers else None
    formula = _test(kind, texts, cell)
    return {"type": "custom", "formula1": formula} if formula else None


def _quoted_list(texts: list[str]) -> str:
    return '"' + ",".join(texts) + '"'


def _bounds(texts: list[str], locale: str) -> list[str]:
    """Numbers as Excel reads them; none if one is a word such as "yesterday"."""
    bounds = []
    for text in texts:
        if text.startswith("="):
            formula = excel_formula(text)
            bounds.append(formula[1:] if formula else None)
            continue
        value = parse_entered(text, locale=locale).value
        bounds.append(None if isinstance(value, str | bool) else repr(value))
    return [bound for bound in bounds if bound is not None] if None not in bounds else []


def _test(kind: str, texts: list[str], cell: str) -> str | None:
    if kind == "CUSTOM_FORMULA" and texts and texts[0].startswith("="):
        formula = excel_formula(texts[0])
        return formula[1:] if formula else None
    text = '"' + (texts[0] if texts else "").replace('"', '""') + '"'
    return _TESTS[kind].format(cell=cell, text=text) if kind in _TESTS else None


def condition_out(rule: Json, cell: str, locale: str) -> Rule | None:
    """An Excel colour rule; gradients are left out."""
    boolean = rule.get("booleanRule")
    if not boolean:
        return None
    condition, look = boolean.get("condition") or {}, boolean.get("format") or {}
    style: Json = {"font": _changed_font(look), "fill": _changed_fill(look)}
    kind, texts = str(condition.get("type")), _texts(condition)
    if kind in _COMPARISONS:
        bounds = _bounds(texts, locale)
        dxf = DifferentialStyle(**style)
        return Rule("cellIs", operator=_operator(kind), formula=bounds, dxf=dxf) if bounds else None
    formula = _test(kind, texts, cell)
    return Rule("expression", formula=[formula], dxf=DifferentialStyle(**style)) if formula else None


def _operator(kind: str) -> Any:
    return _COMPARISONS[kind][1]


def _changed_font(look: Json) -> Any:
    if not look.get("textFormat"):
        return None
    told = font(look)
    told.name = told.sz = None  # a colour rule cannot change these
    return told


def _changed_fill(look: Json) -> Any:
    told = fill(look)
    if told.fill_type is None:
        return None
    told.bgColor = told.fgColor  # colour rules fill with the other one of the two
    return told


def validation_in(rule: DataValidation, locale: str, listed: Callable[[str], list[str] | None]) -> Json | None:
    """
    Google's `DataValidationRule`.

    Args:
        listed: The choices behind a reference to the sheet on which `validation_out` put long ones; None for others.
    """
    condition = _condition_in(rule, locale, listed)
    if condition is None:
        return None
    told: Json = {"condition": condition}
    if rule.errorStyle in {None, "stop"} and rule.showErrorMessage:
        told["strict"] = True
    if rule.type == "list":
        told["showCustomUi"] = not rule.showDropDown
    if rule.prompt and rule.showInputMessage:
        told["inputMessage"] = rule.prompt
    return told


def _condition_in(rule: DataValidation, locale: str, listed: Callable[[str], list[str] | None]) -> Json | None:
    formula = str(rule.formula1 or "")
    if rule.type == "list":
        return _list_in(formula, listed)
    if rule.type == "custom":
        own = own_formula("=" + formula)
        return _condition("CUSTOM_FORMULA", [own]) if own else None
    shape = "decimal" if rule.type == "whole" else rule.type
    kind = _KINDS.get((str(shape), rule.operator or "between"))
    if kind is None:
        return None
    wanted = [formula, str(rule.formula2 or "")] if "BETWEEN" in kind else [formula]
    return _condition(kind, [_typed(text, locale) for text in wanted])


def _list_in(formula: str, listed: Callable[[str], list[str] | None]) -> Json | None:
    if formula == CHECK_BOX:
        return {"type": "BOOLEAN"}
    if formula.startswith('"'):
        return _condition("ONE_OF_LIST", [text.strip() for text in formula.strip('"').split(",")])
    texts = listed(formula)
    if texts is not None:
        return _condition("ONE_OF_LIST", texts)
    own = own_formula("=" + formula)
    return _condition("ONE_OF_RANGE", [own]) if own else None


def _typed(text: str, locale: str) -> str:
    """A number of a file as somebody would type it here; anything else is a formula."""
    try:
        float(text)
    except ValueError:
        return "=" + text
    return text.replace(".", decimal_mark(locale))


def _condition(kind: str, texts: list[str]) -> Json:
    return {"type": kind, "values": [{"userEnteredValue": text} for text in texts]}


def condition_in(rule: Rule, locale: str) -> Json | None:
    """Google's `BooleanRule`; None for scales, bars and what compares cells with one another."""
    condition = _coloured_in(rule, locale)
    look = _look_in(rule.dxf)
    return {"booleanRule": {"condition": condition, "format": look}} if condition and look else None


def _coloured_in(rule: Rule, locale: str) -> Json | None:
    formulas = [str(formula) for formula in rule.formula or []]
    if rule.type == "expression" and formulas:
        own = own_formula("=" + formulas[0])
        return _condition("CUSTOM_FORMULA", [own]) if own else None
    if rule.type == "cellIs" and formulas:
        kind = _KINDS.get(("decimal", str(rule.operator)))
        quoted = formulas[0].startswith('"')
        if quoted and rule.operator in {"equal", "notEqual"}:
            kind = "TEXT_EQ" if rule.operator == "equal" else "TEXT_NOT_EQ"
            return _condition(kind, [formulas[0].strip('"')])
        return _condition(kind, [_typed(text, locale) for text in formulas]) if kind and not quoted else None
    if rule.type in _TEXT_RULES and rule.text:
        return _condition(_TEXT_RULES[rule.type], [str(rule.text)])
    return {"type": "BLANK" if rule.type == "containsBlanks" else "NOT_BLANK"} if "Blanks" in str(rule.type) else None


def _look_in(style: DifferentialStyle | None) -> Json:
    if style is None:
        return {}
    look: Json = {}
    filled: Any = style.fill
    if filled is not None:
        color = color_json(filled.bgColor) or color_json(filled.fgColor)
        look |= {"backgroundColor": color} if color else {}
    if style.font is not None:
        parts = {
            "foregroundColor": color_json(style.font.color),
            "bold": bool(style.font.b),
            "italic": bool(style.font.i),
            "strikethrough": bool(style.font.strike),
        }
        look |= {"textFormat": told} if (told := {name: part for name, part in parts.items() if part}) else {}
    return look
