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


@pytest.mark.parametrize(
    ("typed", "expected", "label"),
    [
        ("\u200b", "", "a zero-width space"),
        (" \u200b\u2060\ufeff\u00ad \n\u200e", "", "several, between blanks"),
        ("\u3164\u115f\uffa0\u2800", "", "fillers and the Braille blank"),
        ("\ufe0f\u200d", "", "what belongs to an emoji, without one"),
        ("\U000e0067\U000e007f", "", "tags without a flag"),
        ("\u200b Ibu Contoh \u200d\u200b", "Ibu Contoh", "around a name"),
        ("jalan\u200brusak", "jalan\u200brusak", "inside a text"),
        ("\u200b👨‍👩‍👧\u200b", "👨‍👩‍👧", "a joined emoji keeps its joiners"),
        ("❤️", "❤️", "an emoji keeps its colour"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "a flag keeps its tags"),
        ("\u0601١", "\u0601١", "an Arabic sign that can be seen"),
    ],
)
@pytest.mark.parametrize("lines", [True, False])
def test_what_cannot_be_seen_is_no_text(typed: str, expected: str, label: str, lines: bool) -> None:
    assert clean_text(typed, lines=lines) == expected


def test_a_long_run_of_blanks_takes_no_time() -> None:
    typed = "a" + " \u200b" * 200_000 + "b"
    assert clean_text(typed, lines=True) == typed


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
