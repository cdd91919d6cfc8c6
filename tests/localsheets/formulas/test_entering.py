"""Formulas as they are typed, stored and shown again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localsheets.formats.coercion import parse_entered
from localsheets.formulas.entering import canonical, in_locale, is_formula, number_format_of
from localsheets.formulas.syntax import DEEPEST_NESTING, complaint
from localsheets.formulas.tokens import tokens


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ('=if(a1>1,5;"ya";"tidak, ya")', '=IF(A1>1.5,"ya","tidak, ya")', '=IF(A1>1,5;"ya";"tidak, ya")'),
        ("=sum(A1,B1)", "=SUM(A1,B1)", "=SUM(A1;B1)"),
        ("=IF(A1>1,5,6)", "=IF(A1>1,5,6)", "=IF(A1>1;5;6)"),
        ("=SUM(1,5)", "=SUM(1.5)", "=SUM(1,5)"),
        ("=SUM(1, 5)", "=SUM(1, 5)", "=SUM(1; 5)"),
        ("=A1*1.5", "=A1*1.5", "=A1*1,5"),
        ("={1\\2;3\\4}", "={1,2;3,4}", "={1\\2;3\\4}"),
        ("=vlookup(\"a\";'x;y'!a:b;2;false)", "=VLOOKUP(\"a\",'x;y'!A:B,2,FALSE)", "=VLOOKUP(\"a\";'x;y'!A:B;2;FALSE)"),
        ("=.5+1.+1.E5", "=0.5+1+1E5", "=0,5+1+1E5"),
        ("=1,5+,5", "=1.5+0.5", "=1,5+0,5"),
        ("=SUM(,5;,5)", "=SUM(0.5,0.5)", "=SUM(0,5;0,5)"),
        ("=FILTER(A1:A2;A1:A2>,5)", "=FILTER(A1:A2,A1:A2>0.5)", "=FILTER(A1:A2;A1:A2>0,5)"),
        ("=SUM(A1,5)", "=SUM(A1,5)", "=SUM(A1;5)"),
        ("=SUM((1),5)", "=SUM((1),5)", "=SUM((1);5)"),
        ("=ini salah;1,5", "=ini salah,1.5", "=ini salah;1,5"),
    ],
)
def test_in_a_locale_with_a_decimal_comma(typed: str, stored: str, shown: str) -> None:
    assert canonical(typed, "id_ID") == stored
    assert in_locale(stored, "id_ID") == shown
    assert canonical(shown, "id_ID") == stored


def test_what_is_no_number_is_not_made_one() -> None:
    assert canonical("=1..5", "id_ID") == canonical("=1..5", "en_US") == in_locale("=1..5", "id_ID") == "=1..5"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("=sum(a1:b2)", "=SUM(A1:B2)"),
        ("=SUM(1;2)", "=SUM(1,2)"),
        ("=SUM(A1", "=SUM(A1)"),
        ("=IF(TRUE,{1,2", "=IF(TRUE,{1,2})"),
        ("+A1*2", "=+A1*2"),
        ("=1.5e3", "=1.5E3"),
        ('="a;b"', '="a;b"'),
        ("=true", "=TRUE"),
        ("=(", "=("),
    ],
)
def test_in_english(typed: str, stored: str) -> None:
    assert canonical(typed, "en_US") == stored == in_locale(stored, "en_US")


@pytest.mark.parametrize("text", ["=1", "+A1", "+1+2", "=)", "+SUM(1)"])
def test_a_formula_is_recognised(text: str) -> None:
    assert is_formula(text)
    assert parse_entered(text).formula


@pytest.mark.parametrize("text", ["=", "= ", "+", "+62 812-0000", "+62 (411) 0000", "++1", "+ 1", "'=1", "-A1", "a=1"])
def test_a_text_is_no_formula(text: str) -> None:
    assert parse_entered(text).formula is None


def test_a_cell_formatted_as_text_keeps_what_is_typed() -> None:
    assert parse_entered("=1+1", plain_text=True).value == "=1+1"


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        ("=TODAY()", "DATE"),
        ("=TODAY()+7", "DATE"),
        ("=EDATE(A1,1)", "DATE"),
        ("=NOW()", "DATE_TIME"),
        ("=TIME(1,2,3)", "TIME"),
        ("=TODAY()-A1", None),
        ("=TODAY()=A1", None),
        ("=TODAY()*24", None),
        ("=YEAR(TODAY())", None),
        ("=SUM(1)", None),
    ],
)
def test_a_moment_looks_like_one(formula: str, kind: str | None) -> None:
    assert (number_format_of(formula) or {}).get("type") == kind


@pytest.mark.parametrize(
    "formula",
    [
        "=1",
        "=SUM()",
        "=SUM(,)",
        "=IF(A1,,2)",
        "=--1",
        "=10%%",
        "={1,2;3,4}",
        "=LAMBDA(x,x)(1)",
        "=A1:INDEX(A:A,3)",
        "=NOW ()",
        "=-(1+2)",
        "=#REF!",
        "='a b'!A1",
        "=A1:A",
        "=x",
        "=" + "(" * DEEPEST_NESTING + "1" + ")" * DEEPEST_NESTING,
    ],
)
def test_what_can_be_read(formula: str) -> None:
    assert complaint(formula, tokens(formula)) == ""


@pytest.mark.parametrize(
    "formula",
    [
        "=1 1",
        "=1+",
        "=(1",
        "=)",
        "={}",
        "=()",
        '="a',
        "=@A1",
        "=A1#",
        "=A1;B1",
        "=1,2",
        "=*1",
        "=SUM(1))",
        "={1,(}",
        "=SUM(1]",
        "='a b'",
        "=A1!",
        "=" + "(" * (DEEPEST_NESTING + 1) + "1" + ")" * (DEEPEST_NESTING + 1),
    ],
)
def test_what_cannot(formula: str) -> None:
    assert complaint(formula, tokens(formula)) != ""


@given(
    st.text(alphabet=st.sampled_from("AZ19$:!'\"+-*/(){},;\\ .%#<>x\u00e9"), max_size=40),
    st.sampled_from(["en_US", "id_ID"]),
)
def test_storing_twice_is_storing_once(text: str, locale: str) -> None:
    stored = canonical("=" + text, locale)
    if not complaint(stored, tokens(stored)):
        assert canonical(in_locale(stored, locale), locale) == stored
