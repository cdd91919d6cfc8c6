"""
Text that no spreadsheet program computes, and back again. Pure.

A cell beginning with `=`, `+`, `-`, `@`, a tab or a line break may be taken for a formula when a CSV file is opened,
and so may their full-width forms. An apostrophe in front makes it text in every program. Whatever begins with one
gets one more, so that taking one away always gives what was there before.
"""

import re

STARTS = "=+-@\t\r\n＝＋－＠"
MARK = "'"
_ENCODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ILLEGAL = re.compile("_x[0-9A-Fa-f]{4}_|[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, or would change (a carriage return); and what already looks like it was encoded."""


def is_dangerous(text: str) -> bool:
    """Whether a program may compute it; blanks in front do not keep all of them from it."""
    return text.lstrip(" \u00a0").startswith(tuple(STARTS))


def harmless(text: str) -> str:
    """As it goes into a CSV cell."""
    return MARK + text if text.startswith(MARK) or is_dangerous(text) else text


def restored(text: str) -> str:
    """What a CSV cell of ours says."""
    return text[1:] if text.startswith(MARK) and (text[1:].startswith(MARK) or is_dangerous(text[1:])) else text


def xml_safe(text: str) -> str:
    """As it goes into an XLSX cell, whose XML cannot hold every sign; in the form that Excel itself uses."""
    return _ILLEGAL.sub(lambda found: "".join(_encoded(sign) for sign in found[0][:1]) + found[0][1:], text)


def from_xml(text: str) -> str:
    """What an XLSX cell says."""
    return _ENCODED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _encoded(sign: str) -> str:
    return f"_x{ord(sign):04X}_"
