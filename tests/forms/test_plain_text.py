import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.plain_text import clean_text, showable
from forms.problems import RefusedError


@pytest.mark.parametrize(
    ("typed", "expected", "label"),
    [
        ("  satu  ", "satu", "blanks around"),
        ("satu\r\ndua\rtiga\u2028empat", "satu\ndua\ntiga\nempat", "line breaks of every kind"),
        ("nol\x00nol", "nolnol", "NUL"),
        ("a\x1b[31mb\x07", "a[31mb", "terminal controls"),
        ("kolom\tdua", "kolom\tdua", "tab"),
        ("\u202eterbalik", "terbalik", "a mark that reverses what is read"),
        ("e\u0301", "é", "an accent typed apart"),
        ("😡👨‍👩‍👧🇮🇩", "😡👨‍👩‍👧🇮🇩", "emoji, joined ones too"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)", "a formula stays text"),
    ],
)
def test_cleaning_keeps_what_people_mean(typed: str, expected: str, label: str) -> None:
    assert clean_text(typed, lines=True) == expected


def test_a_single_line_has_no_line_breaks() -> None:
    assert clean_text("Ibu\r\n\tContoh", lines=False) == "Ibu Contoh"


@pytest.mark.parametrize("typed", ["\ud800", "a\udc00b", "\udfff\ud800"])
def test_half_a_surrogate_pair_is_refused(typed: str) -> None:
    with pytest.raises(RefusedError) as refused:
        clean_text(typed, lines=True)
    assert refused.value.code == "invalid_text"


@given(st.text(), st.booleans())
def test_cleaning_twice_is_cleaning_once(typed: str, lines: bool) -> None:
    once = clean_text(typed, lines=lines)
    assert clean_text(once, lines=lines) == once
    assert "\x00" not in once
    once.encode()


@given(st.text(st.characters(codec=None)))
def test_anything_can_be_shown_again(typed: str) -> None:
    showable(typed).encode()
