"""Text as it may be stored: no control characters, one kind of line break, one form of each letter."""

import re
import unicodedata

from forms.problems import RefusedError

_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
# Controls (NUL among them), marks that reorder what is read (bidirectional overrides), and code points that are no
# characters. The joiners inside emoji stay.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_BLANKS = re.compile(r"\s+")


def clean_text(text: str, *, lines: bool) -> str:
    """
    The text without what no person means to write, trimmed.

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
    return whole.strip() if lines else _BLANKS.sub(" ", whole).strip()


def showable(text: str) -> str:
    """Any text made safe to send back to its writer: what cannot be encoded is replaced, controls are left out."""
    return _UNWANTED.sub("", _SURROGATE.sub("\ufffd", _LINE_BREAKS.sub("\n", text)))
