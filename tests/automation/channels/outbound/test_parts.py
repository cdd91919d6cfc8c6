"""Long texts in several messages: nothing is lost, nothing is too long, and words stay whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.channels.outbound.parts import parts_of
from automation.channels.rules import rules_of
from register.complaint import Channel

SIZES = [rules_of(Channel.INSTAGRAM).size, rules_of(Channel.TELEGRAM).size, len]


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("Pendek saja.", 16, ("Pendek saja.",)),
        (" tepat enam bel ", 16, (" tepat enam bel ",)),
        ("", 16, ()),
        ("   ", 16, ()),
        ("Paragraf satu.\n\nParagraf dua.", 20, ("Paragraf satu.", "Paragraf dua.")),
        ("Baris satu ini\nBaris dua itu", 20, ("Baris satu ini", "Baris dua itu")),
        ("Kalimat satu. Kalimat dua.", 20, ("Kalimat satu.", "Kalimat dua.")),
        ("Kalimat satu, dan dua.", 20, ("Kalimat satu,", "dan dua.")),
        ("kata-kata tanpa tanda baca", 16, ("kata-kata tanpa", "tanda baca")),
        ("a" * 40, 16, ("a" * 16, "a" * 16, "a" * 8)),
        ("Singkat.\n\n" + "b" * 20, 16, ("Singkat.", "b" * 16, "b" * 4)),
        ("x" * 15 + "e\u0301" + "y" * 10, 16, ("x" * 15, "e\u0301" + "y" * 10)),
    ],
)
def test_a_text_is_broken_where_reading_allows(text: str, limit: int, parts: tuple[str, ...]) -> None:
    assert parts_of(text, limit) == parts


@given(
    text=st.text(st.sampled_from("ab .,;\n\u0301\u200d😀é"), max_size=400) | st.text(max_size=200),
    limit=st.integers(16, 60),
    size=st.sampled_from(SIZES),
)
def test_parts_fit_and_together_are_the_text(text: str, limit: int, size: object) -> None:
    assert callable(size)
    parts = parts_of(text, limit, size)
    assert all(part.strip() and size(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(words=st.lists(st.text("abc", min_size=1, max_size=7), max_size=60), limit=st.integers(16, 60))
def test_short_words_stay_whole(words: list[str], limit: int) -> None:
    assert " ".join(parts_of(" ".join(words), limit)).split() == words


def test_few_parts_are_made_of_a_long_answer() -> None:
    answer = "\n\n".join(["Bantuan disalurkan pada bulan ini melalui kantor desa. " * 6] * 16)
    parts = parts_of(answer, 4096)
    assert len(answer) > 5000
    assert len(parts) == 2
