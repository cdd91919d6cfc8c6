"""What typed texts mean, and how numbers look."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localsheets.formats.coercion import parse_entered
from localsheets.formats.number_formats import format_number, format_text
from localsheets.formats.serials import moment_of, serial_of
from localsheets.model.cells import formatted

PLAIN, NUMBER, MONEY, PERCENT = None, "NUMBER", "CURRENCY", "PERCENT"
DATE, TIME, BOTH = "DATE", "TIME", "DATE_TIME"
JAN_2 = 46024
"""2 January 2026."""

TYPED = {
    "en_US": [
        ("42", 42, PLAIN, "42"),
        ("€5", 5, MONEY, "€5"),
        ("£1,234.50", 1234.5, MONEY, "£1,234.50"),
        ("0042", 42, PLAIN, "42"),
        ("-3.5", -3.5, PLAIN, "-3.5"),
        ("+5", 5, PLAIN, "5"),
        (".5", 0.5, PLAIN, "0.5"),
        (" 7 ", 7, PLAIN, "7"),
        ("(5)", -5, PLAIN, "-5"),
        ("1,234", 1234, NUMBER, "1,234"),
        ("1,234.5", 1234.5, NUMBER, "1,234.50"),
        ("1.5e3", 1500, "SCIENTIFIC", "1.50E+03"),
        ("12%", 0.12, PERCENT, "12%"),
        ("12.5%", 0.125, PERCENT, "12.50%"),
        ("$5", 5, MONEY, "$5"),
        ("-$1,234.50", -1234.5, MONEY, "-$1,234.50"),
        ("($5)", -5, MONEY, "-$5"),
        ("123456789012", 123456789012, PLAIN, "123456789012"),
        ("1234567890123456", 1234567890123456, PLAIN, "1.23457E+15"),
        ("TRUE", True, PLAIN, "TRUE"),
        ("false", False, PLAIN, "FALSE"),
        ("2026-01-02", JAN_2, DATE, "2026-01-02"),
        ("2026/1/2", JAN_2, DATE, "2026/1/2"),
        ("1/2/2026", JAN_2, DATE, "1/2/2026"),
        ("1/2/26", JAN_2, DATE, "1/2/2026"),
        ("1/2", JAN_2, DATE, "1/2"),
        ("12-31-2025", 46022, DATE, "12/31/2025"),
        ("Jan 2, 2026", JAN_2, DATE, "Jan 2, 2026"),
        ("January 2 2026", JAN_2, DATE, "January 2, 2026"),
        ("2 Jan 2026", JAN_2, DATE, "2 Jan 2026"),
        ("2-Jan-2026", JAN_2, DATE, "2-Jan-2026"),
        ("Jan 2026", JAN_2 - 1, DATE, "Jan 2026"),
        ("Jan 2", JAN_2, DATE, "Jan 2"),
        ("10:30", 0.4375, TIME, "10:30"),
        ("10:30 PM", 0.9375, TIME, "10:30 PM"),
        ("12:15am", 0.25 / 24, TIME, "12:15 AM"),
        ("9pm", 0.875, TIME, "9 PM"),
        ("06:00:00", 0.25, TIME, "6:00:00"),
        ("36:00", 1.5, TIME, "36:00:00"),
        ("2026-01-02 12:00", JAN_2 + 0.5, BOTH, "2026-01-02 12:00:00"),
        ("2026-01-02T18:00:00", JAN_2 + 0.75, BOTH, "2026-01-02 18:00:00"),
        ("1/2/2026 6:00 PM", JAN_2 + 0.75, BOTH, "1/2/2026 18:00:00"),
    ],
    "id_ID": [
        ("1.234,5", 1234.5, NUMBER, "1.234,50"),
        ("1.234", 1234, NUMBER, "1.234"),
        ("1,5", 1.5, PLAIN, "1,5"),
        ("12,5%", 0.125, PERCENT, "12,50%"),
        ("Rp5.000", 5000, MONEY, "Rp5.000"),
        ("Rp 5.000,50", 5000.5, MONEY, "Rp5.000,50"),
        ("2/1/2026", JAN_2, DATE, "02/01/2026"),
        ("02-01-2026", JAN_2, DATE, "02/01/2026"),
        ("31/12/2025", 46022, DATE, "31/12/2025"),
        ("2/1", JAN_2, DATE, "2/1"),
        ("2 Januari 2026", JAN_2, DATE, "2 Januari 2026"),
        ("17 Agu 2026", 46251, DATE, "17 Agu 2026"),
        ("2 January 2026", JAN_2, DATE, "2 Januari 2026"),
        ("10:30", 0.4375, TIME, "10:30"),
        ("09.15", 0.25 + 3.25 / 24, TIME, "09.15"),
        ("2/1/2026 18.00", JAN_2 + 0.75, BOTH, "02/01/2026 18.00.00"),
    ],
    "en_GB": [("2/1/2026", JAN_2, DATE, "02/01/2026"), ("£1,234.50", 1234.5, MONEY, "£1,234.50")],
    "de_DE": [
        ("2.1.2026", JAN_2, DATE, "02.01.2026"),
        ("2. Januar 2026", JAN_2, DATE, "2 Januar 2026"),
        ("1.234,50 €", 1234.5, MONEY, "1.234,50\u00a0€"),
        ("WAHR", True, PLAIN, "WAHR"),
    ],
    "fr_FR": [("1 234,5", 1234.5, NUMBER, "1\u202f234,50"), ("2 mars 2026", 46083, DATE, "2 mars 2026")],
}
TEXTS = {
    "en_US": [
        "=", "32/1/2026", "13/1/2026", "2026-02-30", "10:75", "13:00 PM", "12,34,5", "1e999", "0812-3456", "٤٢", "e5",
        ".", "$", "--5", "(5", "$5%", "1.2.2026", "+62 812", "1 1/2", "Jl. Mawar 5", "#N/A", "", "   ", "Rp5.000",
    ],
    "id_ID": ["1.5", "$5", "1/31/2026", "2.1.2026", "3 Pebruari"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "text", "value", "kind", "shown"),
    [pytest.param(locale, *row, id=f"{locale}: {row[0]}") for locale, rows in TYPED.items() for row in rows],
)
def test_typed_text_means_and_looks(locale, text, value, kind, shown):
    entered = parse_entered(text, locale=locale, year=2026)
    assert entered.value == pytest.approx(value)
    assert isinstance(entered.value, bool) == isinstance(value, bool)
    assert (entered.number_format or {}).get("type") == kind
    assert formatted(entered.value, entered.number_format, locale) == shown


@pytest.mark.parametrize(("locale", "text"), [(locale, text) for locale, texts in TEXTS.items() for text in texts])
def test_what_is_no_number_stays_text(locale, text):
    assert parse_entered(text, locale=locale).value == text


@pytest.mark.parametrize(("text", "kept"), [("'0042", "0042"), ("'=1", "=1"), ("''a", "'a")])
def test_an_apostrophe_makes_text(text, kept):
    assert parse_entered(text).value == kept


def test_text_cells_keep_everything():
    assert [parse_entered(t, plain_text=True).value for t in ("0042", "=1", "'a", "TRUE")] == [
        "0042",
        "=1",
        "'a",
        "TRUE",
    ]


def test_formulas_are_read_as_such():
    assert parse_entered("=sum(a1:a2)").formula == "=SUM(A1:A2)"


LOOKS = [
    (1234.5, None, None, "1234.5"),
    (0.1 + 0.2, None, None, "0.3"),
    (1 / 3, None, None, "0.3333333333"),
    (123456789.123, None, None, "123456789.1"),
    (12345678901.5, None, None, "12345678902"),
    (1e21, None, None, "1E+21"),
    (1e-12, None, None, "1E-12"),
    (-0.5, None, None, "-0.5"),
    (1234.5, "NUMBER", None, "1,234.50"),
    (1234.5, "NUMBER", "#,##0.00", "1,234.50"),
    (1234, "CURRENCY", '"Rp"#,##0', "Rp1,234"),
    (-12.3, "CURRENCY", None, "-$12.30"),
    (5, "CURRENCY", "[$Rp-421] #,##0", "Rp 5"),
    (0.125, "PERCENT", None, "12.50%"),
    (0.125, "PERCENT", "0%", "13%"),
    (2.5, "NUMBER", "0", "3"),
    (7, "NUMBER", "000", "007"),
    (-0.2, "NUMBER", "0", "0"),
    (0.5, "NUMBER", "#.##", ".5"),
    (5, "NUMBER", "#.##", "5"),
    (5, "NUMBER", "0.0?", "5.0 "),
    (81234567, "NUMBER", "0000-0000", "8123-4567"),
    (-5, "NUMBER", "#,##0;(#,##0)", "(5)"),
    (0, "NUMBER", '0;-0;"nihil"', "nihil"),
    (0, "NUMBER", "0;-0;", ""),
    (5, "NUMBER", '[<10]"sedikit";[>=10]"banyak"', "sedikit"),
    (15, "NUMBER", '[<10]"sedikit";[>=10]"banyak"', "banyak"),
    (-1234.5, "NUMBER", "[Green]#,##0.0;[Red]-#,##0.0", "-1,234.5"),
    (12345678, "NUMBER", "#,##0,", "12,346"),
    (1234567.5, "NUMBER", '0.0,,"M"', "1.2M"),
    (1234.5, "SCIENTIFIC", None, "1.23E+03"),
    (0.00012, "SCIENTIFIC", "0.0E+0", "1.2E-4"),
    (12345, "NUMBER", "##0.0E+0", "12.3E+3"),
    (1.5, "NUMBER", "# ?/?", "1 1/2"),
    (0.333, "NUMBER", "# ?/?", "1/3"),
    (0.75, "NUMBER", "# ?/8", "6/8"),
    (5, "NUMBER", "0 days", "5 days"),
    (5, "TEXT", "@", "5"),
    (46056, "DATE", None, "2/3/2026"),
    (46056, "DATE", "dd/mm/yyyy", "03/02/2026"),
    (46056, "DATE", "d mmmm yyyy", "3 February 2026"),
    (46056, "DATE", "dddd, mmm d yy", "Tuesday, Feb 3 26"),
    (46056, "DATE", "ddd mmmmm", "Tue F"),
    (46056, "NUMBER", "yyyy", "2026"),
    (46056.4375, "DATE_TIME", "yyyy-mm-dd hh:mm", "2026-02-03 10:30"),
    (46056.75, "DATE_TIME", None, "2/3/2026 18:00:00"),
    (0.75, "TIME", None, "6:00:00 PM"),
    (0.75, "TIME", "h:mm a/p", "6:00 p"),
    (0.5 + 0.25 / 86_400, "TIME", "hh:mm:ss.000", "12:00:00.250"),
    (1.5, "TIME", "[h]:mm:ss", "36:00:00"),
    (1.5, "TIME", "[mm]:ss", "2160:00"),
    (-0.5, "TIME", "[h]:mm", "-12:00"),
    (1e12, "DATE", "yyyy", "1000000000000"),
]


@pytest.mark.parametrize(("number", "kind", "pattern", "text"), LOOKS)
def test_numbers_look(number, kind, pattern, text):
    told = {"type": kind} | ({"pattern": pattern} if pattern else {}) if kind else None
    assert format_number(number, told) == text


@pytest.mark.parametrize(
    ("number", "told", "text"),
    [
        (1234.5, {"type": "NUMBER", "pattern": "#,##0.00"}, "1.234,50"),
        (1234.5, {"type": "CURRENCY"}, "Rp1.234,50"),
        (46056, {"type": "DATE"}, "03/02/2026"),
        (46056.75, {"type": "DATE_TIME"}, "03/02/2026 18.00.00"),
        (46056, {"type": "DATE", "pattern": "dddd, d mmmm yyyy"}, "Selasa, 3 Februari 2026"),
        (46251, {"type": "DATE", "pattern": "ddd d mmm"}, "Sen 17 Agu"),
        (0.5, None, "0,5"),
    ],
)
def test_indonesian_looks(number, told, text):
    assert format_number(number, told, "id_ID") == text


@pytest.mark.parametrize(
    ("pattern", "shown"), [("@", "ok"), ('0;-0;0;"<"@">"', "<ok>"), ('"- "@', "- ok"), ("0.00", "ok"), ("", "ok")]
)
def test_texts_look(pattern, shown):
    assert format_text("ok", {"type": "TEXT", "pattern": pattern}) == shown


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
