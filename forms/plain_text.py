"""Text as it may be stored: no control characters, one kind of line break, one form of each letter."""

import re
import unicodedata

from forms.problems import RefusedError

_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
# Controls (NUL among them), marks that reorder what is read (bidirectional overrides), and code points that are no
# characters. The joiners inside emoji stay.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_BLANK = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
# What shows nothing by itself, and fillers that look like a blank. Not at the ends of a text: there they only hide what
# was typed. Variation selectors and tags belong to the emoji before them and stay, unless there is nothing else.
_INVISIBLE = _BLANK + "".join(
    chr(code)
    for first, last in (
        (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180E, 0x180E),
        (0x200B, 0x200F), (0x2060, 0x2065), (0x206A, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFFA0, 0xFFA0),
        (0xFFF9, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE001F),
    )
    for code in range(first, last + 1)
)  # fmt: skip
_ADDITIONS = "".join(
    chr(code)
    for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0020, 0xE007F), (0xE0100, 0xE01EF))
    for code in range(first, last + 1)
)
_BLANKS = re.compile(r"\s+")


def clean_text(text: str, *, lines: bool) -> str:
    """
    The text without what no person means to write, trimmed; empty if nothing of it can be seen.

    Args:
        lines: Whether line breaks stay, as `\\n`; otherwise every run of blanks becomes one space.

    Raises: RefusedError if half of a surrogate pair stands alone: such text cannot be stored as UTF-8.
    """
    if _SURROGATE.search(text):
        raise RefusedError(
            "invalid_text",
            "Teks ini memuat tanda yang rusak. Hapus tanda yang aneh, lalu tulis kembali.",
        )
    broken = _UNWANTED.sub("", _LINE_BREAKS.sub("\n", text))
    whole = unicodedata.normalize("NFC", broken)
    trimmed = (whole if lines else _BLANKS.sub(" ", whole)).strip(_INVISIBLE)
    return trimmed if trimmed.strip(_INVISIBLE + _ADDITIONS) else ""


def showable(text: str) -> str:
    """Any text made safe to send back to its writer: what cannot be encoded is replaced, controls are left out."""
    return _UNWANTED.sub("", _SURROGATE.sub("\ufffd", _LINE_BREAKS.sub("\n", text)))
