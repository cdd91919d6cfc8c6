"""What typed texts mean, and how numbers look."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localsheets.coercion import parse_entered
from localsheets.errors import UnimplementedError
from localsheets.number_formats import format_number
from localsheets.serials import moment_of, serial_of


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("42", 42, None),
        ("0042", 42, None),
        ("-3.5", -3.5, None),
        ("1,234", 1234, "NUMBER"),
        ("1,234.5", 1234.5, None),
        ("1.5e3", 1500, None),
        ("12%", 0.12, "PERCENT"),
        ("TRUE", True, None),
        ("false", False, None),
        ("2026-02-03", 46056, "DATE"),
        ("3/2/2026", 46056, "DATE"),
        ("31/12/2025", 46022, "DATE"),
        ("10:30", 0.4375, "TIME"),
        ("2026-02-03 12:00", 46056.5, "DATE_TIME"),
        ("3/2/2026 06:00:00", 46056.25, "DATE_TIME"),
        ("'0042", "0042", None),
        ("'=1", "=1", None),
        ("=", "=", None),
        ("32/1/2026", "32/1/2026", None),
        ("2026-02-30", "2026-02-30", None),
        ("25:00", "25:00", None),
        ("12,34,5", "12,34,5", None),
        ("1e999", "1e999", None),
        ("0812-3456", "0812-3456", None),
        ("٤٢", "٤٢", None),
        ("e5", "e5", None),
        (".", ".", None),
        ("Jl. Mawar 5", "Jl. Mawar 5", None),
        ("", "", None),
    ],
)
def test_typed_text_means(text, value, kind):
    entered = parse_entered(text)
    assert entered.value == value
    assert type(entered.value) is type(value)
    assert (entered.number_format or {}).get("type") == kind


@pytest.mark.parametrize(("text", "value"), [("1.234,5", 1234.5), ("1,5", 1.5), ("1.234", 1234), ("1.5", "1.5")])
def test_indonesian_numbers(text, value):
    assert parse_entered(text, locale="id_ID").value == value


def test_text_cells_keep_everything():
    assert [parse_entered(t, plain_text=True).value for t in ("0042", "=1", "'a", "TRUE")] == [
        "0042",
        "=1",
        "'a",
        "TRUE",
    ]


def test_formulas_are_refused():
    with pytest.raises(UnimplementedError):
        parse_entered("=SUM(A1:A2)")


@pytest.mark.parametrize(
    ("number", "kind", "pattern", "text"),
    [
        (1234.5, None, None, "1234.5"),
        (0.1 + 0.2, None, None, "0.3"),
        (1e21, None, None, "1E+21"),
        (1234.5, "NUMBER", "#,##0.00", "1,234.50"),
        (1234, "CURRENCY", '"Rp"#,##0', "Rp1,234"),
        (0.125, "PERCENT", "0.00%", "12.50%"),
        (2.5, "NUMBER", "0", "3"),
        (7, "NUMBER", "000", "007"),
        (46056, "DATE", "dd/mm/yyyy", "03/02/2026"),
        (46056, "DATE", "d mmmm yyyy", "3 February 2026"),
        (46056.4375, "DATE_TIME", "yyyy-mm-dd hh:mm", "2026-02-03 10:30"),
        (0.75, "TIME", "h:mm am/pm", "6:00 PM"),
        (1e12, "DATE", "yyyy", "1000000000000"),
        (5, "TEXT", "@", "5"),
    ],
)
def test_numbers_look(number, kind, pattern, text):
    assert format_number(number, {"type": kind, "pattern": pattern} if kind else None) == text


def test_indonesian_looks():
    assert format_number(1234.5, {"type": "NUMBER", "pattern": "#,##0.00"}, "id_ID") == "1.234,50"
    assert format_number(46056, {"type": "DATE", "pattern": "d mmmm yyyy"}, "id_ID") == "3 Februari 2026"


@given(st.datetimes().map(lambda moment: moment.replace(microsecond=0)))
def test_serials_and_moments_are_inverse(moment):
    assert moment_of(serial_of(moment)) == moment


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53), st.text(max_size=12))
def test_any_pattern_shows_any_number(number, pattern):
    for kind in ("NUMBER", "DATE", "PERCENT"):
        assert isinstance(format_number(number, {"type": kind, "pattern": pattern}), str)


@given(st.text(max_size=40).filter(lambda text: not text.startswith("=")))
def test_any_text_can_be_typed(text):
    assert isinstance(parse_entered(text).value, str | int | float | bool)
